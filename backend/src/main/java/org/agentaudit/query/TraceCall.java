package org.agentaudit.query;

import java.time.Instant;
import java.util.UUID;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.jspecify.annotations.Nullable;

/// A call or a decision as reports count it (metrics "Tool usage", "Action outcomes"); a row of
/// `trace_call`.
///
/// @param type       TOOL_CALL, SKILL_CALL, EXTERNAL_CALL or DECISION
/// @param outcome    its own, else its result's
/// @param durationMs of a tool call, its own or its result's, in milliseconds; null when neither
///     has one above 0
/// @param unpaired   a tool call without result and own outcome where results are recorded
record TraceCall(
        String traceId,
        UUID eventId,
        Instant occurredAt,
        String agentId,
        EventType type,
        String action,
        Outcome outcome,
        @Nullable Double durationMs,
        boolean unpaired) {}
