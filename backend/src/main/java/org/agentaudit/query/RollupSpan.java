package org.agentaudit.query;

import java.time.Duration;
import java.time.Instant;
import org.agentaudit.store.EventCounts;

/// Spans of time that settled roll-ups are kept for. A report on a long period reads whole days, so
/// that its cost grows with days and keys, not with what happened in them.
enum RollupSpan {
    QUARTER {
        @Override
        Instant startOf(Instant at) {
            return EventCounts.quarterOf(at);
        }
    },
    /// Of UTC.
    DAY {
        @Override
        Instant startOf(Instant at) {
            long seconds = Duration.ofDays(1).toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
        }
    };

    /// Start of the span an instant lies in.
    abstract Instant startOf(Instant at);
}
