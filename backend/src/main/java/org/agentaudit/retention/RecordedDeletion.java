package org.agentaudit.retention;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A removal as it was recorded in the transaction that removed.
///
/// @param kind     `EVENT`, `CONTENT` or `QUARANTINE`
/// @param rule     name of the rule that decided
/// @param reason   for people
/// @param username who ordered it; null: the schedule
/// @param events   events removed, or whose content was removed, or quarantined items
/// @param earliest earliest `occurredAt` among them; of quarantined items, when it was received
/// @param latest   latest
/// @param archive  name of the file that holds them; null when they were not archived
public record RecordedDeletion(
        long id,
        Instant at,
        String kind,
        String rule,
        String reason,
        @Nullable String username,
        long events,
        Instant earliest,
        Instant latest,
        @Nullable String archive) {}
