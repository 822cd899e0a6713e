package org.agentaudit.finding;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an agent's history keeps of a run.
///
/// @param invokedAt  null for a run without an invocation
/// @param durationMs milliseconds; null when it has none
record RunPoint(
        String traceId,
        @Nullable Instant invokedAt,
        Instant startedAt,
        Instant lastAt,
        @Nullable Double durationMs) {}
