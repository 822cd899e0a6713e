package org.agentaudit.query;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The event explorer and the page of one event.
@Controller("/events")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class EventController {

    /// The filters as one line; answered with the address that has them as parameters.
    private static final String QUERY = "q";

    private final EventQuery events;
    private final EventExplorer explorer;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final Format format;

    EventController(
            EventQuery events,
            EventExplorer explorer,
            ViewLog viewLog,
            Pages pages,
            Problems problems,
            Format format) {
        this.events = events;
        this.explorer = explorer;
        this.viewLog = viewLog;
        this.pages = pages;
        this.problems = problems;
        this.format = format;
    }

    @Get
    HttpResponse<?> list(HttpRequest<?> request, Viewer viewer) {
        Map<String, List<String>> address = request.getParameters().asMap();
        String query = address.getOrDefault(QUERY, List.of("")).getFirst();
        EventSearch search = EventSearch.of(address);
        try {
            EventSearch.requireKnown(
                    address.keySet(),
                    List.of(
                            QUERY,
                            EventExplorer.AFTER,
                            EventExplorer.BEFORE,
                            EventExplorer.ASKED,
                            EventExplorer.ORDER,
                            EventExplorer.SAVED));
            if (address.containsKey(QUERY)) {
                EventQueryText.Parsed parsed = EventQueryText.parse(query);
                EventQueryText.Problem problem = parsed.problem();
                if (problem != null) {
                    return badInput(explorer.mistaken(viewer, search, query, problem));
                }
                return HttpResponse.seeOther(URI.create(canonical(address, parsed)));
            }
            EventListPage page = explorer.page(viewer, search, address);
            viewLog.content(viewer, page.events());
            return pages.render("query/events", page);
        } catch (BadInputException e) {
            return badInput(explorer.refused(viewer, search, String.valueOf(e.getMessage())));
        }
    }

    private HttpResponse<?> badInput(EventListPage page) {
        return pages.render("query/events", page).status(HttpStatus.BAD_REQUEST);
    }

    /// What the line says takes the place of all other filters but times it does not mention.
    private static String canonical(
            Map<String, List<String>> address, EventQueryText.Parsed parsed) {
        Map<String, List<String>> filters = new LinkedHashMap<>();
        for (String time : List.of("from", "to")) {
            if (address.containsKey(time)) {
                filters.put(time, address.get(time));
            }
        }
        filters.putAll(parsed.parameters());
        Map<String, List<String>> all = new LinkedHashMap<>(EventSearch.of(filters).address());
        if (address.containsKey(EventExplorer.ORDER)) {
            all.put(EventExplorer.ORDER, address.get(EventExplorer.ORDER));
        }
        return Links.address("/events", all);
    }

    @Get("/{id}")
    HttpResponse<?> event(HttpRequest<?> request, @PathVariable String id, Viewer viewer) {
        AuditEvent event =
                uuid(id) instanceof UUID uuid ? events.byId(viewer, uuid).orElse(null) : null;
        if (event == null) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no event with this id, or it lies outside the agents you may see.");
        }
        viewLog.content(viewer, List.of(event));
        String removed =
                events.contentRemoval(event)
                        .map(r -> format.dateTime(r.at()) + " (" + r.reason() + ")")
                        .orElse(null);
        return pages.render("query/event", new EventPage(event, !viewer.mayReadContent(), removed));
    }

    private static @Nullable UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
