package org.agentaudit.report.cost;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.web.DataFormat;
import org.agentaudit.web.Downloads;
import org.agentaudit.web.Format;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// Costs of model requests as page and as data. Each takes `period`, or `from` and `to`, and `by`.
@Controller
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class CostController {

    private final CostPages costs;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Downloads downloads;
    private final Format format;
    private final Clock clock;

    CostController(
            CostPages costs,
            ViewLog viewLog,
            Pages pages,
            Downloads downloads,
            Format format,
            Clock clock) {
        this.costs = costs;
        this.viewLog = viewLog;
        this.pages = pages;
        this.downloads = downloads;
        this.format = format;
        this.clock = clock;
    }

    @Get("/costs")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> page(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String by,
            @Nullable @QueryValue String sort,
            @Nullable @QueryValue Integer after) {
        viewer.requireReader();
        Map<String, List<String>> others =
                by == null || by.isEmpty() ? Map.of() : Map.of("by", List.of(by));
        PeriodChoice choice =
                PeriodChoice.of(CostPages.PATH, others, period, from, to, format, clock);
        CostPage page = costs.page(viewer, choice, by, sort, after);
        viewLog.report(viewer, page.files().link());
        return pages.render("cost/costs", page);
    }

    @Get("/costs.json")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> json(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String by) {
        return data(viewer, period, from, to, by, DataFormat.JSON);
    }

    @Get("/costs.csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> csv(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String by) {
        return data(viewer, period, from, to, by, DataFormat.CSV);
    }

    private HttpResponse<byte[]> data(
            Viewer viewer,
            @Nullable String period,
            @Nullable String from,
            @Nullable String to,
            @Nullable String by,
            DataFormat as) {
        viewer.requireReader();
        PeriodChoice choice =
                PeriodChoice.of(CostPages.PATH, Map.of(), period, from, to, format, clock);
        return downloads.data(
                viewer,
                choice.address(CostPages.PATH),
                "costs-" + choice.first() + "-" + choice.last(),
                as,
                costs.report(viewer, choice, by));
    }
}
