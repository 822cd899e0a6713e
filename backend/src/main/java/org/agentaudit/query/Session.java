package org.agentaudit.query;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// The events that share a session id, in one trace or many, as far as they lie in the viewer's
/// agent scope (metrics "Traces and sessions").
///
/// @param startedAt  time of its first event
/// @param endedAt    latest end of an event: time plus duration
/// @param durationMs milliseconds from the first event to the latest end
/// @param agentIds   its agents in scope, by their first event
/// @param errorCount errored events
/// @param iterations most LLM_RESPONSE events in one of its runs
/// @param retries    RETRY events, and tool calls repeated with the same parameters after a failed
///     one, of all its agents ([Retries])
/// @param cost       US dollars; null when no event has one
public record Session(
        String id,
        Instant startedAt,
        Instant endedAt,
        double durationMs,
        List<String> agentIds,
        long eventCount,
        long errorCount,
        long iterations,
        long retries,
        TokenCounts tokens,
        @Nullable BigDecimal cost) {

    public Session {
        agentIds = List.copyOf(agentIds);
    }

    /// Share of the input that came from a prompt cache, 0 to 1; null without input.
    public @Nullable Double cacheRate() {
        return tokens.input() == 0 ? null : (double) tokens.cached() / tokens.input();
    }
}
