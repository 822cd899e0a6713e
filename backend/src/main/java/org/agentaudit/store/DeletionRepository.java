package org.agentaudit.store;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// Records removals so that verification can account for what is missing (README, decision 11).
/// Whoever removes events or content does all of this in one transaction:
///
/// ```java
/// deletions.begin(connection);
/// // WITH gone AS (DELETE FROM audit_event … RETURNING arrival, occurred_at)
/// // INSERT INTO removed_event (arrival, occurred_at) SELECT arrival, occurred_at FROM gone
/// deletions.record(connection, new Deletion(now, Kind.EVENT, "event-expiry", "…", null, null));
/// ```
///
/// Before a whole partition is dropped its arrivals are copied the same way with INSERT … SELECT.
/// A removed event also loses its rows in `event_content` and `event_key`.
@Singleton
public class DeletionRepository {

    /// What was recorded.
    ///
    /// @param id     of the row of `deletion`
    /// @param events events removed, or whose content was removed
    public record Recorded(long id, long events) {}

    /// Makes the empty temporary table `removed_event (arrival bigint, occurred_at timestamptz)`,
    /// which takes one row for each event removed, or whose content is removed, in this
    /// transaction. Empties it when it is there.
    public void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TEMPORARY TABLE IF NOT EXISTS removed_event (
                        arrival     bigint NOT NULL,
                        occurred_at timestamptz NOT NULL
                    ) ON COMMIT DELETE ROWS
                    """);
            statement.execute("TRUNCATE removed_event");
        }
    }

    /// Records the removal of what is in `removed_event`; empty when that is nothing.
    public Optional<Recorded> record(Connection connection, Deletion deletion) throws SQLException {
        Optional<Recorded> recorded = insertDeletion(connection, deletion);
        if (recorded.isPresent()) {
            insertLeaves(connection, recorded.get().id());
        }
        return recorded;
    }

    private static Optional<Recorded> insertDeletion(Connection connection, Deletion deletion)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO deletion (at, kind, rule, reason, username, archive, events, earliest_at, latest_at)
                        SELECT CAST(? AS timestamptz), ?, ?, ?, ?, ?, count(*), min(occurred_at), max(occurred_at)
                          FROM removed_event
                        HAVING count(*) > 0
                        RETURNING id, events
                        """)) {
            statement.setString(1, deletion.at().toString());
            statement.setString(2, deletion.kind().name());
            statement.setString(3, deletion.rule());
            statement.setString(4, deletion.reason());
            statement.setString(5, deletion.username());
            statement.setString(6, deletion.archive());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Recorded(row.getLong(1), row.getLong(2)))
                        : Optional.empty();
            }
        }
    }

    /// One bitmap per batch: bytes without a removed event are filled in as zero.
    private static void insertLeaves(Connection connection, long deletionId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO deletion_leaf (deletion_id, batch_number, positions)
                        WITH marked AS MATERIALIZED (
                             SELECT arrival >> 20 AS batch_number,
                                    CAST((arrival & 1048575) >> 3 AS integer) AS at_byte,
                                    bit_or(1 << CAST(arrival & 7 AS integer)) AS bits
                               FROM removed_event
                              GROUP BY 1, 2),
                        bytes AS (
                             SELECT b.batch_number, s.at_byte
                               FROM (SELECT batch_number, max(at_byte) AS last FROM marked GROUP BY batch_number) b
                              CROSS JOIN generate_series(0, b.last) AS s (at_byte))
                        SELECT ?, batch_number,
                               string_agg(set_byte(CAST('\\x00' AS bytea), 0, coalesce(bits, 0)), CAST('' AS bytea)
                                          ORDER BY at_byte)
                          FROM bytes
                          LEFT JOIN marked USING (batch_number, at_byte)
                         GROUP BY batch_number
                        """)) {
            statement.setLong(1, deletionId);
            statement.executeUpdate();
        }
    }
}
