package org.agentaudit.quarantine;

import java.time.Instant;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Which items of quarantine; a null part restricts nothing.
///
/// @param from   inclusive, on the last time the item was received
/// @param to     exclusive
/// @param reason the whole reason
/// @param origin the whole origin
public record QuarantineFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String reason,
        @Nullable String origin) {

    /// Everything.
    public static final QuarantineFilter ALL = new QuarantineFilter(null, null, null, null);

    /// @throws BadInputException when `from` does not lie before `to`
    public QuarantineFilter {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new BadInputException("'from' must lie before 'to'.");
        }
    }

    /// For the access log: `everything`, or the parts that are set.
    String description() {
        StringBuilder text = new StringBuilder();
        append(text, "reason", reason);
        append(text, "origin", origin);
        append(text, "from", from);
        append(text, "to", to);
        return text.isEmpty() ? "everything" : text.toString();
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append(" '").append(value);
            text.append('\'');
        }
    }
}
