package org.agentaudit.retention;

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
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// What is kept for how long, what would go, holds, runs and the record of deletions; numbers only,
/// since an administrator reads no events.
@Controller("/admin/retention")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class RetentionController {

    private static final String PATH = "/admin/retention";
    private static final String VIEW = "retention/retention";
    private static final int RUNS = 10;
    private static final int ERASURES = 50;
    private static final int DELETIONS = 50;

    private final RetentionStatus status;
    private final RetentionForecasts forecasts;
    private final Holds holds;
    private final Erasures erasures;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Format format;
    private final Clock clock;

    RetentionController(
            RetentionStatus status,
            RetentionForecasts forecasts,
            Holds holds,
            Erasures erasures,
            FormTokens formTokens,
            Pages pages,
            Format format,
            Clock clock) {
        this.status = status;
        this.forecasts = forecasts;
        this.holds = holds;
        this.erasures = erasures;
        this.formTokens = formTokens;
        this.pages = pages;
        this.format = format;
        this.clock = clock;
    }

    /// @param kind `trace`, `agent` or `period`
    /// @param from first day of a period, in the report time zone
    /// @param to   last day, included
    @Introspected
    record HoldForm(
            @Nullable String csrf,
            @Nullable String kind,
            @Nullable String target,
            @Nullable String from,
            @Nullable String to,
            @Nullable String reason) {}

    @Introspected
    record ReleaseForm(@Nullable String csrf, @Nullable String reason) {}

    /// @param on     day for which to count what would go; counting looks at every event that goes
    /// @param before number of the last deletion already shown
    @Get
    HttpResponse<?> page(@QueryValue @Nullable String on, @QueryValue @Nullable Long before) {
        try {
            LocalDate day = on == null ? null : day(on);
            return pages.render(VIEW, page(null, day, before));
        } catch (IllegalArgumentException e) {
            return refused(e);
        }
    }

    @Post("/holds")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> hold(HttpRequest<?> request, @Body HoldForm form) {
        String actor = formTokens.require(request, form.csrf()).viewer().username();
        try {
            place(actor, form);
            return HttpResponse.seeOther(URI.create(PATH + "#holds"));
        } catch (IllegalArgumentException e) {
            return refused(e);
        }
    }

    @Post("/holds/{id}/release")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> release(
            HttpRequest<?> request, @PathVariable String id, @Body ReleaseForm form) {
        String actor = formTokens.require(request, form.csrf()).viewer().username();
        try {
            holds.release(actor, number(id), text(form.reason()));
            return HttpResponse.seeOther(URI.create(PATH + "#holds"));
        } catch (IllegalArgumentException e) {
            return refused(e);
        }
    }

    private void place(String actor, HoldForm form) {
        String reason = text(form.reason());
        switch (text(form.kind())) {
            case "trace" -> holds.holdTrace(actor, text(form.target()), reason);
            case "agent" -> holds.holdAgent(actor, text(form.target()), reason);
            case "period" -> {
                ZoneId zone = format.zone();
                holds.holdPeriod(
                        actor,
                        day(text(form.from())).atStartOfDay(zone).toInstant(),
                        day(text(form.to())).plusDays(1).atStartOfDay(zone).toInstant(),
                        reason);
            }
            default -> throw new IllegalArgumentException("Choose a trace, an agent or a period.");
        }
    }

    private HttpResponse<?> refused(IllegalArgumentException problem) {
        return pages.render(VIEW, page(problem.getMessage(), null, null))
                .status(HttpStatus.BAD_REQUEST);
    }

    private RetentionPage page(
            @Nullable String problem, @Nullable LocalDate on, @Nullable Long before) {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        List<RetentionRun> runs = status.lastRuns(RUNS);
        Instant nextRun = status.nextRun();
        List<RecordedDeletion> deletions =
                status.deletions(before == null ? Long.MAX_VALUE : before, DELETIONS + 1);
        boolean more = deletions.size() > DELETIONS;
        List<RecordedDeletion> shown = more ? deletions.subList(0, DELETIONS) : deletions;
        return new RetentionPage(
                kind(runs, nextRun),
                sentence(runs, nextRun, now),
                problem,
                status.tiers(),
                status.contentDays(),
                status.profiles(),
                nextRun,
                on == null ? today : on,
                on == null ? null : forecasts.at(end(on, now)),
                holds.list(),
                runs,
                erasures.latest(ERASURES),
                shown,
                more
                        ? Links.address(
                                        PATH,
                                        Map.of(
                                                "before",
                                                List.of(Long.toString(shown.getLast().id()))))
                                + "#deletions"
                        : null,
                before == null);
    }

    /// The end of a day, or this moment if the day has not ended.
    private static Instant end(LocalDate day, Instant now) {
        return day.equals(LocalDate.ofInstant(now, ZoneOffset.UTC))
                ? now
                : day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static String kind(List<RetentionRun> runs, @Nullable Instant nextRun) {
        if (nextRun == null) {
            return "warn";
        }
        if (runs.isEmpty()) {
            return "pending";
        }
        return switch (runs.getFirst().state()) {
            case RUNNING -> "pending";
            case DONE -> "ok";
            case OUT_OF_TIME, STOPPED, INTERRUPTED -> "warn";
            case FAILED -> "fail";
        };
    }

    private String sentence(List<RetentionRun> runs, @Nullable Instant nextRun, Instant now) {
        if (nextRun == null) {
            return "Nothing is removed by itself: PORTAL_RETENTION_AUTOMATIC is false.";
        }
        if (runs.isEmpty()) {
            return "No run yet; the first is due " + format.dateMinute(nextRun) + ".";
        }
        RetentionRun last = runs.getFirst();
        String what =
                format.count(last.events(), "event", "events")
                        + " and the content of "
                        + format.count(last.contents(), "further event", "further events")
                        + " removed";
        return switch (last.state()) {
            case RUNNING -> "A run is under way: " + what + " so far.";
            case DONE ->
                    "The last run, "
                            + format.ago(last.updatedAt(), now)
                            + ", left nothing that has expired: "
                            + what
                            + ".";
            case OUT_OF_TIME -> "The last run had no time for all of it: " + what + ".";
            case STOPPED, INTERRUPTED -> "The last run did not get to its end: " + what + ".";
            case FAILED ->
                    "The last run failed: "
                            + what
                            + (last.message() == null ? "" : " (" + last.message() + ")")
                            + ". The portal's log says more.";
        };
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("A day is written as in 2027-01-31.", e);
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("No hold with this number stands.", e);
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
