package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentaudit.access.ApiKeys;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The installed script with a real shell and curl against the whole portal.
class HookScriptIT {
    private static final String KEY = "aap_configured-for-tests";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;
    private final TestDatabase.Fresh database = TestDatabase.create();
    private EmbeddedServer server;
    private HookFolder hook;

    @BeforeEach
    void start() throws IOException {
        startPortal(-1);
        hook = new HookFolder(folder.resolve("with space/hook"));
        install(server.getPort(), KEY);
    }

    @AfterEach
    void stop() throws Exception {
        stopPortal();
        waitFor("the sender has ended", () -> !Files.exists(hook.path().resolve("sending")));
    }

    private void startPortal(int port) throws IOException {
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("micronaut.server.port", Integer.toString(port));
        properties.put("portal.data-dir", Files.createTempDirectory("hook-it").toString());
        properties.put("portal.ingest-key", KEY);
        server = ApplicationContext.builder().properties(properties).run(EmbeddedServer.class);
    }

    private void stopPortal() {
        if (server.isRunning()) {
            server.close();
        }
    }

    private void install(int port, String key) throws IOException {
        hook.install(URI.create("http://localhost:" + port + "/hooks/claude-code"), key);
    }

    /// What the script wrote and how long the agent waited for it.
    private record Ran(int status, String output, Duration took) {}

    private Ran run(String payload) throws Exception {
        return run(payload.getBytes(StandardCharsets.UTF_8));
    }

    private Ran run(byte[] payload) throws Exception {
        Instant start = Instant.now();
        Process process =
                new ProcessBuilder("sh", "-c", hook.command()).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(payload);
        }
        // to the end of what it prints: a sender that kept the stream open would be waited for
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        return new Ran(status, output, Duration.between(start, Instant.now()));
    }

    private static String stop(int i) {
        return "{\"hook_event_name\":\"Stop\",\"session_id\":\"s" + i + "\"}";
    }

    private static void waitFor(String what, Callable<Boolean> condition) throws Exception {
        Instant limit = Instant.now().plus(PATIENCE);
        while (!condition.call()) {
            assertThat(Instant.now()).as(what).isBefore(limit);
            Thread.sleep(20);
        }
    }

    private void waitUntilSent() throws Exception {
        waitFor("the spool is sent", () -> hook.waiting().files() == 0);
    }

    private long count(String query) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void event_isSentInTheBackground_withItsTimeAndNothingPrinted() throws Exception {
        Instant before = Instant.now();
        Ran ran = run(stop(1));
        assertThat(ran.status()).isZero();
        assertThat(ran.output()).isEmpty();
        waitUntilSent();
        waitFor("one event", () -> count("audit_event") == 1);
        assertThat(
                        count(
                                "audit_event WHERE session_id = 's1' AND occurred_at BETWEEN '"
                                        + before
                                        + "' AND '"
                                        + Instant.now()
                                        + "'"))
                .isEqualTo(1);
        assertThat(hook.last()).endsWith(" 200");
    }

    @Test
    void files_belongToTheirUserAlone() throws Exception {
        stopPortal();
        run(stop(1));
        waitFor("a try", () -> hook.last() != null);
        try (var files = Files.walk(hook.path())) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .endsWith("------");
            }
        }
        assertThat(Files.readString(hook.script())).doesNotContain(KEY);
    }

    @Test
    void portalAway_keepsEvents_andSendsEachOnceLater() throws Exception {
        int port = server.getPort();
        stopPortal();
        for (int i = 0; i < 8; i++) {
            // told apart by the script alone
            assertThat(run(stop(0)).status()).isZero();
        }
        waitFor("a try", () -> hook.last() != null && hook.last().endsWith(" 000"));
        assertThat(hook.waiting().files()).isEqualTo(8);
        Instant back = Instant.now();
        startPortal(port);
        run(stop(0));
        waitUntilSent();
        waitFor("nine events", () -> count("audit_event") == 9);
        assertThat(count("audit_event WHERE occurred_at < '" + back + "'")).isEqualTo(8);
    }

    @Test
    void manyAtOnce_areAllDeliveredOnce() throws Exception {
        List<Callable<Ran>> hooks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String payload = stop(i);
            hooks.add(() -> run(payload));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<Ran> ran : threads.invokeAll(hooks)) {
                assertThat(ran.get().status()).isZero();
                assertThat(ran.get().output()).isEmpty();
            }
        }
        waitUntilSent();
        waitFor("all", () -> count("audit_event") == 20);
        assertThat(count("(SELECT DISTINCT session_id FROM audit_event) AS s")).isEqualTo(20);
    }

    @Test
    void lostAnswer_isSentAgain_andStoredOnce() throws Exception {
        int port = server.getPort();
        AtomicInteger taken = new AtomicInteger();
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
            Thread.startVirtualThread(() -> forwardWithoutAnswer(listener, port, taken));
            install(listener.getLocalPort(), KEY);
            run(stop(1));
            run(stop(2));
            waitFor(
                    "the portal has them",
                    () -> count("audit_event WHERE session_id IN ('s1', 's2')") == 2 || rerun());
            waitFor("an answer was lost", () -> taken.get() > 0);
        }
        assertThat(hook.waiting().files()).isGreaterThanOrEqualTo(2);
        waitFor("no sender", () -> !Files.exists(hook.path().resolve("sending")));
        install(port, KEY);
        run(stop(3));
        waitUntilSent();
        assertThat(count("audit_event WHERE session_id IN ('s1', 's2', 's3')")).isEqualTo(3);
        assertThat(count("(SELECT event_id FROM audit_event GROUP BY 1 HAVING count(*) > 1) AS d"))
                .isZero();
    }

    /// The next event tries again.
    private boolean rerun() throws Exception {
        Thread.sleep(300);
        run("{\"hook_event_name\":\"Stop\",\"session_id\":\"s9\"}");
        return false;
    }

    /// Lets the portal work and keeps its answer back.
    private static void forwardWithoutAnswer(ServerSocket listener, int port, AtomicInteger taken) {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept();
                    Socket portal = new Socket("localhost", port)) {
                Thread.startVirtualThread(
                        () -> {
                            try {
                                client.getInputStream().transferTo(portal.getOutputStream());
                            } catch (IOException e) {
                                return; // given up below, on purpose
                            }
                        });
                InputStream answer = portal.getInputStream();
                if (answer.read() >= 0) {
                    taken.incrementAndGet();
                }
            } catch (IOException e) {
                return; // the listener was closed: the test goes on without it
            }
        }
    }

    @Test
    void portalThatHangs_doesNotHoldTheAgent() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
            install(listener.getLocalPort(), KEY);
            Files.writeString(hook.path().resolve("limits"), "REQUEST_SECONDS=3\n");
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                took.add(run(stop(i)).took());
            }
            // usually 20 ms; the machine of the test may be busy
            assertThat(took.stream().sorted().toList().getFirst())
                    .isLessThan(Duration.ofMillis(500));
            assertThat(hook.waiting().files()).isEqualTo(5);
            waitFor("the try has ended", () -> hook.last() != null);
        }
    }

    @Test
    void hostileContent_arrivesUnchanged() throws Exception {
        String text = "\\\"'`$(id)\\n\\u0000\\u2028 \\ud83d\\ude00 %s \\\\ ";
        String prompt =
                "{\"hook_event_name\":\"UserPromptSubmit\",\n \"session_id\":\"h1\",\r\n"
                        + " \"prompt_id\":\"p1\", \"prompt\":\""
                        + text
                        + "\"}\n";
        run(prompt);
        run(
                "{\"hook_event_name\":\"UserPromptSubmit\",\"session_id\":\"h2\",\"prompt\":\""
                        + "x".repeat(1 << 20)
                        + "\"}");
        run(new byte[] {0, 1, (byte) 0xff, '"', '{'});
        run("},\"event_id\":\"forged\"}");
        run("");
        waitUntilSent();
        waitFor("two events", () -> count("audit_event") == 2);
        waitFor("three refused", () -> count("quarantine") == 3);
        assertThat(count("event_content WHERE params LIKE '%$(id)%' AND params LIKE '%😀 %s %'"))
                .isEqualTo(1);
        assertThat(count("event_content WHERE length(params) > 1000000")).isEqualTo(1);
        assertThat(hook.refused().files()).isZero();
    }

    @Test
    void keyThatMayNot_keepsEvents() throws Exception {
        String reader =
                server.getApplicationContext()
                        .getBean(ApiKeys.class)
                        .create("test", "reader", Role.AUDITOR, null)
                        .token();
        install(server.getPort(), reader);
        run(stop(1));
        waitFor("refused", () -> hook.last() != null && hook.last().endsWith(" 403"));
        install(server.getPort(), "aap_nobody-knows-this-one");
        waitFor(
                "refused",
                () -> {
                    run(stop(2));
                    return String.valueOf(hook.last()).endsWith(" 401");
                });
        assertThat(hook.waiting().files()).isGreaterThanOrEqualTo(2);
        assertThat(count("audit_event")).isZero();
        install(server.getPort(), KEY);
        run(stop(3));
        waitUntilSent();
        assertThat(count("(SELECT DISTINCT session_id FROM audit_event) AS s")).isEqualTo(3);
    }

    @Test
    void fullSpool_isCounted_andThePortalIsTold() throws Exception {
        int port = server.getPort();
        stopPortal();
        Files.writeString(hook.path().resolve("limits"), "MAX_SPOOL_KB=40\n");
        String large =
                "{\"hook_event_name\":\"Stop\",\"session_id\":\"f\",\"x\":\""
                        + "y".repeat(50_000)
                        + "\"}";
        run(large);
        waitFor("full", () -> Files.exists(hook.path().resolve("full")));
        run(stop(1));
        run(stop(2));
        assertThat(hook.waiting().files()).isEqualTo(1);
        assertThat(hook.dropped()).isEqualTo(2);
        startPortal(port);
        // this one, too, finds the spool still full
        run(stop(3));
        waitFor("told", () -> count("audit_event WHERE error_type = 'SpoolGap'") == 1);
        assertThat(count("event_content WHERE error_message LIKE '%3 events%'")).isEqualTo(1);
        waitFor("room again", () -> !Files.exists(hook.path().resolve("full")));
        run(stop(4));
        waitFor("all", () -> count("audit_event") == 3);
    }

    @Test
    void batchTheServerRefuses_losesOnlyWhatIsTooLarge() throws Exception {
        stopPortal();
        run(stop(1));
        // 17 MB: more than a request may have
        run(
                "{\"hook_event_name\":\"Stop\",\"session_id\":\"l\",\"x\":\""
                        + "y".repeat(17 << 20)
                        + "\"}");
        run(stop(2));
        startPortal(-1);
        install(server.getPort(), KEY);
        run(stop(3));
        waitUntilSent();
        assertThat(hook.refused().files()).isEqualTo(1);
        waitFor("told", () -> count("audit_event WHERE error_type = 'SpoolGap'") == 1);
        assertThat(count("audit_event WHERE event_type = 'OTHER'")).isEqualTo(3);
    }

    /// As on macOS, where `date` knows no fraction of a second; with perl, and without.
    @ParameterizedTest
    @ValueSource(strings = {"", "#!/bin/sh\nexit 1\n"})
    void dateWithoutFraction_stillHasATime(String perl) throws Exception {
        Path programs = Files.createDirectories(folder.resolve("bin"));
        Path date = programs.resolve("date");
        Files.writeString(
                date, "#!/bin/sh\nexec /bin/date \"$1\" \"$(printf %s \"$2\" | sed s/%N/N/)\"\n");
        Files.setPosixFilePermissions(date, PosixFilePermissions.fromString("rwx------"));
        if (!perl.isEmpty()) {
            Path shadow = programs.resolve("perl");
            Files.writeString(shadow, perl);
            Files.setPosixFilePermissions(shadow, PosixFilePermissions.fromString("rwx------"));
        }
        stopPortal();
        ProcessBuilder builder = new ProcessBuilder("sh", hook.script().toString());
        builder.environment().merge("PATH", programs.toString(), (old, first) -> first + ":" + old);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(stop(1).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor()).isZero();
        try (var files = Files.list(hook.path().resolve("spool"))) {
            String line = Files.readString(files.findFirst().orElseThrow());
            String time = line.replaceFirst("(?s).*\"timestamp\":\"([^\"]*)\".*", "$1");
            assertThat(Duration.between(Instant.parse(time), Instant.now()))
                    .isBetween(Duration.ZERO, Duration.ofMinutes(1));
            assertThat(time.contains(".")).isEqualTo(perl.isEmpty());
        }
    }

    @Test
    void lockOfAKilledSender_isTakenOver() throws Exception {
        Files.createDirectories(hook.path().resolve("sending"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(hook.path().resolve("sending/pid"), gone.pid() + "\n");
        run(stop(1));
        waitUntilSent();
        waitFor("one event", () -> count("audit_event") == 1);
    }

    @Test
    void status_saysWhatWaits() throws Exception {
        Path settings = folder.resolve("settings.json");
        Path key = folder.resolve("key");
        Files.writeString(key, KEY + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        String[] place = {"--settings", settings.toString(), "--dir", hook.path().toString()};
        String url = "http://localhost:" + server.getPort();
        assertThat(command("status", place)).startsWith("1 ");
        assertThat(command("install", with(place, "--url", url, "--key-file", key.toString())))
                .startsWith("0 ");
        assertThat(command("status", place))
                .startsWith("0 ")
                .contains("PostToolUseFailure", "0 events")
                .doesNotContain(KEY);
        stopPortal();
        run(stop(1));
        waitFor("a try", () -> hook.last() != null);
        assertThat(command("status", place))
                .startsWith("1 ")
                .contains("spool: 1 events", "000", "tries again");
        assertThat(command("uninstall", place)).startsWith("0 ").contains("1 events were not sent");
        assertThat(hook.script()).doesNotExist();
        assertThat(hook.curl()).doesNotExist();
        assertThat(run(stop(2)).status()).isZero(); // a session that is still open
    }

    @Test
    void install_refusesAKeyOthersCanRead() throws Exception {
        Path key = folder.resolve("key");
        Files.writeString(key, KEY);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Path settings = folder.resolve("settings.json");
        String[] all = {
            "--settings", settings.toString(), "--dir", folder.resolve("other").toString()
        };
        assertThat(command("install", with(all, "--key-file", key.toString())))
                .startsWith("2 ")
                .contains("Others can read");
        assertThat(settings).doesNotExist();
    }

    private static String[] with(String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// Exit status, a space, and all that was printed.
    private static String command(String name, String... arguments) {
        StringWriter text = new StringWriter();
        String[] words = with(new String[] {"hook", name}, arguments);
        int status =
                Application.commandLine(new Application())
                        .setOut(new PrintWriter(text, true))
                        .setErr(new PrintWriter(text, true))
                        .execute(words);
        return status + " " + text;
    }
}
