package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.store.EventRow;

/// Reads the events that calls are settled from, and writes table `trace_call`.
@Singleton
class CallSettleRepository {

    /// An event of a trace.
    ///
    /// @param restored came back from an archive, while reports still count it
    record Stored(Envelope envelope, boolean restored) {}

    /// Events of the traces that decide about calls and decisions; see [CallPairing].
    List<Stored> events(Connection connection, List<String> traceIds) throws SQLException {
        String[] ids = traceIds.toArray(String[]::new);
        return QueryRows.list(
                connection,
                "SELECT "
                        + EventRow.ENVELOPE_COLUMNS
                        + """
                          , EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20) AS restored
                          FROM audit_event e
                         WHERE e.trace_id = ANY (?)
                           AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                           AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
                           AND (e.event_type IN ('TOOL_CALL', 'TOOL_RESULT', 'SKILL_CALL', 'EXTERNAL_CALL', 'DECISION')
                                OR e.source_format IN ('LOG_ENTRY', 'REQUEST_LOG', 'MCP'))
                        """,
                row -> new Stored(EventRow.readEnvelope(row), row.getBoolean("restored")),
                List.of(ids, ids, ids));
    }

    /// What is stored of the traces, by event.
    Map<UUID, TraceCall> calls(Connection connection, List<String> traceIds) throws SQLException {
        Map<UUID, TraceCall> calls = new HashMap<>();
        QueryRows.each(
                connection,
                """
                SELECT trace_id, event_id, occurred_at, agent_id, event_type, action, outcome, duration_ms, unpaired
                  FROM trace_call
                 WHERE trace_id = ANY (?)
                """,
                row -> {
                    UUID id = row.getObject("event_id", UUID.class);
                    calls.put(
                            id,
                            new TraceCall(
                                    row.getString("trace_id"),
                                    id,
                                    EventRow.instant(row, "occurred_at"),
                                    row.getString("agent_id"),
                                    EventType.valueOf(row.getString("event_type")),
                                    row.getString("action"),
                                    Outcome.valueOf(row.getString("outcome")),
                                    row.getObject("duration_ms", Double.class),
                                    row.getBoolean("unpaired")));
                },
                List.of((Object) traceIds.toArray(String[]::new)));
        return calls;
    }

    void delete(Connection connection, List<TraceCall> calls) throws SQLException {
        if (calls.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        DELETE FROM trace_call c
                         USING unnest(CAST(? AS text[]), CAST(? AS uuid[])) AS k (trace_id, event_id)
                         WHERE c.trace_id = k.trace_id AND c.event_id = k.event_id
                        """)) {
            bind(connection, statement, 1, "text", calls, TraceCall::traceId);
            bind(connection, statement, 2, "uuid", calls, TraceCall::eventId);
            statement.executeUpdate();
        }
    }

    void insert(Connection connection, List<TraceCall> calls) throws SQLException {
        if (calls.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO trace_call (trace_id, event_id, occurred_at, agent_id, event_type, action, outcome,
                                                duration_ms, unpaired)
                        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS uuid[]), CAST(? AS timestamptz[]),
                                             CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]),
                                             CAST(? AS double precision[]), CAST(? AS boolean[]))
                        """)) {
            bind(connection, statement, 1, "text", calls, TraceCall::traceId);
            bind(connection, statement, 2, "uuid", calls, TraceCall::eventId);
            bind(connection, statement, 3, "timestamptz", calls, c -> c.occurredAt().toString());
            bind(connection, statement, 4, "text", calls, TraceCall::agentId);
            bind(connection, statement, 5, "text", calls, c -> c.type().name());
            bind(connection, statement, 6, "text", calls, TraceCall::action);
            bind(connection, statement, 7, "text", calls, c -> c.outcome().name());
            bind(connection, statement, 8, "float8", calls, TraceCall::durationMs);
            bind(connection, statement, 9, "bool", calls, TraceCall::unpaired);
            statement.executeUpdate();
        }
    }

    void deleteTraces(Connection connection, List<String> traceIds) throws SQLException {
        QueryRows.update(
                connection,
                "DELETE FROM trace_call WHERE trace_id = ANY (?)",
                (Object) traceIds.toArray(String[]::new));
    }

    private static void bind(
            Connection connection,
            PreparedStatement statement,
            int parameter,
            String type,
            List<TraceCall> calls,
            Function<TraceCall, ?> value)
            throws SQLException {
        statement.setArray(
                parameter, connection.createArrayOf(type, calls.stream().map(value).toArray()));
    }
}
