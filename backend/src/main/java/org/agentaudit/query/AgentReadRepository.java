package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Reads agents.
@Singleton
class AgentReadRepository {

    private final TransactionOperations<Connection> transactions;

    AgentReadRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Agents in scope between two ids, both excluded and null for open, in code-point order or its
    /// reverse.
    List<Agent> find(
            Viewer viewer,
            @Nullable String after,
            @Nullable String before,
            boolean ascending,
            int limit) {
        String sql =
                """
                SELECT agent_id, first_seen, last_seen
                  FROM agent
                 WHERE agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id > ?)
                   AND (CAST(? AS text) IS NULL OR agent_id < ?)
                """
                        + (ascending ? " ORDER BY agent_id" : " ORDER BY agent_id DESC")
                        + " LIMIT ?";
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        statement.setArray(
                                1, connection.createArrayOf("text", viewer.scopeLikePatterns()));
                        statement.setString(2, after);
                        statement.setString(3, after);
                        statement.setString(4, before);
                        statement.setString(5, before);
                        statement.setInt(6, limit);
                        List<Agent> agents = new ArrayList<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                agents.add(
                                        new Agent(
                                                rows.getString("agent_id"),
                                                EventRow.instant(rows, "first_seen"),
                                                EventRow.instant(rows, "last_seen")));
                            }
                        }
                        return agents;
                    }
                });
    }

    List<Agent> firstSeenIn(Viewer viewer, Period period, int limit) {
        return transactions.executeRead(
                status ->
                        Rows.list(
                                status.getConnection(),
                                """
                                SELECT agent_id, first_seen, last_seen
                                  FROM agent
                                 WHERE agent_id LIKE ANY (?) AND first_seen >= ? AND first_seen < ?
                                 ORDER BY first_seen, agent_id
                                 LIMIT ?
                                """,
                                row ->
                                        new Agent(
                                                row.getString("agent_id"),
                                                EventRow.instant(row, "first_seen"),
                                                EventRow.instant(row, "last_seen")),
                                viewer.scopeLikePatterns(),
                                period.from(),
                                period.to(),
                                limit));
    }

    /// Ids in the viewer's scope that match one of the patterns, in code-point order.
    ///
    /// @param patterns SQL `LIKE` patterns
    List<String> matching(Viewer viewer, String[] patterns, int limit) {
        return transactions.executeRead(
                status ->
                        QueryRows.list(
                                status.getConnection(),
                                """
                                SELECT agent_id
                                  FROM agent
                                 WHERE agent_id LIKE ANY (?) AND agent_id LIKE ANY (?)
                                 ORDER BY agent_id
                                 LIMIT ?
                                """,
                                row -> row.getString("agent_id"),
                                List.of(viewer.scopeLikePatterns(), patterns, limit)));
    }

    List<Agent> byIds(List<String> ids) {
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    """
                                    SELECT agent_id, first_seen, last_seen
                                      FROM agent
                                     WHERE agent_id = ANY (?)
                                     ORDER BY agent_id
                                    """)) {
                        statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
                        List<Agent> agents = new ArrayList<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                agents.add(
                                        new Agent(
                                                rows.getString("agent_id"),
                                                EventRow.instant(rows, "first_seen"),
                                                EventRow.instant(rows, "last_seen")));
                            }
                        }
                        return agents;
                    }
                });
    }
}
