package org.agentaudit.query;

import java.time.Instant;
import java.util.List;
import org.agentaudit.event.AuditEvent;

/// The last minutes (metrics "Activity").
///
/// @param eventsPerSecond over the whole window
/// @param perMinute       one point per minute, zero-filled, oldest first
/// @param recentErrors    the last 10 errored events, newest first
public record Activity(
        Instant from,
        Instant to,
        long events,
        double eventsPerSecond,
        long agentsActive,
        long errors,
        List<MinutePoint> perMinute,
        List<AuditEvent> recentErrors) {

    public Activity {
        perMinute = List.copyOf(perMinute);
        recentErrors = List.copyOf(recentErrors);
    }

    /// Counts of one minute.
    public record MinutePoint(Instant at, long events, long errors) {}
}
