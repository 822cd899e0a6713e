package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Table `access_log`: appends and reads, nothing else.
@Singleton
class AccessLogRepository {

    void append(
            Connection connection,
            Instant at,
            String username,
            AccessAction action,
            @Nullable String target,
            @Nullable String reason,
            @Nullable String remoteAddress)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO access_log (at, username, action, target, reason, remote_address)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)) {
            statement.setObject(1, Rows.utc(at));
            statement.setString(2, username);
            statement.setString(3, action.name());
            statement.setString(4, target);
            statement.setString(5, reason);
            statement.setString(6, remoteAddress);
            statement.executeUpdate();
        }
    }

    /// Newest first; at most `limit` entries with a smaller id than `before`.
    List<AccessLogEntry> latest(Connection connection, long before, int limit) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT id, at, username, action, target, reason, remote_address
                          FROM access_log
                         WHERE id < ?
                         ORDER BY id DESC
                         LIMIT ?
                        """)) {
            statement.setLong(1, before);
            statement.setInt(2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<AccessLogEntry> entries = new ArrayList<>();
                while (rows.next()) {
                    entries.add(
                            new AccessLogEntry(
                                    rows.getLong("id"),
                                    Rows.instant(rows, "at"),
                                    rows.getString("username"),
                                    AccessAction.valueOf(rows.getString("action")),
                                    rows.getString("target"),
                                    rows.getString("reason"),
                                    rows.getString("remote_address")));
                }
                return entries;
            }
        }
    }
}
