package org.agentaudit.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// What the sessions with tokens of a period used in it (metrics "Token profile").
///
/// @param sessions sessions with an event in the period that states tokens
/// @param tokens   input plus output tokens of these sessions
/// @param p95      tokens of a session: nearest rank, within 0.5 %; null without sessions
/// @param input    input tokens, cached ones included
/// @param cached   of these, read from a prompt cache
/// @param cost     US dollars; null when no event has one
public record TokenUse(
        long sessions,
        BigInteger tokens,
        @Nullable Double p95,
        BigInteger input,
        BigInteger cached,
        @Nullable BigDecimal cost) {

    public static final TokenUse NONE =
            new TokenUse(0, BigInteger.ZERO, null, BigInteger.ZERO, BigInteger.ZERO, null);

    /// With those of other sessions; the percentile is lost.
    TokenUse plus(TokenUse other) {
        BigDecimal sum = cost;
        if (other.cost != null) {
            sum = sum == null ? other.cost : sum.add(other.cost);
        }
        return new TokenUse(
                sessions + other.sessions,
                tokens.add(other.tokens),
                null,
                input.add(other.input),
                cached.add(other.cached),
                sum);
    }

    TokenUse withP95(@Nullable Double percentile) {
        return new TokenUse(sessions, tokens, percentile, input, cached, cost);
    }

    /// Tokens of a session; null without sessions.
    public @Nullable Double mean() {
        return sessions == 0 ? null : tokens.doubleValue() / sessions;
    }

    /// Cached ÷ input tokens, 0 to 1; null without input.
    public @Nullable Double cacheRate() {
        return input.signum() == 0 ? null : cached.doubleValue() / input.doubleValue();
    }
}
