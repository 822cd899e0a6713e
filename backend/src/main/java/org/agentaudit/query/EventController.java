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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
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

    private static final int PAGE_SIZE = 50;
    private static final String AFTER = "after";
    private static final String BEFORE = "before";
    /// Set by the command box, when what was typed is nothing else than words to look for.
    private static final String ASKED = "asked";

    private final EventQuery events;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final Format format;

    EventController(
            EventQuery events, ViewLog viewLog, Pages pages, Problems problems, Format format) {
        this.events = events;
        this.viewLog = viewLog;
        this.pages = pages;
        this.problems = problems;
        this.format = format;
    }

    @Get
    HttpResponse<?> list(HttpRequest<?> request, Viewer viewer) {
        Map<String, List<String>> address = request.getParameters().asMap();
        EventSearch search = EventSearch.of(address);
        try {
            EventSearch.requireKnown(address.keySet(), List.of(AFTER, BEFORE, ASKED));
            EventListPage page = search(viewer, search, address);
            viewLog.content(viewer, page.events());
            return pages.render("query/events", page);
        } catch (BadInputException e) {
            EventListPage page =
                    new EventListPage(
                            search,
                            e.getMessage(),
                            null,
                            List.of(),
                            0,
                            null,
                            null,
                            !viewer.mayReadContent(),
                            format.zone().getId());
            return pages.render("query/events", page).status(HttpStatus.BAD_REQUEST);
        }
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

    private EventListPage search(
            Viewer viewer, EventSearch search, Map<String, List<String>> address) {
        EventFilter filter = search.filter(format.zone());
        String after = first(address, AFTER);
        String before = first(address, BEFORE);
        PageRequest part =
                before == null
                        ? PageRequest.first(PAGE_SIZE, after)
                        : new PageRequest(null, null, PAGE_SIZE, before);
        Page<AuditEvent> found = events.find(viewer, filter, EventOrder.NEWEST_FIRST, part);
        return new EventListPage(
                search,
                null,
                address.containsKey(ASKED) ? understood(search) : null,
                found.nodes(),
                events.count(viewer, filter),
                found.hasPreviousPage() ? href(search, BEFORE, found.startCursor()) : null,
                found.hasNextPage() ? href(search, AFTER, found.endCursor()) : null,
                !viewer.mayReadContent(),
                format.zone().getId());
    }

    private static String understood(EventSearch search) {
        String how =
                search.value("text").isEmpty()
                        ? "it was looked for as the name of an action."
                        : "its words were looked for: each event below contains all of them.";
        return "What you typed is no known command, date, id or agent, so " + how;
    }

    private static @Nullable String href(EventSearch search, String name, @Nullable String cursor) {
        return cursor == null ? null : Links.address("/events", search.address(name, cursor));
    }

    private static @Nullable String first(Map<String, List<String>> address, String name) {
        List<String> values = address.getOrDefault(name, List.of());
        return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    private static @Nullable UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
