package org.agentaudit.incident;

import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// Incidents; model of `views/incident/list.html`.
///
/// @param query     the filter as it stands in the address
/// @param problem   why it cannot be used; null when it can
/// @param states    choices of the state with how many there are
/// @param rows      in the order asked for
/// @param people    who may be assigned
/// @param mayWork   whether the viewer may open incidents
/// @param firstHref the first part of the list; null on the first part
/// @param nextHref  null on the last part
public record IncidentListPage(
        IncidentQuery query,
        @Nullable String problem,
        List<StateChoice> states,
        List<Row> rows,
        List<String> people,
        boolean mayWork,
        @Nullable String firstHref,
        @Nullable String nextHref,
        Instant madeAt) {

    public IncidentListPage {
        states = List.copyOf(states);
        rows = List.copyOf(rows);
        people = List.copyOf(people);
    }

    /// A state that can be chosen.
    public record StateChoice(String label, long count, String href, boolean current) {}

    /// @param clock    time since awareness, in words
    /// @param reminder the first reporting time that applies; null when none does
    /// @param updated  last change, or when it was opened
    public record Row(
            Incident incident, String clock, @Nullable Reminder reminder, Instant updated) {}

    public Severity[] severities() {
        return Severity.values();
    }

    public IncidentOrder[] orders() {
        return IncidentOrder.values();
    }
}
