package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.RequestCounts;
import org.jspecify.annotations.Nullable;

/// Reads the roll-up of responses with its latency sketches.
@Singleton
class ResponseReadRepository {

    /// Takes sums of responses that ended the same way.
    interface Responses {

        /// @param timed 0: `latency` is null
        void sketch(
                RequestCounts.Ended ended,
                long responses,
                TokenCounts tokens,
                long timed,
                double sumMs,
                double maxMs,
                byte @Nullable [] latency);

        /// @param durations milliseconds, of those that state one
        void single(
                RequestCounts.Ended ended,
                long responses,
                TokenCounts tokens,
                List<Double> durations);
    }

    /// Hands out the responses of the period: whole UTC days and quarter hours as sketches, what is
    /// not in them yet and the rest one by one.
    void read(Connection connection, RequestReadRepository.Scope scope, Responses reader)
            throws SQLException {
        Quarters quarters = scope.quarters();
        Quarters days = quarters.days();
        String[] agents = scope.viewer().scopeLikePatterns();
        QueryRows.each(
                connection,
                """
                SELECT * FROM rollup_response
                 WHERE span = 'QUARTER' AND starts_at >= ? AND starts_at < ? AND agent_id LIKE ANY (?)
                UNION ALL
                SELECT * FROM rollup_response
                 WHERE span = 'DAY' AND starts_at >= ? AND starts_at < ? AND agent_id LIKE ANY (?)
                UNION ALL
                SELECT * FROM rollup_response
                 WHERE span = 'QUARTER' AND starts_at >= ? AND starts_at < ? AND agent_id LIKE ANY (?)
                """,
                row ->
                        reader.sketch(
                                ended(row),
                                row.getLong("responses"),
                                RequestReadRepository.tokens(row),
                                row.getLong("timed"),
                                row.getDouble("sum_ms"),
                                row.getDouble("max_ms"),
                                row.getBytes("latency")),
                List.of(
                        quarters.from(),
                        days.from(),
                        agents,
                        days.from(),
                        days.to(),
                        agents,
                        days.to(),
                        quarters.to(),
                        agents));
        List<Object> values = RequestReadRepository.edge(scope);
        values.addAll(List.of(quarters.from(), quarters.to(), agents));
        QueryRows.each(
                connection,
                "WITH "
                        + RequestReadRepository.EDGE
                        + """
                        SELECT CASE WHEN outcome IN ('SUCCESS', 'FAILURE') THEN outcome ELSE 'OTHER' END AS outcome,
                               1 AS responses, coalesce(input_tokens, 0) AS input_tokens,
                               coalesce(output_tokens, 0) AS output_tokens, coalesce(cached_tokens, 0) AS cached_tokens,
                               CASE WHEN duration_ms >= 0.000001 THEN float8send(least(duration_ms, 3155760000000)) END
                                    AS durations
                          FROM edge
                         WHERE event_type = 'LLM_RESPONSE'
                        UNION ALL
                        SELECT outcome, responses, input_tokens, output_tokens, cached_tokens, durations
                          FROM request_open
                         WHERE responses > 0 AND quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                        """,
                row ->
                        reader.single(
                                ended(row),
                                row.getLong("responses"),
                                RequestReadRepository.tokens(row),
                                RequestCounts.durations(row.getBytes("durations"))),
                values);
    }

    private static RequestCounts.Ended ended(ResultSet row) throws SQLException {
        return RequestCounts.Ended.valueOf(row.getString("outcome"));
    }
}
