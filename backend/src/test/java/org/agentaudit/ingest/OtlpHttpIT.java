package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.ApiKeys;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// OTLP over HTTP into a real store, from the exporter of the OpenTelemetry SDK and by hand: both
/// encodings, partial success, and the form of every error.
class OtlpHttpIT {
    private static final String KEY = "aap_configured-for-tests";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final TestDatabase.Fresh DATABASE = TestDatabase.create();
    private static EmbeddedServer server;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Object> properties = new HashMap<>(DATABASE.properties());
        properties.put("portal.data-dir", Files.createTempDirectory("otlp-it").toString());
        properties.put("portal.ingest-key", KEY);
        properties.put("portal.ingest.max-unpacked-bytes", 1_000_000);
        properties.put("portal.ingest.max-packed-bytes", 500_000);
        server = ApplicationContext.builder().properties(properties).run(EmbeddedServer.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String address(String path) {
        return "http://localhost:" + server.getPort() + path;
    }

    private static HttpResponse<byte[]> post(
            String path, byte[] body, String type, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address(path)))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body));
        if (List.of(headers).stream().noneMatch("Authorization"::equals)) {
            request.header("Authorization", "Bearer " + KEY);
        }
        return HTTP.send(
                headers.length == 0 ? request.build() : request.headers(headers).build(),
                BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static List<String> query(String sql) throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static Resource service(String name) {
        return Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), name));
    }

    @Test
    void sdkExporter_sendsSpans_whichAreStored() throws Exception {
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(address("/v1/traces"))
                        .addHeader("Authorization", "Bearer " + KEY)
                        .setCompression("gzip")
                        .build();
        SdkTracerProvider provider =
                SdkTracerProvider.builder()
                        .setResource(service("sdk-shop"))
                        .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                        .build();
        Tracer tracer = provider.get("test");
        var run =
                tracer.spanBuilder("invoke_agent buyer")
                        .setAttribute("gen_ai.operation.name", "invoke_agent")
                        .setAttribute("gen_ai.agent.name", "buyer")
                        .startSpan();
        try (Scope _ = run.makeCurrent()) {
            var tool =
                    tracer.spanBuilder("execute_tool buy")
                            .setAttribute("gen_ai.operation.name", "execute_tool")
                            .setAttribute("gen_ai.tool.name", "buy")
                            .startSpan();
            tool.recordException(new IllegalStateException("sold out"));
            tool.setStatus(StatusCode.ERROR);
            tool.end();
        }
        run.end();
        CompletableResultCode flushed = provider.forceFlush().join(30, TimeUnit.SECONDS);
        assertThat(flushed.isSuccess()).isTrue();
        provider.close();
        assertThat(
                        query(
                                "SELECT concat_ws('|', e.event_type, e.agent_id, e.action, e.outcome,"
                                        + " e.error_type, c.error_message, p.action)"
                                        + " FROM audit_event e JOIN event_content c USING (trace_id,"
                                        + " occurred_at, event_id) LEFT JOIN audit_event p"
                                        + " ON p.event_id = e.parent_event_id"
                                        + " WHERE e.agent_id = 'buyer' ORDER BY 1"))
                .containsExactly(
                        "INVOCATION|buyer|invoke_agent buyer|SUCCESS",
                        "TOOL_CALL|buyer|buy|FAILURE|IllegalStateException|sold out|"
                                + "invoke_agent buyer");
    }

    @Test
    void sdkExporter_sendsLogs_whichAreStored() throws Exception {
        OtlpHttpLogRecordExporter exporter =
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(address("/v1/logs"))
                        .addHeader("Authorization", "Bearer " + KEY)
                        .build();
        SdkLoggerProvider provider =
                SdkLoggerProvider.builder()
                        .setResource(service("claude-code"))
                        .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
                        .build();
        provider.get("com.anthropic.claude_code.events")
                .logRecordBuilder()
                .setBody("claude_code.tool_result")
                .setTimestamp(System.currentTimeMillis(), TimeUnit.MILLISECONDS)
                .setAttribute(AttributeKey.stringKey("event.name"), "tool_result")
                .setAttribute(AttributeKey.stringKey("session.id"), "s-1")
                .setAttribute(AttributeKey.stringKey("tool_name"), "Grep")
                .setAttribute(AttributeKey.stringKey("tool_use_id"), "toolu_it")
                .setAttribute(AttributeKey.stringKey("success"), "true")
                .emit();
        assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
        provider.close();
        assertThat(
                        query(
                                "SELECT event_type || ' ' || outcome FROM audit_event"
                                        + " WHERE action = 'Grep' ORDER BY 1"))
                .containsExactly("TOOL_CALL UNKNOWN", "TOOL_RESULT SUCCESS");
    }

    @Test
    void post_json_isAnsweredInJson() throws Exception {
        byte[] body = PipelineFixture.utf8(OtlpFixture.resource("openinference.json"));
        HttpResponse<byte[]> first = post("/v1/traces", body, "application/json");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(text(first)).isEqualTo("{}");
        assertThat(
                        text(
                                post(
                                        "/v1/traces",
                                        gzip(body),
                                        "application/json; charset=utf-8",
                                        "Content-Encoding",
                                        "gzip")))
                .isEqualTo("{}");
        assertThat(text(post("/v1/traces", PipelineFixture.utf8("{}"), "application/json")))
                .isEqualTo("{}");
        String other = OtlpFixture.resource("openinference.json").replace("politeness", "rudeness");
        String partial = text(post("/v1/traces", PipelineFixture.utf8(other), "application/json"));
        assertThat(partial)
                .isEqualTo(
                        "{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\""
                                + IngestPipeline.CONFLICT
                                + "\"}}");
        assertThat(
                        text(
                                post(
                                        "/v1/logs",
                                        PipelineFixture.utf8(
                                                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":"
                                                        + "[{\"timeUnixNano\":\"12\"}]}]}]}"),
                                        "application/json")))
                .startsWith("{\"partialSuccess\":{\"rejectedLogRecords\":\"1\"");
        assertThat(query("SELECT count(*) FROM quarantine WHERE origin = 'otlp'"))
                .containsExactly("2");
    }

    @Test
    void post_protobuf_isAnsweredInProtobuf() throws Exception {
        HttpResponse<byte[]> empty = post("/v1/traces", new byte[0], "application/x-protobuf");
        assertThat(empty.statusCode()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
        assertThat(empty.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        HttpResponse<byte[]> bad =
                post("/v1/logs", new byte[] {(byte) 0xFF, 7}, "application/x-protobuf");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        assertThat(bad.body()).startsWith(8, 3, 0x12);
    }

    @Test
    void post_errors_areStatusMessages() throws Exception {
        byte[] nothing = PipelineFixture.utf8("{}");
        String json = "application/json";
        assertStatus(post("/v1/traces", PipelineFixture.utf8("{"), json), 400, 3);
        assertStatus(post("/v1/traces", new byte[0], json), 400, 3);
        assertStatus(post("/v1/traces", nothing, "text/plain"), 415, 3);
        assertStatus(post("/v1/traces", nothing, json, "Content-Encoding", "br"), 415, 3);
        assertStatus(post("/v1/traces", nothing, json, "Content-Encoding", "gzip"), 400, 3);
        assertStatus(post("/v1/traces", new byte[600_000], json), 413, 3);
        assertStatus(
                post("/v1/traces", gzip(new byte[2_000_000]), json, "Content-Encoding", "gzip"),
                413,
                3);
        assertStatus(post("/v1/metrics", nothing, json), 404, 12);
        assertStatus(post("/v1/traces", nothing, json, "Authorization", "Bearer aap_no"), 401, 16);
        String auditor =
                server.getApplicationContext()
                        .getBean(ApiKeys.class)
                        .create("test", "reader", Role.AUDITOR, null)
                        .token();
        assertStatus(
                post("/v1/traces", nothing, json, "Authorization", "Bearer " + auditor), 403, 7);
    }

    private static void assertStatus(HttpResponse<byte[]> answer, int status, int code) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/json");
        assertThat(text(answer)).startsWith("{\"code\":" + code + ",\"message\":\"");
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        return out.toByteArray();
    }
}
