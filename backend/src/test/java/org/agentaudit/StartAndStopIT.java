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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentaudit.database.EmbeddedDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The portal as a process of its own, the way people run it.
class StartAndStopIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern READY =
            Pattern.compile("(?m)^Agent Audit Portal ready at (http://\\S+)$");

    @TempDir Path folder;
    private final List<Process> running = new ArrayList<>();

    @AfterEach
    void stopAll() throws InterruptedException {
        for (Process process : running) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        assertThat(EmbeddedDatabase.serverProcess(data())).isEmpty();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private record Started(Process process, Path out, Path err) {
        String output() throws IOException {
            return Files.readString(out);
        }

        String errors() throws IOException {
            return Files.readString(err);
        }

        int exit() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        URI ready() throws Exception {
            Instant limit = Instant.now().plus(PATIENCE);
            while (true) {
                Matcher ready = READY.matcher(output());
                if (ready.find()) {
                    return URI.create(ready.group(1));
                }
                assertThat(process.isAlive()).as(output() + errors()).isTrue();
                assertThat(Instant.now()).as(output() + errors()).isBefore(limit);
                Thread.sleep(50);
            }
        }
    }

    private Started start(Map<String, String> settings, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        // a shell in the background hands down an ignored SIGINT; `env` gives it back its meaning
        command.addAll(List.of("env", "--default-signal=INT,TERM"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Application.class.getName());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PORTAL_") || name.startsWith("DATASOURCES_"));
        builder.environment().put("PORTAL_DATA_DIR", data().toString());
        builder.environment().put("MICRONAUT_SERVER_PORT", "-1");
        builder.environment().putAll(settings);
        Process process = builder.start();
        running.add(process);
        return new Started(process, out, err);
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
        Started portal = start(Map.of());
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
        Started portal = start(Map.of());
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
        Started first = start(Map.of());
        first.ready();
        first.process().destroyForcibly();
        first.exit();
        assertThat(EmbeddedDatabase.serverProcess(data())).isPresent();
        Started second = start(Map.of());
        assertThat(status(second.ready().resolve("/health"))).isEqualTo(200);
    }

    @Test
    void secondPortalOnTheSameFolder_saysWhoHasIt() throws Exception {
        Started first = start(Map.of());
        URI address = first.ready();
        Started second = start(Map.of());
        assertThat(second.exit()).isEqualTo(ExitCode.NO_DATABASE);
        assertThat(second.errors())
                .contains("in use by another portal (process " + first.process().pid() + ")")
                .contains("PORTAL_DATA_DIR")
                .hasLineCount(1);
        assertThat(status(address.resolve("/health"))).isEqualTo(200);
    }

    @Test
    void databaseThatIsGone_isSaidInAFewLines() throws Exception {
        Started portal = start(Map.of());
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
            Started portal =
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
        Started portal =
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
        Started portal =
                start(
                        Map.of(
                                "DATASOURCES_DEFAULT_URL", database.jdbcUrl(),
                                "DATASOURCES_DEFAULT_USERNAME", database.username(),
                                "DATASOURCES_DEFAULT_PASSWORD", database.password()));
        assertThat(status(portal.ready().resolve("/health"))).isEqualTo(200);
        assertThat(data().resolve("postgres")).doesNotExist();
    }

    @Test
    void whatIsNotBuilt_saysSo() throws Exception {
        Started command = start(Map.of(), "verify");
        assertThat(command.exit()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(command.errors()).isEqualToIgnoringNewLines("verify is not built yet.");
    }

    @Test
    void help_namesEveryCommandThatExists() throws Exception {
        Started command = start(Map.of(), "--help");
        assertThat(command.exit()).isEqualTo(ExitCode.DONE);
        assertThat(command.output()).contains("serve", "export", "verify", "Exit status");
    }
}
