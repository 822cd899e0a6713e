package org.agentaudit.report;

/// How calls and decisions of an agent with the same action ended (checklist Y5, K15).
///
/// @param agentId     `(other)`, as `action`, for all beyond 1000 groups
/// @param total       those that succeeded, failed or did in part
/// @param successRate successes ÷ total, 0 to 1
public record ActionOutcome(
        String agentId,
        String action,
        long total,
        long successes,
        long failures,
        double successRate) {}
