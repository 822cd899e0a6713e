package org.agentaudit.query;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// One piece of work: the events that share a trace id, as far as the viewer may see them.
///
/// @param startedAt    time of the first event
/// @param endedAt      latest end (time plus duration) of any event
/// @param durationMs   milliseconds from `startedAt` to `endedAt`
/// @param agentIds     in order of first appearance
/// @param outcome      the worst of its events' outcomes
/// @param cost         US dollars; null when no event has one
/// @param hiddenEvents events left out because they lie outside the viewer's agent scope
public record Trace(
        String id,
        Instant startedAt,
        Instant endedAt,
        double durationMs,
        List<String> agentIds,
        long eventCount,
        long errorCount,
        Outcome outcome,
        TokenCounts tokens,
        @Nullable BigDecimal cost,
        long hiddenEvents,
        Completeness completeness) {

    public Trace {
        agentIds = List.copyOf(agentIds);
    }
}
