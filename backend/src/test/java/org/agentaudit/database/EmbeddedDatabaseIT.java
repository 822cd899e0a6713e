package org.agentaudit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
    @TempDir Path folder;
    private final List<EmbeddedDatabase> started = new ArrayList<>();

    private EmbeddedDatabase database() {
        EmbeddedDatabase database = new EmbeddedDatabase(folder.resolve("data"), message -> {});
        started.add(database);
        return database;
    }

    @AfterEach
    void stop() {
        started.forEach(EmbeddedDatabase::close);
        assertThat(EmbeddedDatabase.serverProcess(folder.resolve("data"))).isEmpty();
    }

    private static Connection connect(ConnectionInfo database) throws SQLException {
        return DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password());
    }

    private static String ask(ConnectionInfo database, String question) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void tell(ConnectionInfo database, String... commands) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
    }

    @Test
    void start_keepsEveryCommitOnDisk() throws SQLException {
        ConnectionInfo running = database().start();
        assertThat(ask(running, "SHOW fsync")).isEqualTo("on");
        assertThat(ask(running, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(ask(running, "SHOW full_page_writes")).isEqualTo("on");
        assertThat(ask(running, "SHOW data_checksums")).isEqualTo("on");
        assertThat(ask(running, "SHOW timezone")).isEqualTo("UTC");
        assertThat(ask(running, "SHOW server_encoding")).isEqualTo("UTF8");
    }

    @Test
    void start_listensOnLoopbackForThoseWithThePassword() throws Exception {
        ConnectionInfo running = database().start();
        ConnectionInfo superuser =
                new ConnectionInfo(
                        running.jdbcUrl(), EmbeddedDatabase.SUPERUSER, running.password());
        assertThat(ask(superuser, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(ask(superuser, "SHOW unix_socket_directories")).isEmpty();
        assertThat(ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("f");
        for (String user : List.of(running.username(), EmbeddedDatabase.SUPERUSER)) {
            for (String password : List.of("", "postgres", "wrong")) {
                assertThatThrownBy(
                                () ->
                                        DriverManager.getConnection(
                                                running.jdbcUrl(), user, password))
                        .isInstanceOf(SQLException.class);
            }
        }
        assertThat(Files.getPosixFilePermissions(folder.resolve("data/postgres/password")))
                .hasToString("[OWNER_READ, OWNER_WRITE]");
        assertThat(running.toString()).doesNotContain(running.password());
    }

    @Test
    void restart_keepsDataAndPort() throws SQLException {
        EmbeddedDatabase first = database();
        ConnectionInfo before = first.start();
        tell(before, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (42)");
        first.close();
        assertThat(EmbeddedDatabase.running(folder.resolve("data"))).isEmpty();
        ConnectionInfo after = database().start();
        assertThat(after).isEqualTo(before);
        assertThat(ask(after, "SELECT n FROM kept")).isEqualTo("42");
    }

    @Test
    void secondStart_isRefusedAndSaysBy() {
        database().start();
        assertThatThrownBy(() -> database().start())
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("in use by another portal")
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining("PORTAL_DATA_DIR");
        // the one that was refused must not stop the other one's server
        started.getLast().close();
        assertThat(EmbeddedDatabase.running(folder.resolve("data"))).isPresent();
    }

    @Test
    void running_findsTheServerOfThePortal() throws SQLException {
        ConnectionInfo server = database().start();
        assertThat(EmbeddedDatabase.running(folder.resolve("data"))).contains(server);
        assertThat(EmbeddedDatabase.running(folder.resolve("elsewhere"))).isEmpty();
    }

    @Test
    void killedServer_isStartedAgainWithEverythingCommitted() throws Exception {
        ConnectionInfo server = database().start();
        tell(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (42)");
        long killed = EmbeddedDatabase.serverProcess(folder.resolve("data")).orElseThrow();
        kill(killed);
        Instant limit = Instant.now().plus(Duration.ofSeconds(30));
        while (true) {
            try {
                assertThat(ask(server, "SELECT n FROM kept")).isEqualTo("42");
                break;
            } catch (SQLException e) {
                assertThat(Instant.now()).as("not back: %s", e).isBefore(limit);
                Thread.sleep(100);
            }
        }
        assertThat(EmbeddedDatabase.serverProcess(folder.resolve("data")))
                .isPresent()
                .get()
                .isNotEqualTo(killed);
    }

    @Test
    void start_afterPortalAndServerWereKilled_recovers() throws Exception {
        ConnectionInfo before = startAndForget();
        kill(EmbeddedDatabase.serverProcess(folder.resolve("data")).orElseThrow());
        assertThat(folder.resolve("data/postgres/cluster/postmaster.pid")).exists();
        ConnectionInfo after = database().start();
        assertThat(ask(after, "SELECT n FROM kept")).isEqualTo("42");
        assertThat(after.password()).isEqualTo(before.password());
    }

    @Test
    void start_afterPortalWasKilled_replacesItsServer() throws Exception {
        startAndForget();
        long orphan = EmbeddedDatabase.serverProcess(folder.resolve("data")).orElseThrow();
        ConnectionInfo after = database().start();
        assertThat(ask(after, "SELECT n FROM kept")).isEqualTo("42");
        assertThat(EmbeddedDatabase.serverProcess(folder.resolve("data")))
                .get()
                .isNotEqualTo(orphan);
    }

    @Test
    void start_ignoresAForeignProcessWithTheServersOldId() throws Exception {
        ConnectionInfo before = startAndForget();
        kill(EmbeddedDatabase.serverProcess(folder.resolve("data")).orElseThrow());
        Path file = folder.resolve("data/postgres/cluster/postmaster.pid");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(file, lines);
        assertThat(EmbeddedDatabase.running(folder.resolve("data"))).isEmpty();
        ConnectionInfo after = database().start();
        assertThat(ask(after, "SELECT n FROM kept")).isEqualTo("42");
        assertThat(before.username()).isEqualTo(after.username());
    }

    @Test
    void start_onAFolderThatCannotBeWritten_saysSo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        EmbeddedDatabase database = new EmbeddedDatabase(file.resolve("data"), message -> {});
        assertThatThrownBy(database::start)
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("cannot be written to")
                .hasMessageContaining("PORTAL_DATA_DIR");
    }

    @Test
    void start_afterAnInterruptedFirstStart_beginsAgain() throws Exception {
        Path unfinished = folder.resolve("data/postgres/cluster.unfinished");
        Files.createDirectories(unfinished);
        Files.writeString(unfinished.resolve("PG_VERSION"), "18\n");
        Files.writeString(folder.resolve("data/postgres/password.initial"), "old\n");
        assertThat(ask(database().start(), "SELECT 1")).isEqualTo("1");
        assertThat(unfinished).doesNotExist();
        assertThat(folder.resolve("data/postgres/password.initial")).doesNotExist();
    }

    @Test
    void check_namesWhatIsWrong() {
        ConnectionInfo server = database().start();
        DatabaseCheck.require(server);
        assertThatThrownBy(
                        () ->
                                DatabaseCheck.require(
                                        new ConnectionInfo(
                                                server.jdbcUrl(), server.username(), "wrong")))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("refuses the user name or password");
        assertThatThrownBy(
                        () ->
                                DatabaseCheck.require(
                                        new ConnectionInfo(
                                                server.jdbcUrl() + "_not",
                                                server.username(),
                                                server.password())))
                .hasMessageContaining("no database of that name");
        assertThatThrownBy(
                        () ->
                                DatabaseCheck.require(
                                        new ConnectionInfo(
                                                "jdbc:postgresql://127.0.0.1:1/portal", "a", "b")))
                .hasMessageContaining("no PostgreSQL answers there");
    }

    /// A server whose portal is gone without having stopped it, as after `kill -9`.
    private ConnectionInfo startAndForget() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process portal =
                new ProcessBuilder(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Forgetful.class.getName(),
                                folder.resolve("data").toString())
                        .inheritIO()
                        .start();
        assertThat(portal.waitFor()).isEqualTo(9);
        ConnectionInfo server = EmbeddedDatabase.running(folder.resolve("data")).orElseThrow();
        tell(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (42)");
        return server;
    }

    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) {
            EmbeddedDatabase database = new EmbeddedDatabase(Path.of(args[0]), message -> {});
            database.start();
            Runtime.getRuntime().halt(9);
        }
    }
}
