package org.agentaudit.finding;

import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// Which findings to read. Null means no restriction, an empty list matches nothing.
///
/// @param from inclusive
/// @param to   exclusive
public record FindingFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable List<FindingKind> kinds,
        @Nullable List<Severity> severities,
        @Nullable List<String> agentIds,
        @Nullable String sessionId,
        @Nullable String traceId) {

    /// Findings of a period, of one agent or of all.
    public static FindingFilter of(Instant from, Instant to, @Nullable String agentId) {
        return new FindingFilter(
                from, to, null, null, agentId == null ? null : List.of(agentId), null, null);
    }
}
