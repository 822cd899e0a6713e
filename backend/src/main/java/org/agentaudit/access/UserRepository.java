package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Table `user_account`.
@Singleton
class UserRepository {

    record StoredUser(UserAccount account, String passwordHash) {}

    /// False when the name is taken.
    boolean insert(Connection connection, UserAccount user, String passwordHash)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO user_account
                               (username, password_hash, roles, agent_scope, disabled, created_at, changed_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (username) DO NOTHING
                        """)) {
            statement.setString(1, user.username());
            statement.setString(2, passwordHash);
            statement.setArray(3, textArray(connection, names(user.roles())));
            statement.setArray(4, textArray(connection, user.agentScope()));
            statement.setBoolean(5, user.disabled());
            statement.setObject(6, Rows.utc(user.createdAt()));
            statement.setObject(7, Rows.utc(user.createdAt()));
            return statement.executeUpdate() == 1;
        }
    }

    Optional<StoredUser> find(Connection connection, String username) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT username, password_hash, roles, agent_scope, disabled, created_at
                          FROM user_account
                         WHERE username = ?
                        """)) {
            statement.setString(1, username);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(
                                new StoredUser(account(rows), rows.getString("password_hash")))
                        : Optional.empty();
            }
        }
    }

    /// All accounts by name.
    List<UserAccount> list(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT username, roles, agent_scope, disabled, created_at
                                  FROM user_account
                                 ORDER BY username
                                """);
                ResultSet rows = statement.executeQuery()) {
            List<UserAccount> accounts = new ArrayList<>();
            while (rows.next()) {
                accounts.add(account(rows));
            }
            return accounts;
        }
    }

    /// Names of those who may sign in and administer the portal; they stay so until the transaction
    /// is over.
    List<String> lockAdministrators(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT username
                                  FROM user_account
                                 WHERE 'ADMIN' = ANY (roles)
                                   AND NOT disabled
                                 ORDER BY username
                                   FOR UPDATE
                                """);
                ResultSet rows = statement.executeQuery()) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString("username"));
            }
            return names;
        }
    }

    boolean setPassword(Connection connection, String username, String passwordHash, Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE user_account SET password_hash = ?, changed_at = ? WHERE username = ?
                        """)) {
            statement.setString(1, passwordHash);
            statement.setObject(2, Rows.utc(now));
            statement.setString(3, username);
            return statement.executeUpdate() == 1;
        }
    }

    boolean setRoles(
            Connection connection,
            String username,
            Set<Role> roles,
            List<String> agentScope,
            Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE user_account SET roles = ?, agent_scope = ?, changed_at = ? WHERE username = ?
                        """)) {
            statement.setArray(1, textArray(connection, names(roles)));
            statement.setArray(2, textArray(connection, agentScope));
            statement.setObject(3, Rows.utc(now));
            statement.setString(4, username);
            return statement.executeUpdate() == 1;
        }
    }

    boolean setDisabled(Connection connection, String username, boolean disabled, Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE user_account SET disabled = ?, changed_at = ? WHERE username = ?
                        """)) {
            statement.setBoolean(1, disabled);
            statement.setObject(2, Rows.utc(now));
            statement.setString(3, username);
            return statement.executeUpdate() == 1;
        }
    }

    /// Reads the columns username, roles, agent_scope, disabled, created_at.
    static UserAccount account(ResultSet rows) throws SQLException {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String role : Rows.texts(rows, "roles")) {
            roles.add(Role.valueOf(role));
        }
        return new UserAccount(
                rows.getString("username"),
                roles,
                Rows.texts(rows, "agent_scope"),
                rows.getBoolean("disabled"),
                Rows.instant(rows, "created_at"));
    }

    private static List<String> names(Set<Role> roles) {
        return roles.stream().map(Role::name).sorted().toList();
    }

    private static Array textArray(Connection connection, Collection<String> texts)
            throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }
}
