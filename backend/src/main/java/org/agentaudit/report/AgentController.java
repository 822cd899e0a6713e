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
import java.time.LocalDate;
import java.util.Map;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.Agent;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.PeriodChoice;
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

    private static final int MAXIMUM_DAYS = 366;

    private final AgentQuery agents;
    private final AgentPages agentPages;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    AgentController(
            AgentQuery agents,
            AgentPages agentPages,
            ViewLog viewLog,
            Pages pages,
            Problems problems,
            Format format,
            Clock clock) {
        this.agents = agents;
        this.agentPages = agentPages;
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
        return pages.render("report/agents", agentPages.list(viewer, search, after));
    }

    @Get("/{id}")
    HttpResponse<?> agent(
            HttpRequest<?> request,
            @PathVariable String id,
            Viewer viewer,
            @Nullable @QueryValue Integer days,
            @Nullable @QueryValue String period,
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
        AgentPage page = agentPages.page(viewer, agent, choice(id, days, period, from, to));
        viewLog.report(viewer, page.files().link());
        return pages.render("report/agent", page);
    }

    /// @param days length of a period that ends today or with `to`; gives way to a period that is
    ///     named or has a beginning
    private PeriodChoice choice(
            String id,
            @Nullable Integer days,
            @Nullable String period,
            @Nullable String from,
            @Nullable String to) {
        String path = link.agent(id);
        boolean open = isEmpty(period) && isEmpty(from);
        if (days == null || !open) {
            return PeriodChoice.of(path, Map.of(), period, from, to, format, clock);
        }
        if (days < 1 || days > MAXIMUM_DAYS) {
            throw new BadInputException("The period must be 1 to " + MAXIMUM_DAYS + " days long.");
        }
        if (isEmpty(to) && (days == 7 || days == 30)) {
            return PeriodChoice.of(path, Map.of(), days + "d", null, null, format, clock);
        }
        LocalDate last =
                isEmpty(to)
                        ? format.date(clock.instant())
                        : PeriodChoice.of(path, Map.of(), null, null, to, format, clock).last();
        return PeriodChoice.of(
                path,
                Map.of(),
                null,
                last.minusDays(days - 1L).toString(),
                last.toString(),
                format,
                clock);
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }
}
