package org.agentaudit.destination;

import java.util.List;
import org.agentaudit.event.AuditEvent;

/// A place that accepted events are copied to.
interface Destination {

    /// Names its row; never changes.
    String name();

    /// For people: where the copy goes, without secrets.
    String place();

    /// Delivers events in the order given; returns when the destination is answerable for them.
    ///
    /// @throws RefusedException     when it does not take these events for what they are: sending
    ///     the same again is of no use
    /// @throws UnreachableException when it cannot take anything now, and the same may be sent
    ///     again
    void send(List<AuditEvent> events) throws RefusedException, UnreachableException;
}
