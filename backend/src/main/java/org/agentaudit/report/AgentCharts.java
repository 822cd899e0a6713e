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
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// The charts of an agent, the same on the page and in the PDF.
final class AgentCharts {

    private AgentCharts() {}

    /// Events per day, errored ones at the foot.
    static Chart activity(AgentAudit audit, Format format) {
        List<AgentAudit.DailyPoint> daily = audit.daily();
        long activeDays = daily.stream().filter(day -> day.events() > 0).count();
        String sentence =
                audit.events() == 0
                        ? "No events in this period."
                        : "Active on "
                                + activeDays
                                + " of "
                                + format.count(daily.size(), "day", "days")
                                + ".";
        List<Point> errored =
                daily.stream()
                        .map(
                                day ->
                                        Point.of(
                                                day.errors(),
                                                format.count(day.errors()),
                                                evidence(audit.agentId(), day, true)))
                        .toList();
        List<Point> others =
                daily.stream()
                        .map(
                                day ->
                                        Point.of(
                                                day.events() - day.errors(),
                                                format.count(day.events() - day.errors()),
                                                evidence(audit.agentId(), day, false)))
                        .toList();
        return Chart.of(
                Kind.STACKED,
                "Events per day",
                sentence,
                Axis.COUNT,
                "Day",
                daily.stream().map(day -> day.date().toString()).toList(),
                List.of(
                        new Series("errored", Hue.FAILED, errored),
                        new Series("other events", Hue.NEUTRAL, others)));
    }

    private static @Nullable String evidence(
            String agent, AgentAudit.DailyPoint day, boolean errored) {
        if ((errored ? day.errors() : day.events()) == 0) {
            return null;
        }
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("agent", List.of(agent));
        query.put("from", List.of(day.date().toString()));
        query.put("to", List.of(day.date().toString()));
        query.put("errored", List.of(errored ? "true" : ""));
        return Links.address("/events", query);
    }
}
