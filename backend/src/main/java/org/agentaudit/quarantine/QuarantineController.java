package org.agentaudit.quarantine;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The pages of quarantine and what can be done there.
@Controller("/admin/quarantine")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class QuarantineController {

    private static final String PATH = "/admin/quarantine";
    private static final int PAGE_SIZE = 50;

    private static final String STILL_REFUSED =
            "Tried again, and still not understood. The reason of this try stands below.";

    /// What an action did, by the word that stands for it in the address.
    private static final Map<String, String> NOTES =
            Map.of(
                    "understood", "The item was understood this time: it is an event now.",
                    "deleted", "Deleted. The access log keeps who did it.",
                    "busy", "A retry is under way already; it goes on below.");

    private final Quarantine quarantine;
    private final QuarantineRuns runs;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Problems problems;
    private final Format format;

    QuarantineController(
            Quarantine quarantine,
            QuarantineRuns runs,
            FormTokens formTokens,
            Pages pages,
            Problems problems,
            Format format) {
        this.quarantine = quarantine;
        this.runs = runs;
        this.formTokens = formTokens;
        this.pages = pages;
        this.problems = problems;
        this.format = format;
    }

    /// The filter as it stands in addresses and forms; empty texts mean nothing.
    @Introspected
    record FilterForm(
            @Nullable String csrf,
            @Nullable String reason,
            @Nullable String origin,
            @Nullable String day) {}

    @Introspected
    record ItemForm(@Nullable String csrf, @Nullable String purpose) {}

    @Get
    HttpResponse<?> list(
            Viewer viewer,
            @QueryValue @Nullable String reason,
            @QueryValue @Nullable String origin,
            @QueryValue @Nullable String day,
            @QueryValue @Nullable String after,
            @QueryValue @Nullable String note) {
        FilterForm form = new FilterForm(null, reason, origin, day);
        try {
            return found(viewer, form, emptyToNull(after), note);
        } catch (BadInputException e) {
            QuarantineListPage page =
                    page(form, e.getMessage(), null, List.of(), List.of(), 0, null, null);
            return pages.render("quarantine/items", page).status(HttpStatus.BAD_REQUEST);
        }
    }

    private HttpResponse<?> found(
            Viewer viewer, FilterForm form, @Nullable String after, @Nullable String note) {
        QuarantineFilter filter = filter(form);
        Page<QuarantinedItem> part =
                quarantine.page(viewer, filter, PageRequest.first(PAGE_SIZE, after));
        QuarantineListPage page =
                page(
                        form,
                        null,
                        note == null ? null : NOTES.get(note),
                        quarantine.groups(viewer, filter),
                        part.nodes(),
                        quarantine.count(viewer, filter),
                        after == null ? null : address(form, null),
                        part.hasNextPage() ? address(form, part.endCursor()) : null);
        MutableHttpResponse<String> answer =
                pages.render("quarantine/items", page)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store");
        RetryProgress run = page.run();
        return run != null && run.running() ? answer.header("Refresh", "2") : answer;
    }

    @Get("/{id}")
    HttpResponse<?> item(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @QueryValue @Nullable String note) {
        String problem = "refused".equals(note) ? STILL_REFUSED : null;
        return quarantine
                .byId(viewer, number(id))
                .<HttpResponse<?>>map(item -> itemPage(viewer, item, null, problem))
                .orElseGet(() -> gone(request));
    }

    @Post("/{id}/body")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> reveal(
            HttpRequest<?> request, Viewer viewer, @PathVariable String id, @Body ItemForm form) {
        formTokens.require(request, form.csrf());
        Optional<QuarantinedItem> item = quarantine.byId(viewer, number(id));
        if (item.isEmpty()) {
            return gone(request);
        }
        String purpose = form.purpose() == null ? "" : form.purpose();
        try {
            return quarantine
                    .reveal(viewer, item.get().id(), purpose)
                    .<HttpResponse<?>>map(body -> itemPage(viewer, item.get(), body, null))
                    .orElseGet(() -> gone(request));
        } catch (BadInputException e) {
            return itemPage(viewer, item.get(), null, e.getMessage())
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    @Post("/{id}/retry")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> retry(
            HttpRequest<?> request, Viewer viewer, @PathVariable String id, @Body ItemForm form) {
        formTokens.require(request, form.csrf());
        Optional<String> refused = quarantine.retry(viewer, number(id));
        return HttpResponse.seeOther(
                URI.create(
                        refused.isPresent()
                                ? PATH + "/" + number(id) + "?note=refused"
                                : PATH + "?note=understood"));
    }

    @Post("/{id}/delete")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> delete(
            HttpRequest<?> request, Viewer viewer, @PathVariable String id, @Body ItemForm form) {
        formTokens.require(request, form.csrf());
        return quarantine.delete(viewer, number(id))
                ? HttpResponse.seeOther(URI.create(PATH + "?note=deleted"))
                : gone(request);
    }

    /// Begins in the background; the page that is answered shows how far it is.
    @Post("/retry")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> retryAll(HttpRequest<?> request, Viewer viewer, @Body FilterForm form) {
        formTokens.require(request, form.csrf());
        boolean begun = runs.start(viewer, filter(form));
        return HttpResponse.seeOther(URI.create(begun ? PATH : PATH + "?note=busy"));
    }

    @Post("/delete")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> deleteAll(HttpRequest<?> request, Viewer viewer, @Body FilterForm form) {
        formTokens.require(request, form.csrf());
        quarantine.deleteAll(viewer, filter(form));
        return HttpResponse.seeOther(URI.create(PATH + "?note=deleted"));
    }

    private QuarantineListPage page(
            FilterForm form,
            @Nullable String problem,
            @Nullable String note,
            List<QuarantineGroup> groups,
            List<QuarantinedItem> items,
            long total,
            @Nullable String firstHref,
            @Nullable String olderHref) {
        return new QuarantineListPage(
                text(form.reason()),
                text(form.origin()),
                problem == null ? day(form) : null,
                problem,
                note,
                groups.stream()
                        .map(
                                group ->
                                        new QuarantineListPage.Group(
                                                group,
                                                address(
                                                        new FilterForm(
                                                                null,
                                                                group.reason(),
                                                                form.origin(),
                                                                form.day()),
                                                        null)))
                        .toList(),
                items,
                total,
                firstHref,
                olderHref,
                runs.latest().orElse(null),
                format.zone().getId());
    }

    private MutableHttpResponse<String> itemPage(
            Viewer viewer, QuarantinedItem item, @Nullable String body, @Nullable String problem) {
        QuarantineItemPage page =
                new QuarantineItemPage(item, body, problem, Quarantine.mayReveal(viewer));
        return pages.render("quarantine/item", page).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private HttpResponse<?> gone(HttpRequest<?> request) {
        return problems.answer(
                request,
                HttpStatus.NOT_FOUND,
                "Quarantine has no item with this number: it was understood by a retry, or deleted.");
    }

    private QuarantineFilter filter(FilterForm form) {
        LocalDate day = day(form);
        return new QuarantineFilter(
                day == null ? null : day.atStartOfDay(format.zone()).toInstant(),
                day == null ? null : day.plusDays(1).atStartOfDay(format.zone()).toInstant(),
                emptyToNull(form.reason()),
                emptyToNull(form.origin()));
    }

    private static @Nullable LocalDate day(FilterForm form) {
        String text = text(form.day());
        if (text.isEmpty()) {
            return null;
        }
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 2000 && day.getYear() <= 2100) {
                return day;
            }
        } catch (DateTimeException e) {
            throw new BadInputException("'" + text + "' is not a day such as 2026-11-21.");
        }
        throw new BadInputException("The day must lie between 2000 and 2100.");
    }

    private static String address(FilterForm form, @Nullable String after) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("reason", List.of(text(form.reason())));
        query.put("origin", List.of(text(form.origin())));
        query.put("day", List.of(text(form.day())));
        query.put("after", List.of(text(after)));
        return Links.address(PATH, query);
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// Without what PostgreSQL's text cannot hold, so that nothing stored can match it.
    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip().replace("\0", "");
    }

    private static @Nullable String emptyToNull(@Nullable String value) {
        String text = text(value);
        return text.isEmpty() ? null : text;
    }
}
