package org.agentaudit.event;

/// Tokens of a model request.
///
/// @param input  tokens sent to the model, cached ones included; never negative
/// @param output tokens the model produced; never negative
/// @param cached part of `input` that was read from the prompt cache
public record TokenCounts(long input, long output, long cached) {

    public static final TokenCounts ZERO = new TokenCounts(0, 0, 0);

    public TokenCounts {
        if (input < 0 || output < 0 || cached < 0) {
            throw new IllegalArgumentException("token counts are never negative");
        }
    }

    /// Input plus output.
    public long total() {
        return sum(input, output);
    }

    /// Both together.
    public TokenCounts plus(TokenCounts other) {
        return new TokenCounts(
                sum(input, other.input), sum(output, other.output), sum(cached, other.cached));
    }

    /// The sum of two counts, neither negative. Sums stop at the largest number instead of failing:
    /// what producers claim must not keep the events of others from being counted.
    public static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
