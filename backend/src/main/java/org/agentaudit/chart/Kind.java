package org.agentaudit.chart;

/// How a chart is drawn.
public enum Kind {
    /// One bar per category and series, side by side.
    BARS,
    /// One bar per category, the series on top of each other, the first at the foot.
    STACKED,
    /// One line per series, with an optional band and thresholds.
    LINES,
    /// One horizontal bar per category, its name above it: names too long for an axis.
    RANKING,
    /// One row per series, one cell per category, drawn by the hue of each point: verdicts by day.
    VERDICTS,
    /// One row per series, one cell per category, the darker the larger the value.
    HEAT,
    /// A line as high as a line of text, without axes.
    SPARK
}
