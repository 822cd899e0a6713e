package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agentaudit.report.Golden;
import org.junit.jupiter.api.Test;

/// Every member of every shape with a value of every type, alone wrong in its line. What became of
/// it is the golden file `wrong-types.txt`: stored (and, where the member has lost its meaning,
/// what is kept beside the event), or rejected with the reason. `-Dgolden.update=true` rewrites it.
class WrongTypesTest {
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "7",
                    "-1",
                    "1.5",
                    "1e300",
                    "123456789012345678901234567890",
                    "\"\"",
                    "\"text\"",
                    "\"\\u0000\\ud800\"",
                    "[]",
                    "[1]",
                    "[\"a\",{\"b\":2}]",
                    "{}",
                    "{\"a\":1}");

    private static final List<String> COMMON =
            List.of(
                    "timestamp",
                    "trace_id",
                    "parent_event_id",
                    "task_id",
                    "user_id",
                    "conversation_id",
                    "version",
                    "source",
                    "permission_level",
                    "resources_accessed",
                    "sensitive_data_accessed",
                    "cost_usd",
                    "producer",
                    "seq");

    /// Lines with a place for the member, by the prefix of the members that go there.
    private static final Map<String, String> LINES = new LinkedHashMap<>();

    private static final Map<String, List<String>> MEMBERS = new LinkedHashMap<>();

    static {
        shape(
                "003",
                "{\"event_type\":\"agent.decision\",\"event_id\":\"w\"}",
                List.of(
                        "event_type",
                        "event_id",
                        "agent_name",
                        "session_id",
                        "action",
                        "params",
                        "result",
                        "reasoning",
                        "confidence",
                        "duration_ms",
                        "token_count",
                        "model",
                        "error",
                        "error_type",
                        "outcome",
                        "status"));
        shape("003", null, COMMON);
        shape(
                "001",
                "{\"id\":\"w\",\"agent\":{\"id\":\"a\"},\"action\":{\"type\":\"decision\",\"name\":\"n\"},"
                        + "\"outcome\":{\"status\":\"success\"}}",
                List.of(
                        "id",
                        "agent",
                        "action",
                        "outcome",
                        "resources",
                        "security",
                        "model",
                        "reasoning",
                        "tokens_input",
                        "tokens_output",
                        "tokens_cached",
                        "duration_ms"));
        shape("001", null, COMMON);
        shape(
                "001 agent",
                "{\"id\":\"w\",\"agent\":{\"id\":\"a\"},\"action\":{\"type\":\"tool\"}}",
                List.of("id", "session_id", "conversation_id"));
        shape(
                "001 action",
                "{\"id\":\"w\",\"agent\":{\"id\":\"a\"},\"action\":{\"type\":\"tool\"}}",
                List.of("type", "name", "parameters", "tool"));
        shape(
                "001 outcome",
                "{\"id\":\"w\",\"action\":{\"type\":\"tool\"},\"outcome\":{\"status\":\"success\"}}",
                List.of("status", "result", "error"));
        shape(
                "000",
                "{\"sessionId\":\"s\",\"id\":\"w\",\"type\":\"assistant\",\"data\":{\"content\":\"c\"}}",
                List.of("sessionId", "id", "type", "duration", "data"));
        shape("000", null, COMMON);
        shape(
                "000 data",
                "{\"sessionId\":\"s\",\"id\":\"w\",\"type\":\"tool_call\",\"data\":{\"tool\":\"t\"}}",
                List.of(
                        "agent",
                        "tool",
                        "params",
                        "result",
                        "success",
                        "outcome",
                        "status",
                        "error",
                        "message",
                        "reasoning",
                        "confidence",
                        "content",
                        "tool_call_id",
                        "metadata",
                        "decision",
                        "parent"));
        shape("000 data", null, COMMON);
        shape(
                "002",
                "{\"request_id\":\"w\",\"model\":\"m\",\"status\":\"success\"}",
                List.of(
                        "request_id",
                        "agent",
                        "session_id",
                        "model",
                        "status",
                        "error_message",
                        "error",
                        "error_type",
                        "latency_ms",
                        "prompt_tokens",
                        "completion_tokens",
                        "cached_tokens"));
        shape("002", null, COMMON);
    }

    private static void shape(String prefix, String line, List<String> members) {
        if (line != null) {
            LINES.put(prefix, line);
            MEMBERS.put(prefix, members);
        } else {
            MEMBERS.merge(
                    prefix, members, (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
    }

    @Test
    void everyMember_ofEveryType_hasAStatedOutcome() throws IOException {
        StringBuilder table = new StringBuilder();
        MEMBERS.forEach(
                (prefix, members) -> {
                    for (String member : members) {
                        table.append(prefix).append(' ').append(member).append('\n');
                        outcomes(prefix, member)
                                .forEach(
                                        (outcome, values) ->
                                                table.append("    ")
                                                        .append(outcome)
                                                        .append(": ")
                                                        .append(String.join(" ", values))
                                                        .append('\n'));
                    }
                });
        Golden.assertMatches("wrong-types.txt", table.toString());
    }

    /// Values by what became of them.
    private static Map<String, List<String>> outcomes(String prefix, String member) {
        Map<String, List<String>> outcomes = new LinkedHashMap<>();
        for (String value : VALUES) {
            String body = with(prefix, member, value);
            PipelineFixture fixture = new PipelineFixture();
            IngestResult result = fixture.json("[" + body + "]");
            assertThat(result.accepted() + result.rejected().size()).as(body).isEqualTo(1);
            assertThat(fixture.store.quarantine).hasSize(result.rejected().size());
            String outcome;
            if (result.accepted() == 1) {
                String beside = fixture.all().getFirst().content().unmapped();
                outcome = beside == null ? "stored" : "stored without meaning, kept";
            } else {
                outcome = "rejected (" + result.rejected().getFirst().reason() + ")";
            }
            outcomes.computeIfAbsent(outcome, key -> new ArrayList<>()).add(value);
        }
        return outcomes;
    }

    /// The line with the member in its part.
    private static String with(String prefix, String member, String value) {
        try {
            ObjectNode line = (ObjectNode) new ObjectMapper().readTree(LINES.get(prefix));
            int space = prefix.indexOf(' ');
            ObjectNode part =
                    space < 0 ? line : line.withObjectProperty(prefix.substring(space + 1));
            part.put(member, "@");
            return line.toString().replace("\"@\"", value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
