package org.agentaudit.analysis;

import java.math.BigInteger;

/// When something has become worse (metrics "Findings", token and success regression), in whole
/// numbers: at the limit itself a quotient may err to either side.
public final class RegressionLimits {

    private RegressionLimits() {}

    /// Whether a mean is above 1.2 × that of the baseline; a baseline of 0 has no 1.2-fold to be
    /// above.
    ///
    /// @param before  sum over the baseline's `nBefore` things
    /// @param current sum over `n` things
    public static boolean isMeanAbove(BigInteger before, long nBefore, BigInteger current, long n) {
        return before.signum() > 0
                && scaled(current, nBefore, 5).compareTo(scaled(before, n, 6)) > 0;
    }

    /// Whether a rate is more than 0.05 below that of the baseline.
    ///
    /// @param before  successes among `nBefore` things
    /// @param current successes among `n` things
    public static boolean isRateBelow(BigInteger before, long nBefore, BigInteger current, long n) {
        BigInteger fallen = scaled(before, n, 20).subtract(scaled(current, nBefore, 20));
        return fallen.compareTo(BigInteger.valueOf(n).multiply(BigInteger.valueOf(nBefore))) > 0;
    }

    private static BigInteger scaled(BigInteger sum, long n, int factor) {
        return sum.multiply(BigInteger.valueOf(n)).multiply(BigInteger.valueOf(factor));
    }
}
