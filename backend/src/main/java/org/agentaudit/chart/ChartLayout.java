package org.agentaudit.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.agentaudit.chart.Drawing.Anchor;
import org.agentaudit.chart.Drawing.Spot;
import org.jspecify.annotations.Nullable;

/// Lays out bars and lines along an axis.
final class ChartLayout {

    private static final double TOP = 8;
    private static final double PLOT = 128;
    private static final double BOTTOM = TOP + PLOT;
    private static final double HEIGHT = BOTTOM + 20;

    /// Anything above zero stays visible.
    private static final double LEAST = 1.5;

    /// No bar is wider than this share of the plot, nor fills more than this share of its place.
    private static final double WIDEST = 0.06;
    private static final double FILLED = 0.76;

    /// Labels below the plot take no more than this on the narrowest screen.
    private static final int LABEL_CHARACTERS = 44;
    private static final int LONGEST_LABEL = 22;
    private static final int LONGEST_TIP = 300;
    private static final double SPARK_HEIGHT = 24;

    private final Chart chart;
    private final List<Drawing.Mark> marks = new ArrayList<>();
    private final List<Drawing.Hit> hits = new ArrayList<>();
    private final Ticks ticks;
    private final double top;
    private final double bottom;

    private ChartLayout(Chart chart) {
        this.chart = chart;
        boolean spark = chart.kind() == Kind.SPARK;
        top = spark ? 2 : TOP;
        bottom = spark ? SPARK_HEIGHT - 2 : BOTTOM;
        double[] values = values().toArray();
        double least = DoubleStream.of(values).min().orElse(0);
        double greatest = DoubleStream.of(values).max().orElse(0);
        ticks =
                spark && greatest > least
                        ? new Ticks(Math.min(0, least), greatest, List.of())
                        : Ticks.of(least, greatest, chart.axis());
    }

    static Drawing of(Chart chart) {
        return switch (chart.kind()) {
            case BARS, STACKED, LINES -> new ChartLayout(chart).plot();
            case SPARK -> new ChartLayout(chart).spark();
            case RANKING, VERDICTS, HEAT -> StripLayout.of(chart);
        };
    }

    private Drawing plot() {
        int gutter = 0;
        for (double step : ticks.steps()) {
            marks.add(new Drawing.Grid(y(step)));
            String label = Ticks.label(step, chart.axis());
            marks.add(new Drawing.Label(0, y(step) + 4, label, Anchor.GUTTER));
            gutter = Math.max(gutter, label.length());
        }
        if (chart.kind() == Kind.LINES) {
            band();
        }
        if (chart.kind() == Kind.LINES) {
            chart.series().forEach(this::line);
        } else {
            bars();
        }
        for (Threshold threshold : chart.thresholds()) {
            marks.add(new Drawing.Limit(y(threshold.value()), threshold.hue()));
        }
        labels();
        hits();
        return new Drawing(HEIGHT, gutter, marks, hits);
    }

    private Drawing spark() {
        chart.series().forEach(this::line);
        return new Drawing(SPARK_HEIGHT, 0, marks, hits);
    }

    private void bars() {
        double zero = y(0);
        int beside = chart.kind() == Kind.STACKED ? 1 : Math.max(1, chart.series().size());
        double width = Math.min(WIDEST * beside, step() * FILLED) / beside;
        for (int i = 0; i < chart.categories().size(); i++) {
            double left = center(i) - width * beside / 2;
            double reached = 0;
            for (int s = 0; s < chart.series().size(); s++) {
                Series series = chart.series().get(s);
                Point point = series.points().get(i);
                if (point.value() == null || point.value() == 0) {
                    continue;
                }
                Hue hue = point.hue() == null ? series.hue() : point.hue();
                if (chart.kind() == Kind.STACKED) {
                    double from = y(reached);
                    reached += Math.max(0, point.value());
                    box(left, width, y(reached), from, hue);
                } else {
                    double end = y(point.value());
                    box(left + s * width, width, Math.min(end, zero), Math.max(end, zero), hue);
                }
            }
        }
    }

    private void box(double x, double width, double upper, double lower, Hue hue) {
        double height = Math.max(LEAST, lower - upper);
        marks.add(new Drawing.Box(x, width, lower - height, height, hue, 0));
    }

    private void line(Series series) {
        List<Spot> run = new ArrayList<>();
        for (int i = 0; i <= series.points().size(); i++) {
            Double value = i < series.points().size() ? series.points().get(i).value() : null;
            if (value != null) {
                run.add(new Spot(center(i), y(value)));
            } else if (!run.isEmpty()) {
                marks.add(
                        run.size() == 1
                                ? new Drawing.Dot(run.getFirst(), series.hue())
                                : new Drawing.Path(List.copyOf(run), series.hue()));
                run.clear();
            }
        }
    }

    private void band() {
        Band band = chart.band();
        if (band == null) {
            return;
        }
        List<Spot> low = new ArrayList<>();
        List<Spot> high = new ArrayList<>();
        for (int i = 0; i <= chart.categories().size(); i++) {
            Double from = i < chart.categories().size() ? finite(band.low().get(i)) : null;
            Double to = i < chart.categories().size() ? finite(band.high().get(i)) : null;
            if (from != null && to != null) {
                low.add(new Spot(center(i), y(from)));
                high.add(new Spot(center(i), y(to)));
            } else {
                if (low.size() > 1) {
                    marks.add(new Drawing.Area(List.copyOf(low), List.copyOf(high)));
                }
                low.clear();
                high.clear();
            }
        }
    }

    private void labels() {
        axisLabels(chart.categories(), BOTTOM + 16, marks);
    }

    /// First and last category, and as many between as fit on a narrow screen.
    static void axisLabels(List<String> categories, double y, List<Drawing.Mark> marks) {
        int count = categories.size();
        if (count == 0) {
            return;
        }
        int longest =
                categories.stream()
                        .mapToInt(c -> Math.min(LONGEST_LABEL, c.length()))
                        .max()
                        .orElse(0);
        int fitting = Math.clamp(LABEL_CHARACTERS / Math.max(1, longest + 2), 1, 8);
        int shown = Math.min(count, fitting);
        // a narrow place at the edge: its label stands inside the plot
        boolean inside = count > shown || longest * count > LABEL_CHARACTERS;
        int previous = -1;
        for (int k = 0; k < shown; k++) {
            int i = shown == 1 ? 0 : Math.toIntExact(Math.round(k * (count - 1.0) / (shown - 1)));
            if (i == previous) {
                continue;
            }
            previous = i;
            Anchor anchor =
                    count == 1 || !inside || i > 0 && i < count - 1
                            ? Anchor.MIDDLE
                            : i == 0 ? Anchor.START : Anchor.END;
            double x =
                    switch (anchor) {
                        case START -> 0;
                        case END -> 1;
                        default -> (i + 0.5) / count;
                    };
            String text = ChartText.shortened(categories.get(i), LONGEST_LABEL);
            marks.add(new Drawing.Label(x, y, text, anchor));
        }
    }

    private void hits() {
        for (int i = 0; i < chart.categories().size(); i++) {
            double x = i * step();
            hits.add(new Drawing.Hit(x, step(), TOP, PLOT, tip(chart, i), href(i)));
        }
    }

    static String tip(Chart chart, int category) {
        StringBuilder tip = new StringBuilder(chart.categories().get(category));
        for (int s = 0; s < chart.series().size(); s++) {
            Series series = chart.series().get(s);
            tip.append(s == 0 ? ": " : ", ");
            if (chart.series().size() > 1) {
                tip.append(series.name()).append(' ');
            }
            tip.append(series.points().get(category).label());
        }
        return ChartText.shortened(tip.toString(), LONGEST_TIP);
    }

    private @Nullable String href(int category) {
        return chart.series().stream()
                .map(series -> series.points().get(category).href())
                .filter(href -> href != null)
                .findFirst()
                .orElse(null);
    }

    private double step() {
        return 1.0 / Math.max(1, chart.categories().size());
    }

    private double center(int category) {
        return (category + 0.5) * step();
    }

    private double y(double value) {
        return bottom - (bottom - top) * ticks.share(value);
    }

    private DoubleStream values() {
        Stream<@Nullable Double> drawn;
        if (chart.kind() == Kind.STACKED) {
            drawn =
                    chart.rows().stream()
                            .map(
                                    row ->
                                            row.cells().stream()
                                                    .map(Point::value)
                                                    .filter(v -> v != null && v > 0)
                                                    .mapToDouble(v -> v)
                                                    .sum());
        } else {
            drawn = chart.series().stream().flatMap(s -> s.points().stream()).map(Point::value);
        }
        Band band = chart.band();
        Stream<@Nullable Double> around =
                band == null
                        ? Stream.of()
                        : Stream.concat(band.low().stream(), band.high().stream());
        Stream<@Nullable Double> limits = chart.thresholds().stream().map(Threshold::value);
        return Stream.of(drawn, around, limits)
                .flatMap(s -> s)
                .filter(v -> v != null && !v.isNaN())
                .mapToDouble(v -> v);
    }

    private static @Nullable Double finite(@Nullable Double value) {
        return value != null && Double.isFinite(value) ? value : null;
    }
}
