package org.agentaudit.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Half-open interval [from, to) on `occurredAt`.
///
/// @param from         inclusive
/// @param to           exclusive, after `from`
/// @param firstEventAt first event the report counts; null when it counts none or before it was
///     read
/// @param lastEventAt  last event the report counts
public record Period(
        Instant from, Instant to, @Nullable Instant firstEventAt, @Nullable Instant lastEventAt) {

    public Period {
        if (!from.isBefore(to)) {
            throw new BadInputException("The period's 'from' must lie before its 'to'.");
        }
    }

    public static Period of(Instant from, Instant to) {
        return new Period(from, to, null, null);
    }
}
