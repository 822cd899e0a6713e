package org.agentaudit.chart;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chart laid out: across in shares of the width (0 to 1), down in pixels, so that a page may
/// stretch it without stretching its texts.
///
/// @param height in pixels
/// @param gutter characters of the longest label left of the plot
/// @param marks  in the order of painting
/// @param hits   parts that tell their value and lead to their evidence
record Drawing(double height, int gutter, List<Mark> marks, List<Hit> hits) {

    Drawing {
        marks = List.copyOf(marks);
        hits = List.copyOf(hits);
    }

    /// Something painted.
    sealed interface Mark {}

    /// @param level 0 for the hue itself; 1 to 5 for a step of the heat scale
    record Box(double x, double width, double y, double height, Hue hue, int level)
            implements Mark {}

    /// A box of which only the edge is drawn.
    record Frame(double x, double width, double y, double height, Hue hue) implements Mark {}

    /// A line of the grid, from edge to edge.
    record Grid(double y) implements Mark {}

    /// A broken line from edge to edge.
    record Limit(double y, Hue hue) implements Mark {}

    /// A line through points; a single one is a dot.
    record Path(List<Spot> spots, Hue hue) implements Mark {}

    /// The area between two lines.
    record Area(List<Spot> low, List<Spot> high) implements Mark {}

    record Dot(Spot at, Hue hue) implements Mark {}

    /// @param anchor which end of the text stands at `x`
    record Label(double x, double y, String text, Anchor anchor) implements Mark {}

    record Spot(double x, double y) {}

    enum Anchor {
        START,
        MIDDLE,
        END,
        /// Left of the plot.
        GUTTER
    }

    record Hit(
            double x, double width, double y, double height, String tip, @Nullable String href) {}
}
