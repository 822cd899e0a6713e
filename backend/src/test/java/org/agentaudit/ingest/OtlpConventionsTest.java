package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Spans and log records of every convention as the events they become.
class OtlpConventionsTest {

    /// `-Dgolden.update=true` rewrites the files, for review of the difference.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "genai-latest",
                "genai-1.36",
                "openinference",
                "openllmetry",
                "vercel",
                "langfuse",
                "nested",
                "claude-code-logs",
                "claude-code-spans",
                "logs",
                "sdk",
                "any-agent",
                "jaeger",
                "langfuse-export"
            })
    void signals_becomeTheEventsOfTheGoldenFile(String name) throws IOException {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = fixture.json(OtlpFixture.resource(name + ".json"));
        assertThat(result.rejected()).isEmpty();
        String actual =
                fixture.all().stream().map(OtlpFixture::text).collect(Collectors.joining("\n"));
        Path golden = Path.of("src/test/resources/golden/otlp-" + name + ".txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(golden));
    }

    /// The same export sent to the OTLP route is the same events.
    @ParameterizedTest
    @ValueSource(strings = {"genai-latest", "claude-code-logs", "logs"})
    void signals_sentAndImported_areTheSame(String name) {
        PipelineFixture fixture = new PipelineFixture();
        String body = OtlpFixture.resource(name + ".json");
        int sent = OtlpFixture.json(fixture, body).accepted();
        IngestResult imported = fixture.lines(body.replace("\n", " "));
        assertThat(imported.accepted()).isZero();
        assertThat(imported.duplicates()).isEqualTo(sent);
        assertThat(imported.rejected()).isEmpty();
    }

    /// One call told by nested instrumentations counts once; parts and their sum count once.
    @Test
    void modelCalls_nested_countOnce() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.json(OtlpFixture.resource("nested.json"));
        List<AuditEvent> calls =
                fixture.all().stream()
                        .filter(event -> event.envelope().type() == EventType.LLM_RESPONSE)
                        .toList();
        assertThat(calls)
                .extracting(event -> event.envelope().action())
                .containsExactlyInAnyOrder(
                        "openai.chat", "chat inner", "chat part 1", "chat part 2", "chat outer");
        long tokens =
                fixture.all().stream()
                        .map(event -> event.envelope().tokens())
                        .filter(counts -> counts != null)
                        .mapToLong(counts -> counts.total())
                        .sum();
        assertThat(tokens).isEqualTo(110 + 2 + 11 + 22 + 14);
    }

    /// Claude Code tells the same actions by logs and by spans: both in any order are one event
    /// each.
    @Test
    void claudeCode_logsAndSpans_areTheSameActions() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.json(OtlpFixture.resource("claude-code-logs.json"));
        int before = fixture.all().size();
        IngestResult spans = fixture.json(OtlpFixture.resource("claude-code-spans.json"));
        assertThat(spans.rejected()).isEmpty();
        assertThat(spans.duplicates()).as("prompt, request, tool, decision, result").isEqualTo(5);
        assertThat(fixture.all()).hasSize(before + 1);
        AuditEvent result =
                fixture.all().stream()
                        .filter(event -> event.envelope().type() == EventType.TOOL_RESULT)
                        .filter(event -> event.envelope().outcome() == Outcome.FAILURE)
                        .findFirst()
                        .orElseThrow();
        assertThat(fixture.store.events)
                .as("a result follows from its call")
                .containsKey(result.envelope().parentEventId());
    }

    /// The hook and the telemetry of one call, in either order, are one call and one result.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void claudeCode_hookAndLog_ofOneCall_countOnce(boolean hookFirst) {
        PipelineFixture fixture = new PipelineFixture();
        String logs = OtlpFixture.resource("claude-code-logs.json");
        fixture.json(hookFirst ? HOOKS : logs);
        IngestResult second = fixture.json(hookFirst ? logs : HOOKS);
        assertThat(second.rejected()).isEmpty();
        assertThat(fixture.all())
                .filteredOn(event -> event.envelope().action().equals("Read"))
                .extracting(event -> event.envelope().type())
                .containsExactlyInAnyOrder(EventType.TOOL_CALL, EventType.TOOL_RESULT);
        assertThat(fixture.all())
                .filteredOn(event -> event.envelope().type() == EventType.INVOCATION)
                .hasSize(1);
    }

    private static final String HOOKS =
            """
            [{"hook_event_name":"UserPromptSubmit","prompt":"fix the test",
              "session_id":"11111111-2222-3333-4444-555555555555",
              "prompt_id":"99999999-8888-7777-6666-555555555555"},
             {"hook_event_name":"PreToolUse","tool_name":"Read","tool_use_id":"toolu_3",
              "session_id":"11111111-2222-3333-4444-555555555555",
              "prompt_id":"99999999-8888-7777-6666-555555555555",
              "tool_input":{"file_path":"a"}},
             {"hook_event_name":"PostToolUse","tool_name":"Read","tool_use_id":"toolu_3",
              "session_id":"11111111-2222-3333-4444-555555555555",
              "prompt_id":"99999999-8888-7777-6666-555555555555",
              "tool_input":{"file_path":"a"},"tool_response":{"type":"text"}}]
            """;

    @Test
    void spans_inAnotherBatch_areKnownByTheirServiceAlone() {
        PipelineFixture fixture = new PipelineFixture();
        String body = OtlpFixture.resource("genai-latest.json");
        String tool =
                body.substring(0, body.indexOf("\"spans\"")) + "\"spans\": [" + SPAN + "]}]}]}";
        fixture.json(tool);
        assertThat(fixture.all().getFirst().envelope().agentId()).isEqualTo("shop");
        assertThat(fixture.json(tool).duplicates()).isEqualTo(1);
    }

    private static final String SPAN =
            "{\"traceId\":\"0123456789ABCDEF0123456789ABCDEF\",\"spanId\":\"00000000000000AA\","
                    + "\"parentSpanId\":\"00000000000000AB\",\"name\":\"execute_tool look\","
                    + "\"startTimeUnixNano\":1763719200000000000}";
}
