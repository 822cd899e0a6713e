package org.agentaudit.incident;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// Tables `incident` and `incident_note`. An incident is there for whoever may see an agent of its
/// trace; which agents those were is kept with it, because a trace expires.
@Singleton
class IncidentRepository {

    private static final String COLUMNS =
            """
            SELECT i.id, i.title, i.status, i.severity, i.trace_id, i.opened_at, i.opened_by, i.assignee,
                   i.resolved_at, i.root_cause, i.recommendations
              FROM incident i
            """;

    private static final String IN_SCOPE =
            """
             (EXISTS (SELECT 1 FROM unnest(i.agent_ids) a WHERE a LIKE ANY (?))
              OR EXISTS (SELECT 1 FROM audit_event e WHERE e.trace_id = i.trace_id AND e.agent_id LIKE ANY (?)))
            """;

    /// @return the id
    long insert(
            Connection connection,
            String traceId,
            String title,
            Severity severity,
            String openedBy,
            Instant at)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO incident (title, status, severity, trace_id, agent_ids, opened_at, opened_by)
                        VALUES (?, 'OPEN', ?, ?,
                                ARRAY (SELECT DISTINCT e.agent_id FROM audit_event e WHERE e.trace_id = ?), ?, ?)
                        RETURNING id
                        """)) {
            statement.setString(1, title);
            statement.setString(2, severity.name());
            statement.setString(3, traceId);
            statement.setString(4, traceId);
            statement.setObject(5, utc(at));
            statement.setString(6, openedBy);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// An incident in the viewer's scope.
    ///
    /// @param forUpdate nobody else changes it until the transaction ends
    Optional<Incident> byId(Connection connection, Viewer viewer, long id, boolean forUpdate)
            throws SQLException {
        String sql =
                COLUMNS + " WHERE i.id = ? AND " + IN_SCOPE + (forUpdate ? " FOR UPDATE OF i" : "");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            bindScope(connection, statement, 2, viewer);
            return list(connection, statement).stream().findFirst();
        }
    }

    /// Where a part of the list begins: after this one in the order of the list.
    record Place(Instant openedAt, long id) {}

    /// Incidents in the viewer's scope, newest first.
    List<Incident> page(
            Connection connection,
            Viewer viewer,
            @Nullable IncidentStatus status,
            @Nullable Place after,
            int limit)
            throws SQLException {
        String sql =
                COLUMNS
                        + " WHERE "
                        + IN_SCOPE
                        + """
                           AND (CAST(? AS text) IS NULL OR i.status = ?)
                           AND (CAST(? AS timestamptz) IS NULL OR (i.opened_at, i.id) < (?, ?))
                         ORDER BY i.opened_at DESC, i.id DESC
                         LIMIT ?
                        """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int next = bindScope(connection, statement, 1, viewer);
            String name = status == null ? null : status.name();
            OffsetDateTime openedAt = after == null ? null : utc(after.openedAt());
            statement.setString(next, name);
            statement.setString(next + 1, name);
            statement.setObject(next + 2, openedAt);
            statement.setObject(next + 3, openedAt);
            statement.setLong(next + 4, after == null ? 0 : after.id());
            statement.setInt(next + 5, limit);
            return list(connection, statement);
        }
    }

    /// Writes what can change; notes are added on their own.
    void update(Connection connection, Incident incident, Instant at) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE incident
                           SET status = ?, assignee = ?, resolved_at = ?, root_cause = ?, recommendations = ?,
                               changed_at = ?
                         WHERE id = ?
                        """)) {
            Instant resolvedAt = incident.resolvedAt();
            statement.setString(1, incident.status().name());
            statement.setString(2, incident.assignee());
            statement.setObject(3, resolvedAt == null ? null : utc(resolvedAt));
            statement.setString(4, incident.rootCause());
            statement.setArray(
                    5, connection.createArrayOf("text", incident.recommendations().toArray()));
            statement.setObject(6, utc(at));
            statement.setLong(7, incident.id());
            statement.executeUpdate();
        }
    }

    void addNote(Connection connection, long incident, Incident.Note note) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO incident_note (incident_id, at, author, text) VALUES (?, ?, ?, ?)
                        """)) {
            statement.setLong(1, incident);
            statement.setObject(2, utc(note.at()));
            statement.setString(3, note.author());
            statement.setString(4, note.text());
            statement.executeUpdate();
        }
    }

    private static int bindScope(
            Connection connection, PreparedStatement statement, int parameter, Viewer viewer)
            throws SQLException {
        Array patterns = connection.createArrayOf("text", viewer.scopeLikePatterns());
        statement.setArray(parameter, patterns);
        statement.setArray(parameter + 1, patterns);
        return parameter + 2;
    }

    private static List<Incident> list(Connection connection, PreparedStatement statement)
            throws SQLException {
        List<Incident> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(
                        new Incident(
                                rows.getLong("id"),
                                rows.getString("title"),
                                IncidentStatus.valueOf(rows.getString("status")),
                                Severity.valueOf(rows.getString("severity")),
                                rows.getString("trace_id"),
                                instant(rows, "opened_at"),
                                rows.getString("opened_by"),
                                rows.getString("assignee"),
                                rows.getObject("resolved_at") == null
                                        ? null
                                        : instant(rows, "resolved_at"),
                                List.of(),
                                rows.getString("root_cause"),
                                Arrays.asList(
                                        (String[]) rows.getArray("recommendations").getArray())));
            }
        }
        Map<Long, List<Incident.Note>> notes =
                notes(connection, found.stream().map(Incident::id).toArray(Long[]::new));
        return found.stream()
                .map(incident -> withNotes(incident, notes.getOrDefault(incident.id(), List.of())))
                .toList();
    }

    private static Incident withNotes(Incident incident, List<Incident.Note> notes) {
        return new Incident(
                incident.id(),
                incident.title(),
                incident.status(),
                incident.severity(),
                incident.traceId(),
                incident.openedAt(),
                incident.openedBy(),
                incident.assignee(),
                incident.resolvedAt(),
                notes,
                incident.rootCause(),
                incident.recommendations());
    }

    private static Map<Long, List<Incident.Note>> notes(Connection connection, Long[] incidents)
            throws SQLException {
        Map<Long, List<Incident.Note>> notes = new HashMap<>();
        if (incidents.length == 0) {
            return notes;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT incident_id, at, author, text
                          FROM incident_note
                         WHERE incident_id = ANY (?)
                         ORDER BY incident_id, id
                        """)) {
            statement.setArray(1, connection.createArrayOf("bigint", incidents));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    notes.computeIfAbsent(rows.getLong("incident_id"), _ -> new ArrayList<>())
                            .add(
                                    new Incident.Note(
                                            instant(rows, "at"),
                                            rows.getString("author"),
                                            rows.getString("text")));
                }
            }
        }
        return notes;
    }

    private static Instant instant(ResultSet rows, String column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
