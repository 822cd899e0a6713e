package org.agentaudit.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/// Writes lengths of time for people: `340 ms`, `1.2 s`, `3 min 04 s`, `2 h 05 min`.
public final class Durations {
    private Durations() {}

    /// @param ms milliseconds, not negative
    public static String text(double ms) {
        BigDecimal exact = BigDecimal.valueOf(ms);
        if (ms < 1 && ms > 0) {
            return "<1 ms";
        }
        BigDecimal whole = exact.setScale(0, RoundingMode.HALF_UP);
        if (whole.compareTo(BigDecimal.valueOf(1000)) < 0) {
            return whole + " ms";
        }
        BigDecimal seconds = exact.movePointLeft(3).setScale(1, RoundingMode.HALF_UP);
        if (seconds.compareTo(BigDecimal.valueOf(60)) < 0) {
            return seconds + " s";
        }
        long total = exact.movePointLeft(3).setScale(0, RoundingMode.HALF_UP).longValue();
        return total < 3600
                ? total / 60 + " min " + twoDigits(total % 60) + " s"
                : total / 3600 + " h " + twoDigits(total % 3600 / 60) + " min";
    }

    public static String text(Duration duration) {
        return text(duration.toNanos() / 1e6);
    }

    private static String twoDigits(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
