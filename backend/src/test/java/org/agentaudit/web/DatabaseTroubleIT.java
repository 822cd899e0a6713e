package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.database.ConnectionInfo;
import org.agentaudit.database.EmbeddedDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that hangs, and one whose disk is full: senders hear 503 in time, what was
/// acknowledged is there, once, and all goes on by itself (issue 3, point 3).
class DatabaseTroubleIT {
    private static final int EVENTS = 50;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(45);
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(90);

    /// A portal on a PostgreSQL of its own.
    private static final class Own implements AutoCloseable {
        final Path folder;
        final EmbeddedDatabase database;
        final ConnectionInfo connection;
        final TestPortal portal;
        final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

        Own(Path folder) {
            this.folder = folder;
            database = new EmbeddedDatabase(folder, message -> {});
            connection = database.start();
            Map<String, Object> settings = new HashMap<>();
            settings.put("datasources.default.url", connection.jdbcUrl());
            settings.put("datasources.default.username", connection.username());
            settings.put("datasources.default.password", connection.password());
            settings.put("datasources.default.connection-timeout", 1000);
            settings.put("datasources.default.validation-timeout", 500);
            settings.put("portal.ingest.answer-within", "3s");
            portal = new TestPortal(settings);
        }

        /// Sends a batch; remembers it when it is acknowledged.
        HttpResponse<String> post(String batch, int fill) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < EVENTS; i++) {
                lines.append("{\"event_type\":\"agent.error\",\"agent_name\":\"ops/planner\",");
                lines.append("\"event_id\":\"").append(batch).append('-').append(i);
                lines.append("\",\"reasoning\":\"").append("x".repeat(fill)).append("\"}\n");
            }
            long start = System.nanoTime();
            HttpResponse<String> answer =
                    portal.send(
                            portal.request("/api/events")
                                    .header("Authorization", bearer(TestPortal.INGEST_KEY))
                                    .header("Content-Type", "application/x-ndjson")
                                    .POST(BodyPublishers.ofString(lines.toString())));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST_ANSWER);
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 429, 503);
            if (answer.statusCode() == 200) {
                assertThat(answer.body()).endsWith("\"rejected\":[]}");
                assertThat(acknowledged.add(batch)).isTrue();
            } else {
                assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElse("0")))
                        .isBetween(1, 60);
            }
            return answer;
        }

        void awaitStored(String batch, int fill) throws InterruptedException {
            long end = System.nanoTime() + LONGEST_RECOVERY.toNanos();
            while (post(batch, fill).statusCode() != 200) {
                assertThat(System.nanoTime()).as("recovers by itself").isLessThan(end);
                Thread.sleep(500);
            }
        }

        /// Each acknowledged batch whole, each event once, in all its tables.
        void assertWhole() throws SQLException {
            long expected = (long) acknowledged.size() * EVENTS;
            assertThat(number("SELECT count(*) FROM audit_event")).isEqualTo(expected);
            assertThat(number("SELECT count(DISTINCT event_id) FROM audit_event"))
                    .isEqualTo(expected);
            assertThat(number("SELECT count(*) FROM event_content")).isEqualTo(expected);
            assertThat(number("SELECT count(*) FROM event_key")).isEqualTo(expected);
            assertThat(number("SELECT sum(events) FROM rollup_event")).isEqualTo(expected);
        }

        long number(String sql) throws SQLException {
            try (Connection open = connect();
                    Statement statement = open.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(
                    connection.jdbcUrl(), connection.username(), connection.password());
        }

        @Override
        public void close() {
            portal.close();
            database.close();
        }
    }

    @Test
    void databaseHangs_is503InTime_andGoesOnByItself(@TempDir Path folder) throws Exception {
        try (Own own = new Own(folder)) {
            own.post("before", 10);
            List<String> refused = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                own.post("running" + round, 10);
                signal(folder, "STOP");
                try {
                    for (int i = 0; i < 3; i++) {
                        String batch = "hanging" + round + "-" + i;
                        assertThat(own.post(batch, 10).statusCode()).isEqualTo(503);
                        refused.add(batch);
                    }
                    assertThat(own.portal.get("/health/readiness").statusCode()).isEqualTo(503);
                    assertThat(own.portal.get("/health/liveness").statusCode()).isEqualTo(200);
                } finally {
                    signal(folder, "CONT");
                }
                own.awaitStored("after" + round, 10);
            }
            for (String batch : refused) {
                own.awaitStored(batch, 10);
            }
            own.assertWhole();
        }
    }

    private static void signal(Path folder, String name) throws Exception {
        ProcessHandle server =
                ProcessHandle.of(EmbeddedDatabase.serverProcess(folder).orElseThrow())
                        .orElseThrow();
        // The parent first: it must start no process between the listing and the signal.
        kill(name, Stream.of(server));
        kill(name, server.descendants());
    }

    private static void kill(String name, Stream<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.map(process -> Long.toString(process.pid())).forEach(command::add);
        // a process may end between the listing and the signal
        new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    @Test
    void diskFull_is503WithTheReason_andWorksAgainWhenThereIsSpace(@TempDir Path parent)
            throws Exception {
        Path folder = Files.createDirectory(parent.resolve("small-disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=320m", "tmpfs", folder.toString()) == 0,
                "a small disk can be mounted by root only");
        try (Own own = new Own(folder.resolve("data"))) {
            own.post("before", 10);
            Path filler = folder.resolve("filler");
            try (Connection connection =
                            DriverManager.getConnection(
                                    own.connection.jdbcUrl(),
                                    EmbeddedDatabase.SUPERUSER,
                                    own.connection.password());
                    Statement statement = connection.createStatement()) {
                // a fresh segment of the log, so that it is the tables that find no space
                statement.execute("SELECT pg_switch_wal()");
                statement.execute("CHECKPOINT");
            }
            own.post("before2", 10);
            fill(folder, filler, 2 << 20);
            List<String> refused = new ArrayList<>();
            Set<String> reasons = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 200 && refused.size() < 5; i++) {
                HttpResponse<String> answer = own.post("full" + i, 2_000);
                if (answer.statusCode() == 503) {
                    refused.add("full" + i);
                    reasons.add(answer.body());
                }
            }
            assertThat(refused).hasSize(5);
            assertThat(
                            reasons.stream()
                                    .filter(body -> body.contains("disk"))
                                    .collect(Collectors.toSet()))
                    .as(reasons.toString())
                    .isNotEmpty();

            Files.delete(filler);

            own.awaitStored("after", 10);
            for (String batch : refused) {
                own.awaitStored(batch, 2_000);
            }
            own.assertWhole();
        } finally {
            run("umount", folder.toString());
        }
    }

    /// Leaves so many bytes.
    private static void fill(Path folder, Path filler, long left) throws IOException {
        byte[] block = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(folder).getUsableSpace() > left) {
                out.write(block);
            }
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
