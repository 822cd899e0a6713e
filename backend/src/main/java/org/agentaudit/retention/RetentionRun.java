package org.agentaudit.retention;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One run of retention and how far it got.
///
/// @param updatedAt   last step
/// @param endedAt     null while it runs
/// @param username    who started it; null: the schedule
/// @param contents    events whose content went while the envelope stayed
/// @param quarantined quarantined items removed
/// @param partitions  tables of months that were dropped, because nothing was left in them
/// @param held        expired traces that a hold kept
/// @param message     why it failed; null otherwise
public record RetentionRun(
        long id,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant endedAt,
        @Nullable String username,
        State state,
        long traces,
        long events,
        long contents,
        long quarantined,
        long partitions,
        long held,
        @Nullable String message) {

    /// How it ended.
    public enum State {
        RUNNING,
        /// Nothing that has expired is left, except under holds.
        DONE,
        /// The time of a run was over; the next goes on.
        OUT_OF_TIME,
        /// The portal was stopped; the next goes on.
        STOPPED,
        /// The portal was killed; what it had removed is recorded, the next goes on.
        INTERRUPTED,
        FAILED
    }
}
