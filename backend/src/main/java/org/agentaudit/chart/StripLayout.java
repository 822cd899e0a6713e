package org.agentaudit.chart;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.chart.Drawing.Anchor;

/// Lays out rows: verdicts by day, activity as a heat map, rankings.
final class StripLayout {

    private static final double NAME = 16;
    private static final double CELL = 18;
    private static final double ROW_GAP = 10;
    private static final double BAR = 10;
    private static final double NARROW_CELL = 14;
    private static final double NARROW_GAP = 2;
    private static final double AXIS = 18;
    private static final int LONGEST_NAME = 32;
    private static final int LONGEST_TIP = 300;
    private static final int HEAT_STEPS = 5;
    private static final int SHORT_NAME = 8;

    private final Chart chart;
    private final List<Drawing.Mark> marks = new ArrayList<>();
    private final List<Drawing.Hit> hits = new ArrayList<>();

    private StripLayout(Chart chart) {
        this.chart = chart;
    }

    static Drawing of(Chart chart) {
        StripLayout layout = new StripLayout(chart);
        return switch (chart.kind()) {
            case RANKING -> layout.ranking();
            case HEAT -> layout.heat();
            default -> layout.verdicts();
        };
    }

    private Drawing ranking() {
        double greatest = greatest();
        double y = 0;
        for (int i = 0; i < chart.categories().size(); i++) {
            String name = ChartText.shortened(chart.categories().get(i), LONGEST_NAME);
            double left = 0;
            StringBuilder amount = new StringBuilder();
            String href = null;
            marks.add(new Drawing.Label(0, y + 12, name, Anchor.START));
            for (Series series : chart.series()) {
                Point point = series.points().get(i);
                double width =
                        point.value() == null || greatest <= 0
                                ? 0
                                : Math.max(0, point.value() / greatest);
                if (width > 0) {
                    double drawn = Math.max(0.004, width);
                    Hue hue = point.hue() == null ? series.hue() : point.hue();
                    marks.add(new Drawing.Box(left, drawn, y + NAME + 2, BAR, hue, 0));
                    left += drawn;
                }
                amount.append(amount.isEmpty() ? "" : ", ").append(point.label());
                href = href == null ? point.href() : href;
            }
            marks.add(
                    new Drawing.Label(
                            1, y + 12, ChartText.shortened(amount.toString(), 24), Anchor.END));
            double height = NAME + BAR + ROW_GAP;
            hits.add(new Drawing.Hit(0, 1, y, height - 4, ChartLayout.tip(chart, i), href));
            y += height;
        }
        return new Drawing(Math.max(1, y), 0, marks, hits);
    }

    private Drawing verdicts() {
        double y = 0;
        for (Series series : chart.series()) {
            if (chart.series().size() > 1) {
                String name = ChartText.shortened(series.name(), LONGEST_NAME);
                marks.add(new Drawing.Label(0, y + 12, name, Anchor.START));
                y += NAME;
            }
            cells(series, y, CELL, (point, x, width, top) -> state(series, point, x, width, top));
            marks.add(new Drawing.Grid(y + CELL + 0.5));
            y += CELL + ROW_GAP;
        }
        ChartLayout.axisLabels(chart.categories(), y + 8, marks);
        return new Drawing(y + AXIS - 4, 0, marks, hits);
    }

    /// The worse, the taller: a row can be read without colours.
    private void state(Series series, Point point, double x, double width, double top) {
        if (point.value() == null) {
            return;
        }
        Hue hue = point.hue() == null ? series.hue() : point.hue();
        double height =
                switch (hue) {
                    case FAILED -> CELL;
                    case WARNING -> 12;
                    case OK -> 6;
                    case NONE -> 2;
                    default -> 12;
                };
        double y = top + CELL - height;
        marks.add(
                hue.hollow()
                        ? new Drawing.Frame(x, width, y, height, hue)
                        : new Drawing.Box(x, width, y, height, hue, 0));
    }

    private Drawing heat() {
        double greatest = greatest();
        int longest = chart.series().stream().mapToInt(s -> s.name().length()).max().orElse(0);
        boolean beside = longest <= SHORT_NAME;
        double y = 0;
        for (Series series : chart.series()) {
            if (!series.name().isEmpty()) {
                String name = ChartText.shortened(series.name(), LONGEST_NAME);
                if (beside) {
                    marks.add(new Drawing.Label(0, y + 11, name, Anchor.GUTTER));
                } else {
                    marks.add(new Drawing.Label(0, y + 12, name, Anchor.START));
                    y += NAME;
                }
            }
            cells(
                    series,
                    y,
                    NARROW_CELL,
                    (point, x, width, top) -> {
                        if (point.value() != null) {
                            int level = level(point.value(), greatest);
                            marks.add(
                                    new Drawing.Box(
                                            x, width, top, NARROW_CELL, Hue.NEUTRAL, level));
                        }
                    });
            y += NARROW_CELL + (beside ? NARROW_GAP : ROW_GAP);
        }
        ChartLayout.axisLabels(chart.categories(), y + 12, marks);
        return new Drawing(y + AXIS, beside ? longest : 0, marks, hits);
    }

    /// 1 for nothing, 5 for the largest; roots, since few days hold most.
    private static int level(double value, double greatest) {
        if (value <= 0 || greatest <= 0) {
            return 1;
        }
        double share = Math.sqrt(value / greatest);
        return Math.clamp(1 + (int) Math.ceil(share * (HEAT_STEPS - 1)), 2, HEAT_STEPS);
    }

    private interface Cell {
        void draw(Point point, double x, double width, double top);
    }

    private void cells(Series series, double top, double height, Cell cell) {
        double step = 1.0 / Math.max(1, chart.categories().size());
        for (int i = 0; i < chart.categories().size(); i++) {
            Point point = series.points().get(i);
            cell.draw(point, (i + 0.06) * step, step * 0.88, top);
            String name = chart.series().size() > 1 ? series.name() + ", " : "";
            String tip = name + chart.categories().get(i) + ": " + point.label();
            hits.add(
                    new Drawing.Hit(
                            i * step,
                            step,
                            top,
                            height,
                            ChartText.shortened(tip, LONGEST_TIP),
                            point.href()));
        }
    }

    private double greatest() {
        if (chart.kind() == Kind.RANKING) {
            return chart.rows().stream()
                    .mapToDouble(
                            row ->
                                    row.cells().stream()
                                            .map(Point::value)
                                            .filter(v -> v != null && v > 0)
                                            .mapToDouble(v -> v)
                                            .sum())
                    .max()
                    .orElse(0);
        }
        return chart.series().stream()
                .flatMap(s -> s.points().stream())
                .map(Point::value)
                .filter(v -> v != null)
                .mapToDouble(v -> v)
                .max()
                .orElse(0);
    }
}
