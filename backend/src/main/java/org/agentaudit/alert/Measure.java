package org.agentaudit.alert;

import org.jspecify.annotations.Nullable;

/// A number made of the events of a window and key.
///
/// @param name     what tests call it
/// @param field    null for COUNT
/// @param filter   COUNT counts only these; null for all
/// @param quantile in `(0, 1)`, for PERCENTILE; else null
record Measure(
        String name,
        Function function,
        @Nullable EventField field,
        @Nullable Filter filter,
        @Nullable Double quantile) {

    /// How the number is made.
    enum Function {
        COUNT,
        /// 0 without values.
        SUM,
        /// Number of different values.
        DISTINCT,
        /// No number without values; so for the next two.
        AVG,
        MAX,
        /// The smallest value that at least this share of the values does not exceed.
        PERCENTILE;

        /// Whether a window without events measures 0, and not nothing.
        boolean zeroWhenEmpty() {
            return this == COUNT || this == SUM || this == DISTINCT;
        }
    }
}
