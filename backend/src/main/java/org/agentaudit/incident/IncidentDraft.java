package org.agentaudit.incident;

import java.time.Instant;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// An incident that is to be opened.
///
/// @param awareAt   since when somebody knows; null: only now
/// @param alertId   alert it is opened from; null for none
/// @param findingId finding it is opened from; null for none
public record IncidentDraft(
        String traceId,
        String title,
        Severity severity,
        @Nullable Instant awareAt,
        @Nullable Long alertId,
        @Nullable UUID findingId) {}
