package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agentaudit.database.EmbeddedDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The portal as a process of its own, the way people run it.
class StartAndStopIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path folder;
    private final List<PortalProcess> running = new ArrayList<>();

    @AfterEach
    void stopAll() throws InterruptedException {
        for (PortalProcess process : running) {
            process.stop();
        }
        assertThat(EmbeddedDatabase.serverProcess(data())).isEmpty();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private PortalProcess start(Map<String, String> settings, String... arguments)
            throws IOException {
        PortalProcess started = PortalProcess.start(folder, settings, arguments);
        running.add(started);
        return started;
    }

    private static void signal(String signal, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static int status(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130"})
    void signal_stopsPortalAndDatabase(String signal, int exit) throws Exception {
        PortalProcess portal = start(Map.of());
        URI address = portal.ready();
        assertThat(status(address.resolve("/health"))).isEqualTo(200);
        assertThat(EmbeddedDatabase.serverProcess(data())).isPresent();

        signal(signal, portal.process());

        assertThat(portal.exit()).isEqualTo(exit);
        assertThat(EmbeddedDatabase.serverProcess(data())).isEmpty();
        assertThat(data().resolve("postgres/cluster/postmaster.pid")).doesNotExist();
        assertThat(portal.errors()).doesNotContain("\tat ", "ERROR");
    }

    @Test
    void signalWhileStarting_leavesNothingBehind() throws Exception {
        PortalProcess portal = start(Map.of());
        Instant limit = Instant.now().plus(PATIENCE);
        while (!portal.output().contains("Creating the database")) {
            assertThat(Instant.now()).isBefore(limit);
            Thread.sleep(5);
        }
        signal("TERM", portal.process());
        assertThat(portal.exit()).isEqualTo(143);
        assertThat(EmbeddedDatabase.serverProcess(data())).isEmpty();
        // and the next start is not troubled by what the first one left
        start(Map.of()).ready();
    }

    @Test
    void killedPortal_isFollowedByAnother() throws Exception {
        PortalProcess first = start(Map.of());
        first.ready();
        first.process().destroyForcibly();
        first.exit();
        assertThat(EmbeddedDatabase.serverProcess(data())).isPresent();
        PortalProcess second = start(Map.of());
        assertThat(status(second.ready().resolve("/health"))).isEqualTo(200);
    }

    @Test
    void secondPortalOnTheSameFolder_saysWhoHasIt() throws Exception {
        PortalProcess first = start(Map.of());
        URI address = first.ready();
        PortalProcess second = start(Map.of());
        assertThat(second.exit()).isEqualTo(ExitCode.NO_DATABASE);
        assertThat(second.errors())
                .contains("in use by another portal (process " + first.process().pid() + ")")
                .contains("PORTAL_DATA_DIR")
                .hasLineCount(1);
        assertThat(status(address.resolve("/health"))).isEqualTo(200);
    }

    @Test
    void databaseThatIsGone_isSaidInAFewLines() throws Exception {
        PortalProcess portal = start(Map.of());
        URI page = portal.ready().resolve("/events");
        assertThat(status(page)).isEqualTo(401);
        long server = EmbeddedDatabase.serverProcess(data()).orElseThrow();

        ProcessHandle process = ProcessHandle.of(server).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        Instant limit = Instant.now().plus(PATIENCE);
        while (!portal.errors().contains("starting it again")) {
            assertThat(Instant.now()).as(portal.errors()).isBefore(limit);
            Thread.sleep(100);
        }
        Thread.sleep(3_000); // the pool looks at its connections meanwhile

        assertThat(portal.errors())
                .doesNotContain("\tat ", "Hikari", "marked as broken")
                .satisfies(errors -> assertThat(errors.lines().count()).isLessThanOrEqualTo(3));
    }

    @Test
    void portInUse_isSaidInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            PortalProcess portal =
                    start(Map.of("MICRONAUT_SERVER_PORT", Integer.toString(taken.getLocalPort())));
            assertThat(portal.exit()).isEqualTo(ExitCode.WRONG_USE);
            assertThat(portal.errors())
                    .contains(Integer.toString(taken.getLocalPort()))
                    .contains("MICRONAUT_SERVER_PORT")
                    .hasLineCount(1);
        }
    }

    @Test
    void unreachableDatabase_isSaidInOneLine() throws Exception {
        PortalProcess portal =
                start(
                        Map.of(
                                "DATASOURCES_DEFAULT_URL",
                                "jdbc:postgresql://127.0.0.1:1/portal",
                                "DATASOURCES_DEFAULT_USERNAME",
                                "portal"));
        assertThat(portal.exit()).isEqualTo(ExitCode.NO_DATABASE);
        assertThat(portal.errors())
                .contains("no PostgreSQL answers there")
                .contains("DATASOURCES_DEFAULT_URL")
                .hasLineCount(1);
        assertThat(data()).doesNotExist();
    }

    @Test
    void otherDatabase_needsNothingButItsVariables() throws Exception {
        TestDatabase.Fresh database = TestDatabase.create();
        Map<String, String> settings =
                Map.of(
                        "DATASOURCES_DEFAULT_URL", database.jdbcUrl(),
                        "DATASOURCES_DEFAULT_USERNAME", database.username(),
                        "DATASOURCES_DEFAULT_PASSWORD", database.password());
        PortalProcess portal = start(settings);
        assertThat(status(portal.ready().resolve("/health"))).isEqualTo(200);
        assertThat(data().resolve("postgres")).doesNotExist();

        Path file = folder.resolve("day.pdf");
        PortalProcess report =
                start(
                        settings,
                        "report",
                        "daily",
                        "--date",
                        "2026-11-20",
                        "--out",
                        file.toString());
        assertThat(report.exit()).as(report.errors()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllBytes(file)).startsWith('%', 'P', 'D', 'F', '-');
    }

    @Test
    void reportInAFormThatItHasNot_saysSo() throws Exception {
        PortalProcess command =
                start(Map.of(), "report", "daily", "--date", "2026-11-20", "--out", "day.html");
        assertThat(command.exit()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(command.errors())
                .isEqualToIgnoringNewLines("--out: This report is written as .pdf or .json.");
    }

    @Test
    void help_namesEveryCommandThatExists() throws Exception {
        PortalProcess command = start(Map.of(), "--help");
        assertThat(command.exit()).isEqualTo(ExitCode.DONE);
        assertThat(command.output()).contains("serve", "export", "verify", "Exit status");
    }
}
