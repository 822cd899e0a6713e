package org.agentaudit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentaudit.database.ConnectionInfo;
import org.agentaudit.database.DatabaseException;
import org.agentaudit.database.EmbeddedDatabase;

/// Fresh databases on a real PostgreSQL for tests; one server per JVM, started with the first
/// database.
///
/// ```java
/// @MicronautTest
/// @TestInstance(TestInstance.Lifecycle.PER_CLASS)
/// class FooIT implements TestPropertyProvider {
///     @Override
///     public Map<String, String> getProperties() {
///         return TestDatabase.create().properties();
///     }
/// }
/// ```
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int SIDE_BY_SIDE = 16;

    private TestDatabase() {}

    /// An empty database.
    public record Fresh(String jdbcUrl, String username, String password) {

        /// Makes it the portal's database, and lets the server listen on a free port.
        public Map<String, String> properties() {
            Map<String, String> properties = new LinkedHashMap<>();
            properties.put("datasources.default.url", jdbcUrl);
            properties.put("datasources.default.username", username);
            properties.put("datasources.default.password", password);
            properties.put("micronaut.server.port", "-1");
            // tests store events of any age
            properties.put("portal.retention.automatic", "false");
            return properties;
        }

        public Connection connect() throws SQLException {
            return DriverManager.getConnection(jdbcUrl, username, password);
        }
    }

    public static Fresh create() {
        ConnectionInfo server = Server.RUNNING;
        String name = "test_" + COUNT.incrementAndGet();
        try (Connection connection = superuser(server);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " OWNER " + EmbeddedDatabase.NAME);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Fresh(url(server, name), server.username(), server.password());
    }

    private static String url(ConnectionInfo server, String database) {
        return server.jdbcUrl().replaceFirst("/" + EmbeddedDatabase.NAME + "$", "/" + database);
    }

    private static Connection superuser(ConnectionInfo server) throws SQLException {
        return DriverManager.getConnection(
                url(server, "postgres"), EmbeddedDatabase.SUPERUSER, server.password());
    }

    /// Kept below `target`: unpacked and initialised once per checkout, and the server of a killed
    /// test run is stopped by the next one.
    private static final class Server {
        static final ConnectionInfo RUNNING = start();

        private static ConnectionInfo start() {
            Path parent = Path.of(System.getProperty("basedir", "."), "target", "test-database");
            // speed before durability, in tests only
            Map<String, String> settings =
                    Map.of("fsync", "off", "full_page_writes", "off", "shared_buffers", "128MB");
            DatabaseException last = null;
            for (int i = 0; i < SIDE_BY_SIDE; i++) {
                EmbeddedDatabase database =
                        new EmbeddedDatabase(
                                parent.resolve(Integer.toString(i)), settings, message -> {});
                try {
                    ConnectionInfo server = database.start();
                    Runtime.getRuntime().addShutdownHook(new Thread(database::close));
                    dropOldDatabases(server);
                    return server;
                } catch (DatabaseException e) {
                    // another JVM of this checkout tests with this folder
                    database.close();
                    last = e;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
            throw new IllegalStateException(last);
        }

        private static void dropOldDatabases(ConnectionInfo server) throws SQLException {
            try (Connection connection = superuser(server);
                    Statement statement = connection.createStatement()) {
                List<String> old = new ArrayList<>();
                try (ResultSet rows =
                        statement.executeQuery(
                                "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")) {
                    while (rows.next()) {
                        old.add(rows.getString(1));
                    }
                }
                for (String name : old) {
                    statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
                }
            }
        }
    }
}
