package org.agentaudit.retention;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A legal hold: whole traces that stay, events and content, whatever their age.
///
/// @param target        trace id or agent id; null for a period
/// @param from          inclusive; null unless it holds a period
/// @param to            exclusive; null unless it holds a period
/// @param placedBy      user name or `command line`
/// @param releaseReason null while it stands
/// @param releasedBy    null while it stands
/// @param releasedAt    null while it stands
public record Hold(
        long id,
        Kind kind,
        @Nullable String target,
        @Nullable Instant from,
        @Nullable Instant to,
        String reason,
        String placedBy,
        Instant placedAt,
        @Nullable String releaseReason,
        @Nullable String releasedBy,
        @Nullable Instant releasedAt) {

    /// What a hold names.
    public enum Kind {
        /// One trace.
        TRACE,
        /// Every trace in which the agent has an event.
        AGENT,
        /// Every trace whose time span, from its first to its last event, touches the period.
        PERIOD
    }

    public boolean active() {
        return releasedAt == null;
    }

    /// What it holds, in words: `agent ops/planner`.
    public String what() {
        return switch (kind) {
            case TRACE -> "trace " + target;
            case AGENT -> "agent " + target;
            case PERIOD -> "period " + from + " to " + to;
        };
    }
}
