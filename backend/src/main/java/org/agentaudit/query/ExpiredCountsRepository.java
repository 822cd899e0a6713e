package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agentaudit.store.EventRow;

/// Writes the tables `expired_…`: what reports keep of events that expire.
@Singleton
class ExpiredCountsRepository {

    /// A key of `expired_call`.
    record CallKey(Instant quarter, String agentId, String type, String action, boolean admin) {}

    /// What is kept under a key.
    static final class Calls {
        long calls;
        long able;
        long approved;
    }

    /// A call that expires.
    ///
    /// @param able     its trace can carry approvals
    /// @param approved its trace has an approval not later than the call
    record StoredCall(
            Instant occurredAt,
            String agentId,
            String type,
            String action,
            boolean admin,
            boolean able,
            boolean approved) {

        CallKey key(Instant quarter) {
            return new CallKey(quarter, agentId, type, action, admin);
        }
    }

    private static final String QUARTER =
            "date_bin(interval '15 minutes', e.occurred_at, TIMESTAMPTZ '2000-01-01 00:00:00+00')";
    private static final String OF_TRACES =
            """
              FROM audit_event e
             WHERE e.trace_id = ANY (?) AND e.occurred_at >= ? AND e.occurred_at <= ?
            """;

    /// What came back from an archive is kept already.
    private static final String NOT_RESTORED =
            " AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20) ";

    /// Quarter hours, values of properties, and where agents were at work.
    void keepTallies(Connection connection, List<String> traceIds, Instant first, Instant last)
            throws SQLException {
        String[] ids = traceIds.toArray(String[]::new);
        run(
                connection,
                "INSERT INTO expired_quarter AS q (quarter, events) SELECT "
                        + QUARTER
                        + ", count(*)"
                        + OF_TRACES
                        + NOT_RESTORED
                        + """
                         GROUP BY 1 ORDER BY 1
                        ON CONFLICT (quarter) DO UPDATE SET events = q.events + excluded.events
                        """,
                ids,
                first,
                last);
        run(
                connection,
                """
                WITH gone AS MATERIALIZED (
                     SELECT
                """
                        + QUARTER
                        + """
                             AS quarter, e.agent_id, e.model, e.resources, e.permission_level, e.event_type, e.handoff_depth
                        """
                        + OF_TRACES
                        + NOT_RESTORED
                        + """
                               AND (e.model IS NOT NULL OR e.resources IS NOT NULL OR e.permission_level IS NOT NULL
                                    OR e.handoff_depth IS NOT NULL))
                        INSERT INTO expired_tally AS t (quarter, agent_id, property, value, events)
                        SELECT quarter, agent_id, property, value, count(*)
                          FROM (SELECT quarter, agent_id, 'MODEL' AS property, model AS value
                                  FROM gone WHERE model IS NOT NULL
                                UNION ALL
                                SELECT quarter, agent_id, 'PERMISSION_LEVEL', permission_level
                                  FROM gone WHERE permission_level IS NOT NULL
                                UNION ALL
                                SELECT quarter, agent_id, 'RESOURCE', (r.value ->> 'type') || ':' || (r.value ->> 'identifier')
                                  FROM gone CROSS JOIN LATERAL json_array_elements(CAST(resources AS json)) r
                                 WHERE resources IS NOT NULL
                                UNION ALL
                                SELECT quarter, agent_id, 'HANDOFF_DEPTH', CAST(handoff_depth AS text)
                                  FROM gone WHERE event_type = 'HANDOFF' AND handoff_depth IS NOT NULL) v
                         GROUP BY quarter, agent_id, property, value
                        ON CONFLICT (agent_id, quarter, property, value) DO UPDATE SET events = t.events + excluded.events
                        """,
                ids,
                first,
                last);
        run(
                connection,
                """
                INSERT INTO expired_run_quarter (trace_id, agent_id, quarter)
                SELECT trace_id, agent_id, unnest(quarters)
                  FROM (SELECT e.trace_id, e.agent_id, array_agg(DISTINCT
                """
                        + QUARTER
                        + ") AS quarters "
                        + OF_TRACES
                        + """
                                 GROUP BY e.trace_id, e.agent_id) w
                         WHERE cardinality(quarters) > 2
                        ON CONFLICT DO NOTHING
                        """,
                ids,
                first,
                last);
    }

    /// Calls of tools, skills and external systems among the traces' events.
    List<StoredCall> calls(
            Connection connection, List<String> traceIds, Instant first, Instant last)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH trace_of AS MATERIALIZED (
                             SELECT e.trace_id,
                                    bool_or(e.source_format NOT IN ('LOG_ENTRY', 'REQUEST_LOG')) AS able,
                                    min(e.occurred_at) FILTER (WHERE e.intervention = 'APPROVAL') AS approved_at
                        """
                                + OF_TRACES
                                + """
                                      GROUP BY e.trace_id)
                                SELECT e.occurred_at, e.agent_id, e.event_type, e.action,
                                       e.permission_level IS NOT DISTINCT FROM 'ADMIN' AS admin, t.able,
                                       coalesce(t.approved_at <= e.occurred_at, false) AS approved
                                  FROM audit_event e
                                  JOIN trace_of t USING (trace_id)
                                 WHERE e.trace_id = ANY (?) AND e.occurred_at >= ? AND e.occurred_at <= ?
                                   AND e.event_type IN ('TOOL_CALL', 'SKILL_CALL', 'EXTERNAL_CALL')
                                """
                                + NOT_RESTORED)) {
            String[] ids = traceIds.toArray(String[]::new);
            EventConditions.bind(
                    connection, statement, List.of(ids, first, last, ids, first, last));
            List<StoredCall> calls = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    calls.add(
                            new StoredCall(
                                    EventRow.instant(row, "occurred_at"),
                                    row.getString("agent_id"),
                                    row.getString("event_type"),
                                    row.getString("action"),
                                    row.getBoolean("admin"),
                                    row.getBoolean("able"),
                                    row.getBoolean("approved")));
                }
            }
            return calls;
        }
    }

    /// Adds to what is kept under the keys.
    void add(Connection connection, Map<CallKey, Calls> kept) throws SQLException {
        if (kept.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO expired_call AS c (quarter, agent_id, event_type, action, admin, calls, able, approved)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (quarter, agent_id, event_type, action, admin) DO UPDATE
                           SET calls = c.calls + excluded.calls, able = c.able + excluded.able,
                               approved = c.approved + excluded.approved
                        """)) {
            for (Map.Entry<CallKey, Calls> entry : kept.entrySet()) {
                CallKey key = entry.getKey();
                Calls sums = entry.getValue();
                statement.setObject(1, EventConditions.utc(key.quarter()));
                statement.setString(2, key.agentId());
                statement.setString(3, key.type());
                statement.setString(4, key.action());
                statement.setBoolean(5, key.admin());
                statement.setLong(6, sums.calls);
                statement.setLong(7, sums.able);
                statement.setLong(8, sums.approved);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// The settled rows of the traces are final; those that only serve stored events go.
    void keepSettled(Connection connection, List<String> traceIds) throws SQLException {
        for (String sql :
                List.of(
                        "UPDATE agent_run SET kept = true WHERE trace_id = ANY (?) AND NOT kept",
                        "UPDATE trace_gap SET kept = true WHERE trace_id = ANY (?) AND NOT kept",
                        "DELETE FROM trace_message WHERE trace_id = ANY (?)")) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
                statement.executeUpdate();
            }
        }
    }

    private static void run(
            Connection connection, String sql, String[] traceIds, Instant first, Instant last)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            EventConditions.bind(connection, statement, List.of(traceIds, first, last));
            statement.executeUpdate();
        }
    }
}
