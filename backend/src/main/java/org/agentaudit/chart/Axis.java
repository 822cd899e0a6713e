package org.agentaudit.chart;

/// What values are, for the steps and words of an axis.
public enum Axis {
    /// Whole things.
    COUNT,
    /// From 0 to 1, written as percent.
    SHARE,
    /// Milliseconds.
    DURATION,
    /// US dollars.
    MONEY
}
