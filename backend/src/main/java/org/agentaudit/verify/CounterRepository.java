package org.agentaudit.verify;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.EventCounts.NameKey;
import org.agentaudit.store.EventCounts.SequenceKey;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.RollupRow;

/// Reads the stored counters that a recount is compared with.
@Singleton
class CounterRepository {

    private static final int FETCH_SIZE = 1_000;
    private static final String PERIOD = " WHERE quarter >= ? AND quarter < ?";

    private static final Map<CounterCheck.Named, String> NAMED =
            new EnumMap<>(
                    Map.of(
                            CounterCheck.Named.ERRORS,
                            "SELECT quarter, agent_id, error_type, errors FROM rollup_error",
                            CounterCheck.Named.PRODUCERS,
                            "SELECT quarter, agent_id, producer, events FROM rollup_producer",
                            CounterCheck.Named.HANDOFFS,
                            "SELECT quarter, agent_id, target, handoffs FROM rollup_handoff",
                            CounterCheck.Named.DERIVED_TRACES,
                            "SELECT quarter, agent_id, trace_id, CAST(NULL AS bigint) FROM rollup_derived_trace"));

    private static final String UNEVEN_CALLS =
            """
            HAVING sum(calls) <> 0 OR sum(errors) <> 0 OR sum(successes) <> 0 OR sum(failures) <> 0 OR sum(partials) <> 0
                OR sum(unpaired) <> 0 OR sum(timed) <> 0
            """;

    /// What expired is in roll-ups only.
    private static final String CALLS_AND_QUARTERS =
            """
            SELECT start, agent_id
              FROM (SELECT start, agent_id, event_type, action, calls, errors, successes, failures, partials, unpaired,
                           timed
                      FROM rollup_call
                     WHERE span = 'QUARTER' AND part = 0
                    UNION ALL
                    SELECT date_bin('15 minutes', occurred_at, TIMESTAMPTZ '2000-01-01 00:00:00+00'), agent_id, event_type,
                           action, -1, CASE WHEN outcome = 'FAILURE' AND event_type = 'TOOL_CALL' THEN -1 ELSE 0 END,
                           CASE outcome WHEN 'SUCCESS' THEN -1 ELSE 0 END,
                           CASE outcome WHEN 'FAILURE' THEN -1 ELSE 0 END,
                           CASE outcome WHEN 'PARTIAL' THEN -1 ELSE 0 END,
                           -CAST(unpaired AS integer), CASE WHEN duration_ms IS NULL THEN 0 ELSE -1 END
                      FROM trace_call) c
             WHERE NOT EXISTS (SELECT FROM expired_quarter q WHERE q.quarter = c.start AND q.events > 0)
             GROUP BY start, agent_id, event_type, action
            """
                    + UNEVEN_CALLS;

    private static final String CALL_DAYS =
            """
            SELECT date_bin('1 day', start, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS start, agent_id
              FROM (SELECT start, agent_id, event_type, action, n.sign * calls AS calls, n.sign * errors AS errors,
                           n.sign * successes AS successes, n.sign * failures AS failures,
                           n.sign * partials AS partials, n.sign * unpaired AS unpaired, n.sign * timed AS timed
                      FROM rollup_call
                     CROSS JOIN LATERAL (SELECT CASE span WHEN 'DAY' THEN -1 ELSE 1 END AS sign) n) c
             GROUP BY 1, agent_id, event_type, action
            """
                    + UNEVEN_CALLS;

    private static final String MESSAGE_DAYS =
            """
            SELECT date_bin('1 day', start, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS start, agent_id
              FROM rollup_message
             GROUP BY 1, agent_id, fingerprint
            HAVING sum(CASE span WHEN 'DAY' THEN -errors ELSE errors END) <> 0
            """;

    /// Whether the period has more than `most` rows of counters.
    boolean moreThan(Connection connection, long most, Instant from, Instant to)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH period AS (SELECT CAST(? AS timestamptz) AS start, CAST(? AS timestamptz) AS stop)
                        SELECT count(*) > ?
                          FROM (SELECT FROM rollup_event, period WHERE quarter >= start AND quarter < stop
                                UNION ALL
                                SELECT FROM rollup_error, period WHERE quarter >= start AND quarter < stop
                                UNION ALL
                                SELECT FROM rollup_producer, period WHERE quarter >= start AND quarter < stop
                                UNION ALL
                                SELECT FROM rollup_sequence, period WHERE quarter >= start AND quarter < stop
                                UNION ALL
                                SELECT FROM rollup_handoff, period WHERE quarter >= start AND quarter < stop
                                UNION ALL
                                SELECT FROM rollup_derived_trace, period WHERE quarter >= start AND quarter < stop
                                UNION ALL
                                SELECT FROM request_count, period WHERE quarter >= start AND quarter < stop
                                LIMIT ?) r
                        """)) {
            statement.setObject(1, VerifyRepository.utc(from));
            statement.setObject(2, VerifyRepository.utc(to));
            statement.setLong(3, most);
            statement.setLong(4, most + 1);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// Hands all counters of quarter hours in [from, to) to the check.
    void compare(Connection connection, Instant from, Instant to, CounterCheck check)
            throws SQLException {
        read(
                connection,
                "SELECT * FROM rollup_event",
                from,
                to,
                row ->
                        check.row(
                                EventRow.instant(row, "quarter"),
                                row.getString("agent_id"),
                                row.getString("event_type"),
                                RollupRow.sums(row)));
        read(
                connection,
                "SELECT quarter, producer, block, CAST(numbers AS text) FROM rollup_sequence",
                from,
                to,
                row ->
                        check.sequence(
                                new SequenceKey(
                                        EventRow.instant(row, "quarter"),
                                        row.getString(2),
                                        row.getLong(3)),
                                row.getString(4)));
        for (Map.Entry<CounterCheck.Named, String> table : NAMED.entrySet()) {
            read(
                    connection,
                    table.getValue(),
                    from,
                    to,
                    row -> check.named(table.getKey(), nameKey(row), row.getObject(4, Long.class)));
        }
        compareSettled(connection, from, to, check.settled());
    }

    private static void compareSettled(
            Connection connection, Instant from, Instant to, SettledCheck check)
            throws SQLException {
        readAll(
                connection,
                """
                SELECT t.first_at, t.last_at
                  FROM trace_touched n
                  JOIN trace t USING (trace_id)
                 WHERE t.last_at >= ? AND t.first_at < ?
                """,
                from,
                to,
                row ->
                        check.open(
                                EventRow.instant(row, "first_at"),
                                EventRow.instant(row, "last_at")));
        for (SettledCheck.Counted counted : SettledCheck.Counted.values()) {
            readAll(
                    connection,
                    counted.sql(),
                    from,
                    to,
                    row ->
                            check.stored(
                                    counted,
                                    EventRow.instant(row, "quarter"),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getLong(4)));
        }
    }

    /// Tells the start of every span, with its agent, whose settled counters do not fit: those of
    /// quarter hours their calls, those of days their quarter hours.
    void unevenSpans(Connection connection, VerifyRepository.Each<String> each)
            throws SQLException {
        for (String sql : List.of(CALLS_AND_QUARTERS, CALL_DAYS, MESSAGE_DAYS)) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setFetchSize(FETCH_SIZE);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        each.accept(
                                EventRow.instant(rows, "start") + ", agent " + rows.getString(2));
                    }
                }
            }
        }
    }

    /// Hands the counters of requests and responses in [from, to) to the check, those included that
    /// are not in the roll-ups yet.
    void compare(Connection connection, Instant from, Instant to, RequestCheck check)
            throws SQLException {
        read(
                connection,
                """
                SELECT dimension, quarter, agent_id, key, sum(requests) AS requests, sum(costed) AS costed,
                       least(sum(input_tokens), 9223372036854775807) AS input_tokens,
                       least(sum(output_tokens), 9223372036854775807) AS output_tokens,
                       least(sum(cached_tokens), 9223372036854775807) AS cached_tokens,
                       sum(cost_usd) AS cost_usd, sum(responses) AS responses, 0 AS timed
                  FROM request_count
                """,
                " GROUP BY dimension, quarter, agent_id, key",
                from,
                to,
                row -> check.row(requestKey(row), requestSums(row)));
        read(
                connection,
                """
                SELECT 'OUTCOME' AS dimension, quarter, agent_id, outcome AS key, 0 AS requests, 0 AS costed,
                       least(sum(input_tokens), 9223372036854775807) AS input_tokens,
                       least(sum(output_tokens), 9223372036854775807) AS output_tokens,
                       least(sum(cached_tokens), 9223372036854775807) AS cached_tokens,
                       0 AS cost_usd, sum(responses) AS responses, sum(timed) AS timed
                  FROM (SELECT starts_at AS quarter, agent_id, outcome, input_tokens, output_tokens, cached_tokens,
                               responses, timed
                          FROM rollup_response
                         WHERE span = 'QUARTER'
                        UNION ALL
                        SELECT quarter, agent_id, outcome, input_tokens, output_tokens, cached_tokens, responses,
                               coalesce(octet_length(durations), 0) / 8
                          FROM request_open
                         WHERE responses > 0) r
                """,
                " GROUP BY quarter, agent_id, outcome",
                from,
                to,
                row -> check.row(requestKey(row), requestSums(row)));
    }

    /// Days of responses that differ from their quarter hours.
    long unevenDays(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT count(*)
                                  FROM (SELECT date_trunc('day', starts_at, 'UTC') AS day, agent_id, outcome,
                                               sum(responses) AS responses, sum(timed) AS timed, max(max_ms) AS max_ms
                                          FROM rollup_response
                                         WHERE span = 'QUARTER'
                                         GROUP BY 1, 2, 3) q
                                  FULL JOIN (SELECT * FROM rollup_response WHERE span = 'DAY') d
                                    ON (q.day, q.agent_id, q.outcome) = (d.starts_at, d.agent_id, d.outcome)
                                 WHERE (q.responses, q.timed, q.max_ms) IS DISTINCT FROM (d.responses, d.timed, d.max_ms)
                                """);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static RequestCheck.Key requestKey(ResultSet row) throws SQLException {
        return new RequestCheck.Key(
                row.getString("dimension"),
                EventRow.instant(row, "quarter"),
                row.getString("agent_id"),
                row.getString("key"));
    }

    private static RequestCheck.Sums requestSums(ResultSet row) throws SQLException {
        return new RequestCheck.Sums(
                row.getLong("requests"),
                row.getLong("costed"),
                new TokenCounts(
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens"),
                        row.getLong("cached_tokens")),
                row.getBigDecimal("cost_usd"),
                row.getLong("responses"),
                row.getLong("timed"));
    }

    private static NameKey nameKey(ResultSet row) throws SQLException {
        return new NameKey(EventRow.instant(row, "quarter"), row.getString(2), row.getString(3));
    }

    private static void read(
            Connection connection,
            String sql,
            Instant from,
            Instant to,
            VerifyRepository.Each<ResultSet> each)
            throws SQLException {
        read(connection, sql, "", from, to, each);
    }

    private static void read(
            Connection connection,
            String sql,
            String rest,
            Instant from,
            Instant to,
            VerifyRepository.Each<ResultSet> each)
            throws SQLException {
        readAll(connection, sql + PERIOD + rest, from, to, each);
    }

    /// @param sql with the period's bounds as its parameters
    private static void readAll(
            Connection connection,
            String sql,
            Instant from,
            Instant to,
            VerifyRepository.Each<ResultSet> each)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setObject(1, VerifyRepository.utc(from));
            statement.setObject(2, VerifyRepository.utc(to));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(rows);
                }
            }
        }
    }
}
