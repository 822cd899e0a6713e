package org.agentaudit.alert;

import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// A condition that is evaluated on time, and who is told.
///
/// @param window          ISO 8601 duration
/// @param action          targets, separated by commas; see [AlertTargets]
/// @param lastEvaluatedAt null before the first evaluation
/// @param lastError why the latest evaluation failed or is incomplete; null when it is neither
/// @param builtIn         made by the portal at its first start
/// @param agentScope      patterns of agents it is limited to; empty for all
public record AlertRule(
        long id,
        String name,
        String condition,
        String window,
        String action,
        boolean enabled,
        Severity severity,
        @Nullable Instant lastEvaluatedAt,
        @Nullable String lastError,
        boolean builtIn,
        List<String> agentScope) {

    public AlertRule {
        agentScope = List.copyOf(agentScope);
    }

    /// What can be changed of it, for the access log.
    String settings() {
        return "%s | %s | %s | %s | %s | %s"
                .formatted(
                        name,
                        window,
                        action,
                        severity,
                        enabled ? "enabled" : "disabled",
                        condition.strip().replaceAll("\\s+", " "));
    }
}
