package org.agentaudit.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    public record CheckRow(CheckResult check, String measured, String warnAt, String failAt) {}

    static DailyPage of(DailySummary day, LocalDate today, Instant now, Format format) {
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
                                                limit(check.failAt(), check.unit(), format)))
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
                day.date().minusDays(1),
                over ? day.date().plusDays(1) : null,
                today,
                over,
                Links.address("/events", errors),
                now);
    }

    private static String limit(@Nullable Double limit, @Nullable String unit, Format format) {
        return limit == null ? "–" : format.measure(limit, unit);
    }
}
