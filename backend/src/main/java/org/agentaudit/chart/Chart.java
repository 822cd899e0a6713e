package org.agentaudit.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a chart shows, independent of where. All texts are in words for people and may come from
/// agents; they are escaped and shortened where they are drawn, whole in the table behind.
///
/// @param title      what is counted, per what: `Events per minute`
/// @param sentence   what the chart shows: `Busiest minute 14:05 with 31 events.`
/// @param axis       what the values are
/// @param categoryName heading of the categories: `Minute`
/// @param categories labels along the axis, in order
/// @param series     each with one point for every category
/// @param band       null when there is none; drawn by [Kind#LINES]
public record Chart(
        Kind kind,
        String title,
        String sentence,
        Axis axis,
        String categoryName,
        List<String> categories,
        List<Series> series,
        List<Threshold> thresholds,
        @Nullable Band band) {

    public Chart {
        categories = List.copyOf(categories);
        series = List.copyOf(series);
        thresholds = List.copyOf(thresholds);
        for (Series one : series) {
            if (one.points().size() != categories.size()) {
                throw new IllegalArgumentException("a series has one point for each category");
            }
        }
        if (band != null
                && (band.low().size() != categories.size()
                        || band.high().size() != categories.size())) {
            throw new IllegalArgumentException("a band has one value for each category");
        }
    }

    /// Without thresholds and band.
    public static Chart of(
            Kind kind,
            String title,
            String sentence,
            Axis axis,
            String categoryName,
            List<String> categories,
            List<Series> series) {
        return new Chart(
                kind, title, sentence, axis, categoryName, categories, series, List.of(), null);
    }

    public Chart with(Threshold... more) {
        List<Threshold> all = Stream.concat(thresholds.stream(), Stream.of(more)).toList();
        return new Chart(kind, title, sentence, axis, categoryName, categories, series, all, band);
    }

    public Chart with(Band usual) {
        return new Chart(
                kind, title, sentence, axis, categoryName, categories, series, thresholds, usual);
    }

    /// True when there is no value anywhere: then the sentence says so, and nothing is drawn.
    public boolean empty() {
        return series.stream()
                .flatMap(one -> one.points().stream())
                .allMatch(p -> p.value() == null);
    }

    /// The table behind: one row for each category, its cells in the order of the series.
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < categories.size(); i++) {
            int at = i;
            rows.add(
                    new Row(
                            categories.get(i),
                            series.stream().map(one -> one.points().get(at)).toList()));
        }
        return rows;
    }

    /// What stands for what, in the order of the series; empty when one series needs no key.
    public List<Key> keys() {
        return Keys.of(this);
    }

    /// One row of the table behind.
    public record Row(String category, List<Point> cells) {}

    /// One entry of the key.
    ///
    /// @param sample how it is drawn: `box`, `hollow`, `line`, `band` or `limit`
    public record Key(String name, String sample, Hue hue) {

        /// Of a line that is broken; null for a whole one.
        public @Nullable String dash() {
            return hue.dash().isEmpty() ? null : hue.dash();
        }

        /// Path of the texture over a box of 14 × 10 pixels; null for a plain one.
        public @Nullable String texture() {
            return switch (hue.texture()) {
                case PLAIN -> null;
                case HATCH -> "M2 5L7 0M2 10L12 0M7 10L12 5";
                case STRIPES -> "M2 2.5h10M2 5.5h10M2 8.5h10";
                case DOTS -> "M4 2.5h2M8 2.5h2M4 7.5h2M8 7.5h2";
            };
        }
    }
}
