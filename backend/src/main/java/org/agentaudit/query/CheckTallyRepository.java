package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// Statements that keep `trace_check` and its sums, `rollup_check`. Both are changed by one
/// transaction at a time, the one that settles.
@Singleton
class CheckTallyRepository {

    private static final String TAKE_OUT =
            """
            WITH changed AS (DELETE FROM trace_check WHERE trace_id = ANY (?)
                             RETURNING quarter, agent_id, kind, name, -things AS things, -able AS able, -approved AS approved)
            """
                    + addUp();

    private static final String COUNT =
            """
            WITH changed AS (
            INSERT INTO trace_check (trace_id, quarter, agent_id, kind, name, things, able, approved)
            SELECT trace_id, date_bin('15 minutes', occurred_at, '2000-01-01 00:00:00+00'), agent_id,
                   CASE WHEN event_type = 'HANDOFF' THEN 'HANDOFF'
                        WHEN permission_level = 'ADMIN' THEN 'ADMIN_CALL'
                        ELSE 'CALL' END,
                   CASE WHEN event_type = 'HANDOFF' THEN CAST(handoff_depth AS text) ELSE action END,
                   count(*),
                   count(*) FILTER (WHERE event_type <> 'HANDOFF' AND able),
                   count(*) FILTER (WHERE event_type <> 'HANDOFF' AND able AND approvals > 0)
              FROM (SELECT e.trace_id, e.occurred_at, e.arrival, e.agent_id, e.event_type, e.permission_level, e.action,
                           e.handoff_depth,
                           bool_or(e.source_format NOT IN ('LOG_ENTRY', 'REQUEST_LOG')) OVER (PARTITION BY e.trace_id) AS able,
                           count(*) FILTER (WHERE e.intervention = 'APPROVAL') OVER (
                               PARTITION BY e.trace_id ORDER BY e.occurred_at RANGE UNBOUNDED PRECEDING) AS approvals
                      FROM audit_event e
                     WHERE e.trace_id = ANY (?)
                       AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                       AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))) c
             WHERE (event_type IN ('TOOL_CALL', 'SKILL_CALL', 'EXTERNAL_CALL')
                    OR event_type = 'HANDOFF' AND handoff_depth IS NOT NULL)
               -- came back from an archive: counted before it went
               AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = c.arrival >> 20)
             GROUP BY 1, 2, 3, 4, 5
            RETURNING quarter, agent_id, kind, name, things, able, approved)
            """
                    + addUp();

    private static String addUp() {
        return """
               INSERT INTO rollup_check AS r (quarter, agent_id, kind, name, things, able, approved)
               SELECT quarter, agent_id, kind, name, sum(things), sum(able), sum(approved)
                 FROM changed
                GROUP BY 1, 2, 3, 4
                   ON CONFLICT (quarter, agent_id, kind, name)
                   DO UPDATE SET things = r.things + excluded.things, able = r.able + excluded.able,
                                 approved = r.approved + excluded.approved
               """;
    }

    /// Removes what the traces added.
    void takeOut(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE_OUT)) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            statement.executeUpdate();
        }
    }

    /// Adds what the stored events of the traces give.
    void count(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            for (int i = 1; i <= 3; i++) {
                statement.setArray(i, connection.createArrayOf("text", traceIds.toArray()));
            }
            statement.executeUpdate();
        }
    }
}
