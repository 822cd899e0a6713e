package org.agentaudit.report.compliance;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.web.DataFormat;
import org.agentaudit.web.Downloads;
import org.agentaudit.web.Format;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The compliance report, its checks and its frameworks as pages, and the report as files. Each
/// takes `period`, or `from` and `to`, and `agent`.
@Controller
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class ComplianceController {

    private final CompliancePages compliance;
    private final Oscal oscal;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final Downloads downloads;
    private final Format format;
    private final Clock clock;

    ComplianceController(
            CompliancePages compliance,
            Oscal oscal,
            ViewLog viewLog,
            Pages pages,
            Problems problems,
            Downloads downloads,
            Format format,
            Clock clock) {
        this.compliance = compliance;
        this.oscal = oscal;
        this.viewLog = viewLog;
        this.pages = pages;
        this.problems = problems;
        this.downloads = downloads;
        this.format = format;
        this.clock = clock;
    }

    @Get("/compliance")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> page(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String agent) {
        Asked asked = asked(CompliancePages.PATH, viewer, period, from, to, agent);
        CompliancePage page = compliance.page(asked);
        viewLog.report(viewer, page.files().link());
        return pages.render("compliance/compliance", page);
    }

    @Get("/compliance/checks/{id}")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> check(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String agent,
            @Nullable @QueryValue String after) {
        Asked asked =
                asked(CompliancePages.PATH + "/checks/" + id, viewer, period, from, to, agent);
        Optional<CheckPage> page = compliance.check(asked, id, after);
        if (page.isEmpty()) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no check of this name; the compliance report lists all of them.");
        }
        viewLog.report(viewer, page.get().row().href());
        viewLog.content(viewer, page.get().evidence());
        return pages.render("compliance/check", page.get());
    }

    @Get("/compliance/frameworks/{id}")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> framework(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String agent) {
        Asked asked =
                asked(CompliancePages.PATH + "/frameworks/" + id, viewer, period, from, to, agent);
        Optional<FrameworkPage> page = compliance.framework(asked, id);
        if (page.isEmpty()) {
            return problems.answer(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no framework of this name; the compliance report lists all of them.");
        }
        viewLog.report(viewer, page.get().row().href());
        return pages.render("compliance/framework", page.get());
    }

    @Get("/compliance.json")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> json(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String agent) {
        return data(asked(CompliancePages.PATH, viewer, period, from, to, agent), DataFormat.JSON);
    }

    @Get("/compliance.csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> csv(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String agent) {
        return data(asked(CompliancePages.PATH, viewer, period, from, to, agent), DataFormat.CSV);
    }

    /// Assessment results of OSCAL.
    @Get("/compliance.oscal.json")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> oscal(
            Viewer viewer,
            @Nullable @QueryValue String period,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String agent) {
        Asked asked = asked(CompliancePages.PATH, viewer, period, from, to, agent);
        ComplianceReport report = compliance.report(asked);
        return downloads.file(
                viewer,
                asked.choice().address(CompliancePages.PATH + ".oscal.json"),
                name(asked),
                "oscal.json",
                MediaType.APPLICATION_JSON_TYPE,
                DataFormat.JSON.write(oscal.of(asked, report)));
    }

    private HttpResponse<byte[]> data(Asked asked, DataFormat as) {
        return downloads.data(
                asked.viewer(),
                asked.choice().address(CompliancePages.PATH),
                name(asked),
                as,
                compliance.report(asked));
    }

    private static String name(Asked asked) {
        PeriodChoice choice = asked.choice();
        return "compliance-" + choice.first() + "-" + choice.last();
    }

    private Asked asked(
            String path,
            Viewer viewer,
            @Nullable String period,
            @Nullable String from,
            @Nullable String to,
            @Nullable String agent) {
        viewer.requireReader();
        String agents = agent == null ? "" : agent.strip();
        Map<String, List<String>> others =
                agents.isEmpty() ? Map.of() : Map.of("agent", List.of(agents));
        return Asked.of(
                viewer, PeriodChoice.of(path, others, period, from, to, format, clock), agents);
    }
}
