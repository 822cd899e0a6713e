package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.agentaudit.TestDatabase;
import org.agentaudit.store.StoreOracle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same events more than once: after lost answers, from many clients at once, in commits that
/// touch the same rows in other orders.
class RepeatedSendIT {
    private static final String KEY = "aap_configured-for-tests";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static TestDatabase.Fresh database;
    private static EmbeddedServer server;
    @TempDir static Path folder;

    @BeforeAll
    static void start() throws IOException {
        database = TestDatabase.create();
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", Files.createTempDirectory(folder, "data").toString());
        properties.put("portal.ingest-key", KEY);
        server = ApplicationContext.builder().properties(properties).run(EmbeddedServer.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> post(HttpClient http, int port, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/events"))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer " + KEY)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String event(String id, Random random) {
        return """
        {"event_id":"%s","event_type":"agent.tool_call","agent_name":"agent-%d","trace_id":"trace-%d",\
        "session_id":"session-%d","task_id":"task-%d","timestamp":"%s","producer":"p-%d","action":"tool_call:x"}"""
                .formatted(
                        id,
                        random.nextInt(4),
                        random.nextInt(6),
                        random.nextInt(4),
                        random.nextInt(4),
                        "2026-11-20T10:%02d:00Z".formatted(random.nextInt(60)),
                        random.nextInt(3));
    }

    private static long stored(String prefix) throws SQLException {
        try (Connection connection = database.connect()) {
            return StoreOracle.count(
                    connection,
                    "SELECT count(*) FROM audit_event WHERE task_id = '" + prefix + "'");
        }
    }

    private static void assertWhole() throws SQLException {
        try (Connection connection = database.connect()) {
            assertThat(StoreOracle.differences(connection)).isEmpty();
        }
    }

    /// Runs all at the same moment.
    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        CyclicBarrier line = new CyclicBarrier(tasks.size());
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> task : tasks) {
                running.add(
                        threads.submit(
                                () -> {
                                    line.await();
                                    return task.call();
                                }));
            }
            for (Future<T> each : running) {
                results.add(each.get());
            }
        }
        return results;
    }

    /// IN8
    @Test
    void lostAnswer_sentAgain_isStoredOnce() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("RepeatedSendIT -Dseed=" + seed);
        int requests = 300;
        try (AnswerCutter proxy = new AnswerCutter(server.getPort(), seed)) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                int client = c;
                clients.add(() -> send(proxy.port(), client, requests / 4));
            }
            int attempts = together(clients).stream().mapToInt(Integer::intValue).sum();
            assertThat(attempts).isGreaterThan(requests + requests / 4);
            assertThat(proxy.cut.get()).isGreaterThan(requests);
        }
        assertThat(stored("lost-answers")).isEqualTo(requests);
        assertWhole();
    }

    private static int send(int port, int client, int requests) throws Exception {
        int attempts = 0;
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < requests; i++) {
                String body =
                        """
                        {"event_id":"lost-%d-%d","event_type":"agent.reasoning","task_id":"lost-answers"}"""
                                .formatted(client, i);
                boolean answered = false;
                while (!answered) {
                    attempts++;
                    try {
                        HttpResponse<String> answer = post(http, port, body);
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        JsonNode json = JSON.readTree(answer.body());
                        assertThat(json.path("accepted").asInt() + json.path("duplicates").asInt())
                                .isEqualTo(1);
                        answered = true;
                    } catch (IOException e) {
                        assertThat(attempts).as(e.toString()).isLessThan(100 * requests);
                    }
                }
            }
        }
        return attempts;
    }

    /// IN9
    @Test
    void sameEvents_fromManyClientsAtOnce_areStoredOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            int clients = 32;
            int events = 100;
            String task = "round-" + round;
            List<String> ids =
                    Stream.iterate(0, i -> i + 1).limit(events).map(i -> task + "/" + i).toList();
            List<Callable<HttpResponse<String>>> senders = new ArrayList<>();
            HttpClient http = HttpClient.newHttpClient();
            for (int c = 0; c < clients; c++) {
                List<String> shuffled = new ArrayList<>(ids);
                Collections.shuffle(shuffled, new Random(c));
                String body =
                        shuffled.stream()
                                .map(
                                        id ->
                                                """
                                                {"event_id":"%s","event_type":"agent.reasoning","task_id":"%s",\
                                                "timestamp":"2026-11-20T10:00:00Z","agent_name":"same"}"""
                                                        .formatted(id, task))
                                .toList()
                                .toString();
                senders.add(() -> post(http, server.getPort(), body));
            }
            int accepted = 0;
            int duplicates = 0;
            for (HttpResponse<String> answer : together(senders)) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                JsonNode json = JSON.readTree(answer.body());
                accepted += json.path("accepted").asInt();
                duplicates += json.path("duplicates").asInt();
                assertThat(json.path("rejected")).isEmpty();
            }
            http.close();
            assertThat(accepted).isEqualTo(events);
            assertThat(duplicates).isEqualTo((clients - 1) * events);
            assertThat(stored(task)).isEqualTo(events);
        }
        assertWhole();
    }

    /// IN10
    @Test
    void sameIds_otherBodies_areRejectedEachOnce() throws Exception {
        String one = conflicting("one");
        try (HttpClient http = HttpClient.newHttpClient();
                Connection connection = database.connect()) {
            assertThat(post(http, server.getPort(), one).body()).startsWith("{\"accepted\":100,");
            long rejected = rejected(connection);
            JsonNode answer =
                    JSON.readTree(post(http, server.getPort(), conflicting("two")).body());
            assertThat(answer.path("accepted").asInt()).isZero();
            assertThat(answer.path("rejected")).hasSize(100);
            assertThat(rejected(connection) - rejected).isEqualTo(100);
            assertThat(post(http, server.getPort(), one).body())
                    .isEqualTo("{\"accepted\":0,\"duplicates\":100,\"rejected\":[]}");
        }
        assertWhole();
    }

    private static String conflicting(String action) {
        return Stream.iterate(0, i -> i + 1)
                .limit(100)
                .map(
                        i ->
                                """
                                {"event_id":"conflict-%d","event_type":"agent.reasoning","action":"%s"}"""
                                        .formatted(i, action))
                .toList()
                .toString();
    }

    private static long rejected(Connection connection) throws SQLException {
        return StoreOracle.count(
                connection, "SELECT coalesce(sum(rejected), 0) FROM rollup_ingest");
    }

    /// Commits that run at once update the same agents, traces, links and roll-ups.
    @Test
    void overlappingBatches_inAnyOrder_doNotBlockEachOther() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        List<Callable<Integer>> senders = new ArrayList<>();
        for (int c = 0; c < 12; c++) {
            int client = c;
            senders.add(
                    () -> {
                        Random random = new Random(client);
                        int accepted = 0;
                        for (int round = 0; round < 15; round++) {
                            List<String> batch = new ArrayList<>();
                            for (int i = 0; i < 40; i++) {
                                batch.add(event("o-" + client + "-" + round + "-" + i, random));
                            }
                            HttpResponse<String> answer =
                                    post(http, server.getPort(), batch.toString());
                            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                            accepted += JSON.readTree(answer.body()).path("accepted").asInt();
                        }
                        return accepted;
                    });
        }
        assertThat(together(senders)).containsOnly(15 * 40);
        http.close();
        try (Connection connection = database.connect()) {
            assertThat(
                            StoreOracle.count(
                                    connection,
                                    "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
                    .isZero();
        }
        assertWhole();
    }
}
