package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.access.Viewer;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.compliance.CheckDay;
import org.agentaudit.compliance.CheckHistory;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// Verdicts of past days as a chart.
@Singleton
public class VerdictHistory {

    private static final int FEWEST_DAYS = 30;
    private static final int MOST_DAYS = 92;

    private final CheckHistory history;
    private final Format format;
    private final Marks marks = new Marks();

    VerdictHistory(CheckHistory history, Format format) {
        this.history = history;
        this.format = format;
    }

    /// The days of a period, at least the 30 and at most the 92 up to its last; empty for a viewer
    /// of some agents, since verdicts of days are kept over all.
    ///
    /// @param from first day of the period
    /// @param last its last, included
    public Optional<Chart> of(
            Viewer viewer, LocalDate from, LocalDate last, List<CheckResult> checks) {
        if (!viewer.agentScope().isEmpty()) {
            return Optional.empty();
        }
        long days = ChronoUnit.DAYS.between(from, last) + 1;
        LocalDate first = last.minusDays(Math.clamp(days, FEWEST_DAYS, MOST_DAYS) - 1);
        List<LocalDate> dates = first.datesUntil(last.plusDays(1)).toList();
        List<Series> series = new ArrayList<>();
        long failed = 0;
        long kept = 0;
        for (CheckResult check : checks) {
            Map<LocalDate, CheckDay> byDay =
                    history.of(viewer, check.check(), first, last.plusDays(1)).stream()
                            .filter(day -> !day.superseded())
                            .collect(
                                    Collectors.toMap(
                                            CheckDay::date,
                                            Function.identity(),
                                            (earlier, later) -> later));
            kept += byDay.size();
            failed += byDay.values().stream().filter(d -> d.verdict() == Verdict.FAIL).count();
            series.add(
                    new Series(
                            check.title(),
                            Hue.NEUTRAL,
                            dates.stream()
                                    .map(date -> point(check, byDay.get(date), date))
                                    .toList()));
        }
        String sentence =
                kept == 0
                        ? "No day of " + first + " to " + last + " was evaluated yet."
                        : "Verdicts of "
                                + format.count(kept, "check and day", "checks and days")
                                + " from "
                                + first
                                + " to "
                                + last
                                + "; "
                                + (failed == 0 ? "none" : format.count(failed))
                                + " failed.";
        return Optional.of(
                Chart.of(
                        Kind.VERDICTS,
                        "Verdicts by day",
                        sentence,
                        Axis.COUNT,
                        "Day",
                        dates.stream().map(LocalDate::toString).toList(),
                        series));
    }

    private Point point(CheckResult check, @Nullable CheckDay day, LocalDate date) {
        if (day == null) {
            return Point.gap("not evaluated");
        }
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("from", List.of(date.toString()));
        query.put("to", List.of(date.toString()));
        return Point.state(
                hue(day.verdict()),
                marks.word(day.verdict()),
                Links.address("/compliance/checks/" + check.check(), query));
    }

    private static Hue hue(Verdict verdict) {
        return switch (verdict) {
            case PASS -> Hue.OK;
            case WARN -> Hue.WARNING;
            case FAIL -> Hue.FAILED;
            case INSUFFICIENT_EVIDENCE -> Hue.UNKNOWN;
            case NOT_APPLICABLE -> Hue.NONE;
        };
    }
}
