package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// Writes what is settled of sessions.
@Singleton
class SessionSettleRepository {

    /// What came back from an archive is kept already.
    static final String OF_TRACES =
            """
             WHERE e.trace_id = ANY (?)
               AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
               AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
               AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20)
            """;

    /// Writes the parts of the traces anew and moves the sums of their sessions by the difference.
    /// Envelopes never go unless their parts are kept, so a session's bounds only widen.
    void writeParts(Connection connection, List<String> traceIds) throws SQLException {
        update(
                connection,
                """
                WITH fresh AS MATERIALIZED (
                     SELECT e.trace_id, e.session_id, e.agent_id,
                            date_bin(interval '15 minutes', e.occurred_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS quarter,
                            count(*) AS events,
                            count(*) FILTER (WHERE e.errored) AS errors,
                            count(e.input_tokens) AS token_events,
                            least(coalesce(sum(e.input_tokens), 0), 9223372036854775807) AS input_tokens,
                            least(coalesce(sum(e.output_tokens), 0), 9223372036854775807) AS output_tokens,
                            least(coalesce(sum(e.cached_tokens), 0), 9223372036854775807) AS cached_tokens,
                            count(e.cost_usd) AS costed,
                            coalesce(sum(e.cost_usd), 0) AS cost_usd,
                            min(e.occurred_at) AS first_at,
                            max(e.occurred_at) AS last_at,
                            max(e.occurred_at + make_interval(secs => (
                """
                        + SettleRepository.DURATION_MS
                        + """
                                    ) / 1000)) AS ended_at
                               FROM audit_event e
                        """
                        + OF_TRACES
                        + """
                                AND e.session_id IS NOT NULL
                              GROUP BY 1, 2, 3, 4),
                             before AS (
                              SELECT session_id, sum(events) AS events, sum(errors) AS errors,
                                     sum(token_events) AS token_events, sum(input_tokens) AS input,
                                     sum(cached_tokens) AS cached,
                                     sum(CAST(input_tokens AS numeric) + output_tokens) AS tokens,
                                     sum(costed) AS costed, sum(cost_usd) AS cost
                                FROM session_part
                               WHERE trace_id = ANY (?) AND NOT kept
                               GROUP BY session_id),
                             written AS (
                              INSERT INTO session_part AS p (trace_id, session_id, agent_id, quarter, events, errors,
                                                             token_events, input_tokens, output_tokens, cached_tokens,
                                                             costed, cost_usd, first_at, last_at, ended_at)
                              SELECT * FROM fresh
                              ON CONFLICT (trace_id, session_id, agent_id, quarter, kept) DO UPDATE
                                 SET events = excluded.events, errors = excluded.errors,
                                     token_events = excluded.token_events, input_tokens = excluded.input_tokens,
                                     output_tokens = excluded.output_tokens, cached_tokens = excluded.cached_tokens,
                                     costed = excluded.costed, cost_usd = excluded.cost_usd,
                                     first_at = excluded.first_at, last_at = excluded.last_at, ended_at = excluded.ended_at
                               -- events only come, so the same number of them are the same
                               WHERE p.events <> excluded.events),
                             was AS (
                              SELECT s.* FROM agent_session s
                               WHERE s.session_id IN (SELECT session_id FROM fresh)),
                             became AS (
                              INSERT INTO agent_session AS s (session_id, started_at, last_at, ended_at, errors,
                                                              token_events, input_tokens, cached_tokens, total_tokens,
                                                              costed, cost_usd)
                              SELECT f.session_id, min(f.first_at), max(f.last_at), max(f.ended_at),
                                     sum(f.errors) - coalesce(max(b.errors), 0),
                                     sum(f.token_events) - coalesce(max(b.token_events), 0),
                                     sum(f.input_tokens) - coalesce(max(b.input), 0),
                                     sum(f.cached_tokens) - coalesce(max(b.cached), 0),
                                     sum(CAST(f.input_tokens AS numeric) + f.output_tokens) - coalesce(max(b.tokens), 0),
                                     sum(f.costed) - coalesce(max(b.costed), 0),
                                     sum(f.cost_usd) - coalesce(max(b.cost), 0)
                                FROM fresh f
                                LEFT JOIN before b USING (session_id)
                               GROUP BY f.session_id
                              HAVING sum(f.events) <> coalesce(max(b.events), 0)
                              ON CONFLICT (session_id) DO UPDATE
                                 SET started_at = least(s.started_at, excluded.started_at),
                                     last_at = greatest(s.last_at, excluded.last_at),
                                     ended_at = greatest(s.ended_at, excluded.ended_at),
                                     errors = s.errors + excluded.errors,
                                     token_events = s.token_events + excluded.token_events,
                                     input_tokens = s.input_tokens + excluded.input_tokens,
                                     cached_tokens = s.cached_tokens + excluded.cached_tokens,
                                     total_tokens = s.total_tokens + excluded.total_tokens,
                                     costed = s.costed + excluded.costed,
                                     cost_usd = s.cost_usd + excluded.cost_usd
                              RETURNING s.*)
                        INSERT INTO rollup_session AS r (first_day, last_day, token_bucket, sessions, input_tokens,
                                                         cached_tokens, total_tokens, costed, cost_usd)
                        SELECT CAST(started_at AT TIME ZONE 'UTC' AS date), CAST(last_at AT TIME ZONE 'UTC' AS date),
                               token_bucket, sum(n), sum(n * input_tokens), sum(n * cached_tokens), sum(n * total_tokens),
                               sum(n * costed), sum(n * cost_usd)
                          FROM (SELECT 1 AS n, b.* FROM became b
                                UNION ALL
                                SELECT -1, w.* FROM was w WHERE w.session_id IN (SELECT session_id FROM became)) m
                         WHERE token_bucket IS NOT NULL
                         GROUP BY 1, 2, 3
                        ON CONFLICT (first_day, last_day, token_bucket) DO UPDATE
                           SET sessions = r.sessions + excluded.sessions,
                               input_tokens = r.input_tokens + excluded.input_tokens,
                               cached_tokens = r.cached_tokens + excluded.cached_tokens,
                               total_tokens = r.total_tokens + excluded.total_tokens,
                               costed = r.costed + excluded.costed, cost_usd = r.cost_usd + excluded.cost_usd
                        """,
                traceIds,
                4);
    }

    /// Writes the iterations of the traces anew.
    void writeIterations(Connection connection, List<String> traceIds) throws SQLException {
        update(
                connection,
                """
                INSERT INTO session_run AS r (trace_id, session_id, agent_id, iterations, retries)
                SELECT trace_id, session_id, agent_id, max(iterations), 0
                  FROM (SELECT trace_id, session_id, agent_id, run_number, count(*) AS iterations
                          FROM (SELECT e.trace_id, e.session_id, e.agent_id, e.event_type,
                                       count(*) FILTER (WHERE e.event_type = 'INVOCATION') OVER (
                                           PARTITION BY e.trace_id, e.agent_id ORDER BY e.occurred_at, e.arrival
                                           ROWS UNBOUNDED PRECEDING) AS run_number
                                  FROM audit_event e
                """
                        + OF_TRACES
                        + """
                                           AND e.event_type IN ('INVOCATION', 'LLM_RESPONSE')) e
                                 WHERE event_type = 'LLM_RESPONSE' AND session_id IS NOT NULL
                                 GROUP BY trace_id, session_id, agent_id, run_number) i
                         GROUP BY trace_id, session_id, agent_id
                        ON CONFLICT (session_id, trace_id, agent_id, kept) DO UPDATE
                           SET iterations = excluded.iterations
                         WHERE r.iterations <> excluded.iterations
                        """,
                traceIds,
                3);
    }

    /// The rows of the traces are final: their events go.
    void keep(Connection connection, List<String> traceIds) throws SQLException {
        update(
                connection,
                """
                WITH gone AS (DELETE FROM session_part WHERE trace_id = ANY (?) AND NOT kept RETURNING *)
                INSERT INTO session_part AS p (trace_id, session_id, agent_id, quarter, kept, events, errors, token_events,
                                               input_tokens, output_tokens, cached_tokens, costed, cost_usd, first_at,
                                               last_at, ended_at)
                SELECT trace_id, session_id, agent_id, quarter, true, events, errors, token_events, input_tokens,
                       output_tokens, cached_tokens, costed, cost_usd, first_at, last_at, ended_at
                  FROM gone
                ON CONFLICT (trace_id, session_id, agent_id, quarter, kept) DO UPDATE
                   SET events = p.events + excluded.events, errors = p.errors + excluded.errors,
                       token_events = p.token_events + excluded.token_events,
                       input_tokens = least(CAST(p.input_tokens AS numeric) + excluded.input_tokens, 9223372036854775807),
                       output_tokens = least(CAST(p.output_tokens AS numeric) + excluded.output_tokens, 9223372036854775807),
                       cached_tokens = least(CAST(p.cached_tokens AS numeric) + excluded.cached_tokens, 9223372036854775807),
                       costed = p.costed + excluded.costed, cost_usd = p.cost_usd + excluded.cost_usd,
                       first_at = least(p.first_at, excluded.first_at), last_at = greatest(p.last_at, excluded.last_at),
                       ended_at = greatest(p.ended_at, excluded.ended_at)
                """,
                traceIds,
                1);
        update(
                connection,
                """
                WITH gone AS (DELETE FROM session_run WHERE trace_id = ANY (?) AND NOT kept RETURNING *)
                INSERT INTO session_run AS r (trace_id, session_id, agent_id, kept, iterations, retries)
                SELECT trace_id, session_id, agent_id, true, iterations, retries
                  FROM gone
                ON CONFLICT (session_id, trace_id, agent_id, kept) DO UPDATE
                   SET iterations = greatest(r.iterations, excluded.iterations), retries = r.retries + excluded.retries
                """,
                traceIds,
                1);
    }

    private static void update(
            Connection connection, String sql, List<String> traceIds, int parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, traceIds, parameters);
            statement.executeUpdate();
        }
    }

    static void bind(
            Connection connection,
            PreparedStatement statement,
            List<String> traceIds,
            int parameters)
            throws SQLException {
        for (int i = 1; i <= parameters; i++) {
            statement.setArray(i, connection.createArrayOf("text", traceIds.toArray()));
        }
    }
}
