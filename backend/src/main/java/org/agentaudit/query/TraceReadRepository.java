package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
            long redactions,
            long unpairedCalls,
            long missingParents) {}

    private static final String OF_TRACE =
            """
             FROM audit_event e
            WHERE e.trace_id = ?
              AND e.occurred_at >= (SELECT first_at FROM trace WHERE trace_id = ?)
              AND e.occurred_at <= (SELECT last_at FROM trace WHERE trace_id = ?)
            """;

    private final TransactionOperations<Connection> transactions;
    private final SettleRepository settle;

    TraceReadRepository(
            TransactionOperations<Connection> transactions, SettleRepository settle) {
        this.transactions = transactions;
        this.settle = settle;
    }

    Optional<Numbers> numbers(Viewer viewer, String traceId) {
        String sql =
                """
                SELECT min(occurred_at) AS first_at,
                       max(occurred_at + make_interval(secs => coalesce(duration_ms, 0) / 1000)) AS ended_at,
                       (SELECT array_agg(a.agent_id ORDER BY a.first_at, a.first_arrival)
                          FROM (SELECT e.agent_id, min(e.occurred_at) AS first_at, min(e.arrival) AS first_arrival
                """
                        + OF_TRACE
                        + """
                                   AND e.agent_id LIKE ANY (?)
                                 GROUP BY e.agent_id) a) AS agent_ids,
                       count(*) AS events,
                       count(*) FILTER (WHERE errored) AS errors,
                       bool_or(outcome = 'FAILURE') AS failure,
                       bool_or(outcome = 'PENDING') AS pending,
                       bool_or(outcome = 'PARTIAL') AS partial,
                       bool_or(outcome = 'SUCCESS') AS success,
                       coalesce(sum(input_tokens), 0) AS input_tokens,
                       coalesce(sum(output_tokens), 0) AS output_tokens,
                       coalesce(sum(cached_tokens), 0) AS cached_tokens,
                       sum(cost_usd) AS cost_usd,
                       bool_or(trace_derived) AS derived,
                       count(DISTINCT coalesce(producer, agent_id)) AS producers,
                       count(*) FILTER (WHERE received_at > occurred_at + interval '1 hour') AS late,
                       coalesce(sum(json_array_length(CAST(redactions AS json))), 0) AS redactions,
                       (SELECT events FROM trace WHERE trace_id = ?) AS all_events,
                       (SELECT coalesce(sum(unpaired_calls), 0) FROM trace_gap
                         WHERE trace_id = ? AND agent_id LIKE ANY (?)) AS unpaired_calls,
                       (SELECT coalesce(sum(missing_parents), 0) FROM trace_gap
                         WHERE trace_id = ? AND agent_id LIKE ANY (?)) AS missing_parents
                """
                        + OF_TRACE
                        + " AND e.agent_id LIKE ANY (?)";
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        Array scope =
                                connection.createArrayOf("text", viewer.scopeLikePatterns());
                        for (int parameter : new int[] {1, 2, 3, 5, 6, 8, 10, 11, 12}) {
                            statement.setString(parameter, traceId);
                        }
                        for (int parameter : new int[] {4, 7, 9, 13}) {
                            statement.setArray(parameter, scope);
                        }
                        try (ResultSet row = statement.executeQuery()) {
                            row.next();
                            if (row.getLong("events") == 0) {
                                return Optional.empty();
                            }
                            return Optional.of(
                                    new Numbers(
                                            EventRow.instant(row, "first_at"),
                                            EventRow.instant(row, "ended_at"),
                                            Arrays.asList(
                                                    (String[])
                                                            row.getArray("agent_ids").getArray()),
                                            row.getLong("events"),
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
                                            row.getLong("redactions"),
                                            row.getLong("unpaired_calls"),
                                            row.getLong("missing_parents")));
                        }
                    }
                });
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
