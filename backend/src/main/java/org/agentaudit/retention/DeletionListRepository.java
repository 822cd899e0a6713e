package org.agentaudit.retention;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;

/// Reads the record of deletions.
@Singleton
class DeletionListRepository {

    /// Names of the archive files that hold what was removed.
    List<String> archives(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                "SELECT archive FROM deletion WHERE archive IS NOT NULL ORDER BY id",
                row -> row.getString(1));
    }

    /// The archive files there are.
    ArchivePeriod archivePeriod(Connection connection) throws SQLException {
        return Rows.list(
                        connection,
                        """
                        SELECT count(*) AS files, min(earliest_at) AS earliest, max(latest_at) AS latest
                          FROM deletion
                         WHERE archive IS NOT NULL
                        """,
                        row ->
                                new ArchivePeriod(
                                        row.getLong("files"),
                                        EventRow.instantOrNull(row, "earliest"),
                                        EventRow.instantOrNull(row, "latest")))
                .getFirst();
    }

    /// Newest first; at most `limit` with a smaller number than `before`.
    List<RecordedDeletion> latest(Connection connection, long before, int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT id, at, kind, rule, reason, username, events, earliest_at, latest_at, archive
                  FROM deletion
                 WHERE id < ?
                 ORDER BY id DESC
                 LIMIT ?
                """,
                row ->
                        new RecordedDeletion(
                                row.getLong("id"),
                                EventRow.instant(row, "at"),
                                row.getString("kind"),
                                row.getString("rule"),
                                row.getString("reason"),
                                row.getString("username"),
                                row.getLong("events"),
                                EventRow.instant(row, "earliest_at"),
                                EventRow.instant(row, "latest_at"),
                                row.getString("archive")),
                before,
                limit);
    }
}
