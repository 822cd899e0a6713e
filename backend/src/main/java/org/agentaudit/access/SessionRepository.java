package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Table `user_session`.
@Singleton
class SessionRepository {

    /// A session that is neither over nor revoked, of a user who is not disabled, with the user's
    /// roles of now.
    record LiveSession(UUID id, UserAccount user, Instant expiresAt) {}

    void insert(
            Connection connection,
            UUID id,
            String username,
            Identity.Kind kind,
            byte[] secretHash,
            Instant now,
            Instant expiresAt)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO user_session (id, username, kind, secret_hash, created_at, expires_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)) {
            statement.setObject(1, id);
            statement.setString(2, username);
            statement.setString(3, kind.name());
            statement.setBytes(4, secretHash);
            statement.setObject(5, Rows.utc(now));
            statement.setObject(6, Rows.utc(expiresAt));
            statement.executeUpdate();
        }
    }

    Optional<LiveSession> apiSession(Connection connection, UUID id, Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT s.id, s.expires_at, u.username, u.roles, u.agent_scope, u.disabled, u.created_at
                          FROM user_session s
                          JOIN user_account u ON u.username = s.username
                         WHERE s.id = ?
                           AND s.kind = 'API'
                           AND s.revoked_at IS NULL
                           AND s.expires_at > ?
                           AND NOT u.disabled
                        """)) {
            statement.setObject(1, id);
            statement.setObject(2, Rows.utc(now));
            return live(statement);
        }
    }

    Optional<LiveSession> browserSession(Connection connection, byte[] secretHash, Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT s.id, s.expires_at, u.username, u.roles, u.agent_scope, u.disabled, u.created_at
                          FROM user_session s
                          JOIN user_account u ON u.username = s.username
                         WHERE s.secret_hash = ?
                           AND s.kind = 'BROWSER'
                           AND s.revoked_at IS NULL
                           AND s.expires_at > ?
                           AND NOT u.disabled
                        """)) {
            statement.setBytes(1, secretHash);
            statement.setObject(2, Rows.utc(now));
            return live(statement);
        }
    }

    /// Replaces the refresh token of a live session; false when `oldHash` is not the token that is
    /// valid now.
    boolean rotate(Connection connection, UUID id, byte[] oldHash, byte[] newHash, Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE user_session
                           SET secret_hash = ?
                         WHERE id = ?
                           AND secret_hash = ?
                           AND kind = 'API'
                           AND revoked_at IS NULL
                           AND expires_at > ?
                        """)) {
            statement.setBytes(1, newHash);
            statement.setObject(2, id);
            statement.setBytes(3, oldHash);
            statement.setObject(4, Rows.utc(now));
            return statement.executeUpdate() == 1;
        }
    }

    /// False when there was nothing left to revoke.
    boolean revoke(Connection connection, UUID id, Instant now) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE user_session SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL
                        """)) {
            statement.setObject(1, Rows.utc(now));
            statement.setObject(2, id);
            return statement.executeUpdate() == 1;
        }
    }

    void revokeAll(Connection connection, String username, Instant now) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE user_session SET revoked_at = ? WHERE username = ? AND revoked_at IS NULL
                        """)) {
            statement.setObject(1, Rows.utc(now));
            statement.setString(2, username);
            statement.executeUpdate();
        }
    }

    void deleteExpiredBefore(Connection connection, Instant time) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM user_session WHERE expires_at < ?")) {
            statement.setObject(1, Rows.utc(time));
            statement.executeUpdate();
        }
    }

    private static Optional<LiveSession> live(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next()
                    ? Optional.of(
                            new LiveSession(
                                    rows.getObject("id", UUID.class),
                                    UserRepository.account(rows),
                                    Rows.instant(rows, "expires_at")))
                    : Optional.empty();
        }
    }
}
