package org.agentaudit.finding;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.agentaudit.ingest.normal.EventIds;
import org.jspecify.annotations.Nullable;

/// What a detector concluded, before it is known whether it is new.
///
/// @param subject what it is about, unique within the kind; the same whenever it is detected again
/// @param evidence in order; what is beyond [#MOST_EVIDENCE] is left out
record Detected(
        FindingKind kind,
        Severity severity,
        List<String> subject,
        String agentId,
        @Nullable String sessionId,
        @Nullable String traceId,
        Instant occurredAt,
        @Nullable Double measured,
        @Nullable Double limit,
        String description,
        @Nullable String suggestion,
        List<UUID> evidence) {

    static final int MOST_EVIDENCE = 50;

    Detected {
        subject = List.copyOf(subject);
        evidence = evidence.stream().distinct().limit(MOST_EVIDENCE).toList();
    }

    /// UUID v5 of kind and subject. The parts are told apart by their lengths, since names may hold
    /// any character.
    UUID id() {
        StringBuilder name = new StringBuilder("finding:").append(kind.name());
        for (String part : subject) {
            name.append('\n').append(part.length()).append(':').append(part);
        }
        return EventIds.nameBased(name.toString().getBytes(StandardCharsets.UTF_8));
    }
}
