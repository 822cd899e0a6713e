package org.agentaudit.chart;

/// A level that matters, drawn as a broken line across.
///
/// @param label what it is, with its value: `fails at 10 %`
public record Threshold(double value, String label, Hue hue) {

    public Threshold {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a threshold is a number");
        }
    }
}
