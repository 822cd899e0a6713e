package org.agentaudit.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.chart.Chart;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// The summary of one day; model of `views/report/daily.html`.
///
/// @param verdict  worst verdict of the day's checks
/// @param sentence was this a normal day, and what needs attention
/// @param checks   in the order of the report, with their figures written out
/// @param failureRate failed ÷ invocations; null without an invocation
/// @param attention what needs attention, most urgent first
/// @param activity events per hour
/// @param costs    cost by model
/// @param mayReview whether the viewer signs off days
/// @param problem  why the sign-off was not taken; null when nothing was wrong
/// @param comment  of a sign-off that was not taken, as typed
/// @param next     null when the day after has not begun
/// @param over     whether the day has ended
/// @param errorsHref the day's errored events in the explorer
/// @param madeAt   when the report was assembled
public record DailyPage(
        DailySummary day,
        Verdict verdict,
        String sentence,
        List<CheckRow> checks,
        @Nullable Double failureRate,
        Attention attention,
        Chart activity,
        Chart costs,
        boolean mayReview,
        @Nullable String problem,
        String comment,
        LocalDate previous,
        @Nullable LocalDate next,
        LocalDate today,
        boolean over,
        String errorsHref,
        Instant madeAt) {

    public DailyPage {
        checks = List.copyOf(checks);
    }

    /// One check with its figures in the unit it is measured in.
    ///
    /// @param href what was measured, and the events that speak against it
    public record CheckRow(
            CheckResult check, String measured, String warnAt, String failAt, String href) {}

    /// The parts that come from elsewhere.
    record Parts(Attention attention, Chart activity, Chart costs, boolean mayReview) {}

    static DailyPage of(
            DailySummary day, Parts parts, LocalDate today, Instant now, Format format) {
        DayVerdict verdict = DayVerdict.of(day, format);
        boolean over = !day.to().isAfter(now);
        List<CheckRow> checks =
                day.checks().stream()
                        .map(
                                check ->
                                        new CheckRow(
                                                check,
                                                format.measure(check.measured(), check.unit()),
                                                limit(check.warnAt(), check.unit(), format),
                                                limit(check.failAt(), check.unit(), format),
                                                check(check.check(), day.date())))
                        .toList();
        Map<String, List<String>> errors = new LinkedHashMap<>();
        errors.put("from", List.of(day.from().toString()));
        errors.put("to", List.of(day.to().toString()));
        errors.put("errored", List.of("true"));
        return new DailyPage(
                day,
                verdict.verdict(),
                verdict.sentence(),
                checks,
                day.invocations() == 0 ? null : (double) day.failed() / day.invocations(),
                parts.attention(),
                parts.activity(),
                parts.costs(),
                parts.mayReview(),
                null,
                "",
                day.date().minusDays(1),
                over ? day.date().plusDays(1) : null,
                today,
                over,
                Links.address("/events", errors),
                now);
    }

    /// The page of a check on one day.
    static String check(String id, LocalDate day) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("from", List.of(day.toString()));
        query.put("to", List.of(day.toString()));
        return Links.address("/compliance/checks/" + id, query);
    }

    /// The same after a sign-off that was not taken.
    DailyPage with(@Nullable String whatWasWrong, @Nullable String typed) {
        return new DailyPage(
                day,
                verdict,
                sentence,
                checks,
                failureRate,
                attention,
                activity,
                costs,
                mayReview,
                whatWasWrong,
                typed == null ? "" : typed,
                previous,
                next,
                today,
                over,
                errorsHref,
                madeAt);
    }

    private static String limit(@Nullable Double limit, @Nullable String unit, Format format) {
        return limit == null ? "–" : format.measure(limit, unit);
    }
}
