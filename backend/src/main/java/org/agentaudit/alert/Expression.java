package org.agentaudit.alert;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a test is made of. A number may be missing (nothing to average, no history, division by 0);
/// what is made of it is then neither true nor false, and only true fires.
sealed interface Expression {

    sealed interface Numeric extends Expression {}

    sealed interface Logical extends Expression {}

    record Constant(double value) implements Numeric {}

    /// @param measure index among the condition's measures
    record Measured(int measure) implements Numeric {}

    /// Mean of the measure over earlier windows of the same key (README, decision 25).
    ///
    /// @param step from one of these windows to the next; null for the shortest whole number of
    ///     days that is not shorter than the window
    record Baseline(int measure, Duration period, @Nullable Duration step, Token at)
            implements Numeric {}

    /// @param operator one of `+ - * /`
    record Arithmetic(String operator, Numeric left, Numeric right) implements Numeric {}

    record Comparison(Comparator comparator, Numeric left, Numeric right) implements Logical {}

    record AllOf(List<Logical> parts) implements Logical {
        public AllOf {
            parts = List.copyOf(parts);
        }
    }

    record AnyOf(List<Logical> parts) implements Logical {
        public AnyOf {
            parts = List.copyOf(parts);
        }
    }

    record Not(Logical part) implements Logical {}
}
