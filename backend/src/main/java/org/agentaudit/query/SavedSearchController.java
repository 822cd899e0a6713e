package org.agentaudit.query;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// Keeps, renames and deletes searches of the explorer.
@Controller("/events/saved")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class SavedSearchController {

    private static final URI MANAGED = URI.create("/events?saved=all#saved");

    private final SavedSearches searches;
    private final FormTokens formTokens;
    private final Problems problems;

    SavedSearchController(SavedSearches searches, FormTokens formTokens, Problems problems) {
        this.searches = searches;
        this.formTokens = formTokens;
        this.problems = problems;
    }

    /// @param query  of the explorer's address
    /// @param shared `true` when readers of the same role see it
    @Introspected
    record Form(
            @Nullable String csrf,
            @Nullable String name,
            @Nullable String query,
            @Nullable String shared) {}

    @Post
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> add(HttpRequest<?> request, @Body Form form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        EventSearch search = search(text(form.query()));
        searches.add(viewer, text(form.name()), search, "true".equals(form.shared()));
        String query = SavedSearch.query(search);
        return HttpResponse.seeOther(
                URI.create("/events?" + (query.isEmpty() ? "" : query + "&") + "saved=new"));
    }

    @Post("/{id}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> change(HttpRequest<?> request, @PathVariable String id, @Body Form form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        boolean changed =
                searches.change(
                        viewer, number(id), text(form.name()), "true".equals(form.shared()));
        return changed ? HttpResponse.seeOther(MANAGED) : missing(request);
    }

    @Post("/{id}/delete")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> delete(HttpRequest<?> request, @PathVariable String id, @Body Form form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        return searches.delete(viewer, number(id))
                ? HttpResponse.seeOther(MANAGED)
                : missing(request);
    }

    private HttpResponse<?> missing(HttpRequest<?> request) {
        return problems.answer(
                request, HttpStatus.NOT_FOUND, "You keep no search with this number.");
    }

    private static EventSearch search(String query) {
        try {
            Map<String, List<String>> parameters = SavedSearch.parameters(query);
            EventSearch.requireKnown(parameters.keySet(), List.of());
            return EventSearch.of(parameters);
        } catch (IllegalArgumentException e) {
            throw new BadInputException("The search to keep is not one of the explorer's.");
        }
    }

    private static long number(String id) {
        return id.matches("\\d{1,18}") ? Long.parseLong(id) : -1;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
