package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
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

    /// Newest first.
    List<AccessLogEntry> find(Connection connection, AccessLogQuery query) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT id, at, username, action, target, reason, remote_address
                          FROM access_log
                         WHERE (CAST(? AS timestamptz) IS NULL OR at >= ?)
                           AND (CAST(? AS timestamptz) IS NULL OR at < ?)
                           AND (CAST(? AS text) IS NULL OR username = ?)
                           AND (CAST(? AS timestamptz) IS NULL OR (at, id) < (?, ?))
                         ORDER BY at DESC, id DESC
                         LIMIT ?
                        """)) {
            AccessLogQuery.Place after = query.after();
            OffsetDateTime place = after == null ? null : Rows.utc(after.at());
            statement.setObject(1, Rows.utcOrNull(query.from()), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(2, Rows.utcOrNull(query.from()), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(3, Rows.utcOrNull(query.to()), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(4, Rows.utcOrNull(query.to()), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setString(5, query.username());
            statement.setString(6, query.username());
            statement.setObject(7, place, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(8, place, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setLong(9, after == null ? 0 : after.id());
            statement.setInt(10, query.limit());
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
