package org.agentaudit.investigation;

import java.time.LocalDate;
import java.util.List;
import org.agentaudit.event.Source;
import org.agentaudit.query.Session;
import org.agentaudit.query.SessionOrder;
import org.jspecify.annotations.Nullable;

/// Sessions of a period; model of `views/investigation/sessions.html`.
///
/// @param problem  why the address cannot be answered; null when it can
/// @param agent    filters as typed; empty: none
/// @param source   name of a source; empty: any
/// @param errored  `true`, `false`, or empty for either
/// @param to       last day, included
/// @param nextHref null on the last part
/// @param firstHref leads to the first part; null there
/// @param masked   the viewer may not filter by user
public record SessionListPage(
        @Nullable String problem,
        LocalDate from,
        LocalDate to,
        String agent,
        String user,
        String task,
        String source,
        String errored,
        SessionOrder order,
        List<Sort> sorts,
        List<Session> sessions,
        @Nullable String nextHref,
        @Nullable String firstHref,
        boolean masked,
        String zone) {

    public SessionListPage {
        sorts = List.copyOf(sorts);
        sessions = List.copyOf(sessions);
    }

    public List<Source> sources() {
        return List.of(Source.values());
    }

    /// Whether anything but the period restricts the list.
    public boolean filtered() {
        return !(agent.isEmpty()
                && user.isEmpty()
                && task.isEmpty()
                && source.isEmpty()
                && errored.isEmpty());
    }

    /// One order that the list can have.
    ///
    /// @param href leads to the first part in this order
    public record Sort(String label, String href, boolean current) {}
}
