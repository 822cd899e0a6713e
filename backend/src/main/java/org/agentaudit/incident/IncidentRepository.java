package org.agentaudit.incident;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Tables `incident` and `incident_note`. An incident is there for whoever may see an agent of its
/// trace; which agents those were is kept with it, because a trace expires.
@Singleton
class IncidentRepository {

    private static final String IN_SCOPE =
            """
             (EXISTS (SELECT 1 FROM unnest(i.agent_ids) a WHERE a LIKE ANY (?))
              OR EXISTS (SELECT 1 FROM audit_event e WHERE e.trace_id = i.trace_id AND e.agent_id LIKE ANY (?)))
            """;

    /// @return the id
    long insert(Connection connection, IncidentDraft draft, String openedBy, Instant at)
            throws SQLException {
        Instant awareAt = draft.awareAt();
        return Rows.number(
                connection,
                """
                INSERT INTO incident (title, status, severity, trace_id, agent_ids, opened_at, opened_by, aware_at,
                                      alert_id, finding_id)
                VALUES (?, 'OPEN', ?, ?,
                        ARRAY (SELECT DISTINCT e.agent_id FROM audit_event e WHERE e.trace_id = ?), ?, ?, ?,
                        CAST(? AS bigint), CAST(? AS uuid))
                RETURNING id
                """,
                draft.title(),
                draft.severity().name(),
                draft.traceId(),
                draft.traceId(),
                at,
                openedBy,
                awareAt == null ? at : awareAt,
                draft.alertId(),
                draft.findingId());
    }

    /// An incident in the viewer's scope.
    ///
    /// @param forUpdate nobody else changes it until the transaction ends
    Optional<Incident> byId(Connection connection, Viewer viewer, long id, boolean forUpdate)
            throws SQLException {
        String[] patterns = viewer.scopeLikePatterns();
        return list(
                        connection,
                        "SELECT i.* FROM incident i WHERE i.id = ? AND "
                                + IN_SCOPE
                                + (forUpdate ? " FOR UPDATE OF i" : ""),
                        List.of(id, patterns, patterns))
                .stream()
                .map(Placed::incident)
                .findFirst();
    }

    /// Where a part of the list begins: after this one in the order of the list.
    ///
    /// @param key as [IncidentOrder#key] makes it
    record Place(long key, long id) {}

    /// An incident and where it stands.
    record Placed(Incident incident, long key) {}

    /// Incidents in the viewer's scope.
    ///
    /// @param now     what `overdue` of the filter compares with
    /// @param times   that may be overdue
    List<Placed> page(
            Connection connection,
            Viewer viewer,
            IncidentFilter filter,
            IncidentOrder order,
            List<ReportingTime> times,
            Instant now,
            @Nullable Place after,
            int limit)
            throws SQLException {
        StringBuilder where = new StringBuilder(IN_SCOPE);
        List<Object> values = new ArrayList<>();
        values.add(viewer.scopeLikePatterns());
        values.add(viewer.scopeLikePatterns());
        conditions(filter, times, now, where, values);
        if (after != null) {
            where.append(" AND (").append(order.key()).append(", i.id) < (?, ?)");
            values.add(after.key());
            values.add(after.id());
        }
        values.add(limit);
        return list(
                connection,
                "SELECT i.*, "
                        + order.key()
                        + " AS place FROM incident i WHERE "
                        + where
                        + " ORDER BY place DESC, i.id DESC LIMIT ?",
                values);
    }

    private static void conditions(
            IncidentFilter filter,
            List<ReportingTime> times,
            Instant now,
            StringBuilder where,
            List<Object> values) {
        Boolean working = filter.working();
        if (working != null) {
            where.append(working ? " AND i.status <> 'RESOLVED'" : " AND i.status = 'RESOLVED'");
        }
        IncidentStatus status = filter.status();
        if (status != null) {
            where.append(" AND i.status = ?");
            values.add(status.name());
        }
        Severity severity = filter.severity();
        if (severity != null) {
            where.append(" AND i.severity = ?");
            values.add(severity.name());
        }
        String assignee = filter.assignee();
        if (assignee != null && assignee.isEmpty()) {
            where.append(" AND i.assignee IS NULL");
        } else if (assignee != null) {
            where.append(" AND i.assignee = ?");
            values.add(assignee);
        }
        String traceId = filter.traceId();
        if (traceId != null) {
            where.append(" AND i.trace_id = ?");
            values.add(traceId);
        }
        Long alertId = filter.alertId();
        if (alertId != null) {
            where.append(" AND i.alert_id = ?");
            values.add(alertId);
        }
        if (filter.overdue()) {
            where.append(
                    """
                     AND i.status <> 'RESOLVED'
                     AND EXISTS (SELECT 1 FROM unnest(?, ?) AS t (id, hours)
                                  WHERE t.id = ANY (i.duties) AND i.aware_at + t.hours * interval '1 hour' < ?)
                    """);
            values.add(times.stream().map(ReportingTime::id).toArray(String[]::new));
            values.add(times.stream().map(time -> (long) time.hours()).toArray(Long[]::new));
            values.add(now);
        }
    }

    /// How many incidents in the viewer's scope have each status; one that none has is absent.
    Map<IncidentStatus, Long> counts(Connection connection, Viewer viewer) throws SQLException {
        Map<IncidentStatus, Long> counts = new HashMap<>();
        Rows.list(
                connection,
                "SELECT i.status, count(*) FROM incident i WHERE "
                        + IN_SCOPE
                        + " GROUP BY i.status",
                row -> counts.put(IncidentStatus.valueOf(row.getString(1)), row.getLong(2)),
                viewer.scopeLikePatterns(),
                viewer.scopeLikePatterns());
        return counts;
    }

    /// Writes what can change; notes are added on their own.
    void update(Connection connection, Incident incident, Instant at) throws SQLException {
        List<String> duties = incident.duties();
        Rows.update(
                connection,
                """
                UPDATE incident
                   SET status = ?, severity = ?, assignee = ?, resolved_at = CAST(? AS timestamptz), root_cause = ?,
                       recommendations = ?, duties = CAST(? AS text[]), changed_at = ?, version = version + 1
                 WHERE id = ?
                """,
                incident.status().name(),
                incident.severity().name(),
                incident.assignee(),
                incident.resolvedAt(),
                incident.rootCause(),
                incident.recommendations().toArray(String[]::new),
                duties == null ? null : duties.toArray(String[]::new),
                at,
                incident.id());
    }

    void addNote(Connection connection, long incident, Incident.Note note) throws SQLException {
        Rows.update(
                connection,
                "INSERT INTO incident_note (incident_id, at, author, text) VALUES (?, ?, ?, ?)",
                incident,
                note.at(),
                note.author(),
                note.text());
    }

    private static List<Placed> list(Connection connection, String sql, List<Object> values)
            throws SQLException {
        boolean placed = sql.contains(" AS place ");
        List<Placed> found =
                Rows.list(
                        connection,
                        sql,
                        row -> new Placed(read(row), placed ? row.getLong("place") : 0),
                        values);
        Map<Long, List<Incident.Note>> notes =
                notes(
                        connection,
                        found.stream().map(one -> one.incident().id()).toArray(Long[]::new));
        return found.stream()
                .map(
                        one ->
                                new Placed(
                                        one.incident()
                                                .withNotes(
                                                        notes.getOrDefault(
                                                                one.incident().id(), List.of())),
                                        one.key()))
                .toList();
    }

    private static Incident read(ResultSet row) throws SQLException {
        Array duties = row.getArray("duties");
        return new Incident(
                row.getLong("id"),
                row.getString("title"),
                IncidentStatus.valueOf(row.getString("status")),
                Severity.valueOf(row.getString("severity")),
                row.getString("trace_id"),
                EventRow.instant(row, "opened_at"),
                row.getString("opened_by"),
                EventRow.instant(row, "aware_at"),
                row.getString("assignee"),
                EventRow.instantOrNull(row, "resolved_at"),
                EventRow.instantOrNull(row, "changed_at"),
                row.getInt("version"),
                duties == null ? null : List.of((String[]) duties.getArray()),
                row.getObject("alert_id", Long.class),
                row.getObject("finding_id", UUID.class),
                List.of(),
                row.getString("root_cause"),
                Rows.texts(row, "recommendations"));
    }

    private static Map<Long, List<Incident.Note>> notes(Connection connection, Long[] incidents)
            throws SQLException {
        Map<Long, List<Incident.Note>> notes = new HashMap<>();
        if (incidents.length > 0) {
            Rows.list(
                    connection,
                    """
                    SELECT incident_id, at, author, text
                      FROM incident_note
                     WHERE incident_id = ANY (?)
                     ORDER BY incident_id, id
                    """,
                    row ->
                            notes.computeIfAbsent(
                                            row.getLong("incident_id"), _ -> new ArrayList<>())
                                    .add(
                                            new Incident.Note(
                                                    EventRow.instant(row, "at"),
                                                    row.getString("author"),
                                                    row.getString("text"))),
                    (Object) incidents);
        }
        return notes;
    }
}
