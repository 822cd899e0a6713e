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
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.web.DataFormat;
import org.agentaudit.web.Downloads;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// An agent's audit as data. The id is one percent-encoded path segment; each takes `period`, or
/// `from` and `to`.
@Controller("/agents")
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class AgentDataController {

    private final AgentQuery agents;
    private final Reports reports;
    private final Downloads downloads;
    private final Problems problems;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    AgentDataController(
            AgentQuery agents,
            Reports reports,
            Downloads downloads,
            Problems problems,
            Format format,
            Clock clock) {
        this.agents = agents;
        this.reports = reports;
        this.downloads = downloads;
        this.problems = problems;
        this.format = format;
        this.clock = clock;
    }

    @Get("/{id}.json")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> json(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to) {
        return data(request, viewer, id, period, from, to, DataFormat.JSON);
    }

    @Get("/{id}.csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> csv(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to) {
        return data(request, viewer, id, period, from, to, DataFormat.CSV);
    }

    private HttpResponse<?> data(
            HttpRequest<?> request,
            Viewer viewer,
            String id,
            @Nullable String period,
            @Nullable String from,
            @Nullable String to,
            DataFormat as) {
        if (agents.byId(viewer, id).isEmpty()) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "No agent with this id has sent events, or it lies outside the agents you may"
                            + " see.");
        }
        PeriodChoice choice =
                PeriodChoice.of(link.agent(id), Map.of(), period, from, to, format, clock);
        return downloads.data(
                viewer,
                choice.address(link.agent(id)),
                "agent-" + id,
                as,
                reports.agent(viewer, id, choice.period()));
    }
}
