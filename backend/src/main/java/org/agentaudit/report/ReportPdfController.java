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
import java.time.LocalDate;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.web.Downloads;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// Reports as PDF. The routes answer whatever type is accepted, so that a browser that follows a
/// link gets the file and not the page of an agent whose id ends in `.pdf`.
@Controller
@Produces({MediaType.APPLICATION_PDF, MediaType.TEXT_HTML, MediaType.ALL})
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class ReportPdfController {

    private final Reports reports;
    private final ComplianceReports compliance;
    private final AgentQuery agents;
    private final PrintedReports printed;
    private final Downloads downloads;
    private final Problems problems;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    ReportPdfController(
            Reports reports,
            ComplianceReports compliance,
            AgentQuery agents,
            PrintedReports printed,
            Downloads downloads,
            Problems problems,
            Format format,
            Clock clock) {
        this.reports = reports;
        this.compliance = compliance;
        this.agents = agents;
        this.printed = printed;
        this.downloads = downloads;
        this.problems = problems;
        this.format = format;
        this.clock = clock;
    }

    @Get("/daily/{date}.pdf")
    HttpResponse<?> daily(@PathVariable String date, Viewer viewer) {
        viewer.requireReader();
        DailySummary day = reports.daily(viewer, day(date), format.zone());
        return file(
                viewer,
                "/daily/" + day.date() + ".pdf",
                "daily-" + day.date(),
                printed.daily(viewer, day));
    }

    @Get("/compliance.pdf")
    HttpResponse<?> compliance(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to) {
        viewer.requireReader();
        ComplianceReport report = compliance.of(viewer, period("/compliance", period, from, to));
        return file(
                viewer,
                address("/compliance.pdf", report.period()),
                "compliance-" + days(report.period()),
                printed.compliance(viewer, report, format));
    }

    @Get("/agents/{id}.pdf")
    HttpResponse<?> agent(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to) {
        viewer.requireReader();
        if (agents.byId(viewer, id).isEmpty()) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "No agent with this id has sent events, or it lies outside the agents you may"
                            + " see.");
        }
        AgentAudit audit = reports.agent(viewer, id, period(link.agent(id), period, from, to));
        return file(
                viewer,
                address(link.agent(id) + ".pdf", audit.period()),
                "agent-" + id + "-" + days(audit.period()),
                printed.agent(viewer, audit, format));
    }

    private HttpResponse<byte[]> file(Viewer viewer, String target, String name, byte[] pdf) {
        return downloads.file(viewer, target, name, "pdf", MediaType.APPLICATION_PDF_TYPE, pdf);
    }

    private String days(Period period) {
        return format.date(period.from()) + "-" + format.date(period.to().minusNanos(1));
    }

    private static String address(String path, Period period) {
        return path + "?from=" + period.from() + "&to=" + period.to();
    }

    private Period period(
            String path, @Nullable String name, @Nullable String from, @Nullable String to) {
        return PeriodChoice.of(path, Map.of(), name, from, to, format, clock).period();
    }

    private static LocalDate day(String text) {
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 2000 && day.getYear() <= 2100) {
                return day;
            }
        } catch (DateTimeException e) {
            throw new BadInputException("'" + text + "' is not a day such as 2026-11-20.");
        }
        throw new BadInputException("The day must lie between 2000 and 2100.");
    }
}
