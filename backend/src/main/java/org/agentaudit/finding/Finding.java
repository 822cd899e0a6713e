package org.agentaudit.finding;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// One conclusion about one subject. Holds no content of events: whoever wants to see it follows
/// the evidence.
///
/// @param agentId     whose finding it is; decides who may see it
/// @param sessionId   null unless it is about one session
/// @param traceId     null unless it is about one trace
/// @param detectedAt  our clock
/// @param occurredAt time of the event that crossed the limit: the period it belongs to
/// @param description for people
/// @param suggestion  what to do about it; null when nothing general can be said
/// @param measured    at detection, in the unit of `limit`; null when nothing is counted
/// @param limit       null when nothing is counted
/// @param evidence    ids of events in order, at most 50; some may have expired
public record Finding(
        UUID id,
        FindingKind kind,
        Severity severity,
        String agentId,
        @Nullable String sessionId,
        @Nullable String traceId,
        Instant detectedAt,
        Instant occurredAt,
        String description,
        @Nullable String suggestion,
        @Nullable Double measured,
        @Nullable Double limit,
        List<UUID> evidence) {

    public Finding {
        evidence = List.copyOf(evidence);
    }

    public boolean heuristic() {
        return kind.heuristic();
    }
}
