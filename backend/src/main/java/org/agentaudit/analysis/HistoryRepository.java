package org.agentaudit.analysis;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads how long calls took.
@Singleton
class HistoryRepository {

    private final TransactionOperations<Connection> transactions;

    HistoryRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Durations in ms, among the last 2,000 events of each agent in the 30 days before. One
    /// statement, whose cost depends on the number of agents alone.
    Map<History.Work, List<Double>> durations(Collection<String> agents, Instant before) {
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    """
                                    SELECT a.agent_id, r.action, array_agg(r.duration_ms) AS durations
                                      FROM unnest(CAST(? AS text[])) AS a (agent_id)
                                     CROSS JOIN LATERAL (
                                           SELECT e.action, e.duration_ms, e.event_type
                                             FROM audit_event e
                                            WHERE e.agent_id = a.agent_id
                                              AND e.occurred_at < ?
                                              AND e.occurred_at >= CAST(? AS timestamptz) - interval '30 days'
                                            ORDER BY e.occurred_at DESC, e.arrival DESC
                                            LIMIT 2000) r
                                     WHERE r.duration_ms > 0
                                       AND r.event_type IN ('TOOL_CALL', 'TOOL_RESULT', 'SKILL_CALL', 'EXTERNAL_CALL',
                                                            'LLM_RESPONSE')
                                     GROUP BY a.agent_id, r.action
                                    """)) {
                        statement.setArray(1, connection.createArrayOf("text", agents.toArray()));
                        statement.setObject(2, before.atOffset(ZoneOffset.UTC));
                        statement.setObject(3, before.atOffset(ZoneOffset.UTC));
                        Map<History.Work, List<Double>> durations = new HashMap<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                durations.put(
                                        new History.Work(
                                                rows.getString("agent_id"),
                                                rows.getString("action")),
                                        Arrays.asList(
                                                (Double[]) rows.getArray("durations").getArray()));
                            }
                        }
                        return durations;
                    }
                });
    }
}
