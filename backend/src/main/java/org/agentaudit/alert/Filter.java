package org.agentaudit.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which events count. Two-valued: an event without a value for a field differs from every value
/// and is neither less nor greater.
sealed interface Filter {

    /// @param value String, Boolean or Double as the field's type is; null with `EQUAL` and
    ///     `DIFFERENT` only, and then asks whether there is a value
    record Compare(EventField field, Comparator comparator, @Nullable Object value)
            implements Filter {}

    record In(EventField field, List<Object> values) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    record AllOf(List<Filter> parts) implements Filter {
        public AllOf {
            parts = List.copyOf(parts);
        }
    }

    record AnyOf(List<Filter> parts) implements Filter {
        public AnyOf {
            parts = List.copyOf(parts);
        }
    }

    record Not(Filter part) implements Filter {}
}
