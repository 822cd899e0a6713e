package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each hook event of Claude Code becomes.
class ClaudeCodeHookTest {
    private static final String CALL =
            "\"session_id\":\"s\",\"prompt_id\":\"p\",\"tool_use_id\":\"t\",\"cwd\":\"/w\",";

    private static String payload(String event, String members) {
        return "{\"hook_event_name\":\"" + event + "\"," + members + "}";
    }

    private static List<AuditEvent> events(String line) {
        PipelineFixture fixture = new PipelineFixture();
        assertThat(fixture.json(line).accepted()).isEqualTo(1);
        return fixture.all();
    }

    @ParameterizedTest
    @CsvSource({
        "SessionStart,OTHER",
        "SessionEnd,OTHER",
        "UserPromptSubmit,INVOCATION",
        "UserPromptExpansion,OTHER",
        "PreToolUse,TOOL_CALL",
        "PermissionRequest,HUMAN_INTERVENTION",
        "PermissionDenied,SECURITY",
        "Stop,OTHER",
        "StopFailure,ERROR",
        "SubagentStart,HANDOFF",
        "SubagentStop,OTHER",
        "Notification,OTHER",
        "PreCompact,OTHER",
        "PostCompact,OTHER",
        "PostModelSwitch,OTHER",
        "ConfigChange,SECURITY",
        "TaskCreated,OTHER",
        "TaskCompleted,OTHER",
        "InstructionsLoaded,OTHER",
        "Elicitation,OTHER",
        "ElicitationResult,HUMAN_INTERVENTION",
        "CwdChanged,OTHER",
        "SomethingOfNextYear,OTHER"
    })
    void event_hasItsType(String name, EventType type) {
        String line =
                payload(
                        name,
                        CALL
                                + "\"agent_id\":\"a1\",\"agent_type\":\"Explore\",\"tool_name\":\"Bash\",\"tool_input\":{},"
                                + "\"error\":\"rate_limit\",\"source\":\"user\",\"novel\":{\"deep\":[1]}");
        List<AuditEvent> events = events(line);
        assertThat(events).hasSize(1);
        AuditEvent event = events.getFirst();
        Envelope envelope = event.envelope();
        assertThat(envelope.type()).isEqualTo(type);
        assertThat(envelope.typeName()).isEqualTo(name);
        assertThat(envelope.sourceFormat()).isEqualTo(SourceFormat.CLAUDE_CODE_HOOK);
        assertThat(envelope.sessionId()).isEqualTo("s");
        assertThat(envelope.traceId()).isEqualTo("p");
        assertThat(envelope.traceDerived()).isFalse();
        assertThat(envelope.occurredAt()).isEqualTo(PipelineFixture.NOW);
        assertThat(event.content().unmapped()).contains("\"cwd\":\"/w\"");
        assertThat(event.content().params() + event.content().unmapped())
                .contains("\"novel\":{\"deep\":[1]}");
    }

    @Test
    void call_andItsResult() {
        List<AuditEvent> events =
                events(
                        payload(
                                "PostToolUse",
                                CALL
                                        + "\"permission_mode\":\"plan\",\"tool_name\":\"Read\",\"duration_ms\":7,"
                                        + "\"tool_input\":{\"file_path\":\"/w/a\",\"limit\":3},\"tool_response\":{\"n\":1}"));
        AuditEvent call = events.getFirst();
        AuditEvent result = events.getLast();
        assertThat(events).hasSize(2);
        assertThat(call.envelope().id()).isEqualTo(EventIds.fromText("cc:s:t"));
        assertThat(call.envelope().agentId()).isEqualTo("claude-code/main");
        assertThat(call.envelope().action()).isEqualTo("Read");
        assertThat(call.envelope().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(call.envelope().paramCount()).isEqualTo(2);
        assertThat(call.envelope().resources()).containsExactly(new ResourceRef("file", "/w/a"));
        assertThat(call.envelope().permissionLevel()).isEqualTo(PermissionLevel.READONLY);
        assertThat(result.envelope().id()).isEqualTo(EventIds.fromText("cc:s:t:result"));
        assertThat(result.envelope().parentEventId()).isEqualTo(call.envelope().id());
        assertThat(result.envelope().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.envelope().durationMs()).isEqualTo(7);
        assertThat(result.content().result()).isEqualTo("{\"n\":1}");
    }

    @Test
    void failure_standsOnTheResultAlone() {
        List<AuditEvent> events =
                events(
                        payload(
                                "PostToolUseFailure",
                                CALL
                                        + "\"tool_name\":\"mcp__db__query\",\"tool_input\":{},"
                                        + "\"error\":\"Exit code 2\",\"is_interrupt\":true"));
        assertThat(events.getFirst().envelope().errored()).isFalse();
        assertThat(events.getFirst().envelope().action()).isEqualTo("mcp__db__query");
        Envelope result = events.getLast().envelope();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(result.errorType()).isEqualTo("Interrupted");
        assertThat(events.getLast().content().errorMessage()).isEqualTo("Exit code 2");
    }

    /// Names and members as seed 001 has them.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hook_event_name\":\"PostToolCall\",\"result\":\"ok\"|SUCCESS",
                "\"result\":\"ok\"|SUCCESS",
                "\"error\":\"no\"|FAILURE"
            })
    void seedsWords_areUnderstood(String members, Outcome outcome) {
        PipelineFixture fixture = new PipelineFixture();
        String line =
                "{"
                        + members
                        + ",\"session_id\":\"s\",\"tool_name\":\"X\",\"parameters\":{\"a\":1}}";
        fixture.pipeline
                .ingest(PipelineFixture.utf8(line), false, SourceFormat.CLAUDE_CODE_HOOK, "test")
                .join();
        assertThat(fixture.all()).hasSize(2);
        assertThat(fixture.all().getFirst().content().params()).isEqualTo("{\"a\":1}");
        assertThat(fixture.all().getLast().envelope().outcome()).isEqualTo(outcome);
    }

    @Test
    void prompt_isTheUsersInvocation() {
        AuditEvent event =
                events(
                                payload(
                                        "UserPromptSubmit",
                                        "\"session_id\":\"s\",\"prompt_id\":\"p\",\"prompt\":\"do it\""))
                        .getFirst();
        assertThat(event.envelope().id()).isEqualTo(EventIds.fromText("cc:s:prompt:p"));
        assertThat(event.envelope().source()).isEqualTo(Source.USER);
        assertThat(event.summary()).isEqualTo("Task received: do it");
        assertThat(
                        events(
                                        payload(
                                                "UserPromptSubmit",
                                                "\"prompt\":\"x\",\"source\":\"loop_wakeup\""))
                                .getFirst()
                                .envelope()
                                .source())
                .isEqualTo(Source.SYSTEM);
    }

    @Test
    void withoutPromptId_theSessionIsTheTrace() {
        Envelope event = events(payload("Stop", "\"session_id\":\"s\"")).getFirst().envelope();
        assertThat(event.traceId()).isEqualTo("session:s");
        assertThat(event.traceDerived()).isTrue();
    }

    /// Hook of the start, the answer of the tool and the transcript name the sub-agent alike.
    @Test
    void handoff_isToldOnce() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.json(
                payload(
                        "SubagentStart",
                        "\"session_id\":\"s\",\"prompt_id\":\"p\",\"agent_id\":\"a\",\"agent_type\":\"Plan\""));
        fixture.json(
                payload(
                        "PostToolUse",
                        CALL
                                + "\"tool_name\":\"Agent\",\"tool_input\":{\"subagent_type\":\"Plan\"},"
                                + "\"tool_response\":{\"agentId\":\"a\"}"));
        List<Envelope> handoffs =
                fixture.all().stream()
                        .map(AuditEvent::envelope)
                        .filter(event -> event.type() == EventType.HANDOFF)
                        .toList();
        assertThat(handoffs).hasSize(1);
        assertThat(handoffs.getFirst().handoff())
                .isEqualTo(new Handoff("claude-code/main", "Plan", null));
    }

    @Test
    void refusal_isAFailureAndARejection() {
        List<AuditEvent> events =
                events(
                        payload(
                                "PostToolUseFailure",
                                CALL
                                        + "\"tool_name\":\"Edit\",\"tool_input\":{},\"error\":"
                                        + "\"The user doesn't want to proceed with this tool use. …\""));
        assertThat(events).hasSize(3);
        assertThat(events.get(1).envelope().errorType()).isEqualTo("UserRejected");
        assertThat(events.get(2).envelope().intervention()).isEqualTo(InterventionKind.REJECTION);
    }

    /// Old versions give calls no id: the call counts once, and its result is paired by order.
    @Test
    void withoutCallId_theCallCountsOnce() {
        PipelineFixture fixture = new PipelineFixture();
        String call =
                "\"session_id\":\"s\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"x\"}";
        fixture.json(payload("PreToolUse", call));
        fixture.json(payload("PostToolUse", call + ",\"tool_response\":\"1\""));
        fixture.json(payload("PreToolUse", call));
        fixture.json(payload("PostToolUse", call + ",\"tool_response\":\"2\""));
        assertThat(fixture.all().stream().map(event -> event.envelope().type()))
                .containsExactly(
                        EventType.OTHER,
                        EventType.TOOL_CALL,
                        EventType.TOOL_RESULT,
                        EventType.TOOL_CALL,
                        EventType.TOOL_RESULT);
    }

    @Test
    void batch_addsOnlyCallsThatWereNotTold() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.json(payload("PreToolUse", CALL + "\"tool_name\":\"Bash\",\"tool_input\":{}"));
        fixture.json(
                payload(
                        "PostToolBatch",
                        "\"session_id\":\"s\",\"tool_calls\":[{\"tool_name\":\"Bash\",\"tool_use_id\":\"t\"},"
                                + "{\"tool_name\":\"Read\",\"tool_use_id\":\"t2\"},1]"));
        assertThat(fixture.all().stream().map(event -> event.envelope().type()))
                .containsExactly(EventType.TOOL_CALL, EventType.OTHER, EventType.TOOL_CALL);
    }

    @Test
    void wrapped_keepsTimeAndId() {
        PipelineFixture fixture = new PipelineFixture();
        String first =
                "{\"event_id\":\"e1\",\"timestamp\":\"2026-11-21T10:00:00.5Z\",\"hook\":"
                        + payload("Stop", "\"session_id\":\"s\"")
                        + "}";
        String second = first.replace("e1", "e2");
        assertThat(fixture.lines(first + "\n" + second).accepted()).isEqualTo(2);
        assertThat(fixture.lines(first + "\n" + second).duplicates()).isEqualTo(2);
        Envelope event = fixture.all().getFirst().envelope();
        assertThat(event.id()).isEqualTo(EventIds.fromText("e1"));
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-21T10:00:00.5Z"));
    }
}
