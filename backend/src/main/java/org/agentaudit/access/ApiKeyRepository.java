package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Table `api_key`.
@Singleton
class ApiKeyRepository {

    /// Empty when the name is taken.
    Optional<ApiKey> insert(
            Connection connection,
            String name,
            String prefix,
            byte[] tokenHash,
            Role role,
            String createdBy,
            Instant now,
            @Nullable Instant expiresAt)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO api_key (name, prefix, token_hash, role, created_at, created_by, expires_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (name) DO NOTHING
                        RETURNING id, name, prefix, role, created_at, created_by, expires_at, revoked_at, last_used_at
                        """)) {
            statement.setString(1, name);
            statement.setString(2, prefix);
            statement.setBytes(3, tokenHash);
            statement.setString(4, role.name());
            statement.setObject(5, Rows.utc(now));
            statement.setString(6, createdBy);
            statement.setObject(7, Rows.utcOrNull(expiresAt));
            return first(statement);
        }
    }

    /// All keys, newest first, revoked ones too.
    List<ApiKey> list(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT id, name, prefix, role, created_at, created_by, expires_at, revoked_at, last_used_at
                                  FROM api_key
                                 ORDER BY id DESC
                                """);
                ResultSet rows = statement.executeQuery()) {
            List<ApiKey> keys = new ArrayList<>();
            while (rows.next()) {
                keys.add(key(rows));
            }
            return keys;
        }
    }

    /// A key that is neither over nor revoked.
    Optional<ApiKey> live(Connection connection, byte[] tokenHash, Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT id, name, prefix, role, created_at, created_by, expires_at, revoked_at, last_used_at
                          FROM api_key
                         WHERE token_hash = ?
                           AND revoked_at IS NULL
                           AND (expires_at IS NULL OR expires_at > ?)
                        """)) {
            statement.setBytes(1, tokenHash);
            statement.setObject(2, Rows.utc(now));
            return first(statement);
        }
    }

    void used(Connection connection, long id, Instant now) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE api_key SET last_used_at = ? WHERE id = ?")) {
            statement.setObject(1, Rows.utc(now));
            statement.setLong(2, id);
            statement.executeUpdate();
        }
    }

    /// False when there is no such key, or it was revoked before.
    boolean revoke(Connection connection, String name, Instant now) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE api_key SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL
                        """)) {
            statement.setObject(1, Rows.utc(now));
            statement.setString(2, name);
            return statement.executeUpdate() == 1;
        }
    }

    private static Optional<ApiKey> first(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(key(rows)) : Optional.empty();
        }
    }

    private static ApiKey key(ResultSet rows) throws SQLException {
        return new ApiKey(
                rows.getLong("id"),
                rows.getString("name"),
                rows.getString("prefix"),
                Role.valueOf(rows.getString("role")),
                Rows.instant(rows, "created_at"),
                rows.getString("created_by"),
                Rows.instantOrNull(rows, "expires_at"),
                Rows.instantOrNull(rows, "revoked_at"),
                Rows.instantOrNull(rows, "last_used_at"));
    }
}
