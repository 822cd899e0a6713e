package org.agentaudit.finding;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.agentaudit.access.Viewer;
import org.agentaudit.proof.ContentParts;
import org.agentaudit.store.EventCounts;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Tables `secret_scan` and `secret_scan_hit`.
@Singleton
class SecretScanRepository {
    private static final int FETCH_SIZE = 200;

    /// How far the search came.
    ///
    /// @param traceId    traces up to this id were searched
    /// @param startedAt  tells searches apart
    /// @param completeAt null: it goes on
    /// @param lastStart  when the last completed search started; null before the first
    record State(
            int rules,
            String traceId,
            Instant startedAt,
            @Nullable Instant completeAt,
            @Nullable Instant lastStart) {}

    /// What is searched of an event.
    ///
    /// @param names   texts of the envelope that agents choose
    /// @param content null when it has gone
    record Stored(
            String traceId,
            UUID eventId,
            Instant occurredAt,
            String agentId,
            @Nullable String sessionId,
            List<String> names,
            @Nullable ContentParts content) {}

    /// Whether this transaction is the one that searches, of all portals on the database.
    boolean lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT pg_try_advisory_xact_lock(hashtext('agent-audit-portal:secret-scan'))")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /// Null before the first search.
    @Nullable State state(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT rules, trace_id, started_at, complete_at, last_start FROM secret_scan")) {
            return row.next()
                    ? new State(
                            row.getInt("rules"),
                            row.getString("trace_id"),
                            EventRow.instant(row, "started_at"),
                            EventRow.instantOrNull(row, "complete_at"),
                            EventRow.instantOrNull(row, "last_start"))
                    : null;
        }
    }

    void state(Connection connection, State state) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO secret_scan (rules, trace_id, started_at, complete_at, last_start)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (single) DO UPDATE
                           SET rules = excluded.rules, trace_id = excluded.trace_id,
                               started_at = excluded.started_at, complete_at = excluded.complete_at,
                               last_start = excluded.last_start
                        """)) {
            statement.setInt(1, state.rules());
            statement.setString(2, state.traceId());
            statement.setObject(3, StoryRepository.time(state.startedAt()));
            Instant complete = state.completeAt();
            statement.setObject(4, complete == null ? null : StoryRepository.time(complete));
            Instant last = state.lastStart();
            statement.setObject(5, last == null ? null : StoryRepository.time(last));
            statement.executeUpdate();
        }
    }

    /// The next traces by their ids, up to about `events` events but at least one.
    List<String> tracesAfter(Connection connection, String traceId, int events)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT trace_id
                          FROM (SELECT trace_id, events,
                                       sum(events) OVER (ORDER BY trace_id ROWS UNBOUNDED PRECEDING) AS sum
                                  FROM (SELECT trace_id, events FROM trace WHERE trace_id > ? ORDER BY trace_id LIMIT ?) t) s
                         WHERE sum - events < ?
                         ORDER BY trace_id
                        """)) {
            statement.setString(1, traceId);
            statement.setInt(2, events);
            statement.setInt(3, events);
            List<String> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
            return ids;
        }
    }

    void each(Connection connection, List<String> traceIds, Consumer<Stored> reader)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT e.trace_id, e.event_id, e.occurred_at, e.agent_id, e.session_id, e.action, e.error_type,"
                                + " e.resources, c.event_id IS NOT NULL AS has_content, "
                                + EventRow.CONTENT_COLUMNS
                                + """
                                   FROM audit_event e
                                   LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)
                                  WHERE e.trace_id = ANY (?)
                                    AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                                    AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
                                  ORDER BY e.trace_id, e.occurred_at, e.arrival
                                """)) {
            statement.setFetchSize(FETCH_SIZE);
            for (int i = 1; i <= 3; i++) {
                statement.setArray(i, connection.createArrayOf("text", traceIds.toArray()));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> names = new ArrayList<>();
                    for (String column : List.of("agent_id", "action", "error_type", "resources")) {
                        String name = row.getString(column);
                        if (name != null) {
                            names.add(name);
                        }
                    }
                    reader.accept(
                            new Stored(
                                    row.getString("trace_id"),
                                    row.getObject("event_id", UUID.class),
                                    EventRow.instant(row, "occurred_at"),
                                    row.getString("agent_id"),
                                    row.getString("session_id"),
                                    names,
                                    row.getBoolean("has_content")
                                            ? EventRow.readParts(row)
                                            : null));
                }
            }
        }
    }

    /// Replaces what is known of the traces.
    ///
    /// @param hits events in which a detector fired
    /// @param inEnvelope those of them in which it fired on the envelope
    void replace(
            Connection connection, List<String> traceIds, List<Stored> hits, Set<UUID> inEnvelope)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "DELETE FROM secret_scan_hit WHERE trace_id = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            statement.executeUpdate();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO secret_scan_hit (trace_id, event_id, occurred_at, agent_id, in_envelope)
                        VALUES (?, ?, ?, ?, ?)
                        """)) {
            for (Stored hit : hits) {
                statement.setString(1, hit.traceId());
                statement.setObject(2, hit.eventId());
                statement.setObject(3, StoryRepository.time(hit.occurredAt()));
                statement.setString(4, hit.agentId());
                statement.setBoolean(5, inEnvelope.contains(hit.eventId()));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// Adds to what a search has seen.
    void count(Connection connection, Instant search, Map<Instant, Map<String, Long>> searched)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO secret_scan_count AS c (started_at, quarter, agent_id, events) VALUES (?, ?, ?, ?)
                        ON CONFLICT (started_at, quarter, agent_id) DO UPDATE SET events = c.events + excluded.events
                        """)) {
            for (Map.Entry<Instant, Map<String, Long>> quarter : searched.entrySet()) {
                for (Map.Entry<String, Long> agent : quarter.getValue().entrySet()) {
                    statement.setObject(1, StoryRepository.time(search));
                    statement.setObject(2, StoryRepository.time(quarter.getKey()));
                    statement.setString(3, agent.getKey());
                    statement.setLong(4, agent.getValue());
                    statement.addBatch();
                }
            }
            statement.executeBatch();
        }
    }

    /// Forgets what searches other than these have seen.
    void keepCounts(Connection connection, Instant search, @Nullable Instant last)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "DELETE FROM secret_scan_count WHERE started_at <> ALL (ARRAY[?, ?])")) {
            statement.setObject(1, StoryRepository.time(search));
            statement.setObject(2, StoryRepository.time(last == null ? search : last));
            statement.executeUpdate();
        }
    }

    /// Events in scope that a search saw in the quarter hours of [from, to), by agent.
    Map<String, Long> searched(
            Connection connection, Viewer viewer, Instant search, Instant from, Instant to)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT agent_id, sum(events) AS n
                          FROM secret_scan_count
                         WHERE started_at = ? AND quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                         GROUP BY agent_id
                        """)) {
            statement.setObject(1, StoryRepository.time(search));
            statement.setObject(2, StoryRepository.time(EventCounts.quarterOf(from)));
            statement.setObject(3, StoryRepository.time(to));
            statement.setArray(4, connection.createArrayOf("text", viewer.scopeLikePatterns()));
            return byAgent(statement);
        }
    }

    /// Hits of [from, to) in scope whose text is still stored, by agent.
    Map<String, Long> exposed(Connection connection, Viewer viewer, Instant from, Instant to)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT h.agent_id, count(*) AS n
                          FROM secret_scan_hit h
                          LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)
                         WHERE h.occurred_at >= ? AND h.occurred_at < ? AND h.agent_id LIKE ANY (?)
                           AND (h.in_envelope OR c.event_id IS NOT NULL)
                         GROUP BY h.agent_id
                        """)) {
            statement.setObject(1, StoryRepository.time(from));
            statement.setObject(2, StoryRepository.time(to));
            statement.setArray(3, connection.createArrayOf("text", viewer.scopeLikePatterns()));
            return byAgent(statement);
        }
    }

    private static Map<String, Long> byAgent(PreparedStatement statement) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                counts.put(row.getString("agent_id"), row.getLong("n"));
            }
        }
        return counts;
    }
}
