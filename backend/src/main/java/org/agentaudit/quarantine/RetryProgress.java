package org.agentaudit.quarantine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far a retry has come.
///
/// @param by         who asked for it
/// @param total      items to try when it began
/// @param understood items that are events now
/// @param refused    items that are still not understood
/// @param endedAt    null while it runs
/// @param failure    why it ended before its time; null when it did not
public record RetryProgress(
        String by,
        String filter,
        Instant startedAt,
        long total,
        long understood,
        long refused,
        @Nullable Instant endedAt,
        @Nullable String failure) {

    public long done() {
        return understood + refused;
    }

    public boolean running() {
        return endedAt == null;
    }

    RetryProgress plus(long moreUnderstood, long moreRefused) {
        return new RetryProgress(
                by,
                filter,
                startedAt,
                total,
                understood + moreUnderstood,
                refused + moreRefused,
                endedAt,
                failure);
    }

    RetryProgress ended(Instant at, @Nullable String why) {
        return new RetryProgress(by, filter, startedAt, total, understood, refused, at, why);
    }
}
