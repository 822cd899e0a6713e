package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ingest over HTTP into a real store: media types, encodings, limits and status codes of the
/// contract.
class IngestHttpIT {
    private static final String KEY = "aap_configured-for-tests";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final TestDatabase.Fresh DATABASE = TestDatabase.create();
    private static EmbeddedServer server;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Object> properties = new HashMap<>(DATABASE.properties());
        properties.put("portal.data-dir", Files.createTempDirectory("ingest-it").toString());
        properties.put("portal.ingest-key", KEY);
        server = ApplicationContext.builder().properties(properties).run(EmbeddedServer.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> post(String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.getPort() + path))
                        .header("Authorization", "Bearer " + KEY)
                        .POST(BodyPublishers.ofByteArray(body));
        return HTTP.send(request.headers(headers).build(), BodyHandlers.ofString());
    }

    private static byte[] event(String id) {
        return PipelineFixture.utf8("{\"event_type\":\"agent.error\",\"event_id\":\"" + id + "\"}");
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        return out.toByteArray();
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"title\"").contains("\"detail\"");
    }

    @Test
    void post_anEvent_isAnsweredAfterTheCommit() throws Exception {
        String[] json = {"Content-Type", "application/json"};
        HttpResponse<String> first = post("/log", event("h1"), json);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("{\"accepted\":1,\"duplicates\":0,\"rejected\":[]}");
        assertThat(post("/api/events", event("h1"), json).body())
                .isEqualTo("{\"accepted\":0,\"duplicates\":1,\"rejected\":[]}");
        assertThat(post("/log", PipelineFixture.utf8("[{\"a\":1}]"), json).body())
                .startsWith(
                        "{\"accepted\":0,\"duplicates\":0,\"rejected\":[{\"index\":0,\"id\":null,\"reason\":\"");
    }

    @Test
    void post_anIdUsedBefore_countsAsOneRejectedItem() throws Exception {
        String[] json = {"Content-Type", "application/json"};
        post("/log", event("h4"), json);
        long before = rejected();
        byte[] other =
                PipelineFixture.utf8(
                        "{\"event_type\":\"agent.error\",\"event_id\":\"h4\",\"error\":\"other\"}");
        assertThat(post("/log", other, json).body()).contains("id already used by another event");
        assertThat(rejected() - before).isEqualTo(1);
    }

    private static long rejected() throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT coalesce(sum(rejected), 0) FROM rollup_ingest")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void post_packedAndLines_areTaken() throws Exception {
        byte[] lines =
                PipelineFixture.utf8(new String(event("h2")) + "\n" + new String(event("h3")));
        HttpResponse<String> gzip =
                post(
                        "/api/events",
                        gzip(lines),
                        "Content-Type",
                        "application/x-ndjson; charset=UTF-8",
                        "Content-Encoding",
                        "gzip");
        assertThat(gzip.body()).startsWith("{\"accepted\":2,");
        HttpResponse<String> zstd =
                post(
                        "/api/events",
                        Zstd.compress(lines),
                        "Content-Type",
                        "application/x-ndjson",
                        "Content-Encoding",
                        "zstd");
        assertThat(zstd.body()).startsWith("{\"accepted\":0,\"duplicates\":2,");
    }

    @Test
    void post_badBodies_areProblems() throws Exception {
        String[] json = {"Content-Type", "application/json"};
        String[] packed = {"Content-Type", "application/json", "Content-Encoding", "gzip"};
        byte[] whole = gzip(event("h4"));
        assertProblem(post("/log", new byte[0], json), 400);
        assertProblem(post("/log", PipelineFixture.utf8("hello"), json), 400);
        assertProblem(post("/log?format=csv", event("h4"), json), 400);
        assertProblem(post("/log", Arrays.copyOf(whole, whole.length - 5), packed), 400);
        byte[] corrupt = whole.clone();
        corrupt[corrupt.length - 6] ^= 1;
        assertProblem(post("/log", corrupt, packed), 400);
        assertProblem(post("/log", event("h4"), "Content-Type", "text/plain"), 415);
        assertProblem(
                post("/log", event("h4"), "Content-Type", "application/x-www-form-urlencoded"),
                415);
        assertProblem(
                post("/log", event("h4"), "Content-Type", "application/json; charset=utf-16"), 415);
        assertProblem(
                post(
                        "/log",
                        event("h4"),
                        "Content-Type",
                        "application/json",
                        "Content-Encoding",
                        "br"),
                415);
        assertProblem(post("/log", gzip(new byte[70 << 20]), packed), 413);
        assertProblem(post("/log", new byte[(16 << 20) + 1], json), 413);
        assertThat(post("/log", event("h5"), json).statusCode()).isEqualTo(200);
    }

    /// curl names a form when nobody tells it otherwise.
    @ParameterizedTest
    @CsvSource({
        "application/json,1",
        "application/json; charset=utf-8,2",
        "application/x-www-form-urlencoded,3",
        "text/plain;charset=UTF-8,4",
        "application/octet-stream,5",
        "application/x-ndjson,6"
    })
    void hook_isTakenUnchanged(String type, int number) throws Exception {
        String payload =
                "{\"hook_event_name\":\"PostToolUse\",\"session_id\":\"h\",\"tool_use_id\":\"t%d\",\"tool_name\":\"a&b=%%41\",\"tool_input\":{},\"tool_response\":{}}"
                        .formatted(number);
        HttpResponse<String> answer =
                post("/hooks/claude-code", PipelineFixture.utf8(payload), "Content-Type", type);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"duplicates\":0,\"rejected\":[]}");
        HttpResponse<String> again =
                post(
                        "/hooks/claude-code",
                        gzip(PipelineFixture.utf8(payload)),
                        "Content-Type",
                        type,
                        "Content-Encoding",
                        "gzip");
        assertThat(again.body()).startsWith("{\"accepted\":0,\"duplicates\":1,");
    }

    @Test
    void hook_ofAnotherForm_isRefused() throws Exception {
        String path = "/hooks/claude-code";
        assertProblem(post(path, event("x1"), "Content-Type", "image/png"), 415);
        assertProblem(post(path, new byte[] {'x'}, "Content-Type", "text/plain"), 400);
        assertThat(post(path, event("x2"), "Content-Type", "application/json").body())
                .contains("hook_event_name is missing");
    }

    @Test
    void post_aBodyOfTheLimit_isTaken() throws Exception {
        String start = "{\"event_type\":\"agent.error\",\"event_id\":\"large\",\"error\":\"";
        String body = start + "x".repeat((16 << 20) - start.length() - 2) + "\"}";
        HttpResponse<String> answer =
                post("/log", PipelineFixture.utf8(body), "Content-Type", "application/json");
        assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"duplicates\":0,\"rejected\":[]}");
    }

    @Test
    void post_withoutKey_isDenied() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.getPort() + "/log"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(event("h6")))
                        .build();
        assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
}
