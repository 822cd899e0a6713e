package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.CallPairing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same actions told by hooks before and after, by the transcript and by telemetry (which names
/// its events the same way), in any order: each is one event.
class SameActionTest {
    private static final String PROMPT =
            "{\"hook_event_name\":\"UserPromptSubmit\",\"session_id\":\"s\",\"prompt_id\":\"p\",\"prompt\":\"go\"}";
    private static final String BEFORE =
            "{\"hook_event_name\":\"PreToolUse\",\"session_id\":\"s\",\"prompt_id\":\"p\",\"tool_use_id\":\"t\","
                    + "\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"false\"}}";
    private static final String AFTER =
            "{\"hook_event_name\":\"PostToolUseFailure\",\"session_id\":\"s\",\"prompt_id\":\"p\",\"tool_use_id\":\"t\","
                    + "\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"false\"},\"error\":\"Exit code 1\","
                    + "\"duration_ms\":12}";
    private static final String TRANSCRIPT =
            String.join(
                    "\n",
                    "{\"type\":\"user\",\"uuid\":\"u1\",\"parentUuid\":null,\"sessionId\":\"s\",\"promptId\":\"p\","
                            + "\"timestamp\":\"2026-11-21T11:00:00Z\",\"message\":{\"role\":\"user\",\"content\":\"go\"}}",
                    "{\"type\":\"assistant\",\"uuid\":\"u2\",\"parentUuid\":\"u1\",\"sessionId\":\"s\",\"requestId\":\"r\","
                            + "\"timestamp\":\"2026-11-21T11:00:01Z\",\"message\":{\"id\":\"m\",\"model\":\"claude-opus-4-6\","
                            + "\"usage\":{\"input_tokens\":1,\"cache_read_input_tokens\":100,"
                            + "\"cache_creation_input_tokens\":10,\"output_tokens\":2},"
                            + "\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{\"command\":\"false\"}}]}}",
                    "{\"type\":\"user\",\"uuid\":\"u3\",\"parentUuid\":\"u2\",\"sessionId\":\"s\",\"promptId\":\"p\","
                            + "\"timestamp\":\"2026-11-21T11:00:02Z\",\"message\":{\"role\":\"user\",\"content\":"
                            + "[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"is_error\":true,\"content\":\"Exit code 1\"}]}}",
                    "{\"type\":\"assistant\",\"uuid\":\"u4\",\"parentUuid\":\"u3\",\"sessionId\":\"s\",\"requestId\":\"r\","
                            + "\"isSidechain\":true,\"agentId\":\"a\","
                            + "\"timestamp\":\"2026-11-21T11:00:03Z\",\"message\":{\"id\":\"m\",\"model\":\"claude-opus-4-6\","
                            + "\"usage\":{\"input_tokens\":1,\"cache_read_input_tokens\":100,"
                            + "\"cache_creation_input_tokens\":10,\"output_tokens\":2},"
                            + "\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{\"command\":\"false\"}}]}}");

    /// Telemetry that was converted by somebody else: flat events under the same names.
    private static final String TELEMETRY =
            String.join(
                    "\n",
                    flat("agent.tool_call", "cc:s:t", "\"action\":\"tool_call:Bash\""),
                    flat(
                            "agent.tool_result",
                            "cc:s:t:result",
                            "\"action\":\"tool_result:Bash\",\"parent_event_id\":\"cc:s:t\",\"outcome\":\"failure\""),
                    flat("agent.invocation", "cc:s:prompt:p", "\"action\":\"user\""),
                    flat(
                            "agent.llm_response",
                            "cc:s:request:r",
                            "\"action\":\"api_request\",\"token_count\":113"));

    private static String flat(String type, String id, String more) {
        return "{\"event_type\":\""
                + type
                + "\",\"event_id\":\""
                + id
                + "\",\"trace_id\":\"p\",\"session_id\":\"s\",\"agent_name\":\"claude-code/main\","
                + more
                + "}";
    }

    static Stream<List<String>> orders() {
        List<List<String>> orders = new ArrayList<>();
        permute(List.of(), List.of(PROMPT, BEFORE, AFTER, TRANSCRIPT), orders);
        return orders.stream();
    }

    private static void permute(List<String> chosen, List<String> rest, List<List<String>> all) {
        if (rest.isEmpty()) {
            all.add(chosen);
        }
        for (int i = 0; i < rest.size(); i++) {
            List<String> next = new ArrayList<>(chosen);
            next.add(rest.get(i));
            List<String> others = new ArrayList<>(rest);
            others.remove(i);
            permute(next, others, all);
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void sameAction_inEveryOrder_countsOnce(List<String> order) {
        PipelineFixture fixture = new PipelineFixture();
        for (int round = 0; round < 2; round++) {
            for (String body : order) {
                assertThat(fixture.lines(body).rejected()).isEmpty();
            }
        }
        List<Envelope> events = fixture.all().stream().map(AuditEvent::envelope).toList();
        assertThat(events.stream().map(Envelope::type))
                .containsExactlyInAnyOrder(
                        EventType.INVOCATION,
                        EventType.TOOL_CALL,
                        EventType.TOOL_RESULT,
                        EventType.LLM_RESPONSE);
        assertThat(events.stream().map(Envelope::traceId)).containsOnly("p");
        assertThat(events.stream().filter(Envelope::errored)).hasSize(1);
        List<CallPairing.Call> calls = CallPairing.of(events).calls();
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(calls.getFirst().unpaired()).isFalse();
        long tokens =
                events.stream()
                        .filter(event -> event.tokens() != null)
                        .mapToLong(event -> event.tokens().total())
                        .sum();
        assertThat(tokens).isEqualTo(113);
    }

    /// Events under the same names from another decoder have the same ids; only the first is kept.
    /// A flat event is compared by its body, so it is refused rather than stored a second time.
    @ParameterizedTest
    @MethodSource("orders")
    void sameNames_areSameIds(List<String> order) {
        PipelineFixture fixture = new PipelineFixture();
        order.forEach(fixture::lines);
        int before = fixture.all().size();
        fixture.lines(TELEMETRY);
        assertThat(fixture.all()).hasSize(before);
    }

    /// A person's refusal, told by the hook after the call and by telemetry.
    @Test
    void refusal_toldByHookAndTelemetry_countsOnce() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.lines(
                AFTER.replace(
                        "Exit code 1", "The user doesn't want to proceed with this tool use."));
        OtlpFixture.json(
                fixture,
                """
                {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1763719200000000000",
                  "body":{"stringValue":"claude_code.tool_decision"},"attributes":[
                    {"key":"event.name","value":{"stringValue":"tool_decision"}},
                    {"key":"session.id","value":{"stringValue":"s"}},
                    {"key":"tool_use_id","value":{"stringValue":"t"}},
                    {"key":"source","value":{"stringValue":"user_reject"}},
                    {"key":"decision","value":{"stringValue":"reject"}}]}]}]}]}
                """);
        assertThat(fixture.all())
                .extracting(event -> event.envelope().type())
                .containsOnlyOnce(EventType.HUMAN_INTERVENTION);
    }

    /// An id that is made to look like another event's name does not take its place.
    @Test
    void result_ofACallWhoseIdWasForged_isStored() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.lines(BEFORE.replace("\"tool_use_id\":\"t\"", "\"tool_use_id\":\"t:result\""));
        fixture.lines(AFTER);
        assertThat(fixture.all())
                .extracting(event -> event.envelope().type())
                .containsExactly(EventType.TOOL_CALL, EventType.TOOL_CALL, EventType.TOOL_RESULT);
    }
}
