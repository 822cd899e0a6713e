package org.agentaudit.destination;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far a copy has come; a row of `destination`.
///
/// @param sentArrival every event up to this arrival is done with
/// @param sent        events acknowledged
/// @param refused     events set aside
/// @param missed      events that retention removed before they could be sent
/// @param lastSentAt  null: nothing acknowledged yet
/// @param lastError   why the latest attempt failed; null: it did not
public record DestinationState(
        String name,
        long sentArrival,
        long sent,
        long refused,
        long missed,
        @Nullable Instant lastSentAt,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt) {}
