package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.event.Envelope;
import org.agentaudit.store.EventRow;

/// Reads what retries are told by and writes how many there are (`session_run`).
@Singleton
class RetrySettleRepository {

    /// A session with more is too long to be read whole whenever it goes on.
    private static final int MOST_PARTS = 2_000;

    private static final int MOST_EVENTS = 20_000;

    /// A session, or as much of it as is looked at together.
    ///
    /// @param events  of these traces
    /// @param certain false: there is more of it, elsewhere or expired
    record Whole(String sessionId, Set<String> traceIds, long events, boolean certain) {
        Whole {
            traceIds = Set.copyOf(traceIds);
        }
    }

    /// Retries of an agent in the part of a trace that belongs to a session.
    ///
    /// @param certain false: there may be more, what was counted before stays
    record Retried(
            String traceId, String sessionId, String agentId, long retries, boolean certain) {}

    /// The sessions of the traces in which there may be something to try again, with all their
    /// traces; of very long ones only with these.
    List<Whole> sessions(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH here AS MATERIALIZED (
                             SELECT session_id, array_agg(DISTINCT trace_id) AS traces, sum(events) AS events,
                                    min(first_at) AS first_at, max(last_at) AS last_at
                               FROM session_part
                              WHERE trace_id = ANY (?) AND NOT kept
                              GROUP BY session_id)
                        SELECT h.session_id,
                               CASE WHEN w.short THEN w.traces ELSE h.traces END AS traces,
                               CASE WHEN w.short THEN w.events ELSE h.events END AS events,
                               w.short AND NOT w.expired AS certain
                          FROM here h
                         CROSS JOIN LATERAL (
                               SELECT array_agg(DISTINCT p.trace_id) FILTER (WHERE NOT p.kept) AS traces,
                                      sum(p.events) FILTER (WHERE NOT p.kept) AS events,
                                      count(*) <= ? AND coalesce(sum(p.events) FILTER (WHERE NOT p.kept), 0) <= ? AS short,
                                      bool_or(p.kept) AS expired, min(p.first_at) AS first_at, max(p.last_at) AS last_at
                                 FROM (SELECT trace_id, events, kept, first_at, last_at FROM session_part p
                                        WHERE p.session_id = h.session_id LIMIT ?) p) w
                         WHERE EXISTS (
                               SELECT FROM audit_event e
                                WHERE e.trace_id = ANY (CASE WHEN w.short THEN w.traces ELSE h.traces END)
                                  AND e.occurred_at >= least(h.first_at, w.first_at)
                                  AND e.occurred_at <= greatest(h.last_at, w.last_at)
                                  AND (e.event_type = 'RETRY'
                                       OR e.event_type IN ('TOOL_CALL', 'TOOL_RESULT') AND e.outcome = 'FAILURE'))
                         ORDER BY h.session_id
                        """)) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            statement.setInt(2, MOST_PARTS);
            statement.setInt(3, MOST_EVENTS);
            statement.setInt(4, MOST_PARTS + 1);
            List<Whole> sessions = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sessions.add(
                            new Whole(
                                    row.getString("session_id"),
                                    Set.of((String[]) row.getArray("traces").getArray()),
                                    row.getLong("events"),
                                    row.getBoolean("certain")));
                }
            }
            return sessions;
        }
    }

    /// Tool calls, their results and RETRY events of the traces.
    List<Envelope> steps(Connection connection, List<String> traceIds) throws SQLException {
        if (traceIds.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT "
                                + EventRow.ENVELOPE_COLUMNS
                                + " FROM audit_event e"
                                + SessionSettleRepository.OF_TRACES
                                + " AND e.event_type IN ('TOOL_CALL', 'TOOL_RESULT', 'RETRY')")) {
            SessionSettleRepository.bind(connection, statement, traceIds, 3);
            List<Envelope> steps = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    steps.add(EventRow.readEnvelope(rows));
                }
            }
            return steps;
        }
    }

    /// The parameters of calls whose content is still stored.
    ///
    /// @param steps where the calls are among
    Retries.Params params(Connection connection, List<Envelope> steps, Set<UUID> callIds)
            throws SQLException {
        Retries.Params params = new Retries.Params();
        List<Envelope> calls = steps.stream().filter(step -> callIds.contains(step.id())).toList();
        if (calls.isEmpty()) {
            return params;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT c.event_id, left(c.params, ?) AS params
                          FROM event_content c
                          JOIN unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS uuid[]))
                               AS k (trace_id, occurred_at, event_id) USING (trace_id, occurred_at, event_id)
                        """)) {
            statement.setInt(1, Retries.MOST_TEXT);
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", calls.stream().map(Envelope::traceId).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "timestamptz",
                            calls.stream().map(call -> call.occurredAt().toString()).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf("uuid", calls.stream().map(Envelope::id).toArray()));
            statement.setFetchSize(200);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    params.add(row.getObject("event_id", UUID.class), row.getString("params"));
                }
            }
        }
        return params;
    }

    /// Writes retries; what cannot be counted again is not taken back.
    void write(Connection connection, Collection<Retried> retried) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO session_run AS r (trace_id, session_id, agent_id, iterations, retries)
                        VALUES (?, ?, ?, 0, ?)
                        ON CONFLICT (session_id, trace_id, agent_id, kept) DO UPDATE
                           SET retries = excluded.retries
                         WHERE r.retries < excluded.retries OR r.retries > excluded.retries AND ?
                        """)) {
            for (Retried one : retried) {
                statement.setString(1, one.traceId());
                statement.setString(2, one.sessionId());
                statement.setString(3, one.agentId());
                statement.setLong(4, one.retries());
                statement.setBoolean(5, one.certain());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
