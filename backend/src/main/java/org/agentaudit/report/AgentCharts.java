package org.agentaudit.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.report.AgentAudit.DailyPoint;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// The charts of an agent's audit.
final class AgentCharts {

    private AgentCharts() {}

    /// Events per day, errored ones at the foot.
    static Chart activity(AgentAudit audit, Format format) {
        List<DailyPoint> daily = audit.daily();
        long active = daily.stream().filter(day -> day.events() > 0).count();
        return Chart.of(
                Kind.STACKED,
                "Events per day",
                audit.events() == 0
                        ? "No event in this period."
                        : "Active on "
                                + format.count(active)
                                + " of "
                                + format.count(daily.size(), "day", "days")
                                + "; "
                                + (audit.errors() == 0
                                        ? "no event errored."
                                        : format.count(audit.errors(), "event", "events")
                                                + " errored."),
                Axis.COUNT,
                "Day",
                days(daily),
                List.of(
                        new Series(
                                "errored",
                                Hue.FAILED,
                                daily.stream()
                                        .map(day -> count(audit, day, day.errors(), true, format))
                                        .toList()),
                        new Series(
                                "other events",
                                Hue.NEUTRAL,
                                daily.stream()
                                        .map(
                                                day ->
                                                        count(
                                                                audit,
                                                                day,
                                                                day.events() - day.errors(),
                                                                false,
                                                                format))
                                        .toList())));
    }

    /// How the invocations ended.
    ///
    /// @param invocations address of the agent's invocations
    static Chart outcomes(AgentAudit audit, String invocations, Format format) {
        long failed = audit.failedInvocations();
        long others = Math.max(0, audit.invocations() - failed);
        String sentence;
        if (audit.invocations() == 0) {
            sentence = "No invocation in this period.";
        } else if (failed == 0) {
            sentence = "None of " + invocations(audit, format) + " failed.";
        } else {
            sentence = format.count(failed) + " of " + invocations(audit, format) + " failed.";
        }
        return Chart.of(
                Kind.RANKING,
                "Outcomes of invocations",
                sentence,
                Axis.COUNT,
                "Outcome",
                audit.invocations() == 0 ? List.of() : List.of("failed", "not failed"),
                List.of(
                        new Series(
                                "Invocations",
                                Hue.NEUTRAL,
                                audit.invocations() == 0
                                        ? List.of()
                                        : List.of(
                                                new Point(
                                                        (double) failed,
                                                        format.count(failed),
                                                        failed == 0 ? null : invocations,
                                                        Hue.FAILED),
                                                new Point(
                                                        (double) others,
                                                        format.count(others),
                                                        others == 0 ? null : invocations,
                                                        Hue.NEUTRAL)))));
    }

    private static String invocations(AgentAudit audit, Format format) {
        return format.count(audit.invocations(), "invocation", "invocations");
    }

    /// Cost per day; a day without a priced event is a gap.
    static Chart costs(AgentAudit audit, Format format) {
        return Chart.of(
                Kind.BARS,
                "Cost per day",
                audit.cost() == null
                        ? "No event of this period has a cost."
                        : format.money(audit.cost()) + " in this period.",
                Axis.MONEY,
                "Day",
                days(audit.daily()),
                List.of(
                        new Series(
                                "Cost",
                                Hue.NEUTRAL,
                                audit.daily().stream().map(day -> cost(day, format)).toList())));
    }

    private static Point cost(DailyPoint day, Format format) {
        return day.cost() == null
                ? Point.gap(Format.NO_DATA)
                : Point.of(day.cost().doubleValue(), format.money(day.cost()), null);
    }

    private static List<String> days(List<DailyPoint> daily) {
        return daily.stream().map(day -> day.date().toString()).toList();
    }

    private static Point count(
            AgentAudit audit, DailyPoint day, long count, boolean errored, Format format) {
        return Point.of(count, format.count(count), evidence(audit, day, count, errored));
    }

    private static @Nullable String evidence(
            AgentAudit audit, DailyPoint day, long count, boolean errored) {
        if (count == 0) {
            return null;
        }
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("agent", List.of(audit.agentId()));
        query.put("from", List.of(day.date().toString()));
        query.put("to", List.of(day.date().toString()));
        query.put("errored", List.of(errored ? "true" : ""));
        return Links.address("/events", query);
    }
}
