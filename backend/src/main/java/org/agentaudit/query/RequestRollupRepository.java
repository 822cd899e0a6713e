package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.RequestCounts;

/// Writes `rollup_request` and `rollup_response`.
@Singleton
class RequestRollupRepository {

    /// Lengths of time that responses are summed over.
    enum Span {
        QUARTER,
        DAY
    }

    /// A key of `rollup_response`.
    record SpanKey(Span span, Instant startsAt, String agentId, String outcome) {}

    /// Responses that were taken out of the queue.
    record Responses(
            Instant quarter,
            String agentId,
            String outcome,
            long responses,
            TokenCounts tokens,
            List<Double> durations) {

        SpanKey key(Span span) {
            return new SpanKey(
                    span,
                    span == Span.DAY ? quarter.truncatedTo(ChronoUnit.DAYS) : quarter,
                    agentId,
                    outcome);
        }
    }

    /// Sums of a row of `rollup_response`.
    static final class SpanSums {
        private long responses;
        private TokenCounts tokens = TokenCounts.ZERO;
        private final Latencies latencies = new Latencies();

        void add(Responses more) {
            add(more.responses(), more.tokens());
            more.durations().forEach(latencies::add);
        }

        private void add(long count, TokenCounts more) {
            responses += count;
            tokens = tokens.plus(more);
        }
    }

    /// The keys a row of the queue is counted under; the view `request_count` has the same.
    private static final String KEYS =
            """
            (VALUES ('MODEL', coalesce(o.model, 'unspecified')),
                    ('TASK', CASE WHEN o.requests > 0 THEN coalesce(o.task_id, 'unspecified') END),
                    ('SESSION', CASE WHEN o.requests > 0 THEN coalesce(o.session_id, 'unspecified') END),
                    ('USER', coalesce(o.user_id, 'unspecified')),
                    ('ERROR_TYPE', CASE WHEN o.outcome = 'FAILURE' THEN coalesce(o.error_type, 'unspecified') END))
            AS k (dimension, key)
            """;

    /// Adds to a row that is there.
    static final String MORE =
            """
            ON CONFLICT (dimension, quarter, agent_id, key) DO UPDATE
               SET requests = r.requests + excluded.requests,
                   costed = r.costed + excluded.costed,
                   input_tokens = least(CAST(r.input_tokens AS numeric) + excluded.input_tokens, 9223372036854775807),
                   output_tokens = least(CAST(r.output_tokens AS numeric) + excluded.output_tokens, 9223372036854775807),
                   cached_tokens = least(CAST(r.cached_tokens AS numeric) + excluded.cached_tokens, 9223372036854775807),
                   cost_usd = r.cost_usd + excluded.cost_usd,
                   responses = r.responses + excluded.responses,
                   first_at = least(r.first_at, excluded.first_at),
                   last_at = greatest(r.last_at, excluded.last_at)
            """;

    /// Sums of rows `o`, cut at the largest number.
    static final String SUMS =
            """
            sum(o.requests) AS requests, sum(o.costed) AS costed,
            least(sum(o.input_tokens), 9223372036854775807) AS input_tokens,
            least(sum(o.output_tokens), 9223372036854775807) AS output_tokens,
            least(sum(o.cached_tokens), 9223372036854775807) AS cached_tokens,
            sum(o.cost_usd) AS cost_usd, sum(o.responses) AS responses, min(o.first_at) AS first_at, max(o.last_at) AS last_at
            """;

    /// One at a time: two would read the same sketch and lose one another's durations.
    void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_advisory_xact_lock(hashtext('agent-audit-portal:requests'))");
        }
    }

    boolean isOpen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT EXISTS (SELECT FROM request_open)")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /// Moves rows from the queue to `rollup_request`.
    ///
    /// @return the responses among them, for `rollup_response`
    List<Responses> move(Connection connection, int rows) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH o AS MATERIALIZED (
                             DELETE FROM request_open
                              WHERE ctid = ANY (ARRAY (SELECT q.ctid FROM request_open q LIMIT ?))
                             RETURNING *),
                        counted AS (
                             INSERT INTO rollup_request AS r (dimension, quarter, agent_id, key, requests, costed,
                                                              input_tokens, output_tokens, cached_tokens, cost_usd,
                                                              responses, first_at, last_at)
                             SELECT k.dimension, o.quarter, o.agent_id, k.key,"""
                                + SUMS
                                + "FROM o CROSS JOIN LATERAL "
                                + KEYS
                                + " WHERE k.key IS NOT NULL GROUP BY k.dimension, o.quarter, o.agent_id, k.key "
                                + MORE
                                + """
                                )
                                SELECT quarter, agent_id, outcome, responses, input_tokens, output_tokens, cached_tokens,
                                       durations
                                  FROM o
                                 WHERE responses > 0
                                """)) {
            statement.setInt(1, rows);
            List<Responses> taken = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    taken.add(
                            new Responses(
                                    EventRow.instant(row, "quarter"),
                                    row.getString("agent_id"),
                                    row.getString("outcome"),
                                    row.getLong("responses"),
                                    tokens(row),
                                    RequestCounts.durations(row.getBytes("durations"))));
                }
            }
            return taken;
        }
    }

    /// Adds to `rollup_response`.
    void add(Connection connection, Map<SpanKey, SpanSums> spans) throws SQLException {
        if (spans.isEmpty()) {
            return;
        }
        addStored(connection, spans);
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO rollup_response (span, starts_at, agent_id, outcome, responses, input_tokens,
                                                     output_tokens, cached_tokens, timed, sum_ms, max_ms, latency)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (span, starts_at, agent_id, outcome) DO UPDATE
                           SET responses = excluded.responses, input_tokens = excluded.input_tokens,
                               output_tokens = excluded.output_tokens, cached_tokens = excluded.cached_tokens,
                               timed = excluded.timed, sum_ms = excluded.sum_ms, max_ms = excluded.max_ms,
                               latency = excluded.latency
                        """)) {
            for (Map.Entry<SpanKey, SpanSums> entry : spans.entrySet()) {
                SpanKey key = entry.getKey();
                SpanSums sums = entry.getValue();
                statement.setString(1, key.span().name());
                statement.setObject(2, EventConditions.utc(key.startsAt()));
                statement.setString(3, key.agentId());
                statement.setString(4, key.outcome());
                statement.setLong(5, sums.responses);
                statement.setLong(6, sums.tokens.input());
                statement.setLong(7, sums.tokens.output());
                statement.setLong(8, sums.tokens.cached());
                statement.setLong(9, sums.latencies.count());
                statement.setDouble(10, sums.latencies.sum());
                statement.setDouble(11, sums.latencies.max());
                statement.setBytes(12, sums.latencies.bytes());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void addStored(Connection connection, Map<SpanKey, SpanSums> spans)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT r.*
                          FROM rollup_response r
                          JOIN unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]))
                               AS k (span, starts_at, agent_id, outcome)
                            ON (r.span, r.starts_at, r.agent_id, r.outcome)
                             = (k.span, k.starts_at, k.agent_id, k.outcome)
                        """)) {
            Collection<SpanKey> keys = spans.keySet();
            bind(connection, statement, 1, "text", keys, key -> key.span().name());
            bind(connection, statement, 2, "timestamptz", keys, key -> key.startsAt().toString());
            bind(connection, statement, 3, "text", keys, SpanKey::agentId);
            bind(connection, statement, 4, "text", keys, SpanKey::outcome);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    SpanSums sums =
                            spans.get(
                                    new SpanKey(
                                            Span.valueOf(row.getString("span")),
                                            EventRow.instant(row, "starts_at"),
                                            row.getString("agent_id"),
                                            row.getString("outcome")));
                    if (sums == null) {
                        throw new IllegalStateException("a key that was not asked for");
                    }
                    sums.add(row.getLong("responses"), tokens(row));
                    sums.latencies.add(
                            row.getLong("timed"),
                            row.getDouble("sum_ms"),
                            row.getDouble("max_ms"),
                            row.getBytes("latency"));
                }
            }
        }
    }

    private static TokenCounts tokens(ResultSet row) throws SQLException {
        return new TokenCounts(
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("cached_tokens"));
    }

    static <T> void bind(
            Connection connection,
            PreparedStatement statement,
            int parameter,
            String type,
            Collection<T> rows,
            Function<T, Object> column)
            throws SQLException {
        statement.setArray(
                parameter, connection.createArrayOf(type, rows.stream().map(column).toArray()));
    }
}
