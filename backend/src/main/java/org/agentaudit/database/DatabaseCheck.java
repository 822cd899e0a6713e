package org.agentaudit.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;

/// Asks once, before anything is started, whether a database can be used, so that the answer is one
/// sentence.
public final class DatabaseCheck {
    private static final int OLDEST = 15;
    private static final int LOGIN_SECONDS = 10;

    private DatabaseCheck() {}

    /// @throws DatabaseException when the database cannot be reached, refuses us or is too old
    public static void require(ConnectionInfo database) {
        DriverManager.setLoginTimeout(LOGIN_SECONDS);
        try (Connection connection =
                DriverManager.getConnection(
                        database.jdbcUrl(), database.username(), database.password())) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST) {
                throw new DatabaseException(
                        "The database is PostgreSQL %d; the portal needs %d or newer."
                                .formatted(version, OLDEST));
            }
        } catch (SQLException e) {
            throw new DatabaseException(
                    "The database %s cannot be used: %s Check DATASOURCES_DEFAULT_URL, DATASOURCES_DEFAULT_USERNAME and DATASOURCES_DEFAULT_PASSWORD."
                            .formatted(database, sentence(e)),
                    e);
        }
    }

    private static String sentence(SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        if (state.startsWith("28")) {
            return "it refuses the user name or password.";
        }
        if (state.equals("3D000")) {
            return "there is no database of that name on the server.";
        }
        if (state.startsWith("08")) {
            return "no PostgreSQL answers there.";
        }
        String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
        return message.lines().findFirst().orElse(message) + ".";
    }
}
