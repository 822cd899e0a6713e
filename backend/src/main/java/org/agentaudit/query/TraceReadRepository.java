package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Reads traces.
@Singleton
class TraceReadRepository {

    /// A trace's numbers over the events in scope.
    record Numbers(
            Instant firstAt,
            Instant endedAt,
            List<String> agentIds,
            long events,
            long errors,
            Outcome outcome,
            TokenCounts tokens,
            @Nullable BigDecimal cost,
            long allEvents,
            boolean derived,
            long producers,
            long late,
            Map<String, Long> redactions,
            long unpairedCalls,
            long missingParents,
            long missingNumbers) {}

    private static final String NUMBERS =
            """
            WITH scope AS (SELECT CAST(? AS text[]) AS patterns)
            SELECT t.trace_id, t.events AS all_events, n.*,
                   (SELECT array_agg(a.agent_id ORDER BY a.first_at, a.first_arrival)
                      FROM (SELECT e.agent_id, min(e.occurred_at) AS first_at, min(e.arrival) AS first_arrival
                              FROM audit_event e
                             WHERE e.trace_id = t.trace_id
                               AND e.occurred_at BETWEEN t.first_at AND t.last_at
                               AND e.agent_id LIKE ANY (SELECT unnest(patterns) FROM scope)
                             GROUP BY e.agent_id) a) AS agent_ids,
                   (SELECT count(*) FILTER (WHERE g.kind = 'UNPAIRED_CALL') FROM trace_gap g
                     WHERE g.trace_id = t.trace_id
                       AND g.agent_id LIKE ANY (SELECT unnest(patterns) FROM scope)) AS unpaired_calls,
                   (SELECT count(*) FILTER (WHERE g.kind = 'MISSING_PARENT') FROM trace_gap g
                     WHERE g.trace_id = t.trace_id
                       AND g.agent_id LIKE ANY (SELECT unnest(patterns) FROM scope)) AS missing_parents,
                   (SELECT least(coalesce(sum(CAST(p.last AS numeric) - p.first + 1 - p.present), 0), 9223372036854775807)
                      FROM (SELECT w.first, w.last,
                                   (SELECT sum(upper(r) - lower(r))
                                      FROM (SELECT range_agg(s.numbers * int4multirange(int4range(
                                                       CAST(CASE WHEN s.block = w.first >> 12 THEN w.first & 4095 ELSE 0 END AS integer),
                                                       CAST(CASE WHEN s.block = w.last >> 12 THEN w.last & 4095 ELSE 4095 END AS integer), '[]'))) AS numbers
                                              FROM rollup_sequence s
                                             WHERE s.producer = w.producer
                                               AND s.block BETWEEN w.first >> 12 AND w.last >> 12
                                             GROUP BY s.block) b
                                     CROSS JOIN LATERAL unnest(b.numbers) AS r) AS present
                              FROM (SELECT e.producer, min(e.seq) AS first, max(e.seq) AS last
                                      FROM audit_event e
                                     WHERE e.trace_id = t.trace_id
                                       AND e.occurred_at BETWEEN t.first_at AND t.last_at
                                       AND e.agent_id LIKE ANY (SELECT unnest(patterns) FROM scope)
                                       AND e.producer IS NOT NULL AND e.seq IS NOT NULL
                                     GROUP BY e.producer) w) p) AS missing_numbers
              FROM trace t
             CROSS JOIN LATERAL (
                   SELECT min(e.occurred_at) AS first_event_at,
                          max(e.occurred_at + make_interval(secs => (
            """
                    + SettleRepository.DURATION_MS
                    + """
                          ) / 1000)) AS ended_at,
                          count(*) AS visible_events,
                          count(*) FILTER (WHERE e.errored) AS errors,
                          bool_or(e.outcome = 'FAILURE') AS failure,
                          bool_or(e.outcome = 'PENDING') AS pending,
                          bool_or(e.outcome = 'PARTIAL') AS partial,
                          bool_or(e.outcome = 'SUCCESS') AS success,
                          least(coalesce(sum(e.input_tokens), 0), 9223372036854775807) AS input_tokens,
                          least(coalesce(sum(e.output_tokens), 0), 9223372036854775807) AS output_tokens,
                          least(coalesce(sum(e.cached_tokens), 0), 9223372036854775807) AS cached_tokens,
                          sum(e.cost_usd) AS cost_usd,
                          bool_or(e.trace_derived) AS derived,
                          count(DISTINCT coalesce(e.producer, e.agent_id)) AS producers,
                          count(*) FILTER (WHERE e.received_at > e.occurred_at + interval '1 hour') AS late,
                          string_agg((SELECT string_agg(r ->> 'detector', ' ')
                                        FROM json_array_elements(CAST(e.redactions AS json)) r
                                       WHERE r ->> 'detector' NOT IN ('minimised', 'truncated', 'unstorable', 'repeated_member')),
                                     ' ') AS detectors
                     FROM audit_event e
                    WHERE e.trace_id = t.trace_id
                      AND e.occurred_at BETWEEN t.first_at AND t.last_at
                      AND e.agent_id LIKE ANY (SELECT unnest(patterns) FROM scope)) n
             WHERE t.trace_id = ANY (?)
               AND n.visible_events > 0
            """;

    private final TransactionOperations<Connection> transactions;
    private final SettleRepository settle;

    TraceReadRepository(TransactionOperations<Connection> transactions, SettleRepository settle) {
        this.transactions = transactions;
        this.settle = settle;
    }

    /// The numbers of the traces that have an event in scope, by trace id.
    Map<String, Numbers> numbers(Viewer viewer, List<String> traceIds) {
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(NUMBERS)) {
                        statement.setArray(
                                1, connection.createArrayOf("text", viewer.scopeLikePatterns()));
                        statement.setArray(2, connection.createArrayOf("text", traceIds.toArray()));
                        Map<String, Numbers> numbers = new HashMap<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                numbers.put(rows.getString("trace_id"), numbers(rows));
                            }
                        }
                        return numbers;
                    }
                });
    }

    private static Numbers numbers(ResultSet row) throws SQLException {
        return new Numbers(
                EventRow.instant(row, "first_event_at"),
                EventRow.instant(row, "ended_at"),
                Arrays.asList((String[]) row.getArray("agent_ids").getArray()),
                row.getLong("visible_events"),
                row.getLong("errors"),
                worst(row),
                new TokenCounts(
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens"),
                        row.getLong("cached_tokens")),
                row.getBigDecimal("cost_usd"),
                row.getLong("all_events"),
                row.getBoolean("derived"),
                row.getLong("producers"),
                row.getLong("late"),
                occurrences(row.getString("detectors")),
                row.getLong("unpaired_calls"),
                row.getLong("missing_parents"),
                row.getLong("missing_numbers"));
    }

    /// How often each word occurs.
    private static Map<String, Long> occurrences(@Nullable String words) {
        Map<String, Long> counts = new HashMap<>();
        if (words != null) {
            for (String word : words.split(" ", -1)) {
                counts.merge(word, 1L, Long::sum);
            }
        }
        return counts;
    }

    List<String> ofTask(String taskId, int limit) {
        return transactions.executeRead(
                status -> {
                    try (PreparedStatement statement =
                            status.getConnection()
                                    .prepareStatement(
                                            """
                                            SELECT t.trace_id
                                              FROM trace_link l
                                              JOIN trace t USING (trace_id)
                                             WHERE l.kind = 'task' AND l.value = ?
                                             ORDER BY t.first_at, t.trace_id
                                             LIMIT ?
                                            """)) {
                        statement.setString(1, taskId);
                        statement.setInt(2, limit);
                        List<String> ids = new ArrayList<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                ids.add(rows.getString(1));
                            }
                        }
                        return ids;
                    }
                });
    }

    /// Envelopes of the whole traces that decide about call and result pairs.
    List<Envelope> pairingEvents(List<String> traceIds) {
        return transactions.executeRead(
                status -> settle.pairingEvents(status.getConnection(), traceIds));
    }

    private static Outcome worst(ResultSet row) throws SQLException {
        if (row.getBoolean("failure")) {
            return Outcome.FAILURE;
        }
        if (row.getBoolean("pending")) {
            return Outcome.PENDING;
        }
        if (row.getBoolean("partial")) {
            return Outcome.PARTIAL;
        }
        return row.getBoolean("success") ? Outcome.SUCCESS : Outcome.UNKNOWN;
    }
}
