package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Takes users' ids out of `rollup_request` when the content of their events goes.
@Singleton
class RequestUserRepository {

    private static final String FORGET =
            """
            , gone AS MATERIALIZED (
                 SELECT date_bin('15 minutes', occurred_at, '2000-01-01 00:00:00+00') AS quarter, agent_id, user_id, """
                    + RequestRollupRepository.SUMS
                    + """
                       FROM (SELECT e.occurred_at, e.agent_id, c.user_id,
                                    CASE WHEN e.input_tokens IS NULL AND e.cost_usd IS NULL THEN 0 ELSE 1 END AS requests,
                                    CASE WHEN e.cost_usd IS NULL THEN 0 ELSE 1 END AS costed,
                                    coalesce(e.input_tokens, 0) AS input_tokens,
                                    coalesce(e.output_tokens, 0) AS output_tokens,
                                    coalesce(e.cached_tokens, 0) AS cached_tokens, coalesce(e.cost_usd, 0) AS cost_usd,
                                    CASE WHEN e.event_type = 'LLM_RESPONSE' THEN 1 ELSE 0 END AS responses,
                                    e.occurred_at AS first_at, e.occurred_at AS last_at
                               FROM going k
                               JOIN audit_event e USING (trace_id, occurred_at, event_id)
                               JOIN event_content c USING (trace_id, occurred_at, event_id)
                              WHERE c.user_id <> '(removed)'
                                AND e.occurred_at >= ? AND e.occurred_at <= ?
                                AND c.occurred_at >= ? AND c.occurred_at <= ?
                                -- counted under (removed) since they went for the first time
                                AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20)) o
                      WHERE requests > 0 OR responses > 0
                      GROUP BY quarter, agent_id, user_id),
                 emptied AS (
                      DELETE FROM rollup_request r
                       USING gone g
                       WHERE r.dimension = 'USER' AND r.quarter = g.quarter AND r.agent_id = g.agent_id AND r.key = g.user_id
                         AND r.requests = g.requests AND r.responses = g.responses),
                 lessened AS (
                      UPDATE rollup_request r
                         SET requests = r.requests - g.requests,
                             costed = r.costed - g.costed,
                             input_tokens = greatest(0, r.input_tokens - g.input_tokens),
                             output_tokens = greatest(0, r.output_tokens - g.output_tokens),
                             cached_tokens = greatest(0, r.cached_tokens - g.cached_tokens),
                             cost_usd = r.cost_usd - g.cost_usd,
                             responses = r.responses - g.responses
                        FROM gone g
                       WHERE r.dimension = 'USER' AND r.quarter = g.quarter AND r.agent_id = g.agent_id AND r.key = g.user_id
                         AND NOT (r.requests = g.requests AND r.responses = g.responses))
            INSERT INTO rollup_request AS r (dimension, quarter, agent_id, key, requests, costed, input_tokens,
                                             output_tokens, cached_tokens, cost_usd, responses, first_at, last_at)
            SELECT 'USER', o.quarter, o.agent_id, '(removed)', """
                    + RequestRollupRepository.SUMS
                    + " FROM gone o GROUP BY o.quarter, o.agent_id "
                    + RequestRollupRepository.MORE;

    /// Moves what the events' users used to `(removed)`. The roll-ups hold all of it.
    void forget(
            Connection connection,
            List<String> traceIds,
            List<Instant> occurredAt,
            List<UUID> eventIds)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH going AS (
                             SELECT *
                               FROM unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS uuid[]))
                                    AS k (trace_id, occurred_at, event_id))
                        """
                                + FORGET)) {
            RequestRollupRepository.bind(connection, statement, 1, "text", traceIds, id -> id);
            RequestRollupRepository.bind(
                    connection, statement, 2, "timestamptz", occurredAt, Instant::toString);
            RequestRollupRepository.bind(connection, statement, 3, "uuid", eventIds, id -> id);
            Instant first = occurredAt.stream().min(Instant::compareTo).orElseThrow();
            Instant last = occurredAt.stream().max(Instant::compareTo).orElseThrow();
            for (int parameter = 4; parameter < 8; parameter += 2) {
                statement.setObject(parameter, EventConditions.utc(first));
                statement.setObject(parameter + 1, EventConditions.utc(last));
            }
            statement.executeUpdate();
        }
    }

    /// As the other, for all events of traces.
    void forget(Connection connection, List<String> traceIds, Instant first, Instant last)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH going AS (
                             SELECT trace_id, occurred_at, event_id
                               FROM audit_event
                              WHERE trace_id = ANY (?) AND occurred_at >= ? AND occurred_at <= ?)
                        """
                                + FORGET)) {
            EventConditions.bind(
                    connection,
                    statement,
                    List.of(
                            traceIds.toArray(String[]::new),
                            first,
                            last,
                            first,
                            last,
                            first,
                            last));
            statement.executeUpdate();
        }
    }
}
