package org.agentaudit.ingest.normal;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What an event may state as an amount, whatever wire shape told it. Anything beyond is no amount
/// and is kept beside the event instead.
public final class Amounts {
    /// Most tokens of one kind. No model comes near; three million events of this size still fit
    /// the counters of a quarter hour, which hold 64 bits.
    public static final long MAX_TOKENS = 1_000_000_000_000L;

    /// A hundred years; also keeps the end of an event within what a timestamp can hold.
    private static final double MAX_DURATION_MS = 3_155_760_000_000d;

    /// A nanosecond; what is shorter no clock measures, and the smallest doubles cannot be turned
    /// into seconds.
    private static final double MIN_DURATION_MS = 1e-6;

    private static final BigDecimal MAX_COST = new BigDecimal("1e12");

    private Amounts() {}

    /// The duration in milliseconds, 0 when it is below a nanosecond; null when it is none.
    public static @Nullable Double durationMs(double millis) {
        if (!(millis >= 0 && millis <= MAX_DURATION_MS)) {
            return null;
        }
        return millis < MIN_DURATION_MS ? 0 : millis;
    }

    /// Whether it can be a number of tokens.
    public static boolean isTokens(long count) {
        return count >= 0 && count <= MAX_TOKENS;
    }

    /// Whether it can be a number of US dollars.
    public static boolean isCost(BigDecimal dollars) {
        return dollars.signum() >= 0 && dollars.compareTo(MAX_COST) < 0;
    }
}
