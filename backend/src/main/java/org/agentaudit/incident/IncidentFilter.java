package org.agentaudit.incident;

import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// Which incidents to read. Null means no restriction.
///
/// @param working  true: those that are not resolved; false: those that are
/// @param assignee user name; empty: those that nobody works on
/// @param overdue  true: not resolved, and a reporting time that applies has passed
/// @param alertId  alert they were opened from
public record IncidentFilter(
        @Nullable Boolean working,
        @Nullable IncidentStatus status,
        @Nullable Severity severity,
        @Nullable String assignee,
        @Nullable String traceId,
        @Nullable Long alertId,
        boolean overdue) {

    /// Every incident of a status.
    static IncidentFilter ofStatus(@Nullable IncidentStatus status) {
        return new IncidentFilter(null, status, null, null, null, null, false);
    }

    /// Those opened from an alert.
    public static IncidentFilter ofAlert(long alertId) {
        return new IncidentFilter(null, null, null, null, null, alertId, false);
    }
}
