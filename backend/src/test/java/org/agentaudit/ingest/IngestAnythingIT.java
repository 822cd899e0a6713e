package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.agentaudit.TestDatabase;
import org.agentaudit.ingest.normal.EventIds;
import org.agentaudit.store.StoreOracle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Any JSON value and any bytes, over HTTP into a real PostgreSQL: the answer is 200 or 4xx, every
/// item is stored, a duplicate or in quarantine with its reason, and what is stored reads back as
/// it was sent. `-Dcases=…` sends more, `-Dseed=…` the same again (RB5).
class IngestAnythingIT {
    private static final String KEY = "aap_configured-for-tests";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final int CASES = Integer.getInteger("cases", 400);
    private static TestDatabase.Fresh database;
    private static EmbeddedServer server;
    private static HttpClient http;
    private static long seed;
    @TempDir static Path folder;

    @BeforeAll
    static void start() {
        seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("IngestAnythingIT -Dcases=" + CASES + " -Dseed=" + seed);
        database = TestDatabase.create();
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", folder.toString());
        properties.put("portal.ingest-key", KEY);
        server = ApplicationContext.builder().properties(properties).run(EmbeddedServer.class);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        server.close();
    }

    private static HttpResponse<String> post(byte[] body, boolean lines, boolean gzip)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create("http://localhost:" + server.getPort() + "/api/events"))
                        .header("Authorization", "Bearer " + KEY)
                        .header("Content-Type", lines ? "application/x-ndjson" : "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (gzip) {
            request.header("Content-Encoding", "gzip");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        }
        return packed.toByteArray();
    }

    private static String good(String id) {
        return "{\"event_type\":\"agent.reasoning\",\"event_id\":\"" + id + "\"}";
    }

    /// Totals of the store: events, quarantined items, and the same as they were counted.
    private record Totals(long events, long quarantined, long stored, long rejected) {}

    private static Totals totals() throws SQLException {
        try (Connection connection = database.connect()) {
            return new Totals(
                    StoreOracle.count(connection, "SELECT count(*) FROM audit_event"),
                    StoreOracle.count(
                            connection,
                            "SELECT coalesce(sum(seen), 0) FROM quarantine WHERE reason <> '' AND body <> ''"),
                    StoreOracle.count(
                            connection, "SELECT coalesce(sum(stored), 0) FROM rollup_ingest"),
                    StoreOracle.count(
                            connection, "SELECT coalesce(sum(rejected), 0) FROM rollup_ingest"));
        }
    }

    @Test
    void anyJsonValue_isAccountedFor_andItsNeighboursStored() throws Exception {
        RandomJson random = new RandomJson(seed);
        Random chance = new Random(seed);
        Totals before = totals();
        long accepted = 0;
        long rejected = 0;
        for (int i = 0; i < CASES; i++) {
            String value = random.value(0).toString();
            String first = good("first-" + i);
            String last = good("last-" + i);
            boolean lines = chance.nextBoolean();
            boolean packed = chance.nextBoolean();
            byte[] body =
                    PipelineFixture.utf8(
                            lines
                                    ? first + "\n" + value + "\n" + last
                                    : "[" + first + "," + value + "," + last + "]");
            HttpResponse<String> answer = post(packed ? gzip(body) : body, lines, packed);
            String about = "seed %d, case %d: %s".formatted(seed, i, value);
            assertThat(answer.statusCode()).as(about).isEqualTo(200);
            JsonNode result = JSON.readTree(answer.body());
            int duplicates = result.path("duplicates").asInt();
            accepted += result.path("accepted").asInt();
            rejected += result.path("rejected").size();
            assertThat(result.path("accepted").asInt()).as(about).isGreaterThanOrEqualTo(2);
            assertThat(
                            result.path("accepted").asInt()
                                    + duplicates
                                    + result.path("rejected").size())
                    .as(about)
                    .isEqualTo(3);
            for (JsonNode item : result.path("rejected")) {
                assertThat(item.path("index").asInt()).as(about).isEqualTo(1);
                assertThat(item.path("reason").asText()).as(about).isNotBlank();
            }
        }
        Totals after = totals();
        assertThat(after.events() - before.events()).isEqualTo(accepted);
        assertThat(after.quarantined() - before.quarantined()).isEqualTo(rejected).isPositive();
        assertThat(after.stored() - before.stored()).isEqualTo(accepted);
        assertThat(after.rejected() - before.rejected()).isEqualTo(rejected);
    }

    @Test
    void anyBytes_areAnswered_andNothingIsStoredHalf() throws Exception {
        RandomJson random = new RandomJson(seed + 1);
        Random chance = new Random(seed + 1);
        Totals before = totals();
        long accepted = 0;
        long rejected = 0;
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] body =
                    PipelineFixture.utf8(
                            "["
                                    + good("b-" + i)
                                    + ",\n"
                                    + random.object(0)
                                    + ",\n"
                                    + good("c-" + i)
                                    + "]");
            boolean packed = chance.nextInt(4) == 0;
            if (packed) {
                body = gzip(body);
            }
            body = damaged(body, chance);
            HttpResponse<String> answer = post(body, chance.nextBoolean(), packed);
            String about = "seed %d, case %d: %s".formatted(seed, i, answer.body());
            if (answer.statusCode() == 200) {
                JsonNode result = JSON.readTree(answer.body());
                accepted += result.path("accepted").asInt();
                rejected += result.path("rejected").size();
            } else {
                assertThat(answer.statusCode()).as(about).isIn(400, 413);
                assertThat(JSON.readTree(answer.body()).path("detail").asText())
                        .as(about)
                        .isNotBlank()
                        .doesNotContain("Exception", "com.fasterxml");
                refused++;
            }
        }
        Totals after = totals();
        assertThat(after.events() - before.events()).isEqualTo(accepted);
        assertThat(after.quarantined() - before.quarantined()).isEqualTo(rejected);
        assertThat(refused).isBetween(1, CASES - 1);
    }

    private static byte[] damaged(byte[] body, Random chance) {
        byte[] bytes = body.clone();
        switch (chance.nextInt(5)) {
            case 0 -> {
                for (int i = chance.nextInt(4); i >= 0; i--) {
                    bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt(256);
                }
            }
            case 1 -> bytes = Arrays.copyOf(bytes, 1 + chance.nextInt(bytes.length));
            case 2 -> {
                int cut = chance.nextInt(bytes.length);
                System.arraycopy(body, cut, bytes, 0, bytes.length - cut);
            }
            case 3 -> chance.nextBytes(bytes);
            default -> {
                byte[] marks = "[]{}\",:\\\n0e".getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < 3; i++) {
                    bytes[chance.nextInt(bytes.length)] = marks[chance.nextInt(marks.length)];
                }
            }
        }
        return bytes;
    }

    @Test
    void whatIsStored_readsBackAsItWasSent() throws Exception {
        RandomJson random = new RandomJson(seed + 2, false);
        for (int i = 0; i < CASES; i++) {
            JsonNode params = random.value(0);
            JsonNode result = random.value(0);
            String id = "back-" + i;
            String event =
                    "{\"event_type\":\"agent.reasoning\",\"event_id\":\"%s\",\"params\":%s,\"result\":%s}"
                            .formatted(id, params, result);
            HttpResponse<String> answer = post(PipelineFixture.utf8(event), false, false);
            String about = "seed %d, case %d: %s".formatted(seed, i, event);
            assertThat(answer.body()).as(about).startsWith("{\"accepted\":1,");
            List<String> stored = content(id);
            assertSame(about, params, stored.get(0));
            assertSame(about, result, stored.get(1));
        }
        try (Connection connection = database.connect()) {
            assertThat(StoreOracle.differences(connection)).isEmpty();
        }
    }

    /// Params and result of an event.
    private static List<String> content(String id) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT coalesce(params, 'null'), coalesce(result, 'null')"
                                        + " FROM event_content WHERE event_id = ?")) {
            statement.setObject(1, EventIds.fromText(id));
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                return List.of(row.getString(1), row.getString(2));
            }
        }
    }

    /// Equal as JSON, numbers by their value; an empty text is an absent one.
    private static void assertSame(String about, JsonNode sent, String stored) throws IOException {
        JsonNode expected = sent.isTextual() && sent.textValue().isEmpty() ? JSON.nullNode() : sent;
        assertThat(
                        JSON.readTree(stored)
                                .equals(
                                        (a, b) ->
                                                a.isNumber() && b.isNumber()
                                                        ? a.decimalValue()
                                                                .compareTo(b.decimalValue())
                                                        : a.equals(b) ? 0 : 1,
                                        expected))
                .as("%s was stored as %s", about, stored)
                .isTrue();
    }
}
