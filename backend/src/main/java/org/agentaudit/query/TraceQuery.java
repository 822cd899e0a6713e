package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.agentaudit.access.Viewer;

/// Reads traces for a viewer.
@Singleton
public class TraceQuery {

    /// A trace; empty when it has no event inside the viewer's scope.
    public Optional<Trace> byId(Viewer viewer, String traceId) {
        throw new UnsupportedOperationException();
    }

    /// The traces of a task, earliest first, at most 1000; empty when there are none.
    public List<Trace> ofTask(Viewer viewer, String taskId) {
        throw new UnsupportedOperationException();
    }

    /// The events of a trace in order, with their status; at most `limit` (1 to 10,000), earliest first.
    public List<TimelineEntry> timeline(Viewer viewer, String traceId, int limit) {
        throw new UnsupportedOperationException();
    }
}
