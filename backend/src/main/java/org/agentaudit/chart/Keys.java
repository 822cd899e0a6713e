package org.agentaudit.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The key of a chart: what stands for what.
final class Keys {

    private Keys() {}

    static List<Chart.Key> of(Chart chart) {
        List<Chart.Key> keys = new ArrayList<>();
        switch (chart.kind()) {
            case SPARK, RANKING, HEAT -> {
                return keys;
            }
            case VERDICTS -> states(chart, keys);
            case BARS, STACKED -> {
                if (chart.series().size() > 1) {
                    chart.series().forEach(s -> keys.add(new Chart.Key(s.name(), "box", s.hue())));
                }
            }
            case LINES -> {
                if (chart.series().size() > 1 || chart.band() != null) {
                    chart.series().forEach(s -> keys.add(new Chart.Key(s.name(), "line", s.hue())));
                }
                if (chart.band() != null) {
                    keys.add(new Chart.Key(chart.band().name(), "band", Hue.NEUTRAL));
                }
            }
        }
        chart.thresholds().forEach(t -> keys.add(new Chart.Key(t.label(), "limit", t.hue())));
        return keys;
    }

    /// The states that occur, by the word of the first point that has each.
    private static void states(Chart chart, List<Chart.Key> keys) {
        Map<Hue, String> words = new LinkedHashMap<>();
        for (Series one : chart.series()) {
            for (Point point : one.points()) {
                if (point.value() != null) {
                    words.putIfAbsent(point.hue() == null ? one.hue() : point.hue(), point.label());
                }
            }
        }
        words.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(
                        e ->
                                keys.add(
                                        new Chart.Key(
                                                e.getValue(),
                                                e.getKey().hollow() ? "hollow" : "box",
                                                e.getKey())));
    }
}
