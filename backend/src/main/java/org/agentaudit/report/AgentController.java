package org.agentaudit.report;

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
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.Agent;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The list of agents and the page of one. An agent's id is one percent-encoded path segment, its
/// slashes too.
@Controller("/agents")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class AgentController {

    private static final int PAGE_SIZE = 100;
    private static final int DEFAULT_DAYS = 7;
    private static final int MAXIMUM_DAYS = 366;

    private final AgentQuery agents;
    private final Reports reports;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    AgentController(
            AgentQuery agents,
            Reports reports,
            ViewLog viewLog,
            Pages pages,
            Problems problems,
            Format format,
            Clock clock) {
        this.agents = agents;
        this.reports = reports;
        this.viewLog = viewLog;
        this.pages = pages;
        this.problems = problems;
        this.format = format;
        this.clock = clock;
    }

    @Get
    HttpResponse<?> list(
            Viewer viewer, @Nullable @QueryValue String q, @Nullable @QueryValue String after) {
        String search = q == null ? "" : q.strip();
        AgentListPage page = search.isEmpty() ? part(viewer, after) : matching(viewer, search);
        return pages.render("report/agents", page);
    }

    @Get("/{id}")
    HttpResponse<?> agent(
            HttpRequest<?> request,
            @PathVariable String id,
            Viewer viewer,
            @Nullable @QueryValue Integer days,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to) {
        Agent agent = agents.byId(viewer, id).orElse(null);
        if (agent == null) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "No agent with this id has sent events, or it lies outside the agents you may"
                            + " see.");
        }
        Instant now = clock.instant();
        LocalDate last = to == null || to.isEmpty() ? format.date(now) : day(to);
        LocalDate first =
                from == null || from.isEmpty()
                        ? last.minusDays(checked(days == null ? DEFAULT_DAYS : days) - 1L)
                        : day(from);
        if (last.isBefore(first)) {
            throw new BadInputException("The period's first day must not lie behind its last.");
        }
        checked(ChronoUnit.DAYS.between(first, last) + 1);
        Period period =
                Period.of(
                        first.atStartOfDay(format.zone()).toInstant(),
                        last.plusDays(1).atStartOfDay(format.zone()).toInstant());
        AgentAudit audit = reports.agent(viewer, id, period);
        viewLog.report(
                viewer,
                Links.address(
                        link.agent(id),
                        Map.of("from", List.of(first.toString()), "to", List.of(last.toString()))));
        return pages.render("report/agent", page(agent, audit, first, last, now));
    }

    AgentPage page(Agent agent, AgentAudit audit, LocalDate first, LocalDate last, Instant now) {
        long length = ChronoUnit.DAYS.between(first, last) + 1;
        boolean named = last.equals(format.date(now)) && (length == 7 || length == 30);
        Double failureRate =
                audit.invocations() == 0
                        ? null
                        : (double) audit.failedInvocations() / audit.invocations();
        String sentence =
                audit.events() == 0
                        ? "This agent sent no event in the period."
                        : format.count(audit.events(), "event", "events")
                                + " in "
                                + format.count(audit.invocations(), "invocation", "invocations")
                                + (failureRate == null
                                        ? ""
                                        : ", " + format.percent(failureRate) + " of them failed")
                                + "; "
                                + format.count(audit.errors(), "errored event", "errored events")
                                + ".";
        return new AgentPage(
                agent,
                audit,
                sentence,
                first,
                last,
                named ? Integer.valueOf((int) length) : null,
                failureRate,
                AgentCharts.activity(audit, format),
                now);
    }

    private AgentListPage part(Viewer viewer, @Nullable String after) {
        Page<Agent> part = agents.page(viewer, PageRequest.first(PAGE_SIZE, after));
        String end = part.endCursor();
        String next =
                part.hasNextPage() && end != null
                        ? Links.address("/agents", Map.of("after", List.of(end)))
                        : null;
        return new AgentListPage("", part.nodes(), next, after == null, clock.instant());
    }

    /// Agents are few beside events: the names of all are read and compared.
    private AgentListPage matching(Viewer viewer, String search) {
        String wanted = search.toLowerCase(Locale.ROOT);
        List<Agent> found = new ArrayList<>();
        String after = null;
        boolean more = true;
        while (more && found.size() < PAGE_SIZE) {
            Page<Agent> part =
                    agents.page(viewer, PageRequest.first(PageRequest.MAXIMUM_SIZE, after));
            part.nodes().stream()
                    .filter(agent -> agent.id().toLowerCase(Locale.ROOT).contains(wanted))
                    .limit(PAGE_SIZE - found.size())
                    .forEach(found::add);
            after = part.endCursor();
            more = part.hasNextPage() && after != null;
        }
        return new AgentListPage(search, found, null, true, clock.instant());
    }

    private static long checked(long days) {
        if (days < 1 || days > MAXIMUM_DAYS) {
            throw new BadInputException("The period must be 1 to " + MAXIMUM_DAYS + " days long.");
        }
        return days;
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new BadInputException("'" + text + "' is not a day such as 2026-11-21.");
        }
    }
}
