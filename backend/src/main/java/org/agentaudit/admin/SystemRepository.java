package org.agentaudit.admin;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reads what PostgreSQL says of itself, and how much work waits in the tables. No event is read.
@Singleton
class SystemRepository {

    private final TransactionOperations<Connection> transactions;

    SystemRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// @param version         of the server, for instance `17.2`
    /// @param bytes           of the whole database
    /// @param schema          version of the newest migration
    /// @param unsettled       traces with events that reports have still to take in
    /// @param findingsDue     traces that the detectors have still to look at
    /// @param sessions        sign-ins that are valid now
    /// @param partitions      one per month, newest first
    record Database(
            String version,
            long bytes,
            String schema,
            long unsettled,
            long findingsDue,
            long sessions,
            List<SystemPage.Partition> partitions) {}

    Database read() {
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    List<SystemPage.Partition> partitions = partitions(connection);
                    try (PreparedStatement statement =
                                    connection.prepareStatement(
                                            """
                                            SELECT current_setting('server_version') AS version,
                                                   pg_database_size(current_database()) AS bytes,
                                                   (SELECT max(version) FROM flyway_schema_history WHERE success) AS schema,
                                                   (SELECT count(*) FROM trace_touched) AS unsettled,
                                                   (SELECT count(*) FROM finding_due) AS findings_due,
                                                   (SELECT count(*) FROM user_session
                                                     WHERE revoked_at IS NULL AND expires_at > now()) AS sessions
                                            """);
                            ResultSet row = statement.executeQuery()) {
                        row.next();
                        return new Database(
                                row.getString("version"),
                                row.getLong("bytes"),
                                row.getString("schema"),
                                row.getLong("unsettled"),
                                row.getLong("findings_due"),
                                row.getLong("sessions"),
                                partitions);
                    }
                });
    }

    /// Rows are PostgreSQL's estimate: counting them would read every event.
    private static List<SystemPage.Partition> partitions(Connection connection)
            throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT child.relname AS name,
                                       CAST(greatest(child.reltuples, 0) AS bigint) AS events,
                                       pg_total_relation_size(child.oid) AS bytes
                                  FROM pg_inherits
                                  JOIN pg_class parent ON parent.oid = inhparent
                                  JOIN pg_class child ON child.oid = inhrelid
                                 WHERE parent.relname = 'audit_event'
                                   AND parent.relnamespace = CAST(current_schema() AS regnamespace)
                                 ORDER BY child.relname DESC
                                """);
                ResultSet rows = statement.executeQuery()) {
            List<SystemPage.Partition> partitions = new ArrayList<>();
            while (rows.next()) {
                partitions.add(
                        new SystemPage.Partition(
                                rows.getString("name"),
                                rows.getLong("events"),
                                rows.getLong("bytes")));
            }
            return partitions;
        }
    }
}
