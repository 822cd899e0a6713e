package org.agentaudit.finding;

import java.math.BigInteger;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.agentaudit.analysis.RegressionLimits;

/// Compares an agent's last 7 days with the 28 before (A10 K7, K8; B-000-10), as of the end of each
/// day on which it did something. Days are those of the report time zone.
///
/// @param minimum things counted that are needed on each side
record RegressionDetector(Rule rule, int minimum) {
    static final int CURRENT_DAYS = 7;
    static final int BASELINE_DAYS = 28;

    /// What is held against the baseline.
    enum Rule {
        /// A mean above 1.2 × the baseline's.
        MEAN_ABOVE {
            @Override
            double limit(double baseline) {
                return 1.2 * baseline;
            }

            @Override
            boolean isWorse(Sum baseline, Sum current) {
                return RegressionLimits.isMeanAbove(
                        baseline.sum(), baseline.n(), current.sum(), current.n());
            }
        },
        /// A rate more than 0.05 below the baseline's.
        RATE_BELOW {
            @Override
            double limit(double baseline) {
                return baseline - 0.05;
            }

            @Override
            boolean isWorse(Sum baseline, Sum current) {
                return RegressionLimits.isRateBelow(
                        baseline.sum(), baseline.n(), current.sum(), current.n());
            }
        };

        /// What is shown as the limit.
        abstract double limit(double baseline);

        abstract boolean isWorse(Sum baseline, Sum current);
    }

    /// How many, and the sum over them: invocations and successes, sessions and tokens.
    record Sum(long n, BigInteger sum) {

        Sum(long n, long sum) {
            this(n, BigInteger.valueOf(sum));
        }

        static Sum of(Collection<Sum> parts) {
            return new Sum(
                    parts.stream().mapToLong(Sum::n).sum(),
                    parts.stream().map(Sum::sum).reduce(BigInteger.ZERO, BigInteger::add));
        }

        double mean() {
            return sum.doubleValue() / n;
        }
    }

    /// A day at whose end the limit was crossed.
    record Regression(
            LocalDate day,
            double baseline,
            long baselineN,
            double current,
            long currentN,
            double limit) {}

    /// What an agent did in a stretch of days.
    interface History {
        /// @param first with this day
        /// @param last  with this day
        /// @throws SQLException when it cannot be read
        Sum between(LocalDate first, LocalDate last) throws SQLException;
    }

    /// @param active  days on which the agent did something, in order
    /// @param history of that agent
    /// @throws SQLException when the history cannot be read
    List<Regression> detect(Iterable<LocalDate> active, History history) throws SQLException {
        List<Regression> found = new ArrayList<>();
        for (LocalDate day : active) {
            LocalDate start = day.minusDays(CURRENT_DAYS - 1);
            Sum current = history.between(start, day);
            Sum baseline = history.between(start.minusDays(BASELINE_DAYS), start.minusDays(1));
            if (current.n() < minimum || baseline.n() < minimum) {
                continue;
            }
            if (rule.isWorse(baseline, current)) {
                found.add(
                        new Regression(
                                day,
                                baseline.mean(),
                                baseline.n(),
                                current.mean(),
                                current.n(),
                                rule.limit(baseline.mean())));
            }
        }
        return found;
    }
}
