package org.agentaudit.query;

import io.micronaut.transaction.TransactionDefinition.Isolation;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Reads calls and decisions of a period: whole days and quarter hours from `rollup_call`, the rest
/// from `trace_call`.
@Singleton
class CallReadRepository {

    /// Calls of a tool.
    ///
    /// @param tool null: of all tools that are not among the most used
    record ToolSums(
            @Nullable String tool, long calls, long errors, long unpaired, Latencies latencies) {}

    /// Outcomes of an action of an agent.
    ///
    /// @param agentId null, as `action`: of all that are not among the worst
    record OutcomeSums(
            @Nullable String agentId,
            @Nullable String action,
            long successes,
            long failures,
            long partials) {}

    private static final String ROLLUP =
            """
            SELECT agent_id, action, calls, errors, successes, failures, partials, unpaired, timed, sum_ms, max_ms, latency
              FROM rollup_call
             WHERE span = '%s' AND start >= ? AND start < ? AND agent_id LIKE ANY (?)
               AND (CAST(? AS text) IS NULL OR agent_id = ?) AND event_type = ANY (?)
            """;
    private static final String PARTS =
            PeriodParts.with(
                    ROLLUP.formatted(RollupSpan.DAY),
                    ROLLUP.formatted(RollupSpan.QUARTER),
                    """
                    SELECT agent_id, action, 1,
                           CASE WHEN event_type = 'TOOL_CALL' AND outcome = 'FAILURE' THEN 1 ELSE 0 END,
                           CASE outcome WHEN 'SUCCESS' THEN 1 ELSE 0 END,
                           CASE outcome WHEN 'FAILURE' THEN 1 ELSE 0 END,
                           CASE outcome WHEN 'PARTIAL' THEN 1 ELSE 0 END,
                           CAST(unpaired AS integer), CASE WHEN duration_ms IS NULL THEN 0 ELSE 1 END,
                           CAST(duration_ms AS numeric), duration_ms, CAST(NULL AS bytea)
                      FROM trace_call
                     WHERE occurred_at >= ? AND occurred_at < ? AND agent_id LIKE ANY (?)
                       AND (CAST(? AS text) IS NULL OR agent_id = ?) AND event_type = ANY (?)
                    """);

    private final TransactionOperations<Connection> transactions;

    CallReadRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Tool calls of the most used tools, and last of all others together, if there are any.
    List<ToolSums> tools(
            Viewer viewer, PeriodParts parts, @Nullable String agentId, int mostTools) {
        DefaultTransactionDefinition snapshot = new DefaultTransactionDefinition();
        snapshot.setIsolationLevel(Isolation.REPEATABLE_READ);
        snapshot.setReadOnly(true);
        List<@Nullable Object> period =
                parts.values(viewer, agentId, (Object) new String[] {"TOOL_CALL"});
        return transactions.execute(
                snapshot,
                status -> {
                    Connection connection = status.getConnection();
                    List<@Nullable Object> values = new ArrayList<>(period);
                    values.add(mostTools);
                    List<ToolSums> tools =
                            QueryRows.list(
                                    connection,
                                    PARTS
                                            + """
                                            SELECT CASE WHEN place <= ? THEN action END AS tool, sum(calls), sum(errors),
                                                   sum(unpaired)
                                              FROM (SELECT action, sum(calls) AS calls, sum(errors) AS errors,
                                                           sum(unpaired) AS unpaired,
                                                           row_number() OVER (ORDER BY sum(calls) DESC, action) AS place
                                                      FROM part
                                                     GROUP BY action) t
                                             GROUP BY 1
                                             ORDER BY min(place)
                                            """,
                                    row ->
                                            new ToolSums(
                                                    row.getString(1),
                                                    row.getLong(2),
                                                    row.getLong(3),
                                                    row.getLong(4),
                                                    new Latencies()),
                                    values);
                    addLatencies(connection, period, tools);
                    return tools;
                });
    }

    private static void addLatencies(
            Connection connection, List<@Nullable Object> period, List<ToolSums> tools)
            throws SQLException {
        Map<@Nullable String, Latencies> latencies = new HashMap<>();
        tools.forEach(tool -> latencies.put(tool.tool(), tool.latencies()));
        QueryRows.each(
                connection,
                PARTS + "SELECT action, timed, sum_ms, max_ms, latency FROM part WHERE timed > 0",
                row -> {
                    Latencies own = latencies.get(row.getString(1));
                    Latencies sums = own == null ? latencies.get(null) : own;
                    byte[] sketch = row.getBytes(5);
                    if (sums == null) {
                        throw new IllegalStateException("a tool without calls has durations");
                    } else if (sketch == null) {
                        sums.add(row.getDouble(4));
                    } else {
                        sums.add(row.getLong(2), row.getDouble(3), row.getDouble(4), sketch);
                    }
                },
                period);
    }

    /// Groups with more than `minimum` outcomes that say something, the lowest share of successes
    /// first; beyond `most` groups the rest together, last.
    List<OutcomeSums> outcomes(
            Viewer viewer, PeriodParts parts, List<String> types, long minimum, int most) {
        List<@Nullable Object> values =
                new ArrayList<>(parts.values(viewer, null, (Object) types.toArray(String[]::new)));
        values.add(minimum);
        values.add(most);
        values.add(most);
        return transactions.executeRead(
                status ->
                        QueryRows.list(
                                status.getConnection(),
                                PARTS
                                        + """
                                        , outcomes AS (
                                              SELECT agent_id, action, sum(successes) AS successes, sum(failures) AS failures,
                                                     sum(partials) AS partials,
                                                     sum(successes + failures + partials) AS total
                                                FROM part
                                               GROUP BY agent_id, action
                                              HAVING sum(successes + failures + partials) > ?)
                                        SELECT CASE WHEN place <= ? THEN agent_id END, CASE WHEN place <= ? THEN action END,
                                               sum(successes), sum(failures), sum(partials)
                                          FROM (SELECT *,
                                                       row_number() OVER (
                                                           ORDER BY CAST(successes AS double precision)
                                                                    / CAST(total AS double precision), agent_id, action)
                                                           AS place
                                                  FROM outcomes) o
                                         GROUP BY 1, 2
                                         ORDER BY min(place)
                                        """,
                                row ->
                                        new OutcomeSums(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getLong(3),
                                                row.getLong(4),
                                                row.getLong(5)),
                                values));
    }
}
