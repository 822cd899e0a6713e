package org.agentaudit.investigation;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.Source;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.Session;
import org.agentaudit.query.SessionFilter;
import org.agentaudit.query.SessionOrder;
import org.agentaudit.query.SessionQuery;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The sessions of a period, and the page of one.
@Controller("/sessions")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class SessionController {

    private static final String PATH = "/sessions";
    private static final String VIEW = "investigation/sessions";
    private static final int PAGE_SIZE = 50;
    private static final int DAYS = 30;
    private static final Map<String, String> ORDERS =
            Map.of(
                    "NEWEST_FIRST", "Newest",
                    "SLOWEST_FIRST", "Slowest",
                    "MOST_TOKENS_FIRST", "Most tokens",
                    "MOST_ERRORS_FIRST", "Most errors");

    private final SessionQuery sessions;
    private final SessionPages sessionPages;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    SessionController(
            SessionQuery sessions,
            SessionPages sessionPages,
            ViewLog viewLog,
            Pages pages,
            Problems problems,
            Format format,
            Clock clock) {
        this.sessions = sessions;
        this.sessionPages = sessionPages;
        this.viewLog = viewLog;
        this.pages = pages;
        this.problems = problems;
        this.format = format;
        this.clock = clock;
    }

    /// What the address asks for, as typed.
    private record Asked(Map<String, List<String>> address) {
        String value(String name) {
            List<String> values = address.getOrDefault(name, List.of());
            return values.isEmpty() ? "" : values.getFirst().strip();
        }

        @Nullable String orNull(String name) {
            String value = value(name);
            return value.isEmpty() ? null : value;
        }
    }

    @Get
    HttpResponse<?> list(HttpRequest<?> request, Viewer viewer) {
        Asked asked = new Asked(request.getParameters().asMap());
        LocalDate today = format.date(clock.instant());
        try {
            return pages.render(VIEW, list(viewer, asked, today));
        } catch (BadInputException e) {
            return pages.render(
                            VIEW,
                            page(
                                    viewer,
                                    asked,
                                    e.getMessage(),
                                    today.minusDays(DAYS - 1L),
                                    today,
                                    SessionOrder.NEWEST_FIRST,
                                    null))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    private SessionListPage list(Viewer viewer, Asked asked, LocalDate today) {
        LocalDate to = asked.value("to").isEmpty() ? today : day(asked.value("to"));
        LocalDate from =
                asked.value("from").isEmpty() ? to.minusDays(DAYS - 1L) : day(asked.value("from"));
        if (to.isBefore(from)) {
            throw new BadInputException("The period's first day must not lie behind its last.");
        }
        SessionOrder order =
                asked.value("order").isEmpty()
                        ? SessionOrder.NEWEST_FIRST
                        : named(SessionOrder.values(), asked.value("order"), "order");
        String errored = asked.value("errored");
        if (!List.of("", "true", "false").contains(errored)) {
            throw new BadInputException("'errored' is true, false or left out.");
        }
        SessionFilter filter =
                new SessionFilter(
                        asked.orNull("agent"),
                        asked.orNull("user"),
                        asked.orNull("task"),
                        asked.value("source").isEmpty()
                                ? null
                                : named(Source.values(), asked.value("source"), "source"),
                        errored.isEmpty() ? null : Boolean.valueOf(errored));
        Page<Session> found =
                sessions.page(
                        viewer,
                        Period.of(
                                from.atStartOfDay(format.zone()).toInstant(),
                                to.plusDays(1).atStartOfDay(format.zone()).toInstant()),
                        filter,
                        order,
                        PageRequest.first(PAGE_SIZE, asked.orNull("after")));
        return page(viewer, asked, null, from, to, order, found);
    }

    private SessionListPage page(
            Viewer viewer,
            Asked asked,
            @Nullable String problem,
            LocalDate from,
            LocalDate to,
            SessionOrder order,
            @Nullable Page<Session> found) {
        Map<String, List<String>> same = new LinkedHashMap<>();
        same.put("from", List.of(from.toString()));
        same.put("to", List.of(to.toString()));
        for (String name : List.of("agent", "user", "task", "source", "errored")) {
            same.put(name, List.of(asked.value(name)));
        }
        List<SessionListPage.Sort> sorts =
                Arrays.stream(SessionOrder.values())
                        .map(
                                one ->
                                        new SessionListPage.Sort(
                                                ORDERS.getOrDefault(one.name(), format.title(one)),
                                                with(same, "order", one.name()),
                                                one == order))
                        .toList();
        same.put("order", List.of(order.name()));
        String end = found == null ? null : found.endCursor();
        return new SessionListPage(
                problem,
                from,
                to,
                asked.value("agent"),
                asked.value("user"),
                asked.value("task"),
                asked.value("source"),
                asked.value("errored"),
                order,
                sorts,
                found == null ? List.of() : found.nodes(),
                found != null && found.hasNextPage() && end != null
                        ? with(same, "after", end)
                        : null,
                asked.value("after").isEmpty() ? null : Links.address(PATH, same),
                !viewer.mayReadContent(),
                format.zone().getId());
    }

    @Get("/{id}")
    HttpResponse<?> session(
            HttpRequest<?> request,
            @PathVariable String id,
            Viewer viewer,
            @Nullable @QueryValue String after) {
        Optional<Session> session = sessions.byId(viewer, id);
        if (session.isEmpty()) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no session with this id, or it lies outside the agents you may see."
                            + " Look for it in the list of sessions, or ask an administrator for"
                            + " your agent scope.");
        }
        viewLog.report(viewer, link.session(id));
        return pages.render("investigation/session", sessionPages.of(viewer, session.get(), after));
    }

    private static String with(Map<String, List<String>> same, String name, String value) {
        Map<String, List<String>> address = new LinkedHashMap<>(same);
        address.put(name, List.of(value));
        return Links.address(PATH, address);
    }

    private static <T extends Enum<T>> T named(T[] values, String name, String parameter) {
        return Arrays.stream(values)
                .filter(value -> value.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadInputException(
                                        "'"
                                                + parameter
                                                + "' is one of "
                                                + Arrays.toString(values)));
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new BadInputException("A day is written as in 2026-11-21.");
        }
    }
}
