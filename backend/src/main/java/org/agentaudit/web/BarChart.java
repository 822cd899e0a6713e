package org.agentaudit.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chart of counts over time, laid out for SVG (`views/fragments/charts.html`). The part of each
/// bar that failed stands at its foot. Coordinates are in the units of a view box of [#WIDTH] ×
/// [#HEIGHT].
///
/// @param title    what is counted, per what
/// @param sentence what the chart shows, in words
/// @param top      value of the upper grid line
/// @param bars     in order of time
/// @param firstLabel under the first bar
/// @param lastLabel  under the last bar
public record BarChart(
        String title,
        String sentence,
        String top,
        List<Bar> bars,
        String firstLabel,
        String lastLabel) {

    public static final int WIDTH = 720;
    public static final int HEIGHT = 96;

    public BarChart {
        bars = List.copyOf(bars);
    }

    /// One bar; a height of 0 is not drawn.
    ///
    /// @param tip  value and time in words
    /// @param href evidence; null when there is none
    public record Bar(
            String x,
            String width,
            String y,
            String height,
            String partY,
            String partHeight,
            String tip,
            @Nullable String href) {}

    /// One point of the series.
    ///
    /// @param part of `value` that failed
    public record Point(long value, long part, String tip, @Nullable String href) {}

    /// Lays out a series; the scale ends at the largest value.
    public static BarChart of(
            String title,
            String sentence,
            List<Point> points,
            String firstLabel,
            String lastLabel,
            Format format) {
        long top = Math.max(1, points.stream().mapToLong(Point::value).max().orElse(0));
        double step = (double) WIDTH / Math.max(1, points.size());
        double gap = Math.min(2, step * 0.2);
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            double height = height(point.value(), top);
            double part = height(point.part(), top);
            bars.add(
                    new Bar(
                            number(i * step),
                            number(step - gap),
                            number(HEIGHT - height),
                            number(height),
                            number(HEIGHT - part),
                            number(part),
                            point.tip(),
                            point.href()));
        }
        return new BarChart(title, sentence, format.count(top), bars, firstLabel, lastLabel);
    }

    /// Anything above zero stays visible.
    private static double height(long value, long top) {
        return value == 0 ? 0 : Math.max(1.5, HEIGHT * ((double) value / top));
    }

    private static String number(double value) {
        return Double.toString(Math.round(value * 100) / 100.0);
    }
}
