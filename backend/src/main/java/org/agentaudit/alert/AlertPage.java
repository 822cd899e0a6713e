package org.agentaudit.alert;

import java.time.Instant;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// One alert; model of `views/alert/alert.html`.
///
/// @param lasted   from firing to recovery, or until now, in words
/// @param evidence events that are still there and in scope, newest first
/// @param history  of the same rule and group, newest first
/// @param typed    the comment as typed
/// @param problem  why it was not acknowledged; null when it was
public record AlertPage(
        Alert alert,
        String lasted,
        List<AuditEvent> evidence,
        List<Alert> history,
        String typed,
        @Nullable String problem,
        boolean mayWork,
        boolean mayRules,
        Instant madeAt) {

    public AlertPage {
        evidence = List.copyOf(evidence);
        history = List.copyOf(history);
    }
}
