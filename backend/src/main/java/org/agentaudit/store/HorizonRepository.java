package org.agentaudit.store;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/// What followers of the log ask about commits.
@Singleton
public class HorizonRepository {

    /// Greatest batch number handed out; 0 before the first.
    public long lastBatch(Connection connection) throws SQLException {
        return number(
                connection,
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ingest_batch_number");
    }

    /// Numbers of the batches that are visible now.
    ///
    /// @param after exclusive
    public Set<Long> visibleBatches(Connection connection, long after) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT batch_number FROM leaf_batch WHERE batch_number > ?")) {
            statement.setLong(1, after);
            Set<Long> numbers = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
            return numbers;
        }
    }

    /// Gives the transaction an id, if it has none yet.
    long transactionId(Connection connection) throws SQLException {
        return number(connection, "SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)");
    }

    /// No transaction with a lower id is running.
    long oldestRunning(Connection connection) throws SQLException {
        return number(
                connection,
                "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
