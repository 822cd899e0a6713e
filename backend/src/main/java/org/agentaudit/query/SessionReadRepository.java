package org.agentaudit.query;

import io.micronaut.transaction.TransactionDefinition.Isolation;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Reads what is settled of sessions.
@Singleton
class SessionReadRepository {

    /// What a list of sessions is ordered by. All are numbers, compared in the column's own type so
    /// that its index serves.
    private static String column(SessionOrder order) {
        return switch (order) {
            case NEWEST_FIRST -> "started_at";
            case SLOWEST_FIRST -> "duration_us";
            case MOST_TOKENS_FIRST -> "total_tokens";
            case MOST_ERRORS_FIRST -> "errors";
        };
    }

    /// A session's place in a list.
    record Place(String sessionId, BigInteger value) {}

    private static final String IN_SCOPE =
            """
            (SELECT session_id, min(first_at) AS started_at, max(last_at) AS last_at,
                    CAST(extract(epoch FROM max(ended_at) - min(first_at)) * 1000000 AS bigint) AS duration_us,
                    CAST(sum(errors) AS bigint) AS errors,
                    sum(CAST(input_tokens AS numeric) + output_tokens) AS total_tokens
               FROM session_part
              WHERE agent_id LIKE ANY (?)
                AND session_id = ANY (ARRAY (SELECT session_id FROM agent_session
                                              WHERE tstzrange(started_at, last_at, '[]')
                                                    && tstzrange(CAST(? AS timestamptz), CAST(? AS timestamptz))))
              GROUP BY session_id)
            """;

    /// Sessions with an event in the period: those that begin or end in it, else those with a part
    /// that does, else those with an event inside a part that is cut on both sides.
    private static final String IN_PERIOD =
            """
             WHERE s.started_at < ? AND s.last_at >= ?
               AND tstzrange(s.started_at, s.last_at, '[]') && tstzrange(CAST(? AS timestamptz), CAST(? AS timestamptz))
               AND (s.started_at >= ? OR s.last_at < ?
                    OR EXISTS (SELECT FROM session_part p
                                WHERE p.session_id = s.session_id AND p.agent_id LIKE ANY (?)
                                  AND p.first_at < ? AND p.last_at >= ?
                                  AND (p.first_at >= ? OR p.last_at < ?
                                       OR EXISTS (SELECT FROM audit_event e
                                                   WHERE e.trace_id = p.trace_id AND e.session_id = p.session_id
                                                     AND e.agent_id = p.agent_id
                                                     AND e.occurred_at >= ? AND e.occurred_at < ?))))
            """;

    private static final String OF_AGENT =
            """
             AND EXISTS (SELECT FROM session_part p
                          WHERE p.session_id = s.session_id AND p.agent_id = ? AND p.agent_id LIKE ANY (?))
            """;

    private static final String OF_TASK =
            """
             AND s.session_id = ANY (ARRAY (
                   SELECT e.session_id FROM trace_link l JOIN audit_event e USING (trace_id)
                    WHERE l.kind = 'task' AND l.value = ? AND e.task_id = l.value AND e.session_id IS NOT NULL
                      AND e.agent_id LIKE ANY (?)))
            """;

    private static final String OF_SOURCE =
            """
             AND EXISTS (SELECT FROM session_part p JOIN audit_event e
                                  ON e.trace_id = p.trace_id AND e.occurred_at >= p.first_at AND e.occurred_at <= p.last_at
                          WHERE p.session_id = s.session_id AND e.session_id = s.session_id AND e.source = ?
                            AND e.agent_id LIKE ANY (?))
            """;

    private static final String OF_USER =
            """
             AND s.session_id = ANY (ARRAY (
                   SELECT e.session_id FROM event_content c
                     JOIN audit_event e USING (trace_id, occurred_at, event_id)
                    WHERE c.user_id = ? AND e.session_id IS NOT NULL AND e.agent_id LIKE ANY (?)))
            """;

    private static final String NUMBERS =
            """
            SELECT n.*,
                   (SELECT array_agg(a.agent_id ORDER BY a.first_at, a.agent_id)
                      FROM (SELECT p.agent_id, min(p.first_at) AS first_at
                              FROM session_part p
                             WHERE p.session_id = n.session_id AND p.agent_id LIKE ANY (?)
                             GROUP BY p.agent_id) a) AS agent_ids,
                   (SELECT coalesce(max(r.iterations), 0) FROM session_run r
                     WHERE r.session_id = n.session_id AND r.agent_id LIKE ANY (?)) AS iterations,
                   (SELECT coalesce(sum(r.retries), 0) FROM session_run r
                     WHERE r.session_id = n.session_id AND r.agent_id LIKE ANY (?)) AS retries
              FROM (SELECT session_id, min(first_at) AS started_at, max(ended_at) AS ended_at,
                           sum(events) AS events, sum(errors) AS errors,
                           least(sum(input_tokens), 9223372036854775807) AS input_tokens,
                           least(sum(output_tokens), 9223372036854775807) AS output_tokens,
                           least(sum(cached_tokens), 9223372036854775807) AS cached_tokens,
                           sum(costed) AS costed, sum(cost_usd) AS cost_usd
                      FROM session_part
                     WHERE session_id = ANY (?) AND agent_id LIKE ANY (?)
                     GROUP BY session_id) n
            """;

    private final TransactionOperations<Connection> transactions;

    SessionReadRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Traces with an event of the session that the settled tables do not show yet.
    List<String> unsettled(String sessionId) {
        return read(
                """
                SELECT n.trace_id
                  FROM trace_link l
                  JOIN trace_touched n USING (trace_id)
                 WHERE l.kind = 'session' AND l.value = ?
                """,
                row -> row.getString(1),
                List.of(sessionId));
    }

    /// Places of sessions with an event of [from, to) in scope, after and before other places.
    ///
    /// @param forwards in the order asked for; else in its reverse
    List<Place> places(
            Viewer viewer,
            Instant from,
            Instant to,
            SessionFilter filter,
            SessionOrder order,
            @Nullable SessionCursor after,
            @Nullable SessionCursor before,
            boolean forwards,
            int limit) {
        String[] scope = viewer.scopeLikePatterns();
        List<Object> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT s.session_id, ");
        String column = column(order);
        sql.append(
                order == SessionOrder.NEWEST_FIRST
                        ? "CAST(extract(epoch FROM s.started_at) * 1000000 AS numeric(40))"
                        : "CAST(s." + column + " AS numeric(40))");
        sql.append(" AS value FROM ");
        if (viewer.agentScope().isEmpty()) {
            sql.append("agent_session");
        } else {
            sql.append(IN_SCOPE);
            values.addAll(List.of(scope, from, to));
        }
        sql.append(" AS s").append(IN_PERIOD);
        values.addAll(List.of(to, from, from, to, from, to, scope, to, from, from, to, from, to));
        filter(sql, values, filter, scope);
        if (after != null) {
            place(sql, values, column, "<", ">", after);
        }
        if (before != null) {
            place(sql, values, column, ">", "<", before);
        }
        sql.append(" ORDER BY s.").append(column).append(forwards ? " DESC" : " ASC");
        sql.append(", s.session_id").append(forwards ? " ASC" : " DESC").append(" LIMIT ?");
        values.add(limit);
        return read(
                sql.toString(),
                row ->
                        new Place(
                                row.getString("session_id"),
                                row.getBigDecimal("value").toBigInteger()),
                values);
    }

    private static void filter(
            StringBuilder sql, List<Object> values, SessionFilter filter, String[] scope) {
        if (filter.errored() != null) {
            sql.append(filter.errored() ? " AND s.errors > 0" : " AND s.errors = 0");
        }
        if (filter.agentId() != null) {
            sql.append(OF_AGENT);
            values.addAll(List.of(filter.agentId(), scope));
        }
        if (filter.taskId() != null) {
            sql.append(OF_TASK);
            values.addAll(List.of(filter.taskId(), scope));
        }
        if (filter.source() != null) {
            sql.append(OF_SOURCE);
            values.addAll(List.of(filter.source().name(), scope));
        }
        if (filter.userId() != null) {
            sql.append(OF_USER);
            values.addAll(List.of(filter.userId(), scope));
        }
    }

    /// Traces with an event of the session in scope, the earliest first.
    List<String> traceIds(Viewer viewer, String sessionId, int limit) {
        return read(
                """
                SELECT trace_id
                  FROM session_part
                 WHERE session_id = ? AND agent_id LIKE ANY (?)
                 GROUP BY trace_id
                 ORDER BY min(first_at), trace_id
                 LIMIT ?
                """,
                row -> row.getString(1),
                List.of(sessionId, viewer.scopeLikePatterns(), limit));
    }

    /// The bound on the column alone is what its index is read by.
    private static void place(
            StringBuilder sql,
            List<Object> values,
            String column,
            String beyond,
            String idBeyond,
            SessionCursor cursor) {
        sql.append(
                " AND s.%1$s %2$s= ? AND (s.%1$s %2$s ? OR s.session_id %3$s ?)"
                        .formatted(column, beyond, idBeyond));
        Object value =
                switch (cursor.order()) {
                    case NEWEST_FIRST ->
                            Instant.EPOCH.plus(clamped(cursor.value()), ChronoUnit.MICROS);
                    case SLOWEST_FIRST, MOST_ERRORS_FIRST -> clamped(cursor.value());
                    case MOST_TOKENS_FIRST -> new BigDecimal(cursor.value());
                };
        values.addAll(List.of(value, value, cursor.sessionId()));
    }

    /// Beyond what is stored there is nothing to compare with.
    private static long clamped(BigInteger value) {
        return value.min(BigInteger.valueOf(Long.MAX_VALUE))
                .max(BigInteger.valueOf(Long.MIN_VALUE))
                .longValueExact();
    }

    /// The numbers of the sessions that have an event in scope, by id.
    Map<String, Session> sessions(Viewer viewer, List<String> ids) {
        String[] scope = viewer.scopeLikePatterns();
        Map<String, Session> sessions = new HashMap<>();
        read(
                        NUMBERS,
                        SessionReadRepository::session,
                        List.of(scope, scope, scope, ids.toArray(String[]::new), scope))
                .forEach(session -> sessions.put(session.id(), session));
        return sessions;
    }

    private static Session session(ResultSet row) throws SQLException {
        Instant startedAt = EventRow.instant(row, "started_at");
        Instant endedAt = EventRow.instant(row, "ended_at");
        return new Session(
                row.getString("session_id"),
                startedAt,
                endedAt,
                Duration.between(startedAt, endedAt).toNanos() / 1e6,
                Arrays.asList((String[]) row.getArray("agent_ids").getArray()),
                row.getLong("events"),
                row.getLong("errors"),
                row.getLong("iterations"),
                row.getLong("retries"),
                new TokenCounts(
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens"),
                        row.getLong("cached_tokens")),
                row.getLong("costed") == 0 ? null : row.getBigDecimal("cost_usd"));
    }

    /// Reads several times as of one moment.
    <T> T snapshot(Supplier<T> reading) {
        DefaultTransactionDefinition snapshot = new DefaultTransactionDefinition();
        snapshot.setIsolationLevel(Isolation.REPEATABLE_READ);
        snapshot.setReadOnly(true);
        return transactions.execute(snapshot, status -> reading.get());
    }

    private <T> List<T> read(
            String sql, QueryRows.Mapper<T> mapper, List<? extends @Nullable Object> parameters) {
        return transactions.executeRead(
                status -> QueryRows.list(status.getConnection(), sql, mapper, parameters));
    }
}
