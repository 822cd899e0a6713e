package org.agentaudit.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Round values for an axis that begins at zero or, where values are negative, below.
///
/// @param low   lowest value of the scale
/// @param high  highest, above `low`
/// @param steps values at which a line is drawn, from the lowest
record Ticks(double low, double high, List<Double> steps) {

    private static final int INTERVALS = 3;

    /// Beyond it a step would not be a number any more.
    private static final double LIMIT = 1e300;
    private static final double[] SECONDS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200,
        86_400
    };

    static Ticks of(double least, double greatest, Axis axis) {
        double low = Math.max(-LIMIT, Math.min(0, least));
        double high = Math.min(LIMIT, Math.max(greatest, low));
        if (high == low) {
            high = low + (axis == Axis.SHARE ? 1 : axis == Axis.DURATION ? 1000 : 1);
        }
        double step = step((high - low) / INTERVALS, axis);
        double first = Math.floor(low / step);
        double last = Math.ceil(high / step);
        List<Double> steps = new ArrayList<>();
        for (double at = first; at <= last; at++) {
            steps.add(at * step);
        }
        return new Ticks(first * step, last * step, List.copyOf(steps));
    }

    /// Where `value` stands, from 0 at the lowest to 1 at the highest.
    double share(double value) {
        // halves, because the span of huge numbers may not be one
        double span = high / 2 - low / 2;
        return Math.clamp((value / 2 - low / 2) / span, 0, 1);
    }

    private static double step(double rough, Axis axis) {
        if (axis == Axis.DURATION && rough > 1000) {
            for (double seconds : SECONDS) {
                if (seconds * 1000 >= rough) {
                    return seconds * 1000;
                }
            }
        }
        double least = Math.max(1 / LIMIT, rough);
        double magnitude = Math.pow(10, Math.floor(Math.log10(least)));
        double factor = least / magnitude;
        double step = (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * magnitude;
        return axis == Axis.COUNT ? Math.max(1, step) : step;
    }

    /// A value of the axis, short: `1.5 k`, `40 %`, `90 s`, `$0.05`.
    static String label(double value, Axis axis) {
        return switch (axis) {
            case COUNT -> compact(value);
            case SHARE -> compact(value * 100) + "\u00A0%";
            case DURATION -> duration(value);
            case MONEY -> value < 0 ? "\u2212$" + compact(-value) : "$" + compact(value);
        };
    }

    private static String duration(double ms) {
        double size = Math.abs(ms);
        if (size == 0) {
            return "0";
        }
        if (size < 1000) {
            return digits(ms) + "\u00A0ms";
        }
        if (size < 120_000) {
            return digits(ms / 1000) + "\u00A0s";
        }
        if (size < 7_200_000) {
            return digits(ms / 60_000) + "\u00A0min";
        }
        return size < 172_800_000
                ? digits(ms / 3_600_000) + "\u00A0h"
                : compact(ms / 86_400_000) + "\u00A0d";
    }

    private static String compact(double value) {
        double size = Math.abs(value);
        if (size >= 1e15) {
            return String.format(Locale.ROOT, "%.1e", value).replace("e+", "e");
        }
        if (size >= 1e12) {
            return digits(value / 1e12) + "\u00A0T";
        }
        if (size >= 1e9) {
            return digits(value / 1e9) + "\u00A0G";
        }
        if (size >= 1e6) {
            return digits(value / 1e6) + "\u00A0M";
        }
        return size >= 10_000 ? digits(value / 1e3) + "\u00A0k" : digits(value);
    }

    private static String digits(double value) {
        if (value != 0 && Math.abs(value) < 1e-6) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        BigDecimal round =
                BigDecimal.valueOf(value).round(new MathContext(4, RoundingMode.HALF_UP));
        String text = round.signum() == 0 ? "0" : round.stripTrailingZeros().toPlainString();
        return text.replace('-', '\u2212');
    }
}
