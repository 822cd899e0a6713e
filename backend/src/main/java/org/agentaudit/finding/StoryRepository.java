package org.agentaudit.finding;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.agentaudit.event.Envelope;
import org.agentaudit.query.Retries;
import org.agentaudit.store.EventRow;

/// Reads what detectors look at: envelopes without the members they do not need, and content one
/// event at a time.
@Singleton
class StoryRepository {
    private static final int FETCH_SIZE = 200;
    /// Characters of a text that are looked at.
    private static final int MOST_TEXT = Retries.MOST_TEXT;
    /// Events of a session that are looked at.
    private static final int MOST_SESSION_EVENTS = 100_000;

    private static final String SLIM_COLUMNS =
            """
            e.trace_id, e.occurred_at, e.event_id, e.arrival, e.received_at, e.event_type, e.event_type AS type_name,
            e.agent_id, e.trace_derived, e.parent_event_id, e.session_id, CAST(NULL AS text) AS conversation_id,
            CAST(NULL AS text) AS task_id, e.source, e.action, e.param_count,
            CAST(NULL AS double precision) AS confidence, e.handoff_from, e.handoff_to, e.handoff_depth,
            CAST(NULL AS text) AS intervention, e.outcome, e.errored, CAST(NULL AS text) AS error_type, e.duration_ms,
            CAST(NULL AS bigint) AS input_tokens, CAST(NULL AS bigint) AS output_tokens,
            CAST(NULL AS bigint) AS cached_tokens, CAST(NULL AS numeric) AS cost_usd, CAST(NULL AS text) AS model,
            CAST(NULL AS text) AS version, CAST(NULL AS text) AS permission_level, CAST(NULL AS text) AS resources,
            CAST(NULL AS boolean) AS sensitive, e.tier, '' AS summary, CAST(NULL AS text) AS redactions,
            e.source_format, CAST(NULL AS text) AS producer, CAST(NULL AS bigint) AS seq
            """;

    private static final String OF_TRACES =
            """
            e.trace_id = ANY (?)
              AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
              AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
            """;

    /// How far a trace was read for instructions from outside.
    record Scanned(long arrival, long events, List<UUID> suspicious) {}

    /// Events of the traces that detectors look at, by trace. A trace without any is missing.
    Map<String, List<Envelope>> events(Connection connection, List<String> traceIds)
            throws SQLException {
        Map<String, List<Envelope>> traces = new HashMap<>();
        read(
                connection,
                "SELECT "
                        + SLIM_COLUMNS
                        + " FROM audit_event e WHERE "
                        + OF_TRACES
                        + """
                           AND e.event_type IN ('INVOCATION', 'LLM_RESPONSE', 'TOOL_CALL', 'TOOL_RESULT', 'SKILL_CALL',
                                                'EXTERNAL_CALL', 'HANDOFF', 'RETRY')
                        """,
                traceIds,
                event ->
                        traces.computeIfAbsent(event.traceId(), id -> new ArrayList<>())
                                .add(event));
        return traces;
    }

    /// Sessions that the events of the traces name.
    Set<String> sessions(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT DISTINCT e.session_id
                          FROM audit_event e
                         WHERE e.session_id IS NOT NULL AND e.event_type IN ('TOOL_CALL', 'RETRY') AND
                        """
                                + OF_TRACES)) {
            bindTraces(connection, statement, traceIds, 1);
            Set<String> sessions = new LinkedHashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sessions.add(row.getString(1));
                }
            }
            return sessions;
        }
    }

    /// Tool calls, results and retries in every trace of the session; of very long sessions the
    /// first [#MOST_SESSION_EVENTS].
    List<Envelope> sessionEvents(Connection connection, String sessionId) throws SQLException {
        List<String> traceIds = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT trace_id FROM trace_link WHERE kind = 'session' AND value = ?")) {
            statement.setString(1, sessionId);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    traceIds.add(row.getString(1));
                }
            }
        }
        List<Envelope> events = new ArrayList<>();
        if (!traceIds.isEmpty()) {
            read(
                    connection,
                    "SELECT "
                            + SLIM_COLUMNS
                            + " FROM audit_event e WHERE "
                            + OF_TRACES
                            + " AND e.event_type IN ('TOOL_CALL', 'TOOL_RESULT', 'RETRY')"
                            + " ORDER BY e.occurred_at, e.arrival LIMIT "
                            + MOST_SESSION_EVENTS,
                    traceIds,
                    events::add);
        }
        return events;
    }

    private static void read(
            Connection connection, String sql, List<String> traceIds, Consumer<Envelope> reader)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            bindTraces(connection, statement, traceIds, 1);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.accept(EventRow.readEnvelope(row));
                }
            }
        }
    }

    /// Content of events of these traces.
    Texts texts(Connection connection, Collection<String> traceIds) {
        List<String> ids = List.copyOf(traceIds);
        return (eventIds, reader) -> {
            if (eventIds.isEmpty() || ids.isEmpty()) {
                return;
            }
            try (PreparedStatement statement =
                    connection.prepareStatement(
                            "SELECT e.event_id, left(e.params, "
                                    + MOST_TEXT
                                    + ") AS params, left(e.result, "
                                    + MOST_TEXT
                                    + ") AS result FROM event_content e WHERE "
                                    + OF_TRACES
                                    + " AND e.event_id = ANY (?)")) {
                statement.setFetchSize(FETCH_SIZE);
                int next = bindTraces(connection, statement, ids, 1);
                statement.setArray(next, connection.createArrayOf("uuid", eventIds.toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        reader.read(
                                row.getObject("event_id", UUID.class),
                                row.getString("params"),
                                row.getString("result"));
                    }
                }
            }
        };
    }

    /// What was read of the traces before; those never read are missing.
    Map<String, Scanned> scanned(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT trace_id, scanned_arrival, scanned, suspicious
                          FROM finding_outside WHERE trace_id = ANY (?)
                        """)) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            Map<String, Scanned> scanned = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    scanned.put(
                            row.getString("trace_id"),
                            new Scanned(
                                    row.getLong("scanned_arrival"),
                                    row.getLong("scanned"),
                                    List.of((UUID[]) row.getArray("suspicious").getArray())));
                }
            }
            return scanned;
        }
    }

    /// Remembers what was read of the traces.
    void scanned(Connection connection, Map<String, Scanned> traces) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO finding_outside (trace_id, scanned_arrival, scanned, suspicious) VALUES (?, ?, ?, ?)
                        ON CONFLICT (trace_id) DO UPDATE
                           SET scanned_arrival = excluded.scanned_arrival, scanned = excluded.scanned,
                               suspicious = excluded.suspicious
                        """)) {
            for (Map.Entry<String, Scanned> trace : traces.entrySet()) {
                statement.setString(1, trace.getKey());
                statement.setLong(2, trace.getValue().arrival());
                statement.setLong(3, trace.getValue().events());
                statement.setArray(
                        4,
                        connection.createArrayOf("uuid", trace.getValue().suspicious().toArray()));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static int bindTraces(
            Connection connection, PreparedStatement statement, List<String> traceIds, int from)
            throws SQLException {
        for (int i = 0; i < 3; i++) {
            statement.setArray(from + i, connection.createArrayOf("text", traceIds.toArray()));
        }
        return from + 3;
    }

    static Object time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
