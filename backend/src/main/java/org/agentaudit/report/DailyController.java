package org.agentaudit.report;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.web.DataFormat;
import org.agentaudit.web.Downloads;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Format;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// The daily summary as page and as data.
@Controller("/daily")
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class DailyController {

    private final Reports reports;
    private final DailyPages daily;
    private final DayReviews reviews;
    private final FormTokens formTokens;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Format format;
    private final Downloads downloads;
    private final Clock clock;

    DailyController(
            Reports reports,
            DailyPages daily,
            DayReviews reviews,
            FormTokens formTokens,
            ViewLog viewLog,
            Pages pages,
            Format format,
            Downloads downloads,
            Clock clock) {
        this.reports = reports;
        this.daily = daily;
        this.reviews = reviews;
        this.formTokens = formTokens;
        this.viewLog = viewLog;
        this.pages = pages;
        this.format = format;
        this.downloads = downloads;
        this.clock = clock;
    }

    /// The day asked for, else today, at its own address.
    @Get
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> choose(@Nullable @QueryValue String date) {
        LocalDate day = date == null || date.isEmpty() ? today() : day(date);
        return HttpResponse.seeOther(URI.create("/daily/" + day));
    }

    @Get("/{date}")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> page(@PathVariable String date, Viewer viewer) {
        DailyPage page = daily.of(viewer, day(date));
        viewLog.report(viewer, "/daily/" + page.day().date());
        return pages.render("report/daily", page);
    }

    /// The days before `to`, newest first: verdict, and who reviewed each.
    @Get("/days")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> days(@Nullable @QueryValue String to, Viewer viewer) {
        LocalDate last = to == null || to.isEmpty() ? today() : day(to);
        viewLog.report(viewer, "/daily/days");
        return pages.render(
                "report/days", daily.days(viewer, last.isAfter(today()) ? today() : last));
    }

    @Introspected
    record ReviewForm(@Nullable String csrf, @Nullable String comment) {}

    /// Signs a day off.
    @Post("/{date}/reviews")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    @Secured("COMPLIANCE_OFFICER")
    HttpResponse<?> review(
            HttpRequest<?> request, @PathVariable String date, @Body ReviewForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        LocalDate day = day(date);
        try {
            reviews.review(viewer, day, form.comment());
        } catch (BadInputException e) {
            DailyPage page = daily.of(viewer, day).with(e.getMessage(), form.comment());
            return pages.render("report/daily", page).status(HttpStatus.UNPROCESSABLE_ENTITY);
        }
        return HttpResponse.seeOther(URI.create("/daily/" + day + "#review"));
    }

    @Get("/{date}.json")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> json(@PathVariable String date, Viewer viewer) {
        return download(date, viewer, DataFormat.JSON);
    }

    @Get("/{date}.csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> csv(@PathVariable String date, Viewer viewer) {
        return download(date, viewer, DataFormat.CSV);
    }

    private HttpResponse<byte[]> download(String date, Viewer viewer, DataFormat as) {
        DailySummary day = reports.daily(viewer, day(date), format.zone());
        return downloads.data(viewer, "/daily/" + day.date(), "daily-" + day.date(), as, day);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), format.zone());
    }

    private LocalDate day(String text) {
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 2000 && day.getYear() <= 2100) {
                return day;
            }
        } catch (DateTimeException e) {
            throw new BadInputException("'" + text + "' is not a day such as " + today() + ".");
        }
        throw new BadInputException("The day must lie between 2000 and 2100.");
    }
}
