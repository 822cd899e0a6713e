package org.agentaudit.destination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.agentaudit.TestDatabase;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies to a VictoriaLogs that behaves as badly as a network can, and to a file, from a real
/// database.
class DestinationsIT {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestDatabase.Fresh database = TestDatabase.create();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> queries = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> poison = Collections.synchronizedSet(new HashSet<>());
    private final LongAccumulator mostLines = new LongAccumulator(Math::max, 0);
    private volatile Mode mode = Mode.WELL;
    private HttpServer server;
    private ApplicationContext portal;

    private enum Mode {
        WELL,
        ERROR,
        TOO_MANY,
        STALL,
        DROP,
        /// Takes the events and loses the answer.
        DROP_AFTER,
        REFUSE_ALL
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/insert/jsonline", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        if (portal != null) {
            portal.close();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<JsonNode> lines = new ArrayList<>();
            try (GZIPInputStream body = new GZIPInputStream(exchange.getRequestBody())) {
                for (String line :
                        new String(body.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                    lines.add(JSON.readTree(line));
                }
            }
            queries.add(exchange.getRequestURI().getRawQuery());
            mostLines.accumulate(lines.size());
            int status = answer(lines);
            if (status > 0) {
                exchange.sendResponseHeaders(status, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return 0 to close the connection without an answer
    private int answer(List<JsonNode> lines) throws InterruptedException {
        switch (mode) {
            case ERROR:
                return 500;
            case TOO_MANY:
                return 429;
            case REFUSE_ALL:
                return 400;
            case DROP:
                return 0;
            case STALL:
                Thread.sleep(3_000);
                return 0;
            case DROP_AFTER:
                received.addAll(lines);
                return 0;
            default:
                if (lines.stream().anyMatch(line -> poison.contains(line.get("id").asText()))) {
                    return 400;
                }
                received.addAll(lines);
                return 200;
        }
    }

    private void portal(Map<String, Object> more) {
        portal = context(more);
    }

    private ApplicationContext context(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", "target/destinations-it");
        properties.put(
                "portal.victorialogs.url",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        properties.put("portal.victorialogs.timeout", "400ms");
        properties.put("portal.victorialogs.labels", "environment=test, cluster=eu-1");
        properties.put("portal.victorialogs.batch-events", 100);
        properties.put("portal.destinations.idle", "30ms");
        properties.put("portal.destinations.longest-wait", "200ms");
        properties.putAll(more);
        return ApplicationContext.builder().properties(properties).start();
    }

    @Test
    void everyAcceptedEvent_arrivesInOrder_whateverTheNetworkDoes() throws Exception {
        portal(Map.of());
        CompletableFuture<?> writing = CompletableFuture.runAsync(() -> write(4, 60), threads);
        Random random = new Random(3);
        while (!writing.isDone()) {
            mode = Mode.values()[random.nextInt(Mode.values().length - 1)];
            Thread.sleep(150);
        }
        writing.join();
        mode = Mode.WELL;
        List<String> stored = stored();
        assertThat(stored).hasSizeGreaterThan(2_000);
        await(() -> ids().containsAll(stored));

        assertThat(new ArrayList<>(new LinkedHashSet<>(received("id")))).isEqualTo(stored);
        assertThat(number("SELECT refused + missed FROM destination")).isZero();
        await(() -> uncheckedNumber("SELECT sent FROM destination") == stored.size());
    }

    @Test
    void ingest_doesNotWait_andAnOutageLosesNothing() {
        mode = Mode.STALL;
        portal(Map.of());
        long begin = System.nanoTime();
        write(2, 20);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        await(() -> uncheckedText("SELECT last_error FROM destination").contains("no answer"));
        DestinationStatus shown = portal.getBean(Destinations.class).shown().getFirst();
        assertThat(shown.waiting()).isGreaterThan(0);
        assertThat(shown.state().lastSentAt()).isNull();
        portal.close();

        mode = Mode.WELL;
        portal(Map.of());
        await(() -> ids().containsAll(stored()));
        await(
                () ->
                        portal.getBean(Destinations.class).shown().getFirst().waiting() == 0
                                && portal.getBean(Destinations.class)
                                                .shown()
                                                .getFirst()
                                                .state()
                                                .lastError()
                                        == null);
    }

    @Test
    void lines_areTheExports_withStreamAndLabels() {
        portal(Map.of("portal.victorialogs.max-line-bytes", 2_000));
        write(1, 1);
        await(() -> !received.isEmpty());
        JsonNode line = received.getFirst();
        assertThat(line.get("stream").asText()).isEqualTo("agent-audit");
        assertThat(line.get("environment").asText()).isEqualTo("test");
        assertThat(line.get("cluster").asText()).isEqualTo("eu-1");
        assertThat(line.has("occurredAt") && line.has("summary") && line.has("params")).isTrue();
        assertThat(queries.getFirst())
                .isEqualTo(
                        "_stream_fields=stream%2Cenvironment%2Ccluster&_time_field=occurredAt&_msg_field=summary");
        assertThat(received).allMatch(one -> one.toString().length() < 2_100);
    }

    @Test
    void eventThatIsRefused_isSetAside_andTheOthersGoOn() throws SQLException {
        mode = Mode.ERROR;
        portal(Map.of());
        write(1, 20);
        List<String> stored = stored();
        poison.addAll(List.of(stored.get(3), stored.get(77)));
        mode = Mode.WELL;
        await(() -> ids().size() == stored.size() - 2);

        List<String> expected = new ArrayList<>(stored);
        expected.removeAll(poison);
        assertThat(received("id")).isEqualTo(expected);
        await(() -> uncheckedNumber("SELECT count(*) FROM destination_refusal") == 2);
        assertThat(uncheckedText("SELECT min(reason) FROM destination_refusal"))
                .isEqualTo("answered 400");
        assertThat(number("SELECT refused FROM destination")).isEqualTo(2);
    }

    @Test
    void destinationThatTakesNothingAtAll_isNotBelieved() throws SQLException {
        mode = Mode.REFUSE_ALL;
        portal(Map.of());
        write(1, 20);
        await(
                () ->
                        uncheckedText("SELECT last_error FROM destination")
                                .contains("no event at all"));
        assertThat(number("SELECT count(*) FROM destination_refusal")).isZero();

        mode = Mode.WELL;
        await(() -> ids().containsAll(stored()));
        assertThat(number("SELECT count(*) FROM destination_refusal")).isZero();
    }

    @Test
    void singleEventThatIsRefused_isSetAsideAfterAFewTries() throws SQLException {
        mode = Mode.REFUSE_ALL;
        portal(Map.of());
        portal.getBean(EventStore.class)
                .append(RandomEvents.make(new Random(5), 1, START, Duration.ofHours(1)), List.of())
                .join();
        await(() -> uncheckedNumber("SELECT count(*) FROM destination_refusal") == 1);
        assertThat(queries).hasSizeGreaterThan(4);
        assertThat(text("SELECT last_error FROM destination")).isEmpty();
    }

    /// A commit with a lower number that ends after one with a higher number.
    @Test
    void lateCommitter_isNotMissed_andComesFirst() throws Exception {
        portal(Map.of());
        write(1, 1);
        await(() -> ids().containsAll(stored()));
        int before = received.size();
        String late = "00000000-0000-4000-8000-000000000001";
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO event_key SELECT CAST('%s' AS uuid), trace_id, occurred_at, digest, redaction_rules FROM event_key LIMIT 1"
                            .formatted(late));
            statement.execute(
                    """
                    CREATE TEMP TABLE copied AS SELECT * FROM audit_event LIMIT 1;
                    UPDATE copied SET event_id = '%s', arrival = nextval('ingest_batch_number') << 20;
                    INSERT INTO audit_event SELECT * FROM copied
                    """
                            .formatted(late));
            write(1, 3);
            Thread.sleep(700);
            assertThat(received).as("nothing passes the one that is open").hasSize(before);
            writer.commit();
        }
        await(() -> ids().containsAll(stored()));
        assertThat(received("id").get(before)).isEqualTo(late);
        assertThat(received("id")).isEqualTo(stored());
    }

    @Test
    void eventsRemovedBeforeTheyWereSent_areCounted() throws SQLException {
        mode = Mode.ERROR;
        portal(Map.of());
        write(1, 12);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO deletion (at, kind, rule, reason, events, earliest_at, latest_at)
                    VALUES (now(), 'EVENT', 'event-expiry', 'test', 2, now(), now());
                    INSERT INTO deletion_leaf
                    SELECT max(d.id), min(e.arrival) >> 20, '\\x05'
                      FROM deletion d, audit_event e WHERE (e.arrival & 1048575) = 2;
                    DELETE FROM audit_event USING deletion_leaf
                     WHERE arrival IN ((batch_number << 20), (batch_number << 20) + 2)
                    """);
        }
        mode = Mode.WELL;
        await(() -> ids().containsAll(stored()));
        await(() -> uncheckedNumber("SELECT missed FROM destination") == 2);
    }

    @Test
    void severalPortals_sendOnce() {
        portal(Map.of());
        try (ApplicationContext second = context(Map.of())) {
            assertThat(second.isRunning()).isTrue();
            write(3, 30);
            await(() -> ids().containsAll(stored()));
        }
        assertThat(received("id")).isEqualTo(stored());
    }

    @Test
    void file_getsEveryEventToo(@TempDir Path folder) throws IOException {
        portal(Map.of("portal.file.folder", folder.toString(), "portal.file.max-bytes", 200_000));
        write(2, 20);
        List<String> stored = stored();
        await(
                () ->
                        uncheckedNumber("SELECT sent FROM destination WHERE name = 'file'")
                                == stored.size());
        portal.close();
        List<String> written = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String text =
                        file.toString().endsWith(".gz")
                                ? new String(
                                        new GZIPInputStream(Files.newInputStream(file))
                                                .readAllBytes(),
                                        StandardCharsets.UTF_8)
                                : Files.readString(file);
                for (String line : text.split("\n")) {
                    written.add(JSON.readTree(line).get("id").asText());
                }
            }
        }
        assertThat(written).containsExactlyInAnyOrderElementsOf(stored);
    }

    @Test
    void settings_haveTheirDefaults() {
        try (ApplicationContext plain =
                ApplicationContext.builder()
                        .properties(new HashMap<>(database.properties()))
                        .start()) {
            assertThat(plain.getBean(FileConfig.class))
                    .isEqualTo(new FileConfig(null, 104_857_600, 30, true));
            assertThat(plain.getBean(VictoriaLogsConfig.class))
                    .isEqualTo(
                            new VictoriaLogsConfig(
                                    null,
                                    "agent-audit",
                                    null,
                                    "stream,environment,cluster",
                                    "occurredAt",
                                    "summary",
                                    null,
                                    true,
                                    500,
                                    262_144,
                                    Duration.ofSeconds(20)));
            assertThat(plain.getBean(Destinations.class).shown()).isEmpty();
        }
    }

    /// Small ones before do not mislead: what is held at once stays bounded.
    @Test
    void largeEvents_areSentAFewAtATime() {
        portal(Map.of());
        write(1, 5);
        await(() -> ids().containsAll(stored()));
        mostLines.reset();
        String text = "\"" + "x".repeat(1_000_000) + "\"";
        List<NewEvent> large = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            AuditEvent event =
                    EventBuilder.event("large " + i, START, EventType.TOOL_CALL, "a", "act")
                            .params(text)
                            .build();
            large.add(new NewEvent(event, RandomEvents.digest(event), 1, new Prover()));
        }
        portal.getBean(EventStore.class).append(large, List.of()).join();
        await(() -> ids().containsAll(stored()));
        assertThat(mostLines.get()).isBetween(1L, 20L);
    }

    /// Statements fail with checked exceptions, whatever the transaction declares.
    @Test
    void failedStatement_doesNotEndTheFollowing() throws Exception {
        portal(Map.of());
        execute("ALTER TABLE destination RENAME TO hidden");
        write(1, 5);
        Thread.sleep(500);
        assertThat(received).isEmpty();
        execute("ALTER TABLE hidden RENAME TO destination");
        await(() -> ids().containsAll(stored()));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Several writers at once, batches of 1 to 20 events.
    private void write(int writers, int batches) {
        EventStore store = portal.getBean(EventStore.class);
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            long seed = System.nanoTime() + w;
            all.add(
                    CompletableFuture.runAsync(
                            () -> {
                                Random random = new Random(seed);
                                for (int i = 0; i < batches; i++) {
                                    List<NewEvent> events =
                                            RandomEvents.make(
                                                    random,
                                                    1 + random.nextInt(20),
                                                    START,
                                                    Duration.ofHours(20));
                                    assertThat(store.append(events, List.of()).join())
                                            .containsOnly(AppendResult.STORED);
                                }
                            },
                            threads));
        }
        all.forEach(CompletableFuture::join);
    }

    private List<String> received(String member) {
        synchronized (received) {
            return received.stream().map(line -> line.get(member).asText()).toList();
        }
    }

    private Set<String> ids() {
        return new HashSet<>(received("id"));
    }

    /// Ids in order of arrival.
    private List<String> stored() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT event_id FROM audit_event ORDER BY arrival")) {
            List<String> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private long uncheckedNumber(String sql) {
        return Long.parseLong(uncheckedText(sql));
    }

    private String uncheckedText(String sql) {
        try {
            return text(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The first value; empty when it is null.
    private String text(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            String text = row.getString(1);
            return text == null ? "" : text;
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 30 s").isLessThan(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
