package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.agentaudit.event.Envelope;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Statements that settle what needs a whole trace: runs and gaps.
@Singleton
class SettleRepository {

    /// Duration of event `e` as a `double precision` that can be calculated with whatever is
    /// stored: 0 for none and for less than a nanosecond, at most a hundred years.
    static final String DURATION_MS =
            "CASE WHEN e.duration_ms >= 0.000001 THEN least(e.duration_ms, 3155760000000) ELSE 0 END";

    /// A trace with events that the settled tables do not show yet.
    ///
    /// @param version as read before its events were
    record Touched(String traceId, long version) {}

    /// One settler at a time: two would replace each other's rows.
    void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_advisory_xact_lock(hashtext('agent-audit-portal:settle'))");
        }
    }

    /// Touched traces that have an event in [from, to); null bounds are open.
    List<String> touchedIn(Connection connection, @Nullable Instant from, @Nullable Instant to)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT n.trace_id
                          FROM trace_touched n
                          JOIN trace t USING (trace_id)
                         WHERE (CAST(? AS timestamptz) IS NULL OR t.last_at >= ?)
                           AND (CAST(? AS timestamptz) IS NULL OR t.first_at < ?)
                        """)) {
            Object start = from == null ? null : EventConditions.utc(from);
            Object end = to == null ? null : EventConditions.utc(to);
            statement.setObject(1, start, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(2, start, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(3, end, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(4, end, Types.TIMESTAMP_WITH_TIMEZONE);
            List<String> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            return ids;
        }
    }

    /// Those of the traces that are still touched, with the version to check against afterwards.
    List<Touched> touched(Connection connection, Collection<String> ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT trace_id, version FROM trace_touched WHERE trace_id = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
            List<Touched> touched = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    touched.add(new Touched(rows.getString(1), rows.getLong(2)));
                }
            }
            return touched;
        }
    }

    /// Replaces the runs of the traces (metrics "Run"). Runs whose events have expired stay; those
    /// of later events come behind them.
    void replaceRuns(Connection connection, List<String> traceIds, int iterationLimit)
            throws SQLException {
        delete(
                connection,
                """
                WITH changed AS (DELETE FROM agent_run WHERE trace_id = ANY (?) AND NOT kept
                                 RETURNING agent_id, started_at, invoked_at, errors)
                """
                        + countRuns("-"),
                traceIds);
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH changed AS (
                        INSERT INTO agent_run (trace_id, agent_id, run_number, invoked_at, started_at, last_at,
                                               duration_ms, errors, iterations, over_limit_at)
                        SELECT trace_id, agent_id,
                               run_number + coalesce((SELECT max(k.run_number) + 1 FROM agent_run k
                                                       WHERE k.trace_id = i.trace_id AND k.agent_id = i.agent_id
                                                         AND k.kept), 0),
                               min(occurred_at) FILTER (WHERE event_type = 'INVOCATION'),
                               min(occurred_at),
                               max(occurred_at),
                               coalesce(nullif(max(duration_ms) FILTER (WHERE event_type = 'INVOCATION'), 0),
                                        nullif(extract(epoch FROM max(ended_at) - min(occurred_at)) * 1000, 0)),
                               count(*) FILTER (WHERE errored),
                               count(*) FILTER (WHERE event_type = 'LLM_RESPONSE'),
                               min(occurred_at) FILTER (WHERE event_type = 'LLM_RESPONSE' AND iteration > ?)
                          FROM (SELECT r.*,
                                       count(*) FILTER (WHERE event_type = 'LLM_RESPONSE') OVER (
                                           PARTITION BY trace_id, agent_id, run_number ORDER BY occurred_at, arrival
                                           ROWS UNBOUNDED PRECEDING) AS iteration
                                  FROM (SELECT e.trace_id, e.agent_id, e.event_type, e.occurred_at, e.arrival, e.errored,
                                               d.duration_ms,
                                               e.occurred_at + make_interval(secs => d.duration_ms / 1000) AS ended_at,
                                               count(*) FILTER (WHERE e.event_type = 'INVOCATION') OVER (
                                                   PARTITION BY e.trace_id, e.agent_id ORDER BY e.occurred_at, e.arrival
                                                   ROWS UNBOUNDED PRECEDING) AS run_number
                                          FROM audit_event e
                                         CROSS JOIN LATERAL (SELECT
                        """
                                + DURATION_MS
                                + """
                                               AS duration_ms) d
                                         WHERE e.trace_id = ANY (?)
                                           AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                                           AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
                                       ) r
                               ) i
                         GROUP BY trace_id, agent_id, run_number
                        RETURNING agent_id, started_at, invoked_at, errors)
                        """
                                + countRuns("+"))) {
            statement.setInt(1, iterationLimit);
            statement.setArray(2, connection.createArrayOf("text", traceIds.toArray()));
            statement.setArray(3, connection.createArrayOf("text", traceIds.toArray()));
            statement.setArray(4, connection.createArrayOf("text", traceIds.toArray()));
            statement.executeUpdate();
        }
    }

    /// Adds the runs `changed` to their roll-up, or takes them out of it. Settlers work one at a
    /// time, so nobody else changes its rows.
    ///
    /// @param sign `+` or `-`
    private static String countRuns(String sign) {
        return """
               INSERT INTO rollup_run AS r (quarter, agent_id, started, failed)
               SELECT date_bin('15 minutes', at, '2000-01-01 00:00:00+00') AS quarter, agent_id, %1$s sum(started), %1$s sum(failed)
                 FROM (SELECT started_at AS at, agent_id, 1 AS started, 0 AS failed FROM changed
                       UNION ALL
                       SELECT invoked_at, agent_id, 0, 1 FROM changed WHERE invoked_at IS NOT NULL AND errors > 0) runs
                GROUP BY 1, 2
                   ON CONFLICT (quarter, agent_id)
                   DO UPDATE SET started = r.started + excluded.started, failed = r.failed + excluded.failed
               """
                .formatted(sign);
    }

    /// Envelopes of the traces that decide about call and result pairs, by trace; see
    /// [CallPairing].
    List<Envelope> pairingEvents(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT "
                                + EventRow.ENVELOPE_COLUMNS
                                + """
                                  FROM audit_event e
                                 WHERE e.trace_id = ANY (?)
                                   AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                                   AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
                                   AND (e.event_type IN ('TOOL_CALL', 'TOOL_RESULT')
                                        OR e.source_format IN ('LOG_ENTRY', 'REQUEST_LOG', 'MCP'))
                                 ORDER BY e.trace_id
                                """)) {
            for (int i = 1; i <= 3; i++) {
                statement.setArray(i, connection.createArrayOf("text", traceIds.toArray()));
            }
            List<Envelope> envelopes = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    envelopes.add(EventRow.readEnvelope(rows));
                }
            }
            return envelopes;
        }
    }

    /// Replaces the gaps of the traces; after their calls are settled.
    void replaceGaps(Connection connection, List<String> traceIds) throws SQLException {
        delete(connection, "DELETE FROM trace_gap WHERE trace_id = ANY (?) AND NOT kept", traceIds);
        Object[] ids = traceIds.toArray();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO trace_gap (trace_id, kind, event_id, occurred_at, agent_id, trace_stated)
                        SELECT e.trace_id, g.kind, e.event_id, e.occurred_at, e.agent_id, NOT e.trace_derived
                          FROM audit_event e
                          LEFT JOIN event_key p ON p.event_id = e.parent_event_id AND p.trace_id = e.trace_id
                         CROSS JOIN LATERAL (SELECT 'UNPAIRED_CALL' AS kind
                                               FROM trace_call u
                                              WHERE u.trace_id = e.trace_id AND u.event_id = e.event_id AND u.unpaired
                                             UNION ALL
                                             SELECT 'MISSING_PARENT'
                                              WHERE e.parent_event_id IS NOT NULL AND p.event_id IS NULL
                                                -- the parent may have expired
                                                AND NOT EXISTS (SELECT 1 FROM agent_run k
                                                                 WHERE k.trace_id = e.trace_id AND k.kept)) g
                         WHERE e.trace_id = ANY (?)
                           AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                           AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
                        -- kept of the same event, which had expired and came again
                        ON CONFLICT DO NOTHING
                        """)) {
            statement.setArray(1, connection.createArrayOf("text", ids));
            statement.setArray(2, connection.createArrayOf("text", ids));
            statement.setArray(3, connection.createArrayOf("text", ids));
            statement.executeUpdate();
        }
    }

    /// Marks the traces as settled, except those that were touched again meanwhile. A row that a
    /// writer holds is left alone: it is being touched again, and waiting for it while holding
    /// others that the writer wants would be a dead-lock.
    void settled(Connection connection, List<Touched> touched) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH free AS MATERIALIZED (
                             SELECT t.trace_id
                               FROM trace_touched t
                               JOIN unnest(CAST(? AS text[]), CAST(? AS bigint[])) AS s (trace_id, version)
                                 ON t.trace_id = s.trace_id AND t.version = s.version
                                FOR UPDATE OF t SKIP LOCKED)
                        DELETE FROM trace_touched t
                         USING free
                         WHERE t.trace_id = free.trace_id
                        """)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", touched.stream().map(Touched::traceId).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int8", touched.stream().map(Touched::version).toArray()));
            statement.executeUpdate();
        }
    }

    private static void delete(Connection connection, String sql, List<String> traceIds)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            statement.executeUpdate();
        }
    }
}
