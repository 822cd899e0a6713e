package org.agentaudit.query;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.agentaudit.store.EventCounts;

/// The whole quarter hours of a period; empty, at its end, when it holds none.
record Quarters(Instant from, Instant to) {
    private static final Duration QUARTER = Duration.ofMinutes(15);

    static Quarters of(Period period) {
        return whole(ceiling(period.from()), EventCounts.quarterOf(period.to()), period.to());
    }

    /// The whole UTC days among them; empty, at their end, when there is none.
    Quarters days() {
        Instant start = from.truncatedTo(ChronoUnit.DAYS);
        return whole(
                start.equals(from) ? start : start.plus(1, ChronoUnit.DAYS),
                to.truncatedTo(ChronoUnit.DAYS),
                to);
    }

    /// Start of the first quarter hour that does not start before.
    static Instant ceiling(Instant at) {
        Instant quarter = EventCounts.quarterOf(at);
        return quarter.equals(at) ? at : quarter.plus(QUARTER);
    }

    private static Quarters whole(Instant first, Instant last, Instant end) {
        return first.isBefore(last) ? new Quarters(first, last) : new Quarters(end, end);
    }
}
