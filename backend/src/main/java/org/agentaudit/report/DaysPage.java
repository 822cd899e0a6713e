package org.agentaudit.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.agentaudit.chart.Chart;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.jspecify.annotations.Nullable;

/// Days and who reviewed them; model of `views/report/days.html`.
///
/// @param days     newest first
/// @param sentence how many are reviewed
/// @param verdicts a strip of the days' verdicts; null for viewers of some agents, since verdicts
///     are kept over all
/// @param earlier  last day of the part before
/// @param latest   today, when the part shown ends before it; else null
public record DaysPage(
        List<Day> days,
        String sentence,
        @Nullable Chart verdicts,
        LocalDate earlier,
        @Nullable LocalDate latest,
        Instant madeAt) {

    public DaysPage {
        days = List.copyOf(days);
    }

    /// @param verdict worst of the checks; null when the day was not evaluated (yet) or the viewer
    ///     sees some agents only
    /// @param attention checks that failed or warned
    /// @param reviews   newest first; empty when nobody reviewed the day
    public record Day(
            LocalDate date,
            @Nullable Verdict verdict,
            int attention,
            List<DailySummary.DayReview> reviews) {

        public Day {
            reviews = List.copyOf(reviews);
        }
    }
}
