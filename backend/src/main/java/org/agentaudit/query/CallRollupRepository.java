package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.agentaudit.event.EventType;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Writes table `rollup_call`. One transaction at a time: that of the settler or of expiry, both of
/// which hold the settler's lock.
@Singleton
class CallRollupRepository {

    private record Row(
            CallChange.Key key,
            long calls,
            long errors,
            long successes,
            long failures,
            long partials,
            long unpaired,
            long timed,
            BigDecimal sumMs,
            double maxMs,
            double goneMaxMs,
            byte @Nullable [] latency) {

        static Row none(CallChange.Key key) {
            return new Row(key, 0, 0, 0, 0, 0, 0, 0, BigDecimal.ZERO, 0, 0, null);
        }

        Row changed(CallChange by, double newMaxMs) {
            return new Row(
                    key,
                    calls + by.calls,
                    errors + by.errors,
                    successes + by.successes,
                    failures + by.failures,
                    partials + by.partials,
                    unpaired + by.unpaired,
                    timed + by.timed,
                    sumMs.add(by.sumMs),
                    newMaxMs,
                    goneMaxMs,
                    Latencies.change(latency, by.came, by.went));
        }
    }

    /// Applies changes of one span; those of quarter hours before those of days, and after
    /// `trace_call` shows them.
    void apply(Connection connection, Map<CallChange.Key, CallChange> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        Map<CallChange.Key, Row> stored = stored(connection, changes);
        List<Row> rows = new ArrayList<>();
        List<Row> empty = new ArrayList<>();
        for (Map.Entry<CallChange.Key, CallChange> entry : changes.entrySet()) {
            Row before = stored.getOrDefault(entry.getKey(), Row.none(entry.getKey()));
            CallChange change = entry.getValue();
            Row after = before.changed(change, longest(connection, before, change));
            (after.calls == 0 ? empty : rows).add(after);
        }
        delete(connection, empty);
        write(connection, rows);
    }

    /// The longest duration after a change. It is looked up when the longest so far went.
    private static double longest(Connection connection, Row before, CallChange change)
            throws SQLException {
        double longest = Math.max(before.maxMs, change.came.max());
        if (change.went.count() == 0 || change.went.max() < longest) {
            return longest;
        }
        CallChange.Key key = before.key;
        Instant start = key.start();
        return switch (key.span()) {
            case QUARTER ->
                    Math.max(
                            before.goneMaxMs,
                            number(
                                    connection,
                                    """
                                    SELECT coalesce(max(duration_ms), 0)
                                      FROM trace_call
                                     WHERE agent_id = ? AND event_type = ? AND action = ?
                                       AND occurred_at >= ? AND occurred_at < ?
                                    """,
                                    key,
                                    start.plus(Duration.ofMinutes(15))));
            case DAY ->
                    number(
                            connection,
                            """
                            SELECT coalesce(max(max_ms), 0)
                              FROM rollup_call
                             WHERE agent_id = ? AND event_type = ? AND action = ?
                               AND span = 'QUARTER' AND part = 0 AND start >= ? AND start < ?
                            """,
                            key,
                            start.plus(Duration.ofDays(1)));
        };
    }

    private static double number(Connection connection, String sql, CallChange.Key key, Instant end)
            throws SQLException {
        return QueryRows.list(
                        connection,
                        sql,
                        row -> row.getDouble(1),
                        List.of(key.agentId(), key.type().name(), key.action(), key.start(), end))
                .getFirst();
    }

    /// Notes the longest durations of calls that are about to leave `trace_call` while they go on
    /// counting.
    void keepLongest(Connection connection, List<String> traceIds) throws SQLException {
        QueryRows.update(
                connection,
                """
                UPDATE rollup_call r
                   SET gone_max_ms = greatest(r.gone_max_ms, g.max_ms)
                  FROM (SELECT date_bin('15 minutes', occurred_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS start,
                               agent_id, event_type, action, max(duration_ms) AS max_ms
                          FROM trace_call
                         WHERE trace_id = ANY (?) AND duration_ms IS NOT NULL
                         GROUP BY 1, 2, 3, 4) g
                 WHERE r.span = 'QUARTER' AND r.part = 0 AND r.start = g.start AND r.agent_id = g.agent_id
                   AND r.event_type = g.event_type AND r.action = g.action
                """,
                (Object) traceIds.toArray(String[]::new));
    }

    private static Map<CallChange.Key, Row> stored(
            Connection connection, Map<CallChange.Key, CallChange> changes) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT r.*
                          FROM rollup_call r
                          JOIN unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]),
                                      CAST(? AS text[])) AS k (span, start, agent_id, event_type, action)
                            ON (r.span, r.start, r.agent_id, r.event_type, r.action)
                             = (k.span, k.start, k.agent_id, k.event_type, k.action)
                         WHERE r.part = 0
                        """)) {
            bindKeys(connection, statement, List.copyOf(changes.keySet()), key -> key);
            Map<CallChange.Key, Row> stored = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Row row = row(rows);
                    stored.put(row.key, row);
                }
            }
            return stored;
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new CallChange.Key(
                        RollupSpan.valueOf(row.getString("span")),
                        EventRow.instant(row, "start"),
                        row.getString("agent_id"),
                        EventType.valueOf(row.getString("event_type")),
                        row.getString("action")),
                row.getLong("calls"),
                row.getLong("errors"),
                row.getLong("successes"),
                row.getLong("failures"),
                row.getLong("partials"),
                row.getLong("unpaired"),
                row.getLong("timed"),
                row.getBigDecimal("sum_ms"),
                row.getDouble("max_ms"),
                row.getDouble("gone_max_ms"),
                row.getBytes("latency"));
    }

    private static void delete(Connection connection, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        DELETE FROM rollup_call r
                         USING unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]),
                                      CAST(? AS text[])) AS k (span, start, agent_id, event_type, action)
                         WHERE (r.span, r.start, r.agent_id, r.event_type, r.action)
                             = (k.span, k.start, k.agent_id, k.event_type, k.action)
                           AND r.part = 0
                        """)) {
            bindKeys(connection, statement, rows, Row::key);
            statement.executeUpdate();
        }
    }

    private static void write(Connection connection, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO rollup_call (span, start, agent_id, event_type, action, calls, errors, successes,
                                                 failures, partials, unpaired, timed, sum_ms, max_ms, latency)
                        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS text[]),
                                             CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]),
                                             CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]),
                                             CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]),
                                             CAST(? AS numeric[]), CAST(? AS double precision[]), CAST(? AS bytea[]))
                        ON CONFLICT (span, start, agent_id, event_type, action, part) DO UPDATE
                           SET calls = excluded.calls, errors = excluded.errors, successes = excluded.successes,
                               failures = excluded.failures, partials = excluded.partials,
                               unpaired = excluded.unpaired, timed = excluded.timed, sum_ms = excluded.sum_ms,
                               max_ms = excluded.max_ms, latency = excluded.latency
                        """)) {
            int next = bindKeys(connection, statement, rows, Row::key);
            List<Function<Row, Long>> counters =
                    List.of(
                            Row::calls,
                            Row::errors,
                            Row::successes,
                            Row::failures,
                            Row::partials,
                            Row::unpaired,
                            Row::timed);
            for (Function<Row, Long> counter : counters) {
                statement.setArray(next++, array(connection, "int8", rows, counter));
            }
            statement.setArray(next++, array(connection, "numeric", rows, Row::sumMs));
            statement.setArray(next++, array(connection, "float8", rows, Row::maxMs));
            statement.setArray(
                    next,
                    connection.createArrayOf(
                            "bytea", rows.stream().map(Row::latency).toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }

    /// @return number of the next parameter
    private static <T> int bindKeys(
            Connection connection,
            PreparedStatement statement,
            List<T> rows,
            Function<T, CallChange.Key> key)
            throws SQLException {
        List<CallChange.Key> keys = rows.stream().map(key).toList();
        statement.setArray(1, array(connection, "text", keys, k -> k.span().name()));
        statement.setArray(2, array(connection, "timestamptz", keys, k -> k.start().toString()));
        statement.setArray(3, array(connection, "text", keys, CallChange.Key::agentId));
        statement.setArray(4, array(connection, "text", keys, k -> k.type().name()));
        statement.setArray(5, array(connection, "text", keys, CallChange.Key::action));
        return 6;
    }

    private static <T> Array array(
            Connection connection, String type, List<T> rows, Function<T, ?> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }
}
