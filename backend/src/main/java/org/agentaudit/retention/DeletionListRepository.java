package org.agentaudit.retention;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.agentaudit.store.EventRow;

/// Reads the record of deletions.
@Singleton
class DeletionListRepository {

    /// Newest first; at most `limit` with a smaller number than `before`.
    List<RecordedDeletion> latest(Connection connection, long before, int limit)
            throws SQLException {
        return RetentionRows.list(
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
