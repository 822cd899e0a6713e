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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
                           AND (CAST(? AS text) IS NULL OR action = ?)
                           AND (CAST(? AS text) IS NULL OR position(lower(?) IN lower(target)) > 0)
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
            AccessAction action = query.action();
            statement.setString(7, action == null ? null : action.name());
            statement.setString(8, action == null ? null : action.name());
            statement.setString(9, query.target());
            statement.setString(10, query.target());
            statement.setObject(11, place, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(12, place, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setLong(13, after == null ? 0 : after.id());
            statement.setInt(14, query.limit());
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

    /// When each user signed in last, by name; who never did is missing.
    Map<String, Instant> lastSignIns(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT username, max(at) AS at
                                  FROM access_log
                                 WHERE action = 'SIGN_IN'
                                 GROUP BY username
                                """);
                ResultSet rows = statement.executeQuery()) {
            Map<String, Instant> last = new HashMap<>();
            while (rows.next()) {
                last.put(rows.getString("username"), Rows.instant(rows, "at"));
            }
            return last;
        }
    }
}
