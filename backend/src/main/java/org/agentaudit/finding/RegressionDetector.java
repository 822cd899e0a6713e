package org.agentaudit.finding;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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
            boolean isWorse(double current, double limit) {
                return current > limit;
            }
        },
        /// A rate more than 0.05 below the baseline's.
        RATE_BELOW {
            @Override
            double limit(double baseline) {
                return baseline - 0.05;
            }

            @Override
            boolean isWorse(double current, double limit) {
                // 0.90 − 0.05 is not 0.85 in binary: what is equal in decimals is not below
                return limit - current > 1e-9;
            }
        };

        abstract double limit(double baseline);

        abstract boolean isWorse(double current, double limit);
    }

    /// How many, and the sum over them: invocations and successes, sessions and tokens.
    record Sum(long n, double sum) {

        static Sum of(Collection<Sum> parts) {
            return new Sum(
                    parts.stream().mapToLong(Sum::n).sum(),
                    parts.stream().mapToDouble(Sum::sum).sum());
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
            double now = current.sum() / current.n();
            double before = baseline.sum() / baseline.n();
            double limit = rule.limit(before);
            if (rule.isWorse(now, limit)) {
                found.add(new Regression(day, before, baseline.n(), now, current.n(), limit));
            }
        }
        return found;
    }
}
