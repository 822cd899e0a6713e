package org.agentaudit.report;

import io.micronaut.http.HttpHeaders;
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
import java.util.Locale;
import java.util.Optional;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.web.Problems;

/// Downloads of a trace's incident report. The id is one percent-encoded path segment.
/// The routes answer whatever type is accepted: a browser that follows a link asks for HTML and
/// would otherwise be given the page of a trace whose id ends in `.pdf`.
@Controller("/traces")
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class IncidentReportController {

    private static final int NAME_LENGTH = 60;

    private final IncidentReports reports;
    private final AccessLog accessLog;
    private final Problems problems;

    IncidentReportController(IncidentReports reports, AccessLog accessLog, Problems problems) {
        this.reports = reports;
        this.accessLog = accessLog;
        this.problems = problems;
    }

    @Get("/{id}.pdf")
    @Produces({MediaType.APPLICATION_PDF, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> pdf(HttpRequest<?> request, Viewer viewer, @PathVariable String id) {
        return download(request, viewer, id, IncidentReports.Format.PDF);
    }

    @Get("/{id}.json")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> json(HttpRequest<?> request, Viewer viewer, @PathVariable String id) {
        return download(request, viewer, id, IncidentReports.Format.JSON);
    }

    /// The same values as the JSON file.
    @Get("/{id}.csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> csv(HttpRequest<?> request, Viewer viewer, @PathVariable String id) {
        return download(request, viewer, id, IncidentReports.Format.CSV);
    }

    private HttpResponse<?> download(
            HttpRequest<?> request, Viewer viewer, String id, IncidentReports.Format format) {
        viewer.requireReader();
        Optional<IncidentReport> found = reports.of(viewer, id);
        if (found.isEmpty()) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no trace with this id, or none of its events lies inside your agent"
                            + " scope.");
        }
        IncidentReport report = found.get();
        String ending = format.name().toLowerCase(Locale.ROOT);
        accessLog.record(viewer, AccessAction.EXPORTED, "/traces/" + id + "." + ending, null);
        if (viewer.mayReadContent()) {
            accessLog.record(
                    viewer,
                    AccessAction.CONTENT_REVEALED,
                    report.timeline().size() + " events of trace " + id,
                    null);
        }
        return HttpResponse.ok(reports.render(report, format))
                .contentType(format.mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"" + fileName(id, ending) + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /// A name that is harmless in a header and on every disk, whatever the trace is called.
    static String fileName(String traceId, String ending) {
        String cut = traceId.length() <= NAME_LENGTH ? traceId : traceId.substring(0, NAME_LENGTH);
        return "incident-" + cut.replaceAll("[^A-Za-z0-9_-]", "_") + "." + ending;
    }
}
