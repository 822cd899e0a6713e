package org.agentaudit.verify;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.agentaudit.store.EventRow;

/// Recounts what is settled of sessions, but for traces that are not settled yet and events that
/// are gone.
@Singleton
class SessionRecountRepository {

    private static final int FETCH_SIZE = 1_000;

    /// A part of a session that differs from a recount.
    interface EachPart {
        void accept(Instant quarter, String agentId) throws SQLException;
    }

    /// Parts in quarter hours of [from, to) that are not what their events say.
    void parts(Connection connection, Instant from, Instant to, EachPart each) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT quarter, agent_id
                          FROM (SELECT p.trace_id, p.session_id, p.agent_id, p.quarter, p.events, p.errors, p.token_events,
                                       p.input_tokens, p.output_tokens, p.cached_tokens, p.costed, p.cost_usd,
                                       p.first_at, p.last_at
                                  FROM session_part p
                                 WHERE p.quarter >= ? AND p.quarter < ? AND NOT p.kept) p
                          FULL JOIN (
                                SELECT e.trace_id, e.session_id, e.agent_id,
                                       date_bin(interval '15 minutes', e.occurred_at, TIMESTAMPTZ '2000-01-01 00:00:00+00')
                                           AS quarter,
                                       count(*) AS events, count(*) FILTER (WHERE e.errored) AS errors,
                                       count(e.input_tokens) AS token_events,
                                       least(coalesce(sum(e.input_tokens), 0), 9223372036854775807) AS input_tokens,
                                       least(coalesce(sum(e.output_tokens), 0), 9223372036854775807) AS output_tokens,
                                       least(coalesce(sum(e.cached_tokens), 0), 9223372036854775807) AS cached_tokens,
                                       count(e.cost_usd) AS costed, coalesce(sum(e.cost_usd), 0) AS cost_usd,
                                       min(e.occurred_at) AS first_at, max(e.occurred_at) AS last_at
                                  FROM audit_event e
                                 WHERE e.occurred_at >= ? AND e.occurred_at < ? AND e.session_id IS NOT NULL
                                   AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20)
                                 GROUP BY 1, 2, 3, 4) c
                         USING (trace_id, session_id, agent_id, quarter) AS place
                         WHERE (p.events, p.errors, p.token_events, p.input_tokens, p.output_tokens, p.cached_tokens,
                                p.costed, p.cost_usd, p.first_at, p.last_at)
                               IS DISTINCT FROM
                               (c.events, c.errors, c.token_events, c.input_tokens, c.output_tokens, c.cached_tokens,
                                c.costed, c.cost_usd, c.first_at, c.last_at)
                           AND NOT EXISTS (SELECT FROM trace_touched n WHERE n.trace_id = place.trace_id)
                         ORDER BY quarter, agent_id
                        """)) {
            statement.setFetchSize(FETCH_SIZE);
            for (int i = 1; i <= 3; i += 2) {
                statement.setObject(i, VerifyRepository.utc(from));
                statement.setObject(i + 1, VerifyRepository.utc(to));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(EventRow.instant(rows, "quarter"), rows.getString("agent_id"));
                }
            }
        }
    }

    /// Sessions whose sums are not those of their parts.
    long sessions(Connection connection) throws SQLException {
        return count(
                connection,
                """
                SELECT count(*)
                  FROM agent_session s
                  FULL JOIN (
                        SELECT session_id, min(first_at) AS started_at, max(last_at) AS last_at, max(ended_at) AS ended_at,
                               sum(errors) AS errors, sum(token_events) AS token_events, sum(input_tokens) AS input_tokens,
                               sum(cached_tokens) AS cached_tokens,
                               sum(CAST(input_tokens AS numeric) + output_tokens) AS total_tokens,
                               sum(costed) AS costed, sum(cost_usd) AS cost_usd
                          FROM session_part
                         GROUP BY session_id) p
                 USING (session_id)
                 WHERE (s.started_at, s.last_at, s.ended_at, s.errors, s.token_events, s.input_tokens, s.cached_tokens,
                        s.total_tokens, s.costed, s.cost_usd)
                       IS DISTINCT FROM
                       (p.started_at, p.last_at, p.ended_at, p.errors, p.token_events, p.input_tokens, p.cached_tokens,
                        p.total_tokens, p.costed, p.cost_usd)
                """);
    }

    /// Rows of the roll-up of sessions that are not what the sessions say.
    long rollup(Connection connection) throws SQLException {
        return count(
                connection,
                """
                SELECT count(*)
                  FROM (SELECT * FROM rollup_session
                         WHERE (sessions, input_tokens, cached_tokens, total_tokens, costed, cost_usd)
                               <> (0, 0, 0, 0, 0, 0)) r
                  FULL JOIN (
                        SELECT CAST(started_at AT TIME ZONE 'UTC' AS date) AS first_day,
                               CAST(last_at AT TIME ZONE 'UTC' AS date) AS last_day, token_bucket,
                               count(*) AS sessions, sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
                               sum(total_tokens) AS total_tokens, sum(costed) AS costed, sum(cost_usd) AS cost_usd
                          FROM agent_session
                         WHERE token_bucket IS NOT NULL
                         GROUP BY 1, 2, 3) s
                 USING (first_day, last_day, token_bucket)
                 WHERE (r.sessions, r.input_tokens, r.cached_tokens, r.total_tokens, r.costed, r.cost_usd)
                       IS DISTINCT FROM
                       (s.sessions, s.input_tokens, s.cached_tokens, s.total_tokens, s.costed, s.cost_usd)
                """);
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
