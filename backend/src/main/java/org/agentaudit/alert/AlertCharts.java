package org.agentaudit.alert;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.web.Format;

/// The charts of alerts.
final class AlertCharts {

    private AlertCharts() {}

    /// Alerts per day, critical ones apart.
    ///
    /// @param fired days on which one fired
    static Chart perDay(
            LocalDate first, LocalDate last, List<AlertListRepository.Day> fired, Format format) {
        Map<LocalDate, AlertListRepository.Day> byDate =
                fired.stream()
                        .collect(
                                Collectors.toMap(
                                        AlertListRepository.Day::date, Function.identity()));
        List<AlertListRepository.Day> days =
                first.datesUntil(last.plusDays(1))
                        .map(
                                date ->
                                        byDate.getOrDefault(
                                                date, new AlertListRepository.Day(date, 0, 0)))
                        .toList();
        return Chart.of(
                Kind.STACKED,
                "Alerts per day",
                sentence(fired, format),
                Axis.COUNT,
                "Day",
                days.stream().map(day -> day.date().toString()).toList(),
                List.of(
                        series("critical", Hue.FAILED, days, d -> d.critical(), format),
                        series(
                                "others",
                                Hue.NEUTRAL,
                                days,
                                d -> d.alerts() - d.critical(),
                                format)));
    }

    private static Series series(
            String name,
            Hue hue,
            List<AlertListRepository.Day> days,
            Function<AlertListRepository.Day, Long> count,
            Format format) {
        return new Series(
                name,
                hue,
                days.stream()
                        .map(
                                day -> {
                                    long number = count.apply(day);
                                    return Point.of(
                                            number, format.count(number, "alert", "alerts"), null);
                                })
                        .toList());
    }

    private static String sentence(List<AlertListRepository.Day> fired, Format format) {
        if (fired.isEmpty()) {
            return "No alert fired in the last 30 days.";
        }
        AlertListRepository.Day most = fired.getFirst();
        for (AlertListRepository.Day day : fired) {
            most = day.alerts() > most.alerts() ? day : most;
        }
        long all = fired.stream().mapToLong(AlertListRepository.Day::alerts).sum();
        return format.count(all, "alert", "alerts")
                + " in 30 days; the most on "
                + most.date()
                + ", "
                + format.count(most.alerts())
                + ".";
    }

    /// How often a rule would have fired on each day of a period.
    static Chart wouldHaveFired(AlertDryRun run, Instant from, Instant to, Format format) {
        Map<LocalDate, Long> perDay =
                run.episodes().stream()
                        .collect(
                                Collectors.groupingBy(
                                        one -> format.date(one.firedAt()), Collectors.counting()));
        List<LocalDate> days = format.date(from).datesUntil(format.date(to).plusDays(1)).toList();
        return Chart.of(
                Kind.BARS,
                "Times the rule would have fired, per day",
                "On "
                        + format.count(perDay.size(), "day", "days")
                        + " of "
                        + format.count((long) days.size())
                        + " the rule would have fired.",
                Axis.COUNT,
                "Day",
                days.stream().map(LocalDate::toString).toList(),
                List.of(
                        new Series(
                                "times",
                                Hue.WARNING,
                                days.stream()
                                        .map(
                                                day -> {
                                                    long times = perDay.getOrDefault(day, 0L);
                                                    return Point.of(
                                                            times,
                                                            format.count(times, "time", "times"),
                                                            null);
                                                })
                                        .toList())));
    }
}
