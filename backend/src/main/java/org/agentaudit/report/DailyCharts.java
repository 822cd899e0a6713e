package org.agentaudit.report;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.query.HourCounts;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// The charts of a day, the same on the page, in the PDF and in the mail.
public final class DailyCharts {

    private static final int MODELS = 6;

    private DailyCharts() {}

    /// Events per hour, errored ones at the foot.
    ///
    /// @param now hours that have not begun are gaps
    public static Chart activity(List<HourCounts> hours, Instant now, Format format) {
        long events = hours.stream().mapToLong(HourCounts::events).sum();
        long errors = hours.stream().mapToLong(HourCounts::errors).sum();
        HourCounts busiest =
                hours.stream().max(Comparator.comparingLong(HourCounts::events)).orElse(null);
        String sentence =
                events == 0 || busiest == null
                        ? "No event occurred on this day."
                        : "Busiest hour from "
                                + format.clockMinute(busiest.at())
                                + " with "
                                + format.count(busiest.events(), "event", "events")
                                + "; "
                                + (errors == 0
                                        ? "none of the day errored."
                                        : format.count(errors) + " of the day errored.");
        return Chart.of(
                Kind.STACKED,
                "Events per hour",
                sentence,
                Axis.COUNT,
                "Hour",
                hours.stream().map(hour -> format.clockMinute(hour.at())).toList(),
                List.of(
                        new Series(
                                "errored",
                                Hue.FAILED,
                                hours.stream()
                                        .map(h -> point(h, h.errors(), true, now, format))
                                        .toList()),
                        new Series(
                                "other events",
                                Hue.NEUTRAL,
                                hours.stream()
                                        .map(
                                                h ->
                                                        point(
                                                                h,
                                                                h.events() - h.errors(),
                                                                false,
                                                                now,
                                                                format))
                                        .toList())));
    }

    private static Point point(
            HourCounts hour, long count, boolean errored, Instant now, Format format) {
        if (hour.at().isAfter(now)) {
            return Point.gap("not yet");
        }
        return Point.of(count, format.count(count), count == 0 ? null : evidence(hour, errored));
    }

    private static String evidence(HourCounts hour, boolean errored) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("from", List.of(hour.at().toString()));
        query.put("to", List.of(hour.at().plusSeconds(3600).toString()));
        query.put("errored", List.of(errored ? "true" : ""));
        return Links.address("/events", query);
    }

    /// Cost by model, the dearest first.
    ///
    /// @param href where the costs of the day are broken down; null when nowhere
    public static Chart costs(CostReport costs, @Nullable String href, Format format) {
        List<CostReport.CostRow> rows =
                costs.rows().stream().filter(row -> row.cost() != null).limit(MODELS).toList();
        String unpriced =
                costs.unpricedRequests() == 0
                        ? "."
                        : "; "
                                + format.count(costs.unpricedRequests(), "request", "requests")
                                + " without a known price not included.";
        String sentence =
                costs.total() == null
                        ? "No request of this day has a cost" + unpriced
                        : format.money(costs.total())
                                + " for "
                                + format.count(costs.requests(), "model request", "model requests")
                                + " at list prices"
                                + unpriced;
        return Chart.of(
                Kind.RANKING,
                "Cost by model",
                sentence,
                Axis.MONEY,
                "Model",
                rows.stream().map(CostReport.CostRow::key).toList(),
                List.of(
                        new Series(
                                "Cost",
                                Hue.NEUTRAL,
                                rows.stream().map(row -> cost(row, href, format)).toList())));
    }

    private static Point cost(CostReport.CostRow row, @Nullable String href, Format format) {
        return row.cost() == null
                ? Point.gap(Format.NO_DATA)
                : Point.of(row.cost().doubleValue(), format.money(row.cost()), href);
    }
}
