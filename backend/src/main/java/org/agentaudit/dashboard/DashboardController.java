package org.agentaudit.dashboard;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.time.Clock;
import java.time.Instant;
import org.agentaudit.access.Role;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.report.DailySummary;
import org.agentaudit.report.DayVerdict;
import org.agentaudit.report.Reports;
import org.agentaudit.web.Format;
import org.agentaudit.web.Pages;

/// The home page and its part that refreshes.
@Controller
@Produces(MediaType.TEXT_HTML)
@ExecuteOn(TaskExecutors.BLOCKING)
class DashboardController {

    private final LiveActivity live;
    private final Reports reports;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Format format;
    private final Clock clock;

    DashboardController(
            LiveActivity live,
            Reports reports,
            ViewLog viewLog,
            Pages pages,
            Format format,
            Clock clock) {
        this.live = live;
        this.reports = reports;
        this.viewLog = viewLog;
        this.pages = pages;
        this.format = format;
        this.clock = clock;
    }

    /// For those who may not read: what their role is for instead.
    @Get("/")
    @Secured(SecurityRule.IS_AUTHENTICATED)
    HttpResponse<?> home(Viewer viewer) {
        if (!viewer.mayRead()) {
            return pages.render("dashboard/no-reports", new NoReportsPage(viewer.has(Role.ADMIN)));
        }
        Instant now = clock.instant();
        DailySummary day = reports.daily(viewer, format.date(now), format.zone());
        DayVerdict verdict = DayVerdict.of(day, format);
        DashboardPage page =
                new DashboardPage(live.of(viewer), day, verdict.verdict(), verdict.sentence(), now);
        viewLog.report(viewer, "/");
        return pages.render("dashboard/home", page);
    }

    /// The refreshing part alone, asked for again every few seconds by an open dashboard.
    @Get("/live")
    @Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
    HttpResponse<?> live(Viewer viewer) {
        return pages.render("dashboard/live", live.of(viewer))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
