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
import org.agentaudit.incident.Incident;
import org.agentaudit.incident.Incidents;
import org.agentaudit.web.Problems;

/// Downloads of an incident: the forensics of its trace, kept in the list of reports that were made
/// of it. The routes answer whatever type is accepted, as those of a trace do.
@Controller("/incidents")
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class IncidentFileController {

    private final Incidents incidents;
    private final IncidentReports reports;
    private final AccessLog accessLog;
    private final Problems problems;

    IncidentFileController(
            Incidents incidents, IncidentReports reports, AccessLog accessLog, Problems problems) {
        this.incidents = incidents;
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

    @Get("/{id}.csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> csv(HttpRequest<?> request, Viewer viewer, @PathVariable String id) {
        return download(request, viewer, id, IncidentReports.Format.CSV);
    }

    private HttpResponse<?> download(
            HttpRequest<?> request, Viewer viewer, String id, IncidentReports.Format format) {
        Optional<Incident> found = incidents.byId(viewer, id);
        Optional<IncidentReport> made =
                found.flatMap(incident -> reports.of(viewer, incident.traceId()));
        if (found.isEmpty() || made.isEmpty()) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    found.isEmpty()
                            ? "There is no incident with this number, or its trace lies outside the agents you may"
                                    + " see."
                            : "The events of this incident's trace have expired; its page still shows what people"
                                    + " found out.");
        }
        Incident incident = found.get();
        IncidentReport report = made.get();
        String ending = format.name().toLowerCase(Locale.ROOT);
        accessLog.record(
                viewer, AccessAction.EXPORTED, "/incidents/" + incident.id() + "." + ending, null);
        if (viewer.mayReadContent()) {
            accessLog.record(
                    viewer,
                    AccessAction.CONTENT_REVEALED,
                    report.timeline().size() + " events of trace " + incident.traceId(),
                    null);
        }
        byte[] file = reports.render(report, format);
        incidents.reportMade(viewer, incident, report.reportId(), ending);
        return HttpResponse.ok(file)
                .contentType(format.mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"incident-" + incident.id() + "." + ending + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
