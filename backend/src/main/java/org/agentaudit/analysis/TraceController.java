package org.agentaudit.analysis;

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
import java.time.Clock;
import java.util.List;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;

/// The page of one trace.
@Controller("/traces")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class TraceController {

    private static final int MOST_ROWS = 2000;

    private final TraceQuery traces;
    private final ForensicsQuery forensics;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    TraceController(
            TraceQuery traces,
            ForensicsQuery forensics,
            ViewLog viewLog,
            Pages pages,
            Problems problems,
            Format format,
            Clock clock) {
        this.traces = traces;
        this.forensics = forensics;
        this.viewLog = viewLog;
        this.pages = pages;
        this.problems = problems;
        this.format = format;
        this.clock = clock;
    }

    @Get("/{id}")
    HttpResponse<?> trace(HttpRequest<?> request, @PathVariable String id, Viewer viewer) {
        Trace trace = traces.byId(viewer, id).orElse(null);
        if (trace == null) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no trace with this id, or it lies outside the agents you may see.");
        }
        List<TimelineEntry> timeline = traces.timeline(viewer, id, MOST_ROWS);
        viewLog.report(viewer, link.trace(id));
        viewLog.content(viewer, timeline.stream().map(TimelineEntry::event).toList());
        return pages.render(
                "analysis/trace",
                TracePages.of(
                        trace,
                        timeline,
                        forensics.of(viewer, trace),
                        !viewer.mayReadContent(),
                        clock.instant(),
                        format));
    }
}
