package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;

/// Reads events for a viewer.
@Singleton
public class EventQuery {

    /// A part of the events that match, in the order asked for.
    ///
    /// @throws BadInputException when the filter or a cursor is malformed, or a masked viewer filters by content
    public Page<AuditEvent> find(
            Viewer viewer, EventFilter filter, EventOrder order, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    /// Exact number of stored events that match.
    public long count(Viewer viewer, EventFilter filter) {
        throw new UnsupportedOperationException();
    }

    /// One event; empty when there is none or it lies outside the viewer's scope.
    public Optional<AuditEvent> byId(Viewer viewer, UUID id) {
        throw new UnsupportedOperationException();
    }

    /// The events that exist and are in scope, in no particular order.
    public List<AuditEvent> byIds(Viewer viewer, List<UUID> ids) {
        throw new UnsupportedOperationException();
    }

    /// The last `minutes` (1 to 1440) from the store.
    public Activity activity(Viewer viewer, int minutes) {
        throw new UnsupportedOperationException();
    }
}
