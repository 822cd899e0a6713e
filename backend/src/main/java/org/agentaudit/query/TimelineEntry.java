package org.agentaudit.query;

import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// One row of a trace's timeline (metrics "Timeline status").
///
/// @param statusText what went wrong or is awaited, masked like the event; null when there is
///     nothing to say
public record TimelineEntry(AuditEvent event, TimelineStatus status, @Nullable String statusText) {

    /// State of a step as shown to people.
    public enum TimelineStatus {
        OK,
        FAILED,
        WARNING,
        PENDING,
        UNKNOWN
    }
}
