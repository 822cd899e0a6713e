package org.agentaudit.investigation;

import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// Everything recorded of a trace, event by event; model of `views/investigation/record.html`.
///
/// @param events   in order of time
/// @param nextHref null on the last part
/// @param first    whether it starts with the first event
/// @param masked   the viewer sees no content
/// @param zone     of the times
public record RecordPage(
        Trace trace,
        List<AuditEvent> events,
        @Nullable String nextHref,
        boolean first,
        boolean masked,
        String zone) {

    public RecordPage {
        events = List.copyOf(events);
    }
}
