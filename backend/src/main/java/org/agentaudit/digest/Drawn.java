package org.agentaudit.digest;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.ChartPng;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.mail.MailContent;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// The chart of a mail, as the picture that goes along and as what the templates say of it.
///
/// @param picture for the templates
/// @param image   for the mail
record Drawn(Digest.Picture picture, MailContent.InlineImage image) {

    /// @param at when it begins
    record Hour(Instant at, long events, long errors) {}

    private static final String CONTENT_ID = "activity@agent-audit";

    private static Drawn of(Chart chart) {
        ChartPng png = ChartPng.of(chart);
        return new Drawn(
                new Digest.Picture(
                        CONTENT_ID,
                        Words.sentence(chart.title() + ": " + chart.sentence()),
                        png.width(),
                        png.height()),
                new MailContent.InlineImage(CONTENT_ID, "image/png", "activity.png", png.png()));
    }

    /// Events of each hour, errored ones at the foot; null when there is none.
    static @Nullable Drawn hours(List<Hour> hours, Format f) {
        List<String> labels = hours.stream().map(hour -> f.clockMinute(hour.at())).toList();
        long[][] counts =
                hours.stream()
                        .map(hour -> new long[] {hour.events(), hour.errors()})
                        .toArray(long[][]::new);
        return stacked("Events per hour", "Busiest hour from", "Hour", labels, counts, f);
    }

    /// Events of each day, errored ones at the foot; null when there is none.
    ///
    /// @param days events and errored events of each
    static @Nullable Drawn days(Map<LocalDate, long[]> days, Format f) {
        return stacked(
                "Events per day",
                "Busiest day",
                "Day",
                days.keySet().stream().map(LocalDate::toString).toList(),
                days.values().toArray(long[][]::new),
                f);
    }

    private static @Nullable Drawn stacked(
            String title,
            String busiestWords,
            String category,
            List<String> labels,
            long[][] counts,
            Format f) {
        int busiest = 0;
        long events = 0;
        long errors = 0;
        List<Point> errored = new ArrayList<>();
        List<Point> others = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            busiest = counts[i][0] > counts[busiest][0] ? i : busiest;
            events += counts[i][0];
            errors += counts[i][1];
            errored.add(Point.of(counts[i][1], f.count(counts[i][1]), null));
            others.add(
                    Point.of(
                            counts[i][0] - counts[i][1],
                            f.count(counts[i][0] - counts[i][1]),
                            null));
        }
        if (events == 0) {
            return null;
        }
        return of(
                Chart.of(
                        Kind.STACKED,
                        title,
                        busiestWords
                                + " "
                                + labels.get(busiest)
                                + " with "
                                + f.count(counts[busiest][0], "event", "events")
                                + "; "
                                + (errors == 0 ? "none" : f.count(errors))
                                + " of all errored.",
                        Axis.COUNT,
                        category,
                        labels,
                        List.of(
                                new Series("errored", Hue.FAILED, errored),
                                new Series("other events", Hue.NEUTRAL, others))));
    }
}
