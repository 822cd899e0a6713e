package org.agentaudit.chart;

import org.jspecify.annotations.Nullable;

/// One value of a series.
///
/// @param value what is drawn; null is a gap, never zero. Not a number and infinite are gaps too
/// @param label the value in words with its unit, for instance `1 204 events`
/// @param href  local address of the evidence; null when there is none
/// @param hue   paints this point unlike its series, for instance a verdict; null for the series'
public record Point(
        @Nullable Double value, String label, @Nullable String href, @Nullable Hue hue) {

    public Point {
        if (value != null && !Double.isFinite(value)) {
            value = null;
        }
    }

    public static Point of(double value, String label, @Nullable String href) {
        return new Point(value, label, href, null);
    }

    /// Nothing is known here.
    public static Point gap(String label) {
        return new Point(null, label, null, null);
    }

    /// A state rather than a number.
    public static Point state(Hue hue, String label, @Nullable String href) {
        return new Point(1.0, label, href, hue);
    }
}
