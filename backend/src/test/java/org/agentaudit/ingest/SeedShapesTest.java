package org.agentaudit.ingest;

import static org.agentaudit.ingest.PipelineFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples of the seed documents, and what the contract says about members beyond them.
class SeedShapesTest {

    /// A1.2 L22: the four worked examples of seed 001
    @Test
    void logEntry_fourExamplesOfTheSeed_areUnderstood() throws IOException {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = fixture.json(resource("log_entry.json"));
        assertThat(result.rejected()).isEmpty();
        List<AuditEvent> events = fixture.all();

        Envelope tool = events.get(0).envelope();
        assertThat(tool.id()).isEqualTo(UUID.fromString("550e8400-e29b-41d4-a716-446655440000"));
        assertThat(tool.occurredAt()).isEqualTo(Instant.parse("2025-01-02T10:30:15.123Z"));
        assertThat(tool.type()).isEqualTo(EventType.TOOL_CALL);
        assertThat(tool.typeName()).isEqualTo("tool");
        assertThat(tool.agentId()).isEqualTo("ops/release-manager");
        assertThat(tool.traceId()).isEqualTo("session:abc123");
        assertThat(tool.traceDerived()).isTrue();
        assertThat(tool.conversationId()).isEqualTo("user-conv-456");
        assertThat(tool.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(tool.durationMs()).isEqualTo(234);
        assertThat(tool.permissionLevel()).isEqualTo(PermissionLevel.READONLY);
        assertThat(tool.resources())
                .containsExactly(new ResourceRef("git_repository", "/path/to/repo"));
        assertThat(tool.sensitive()).isNull();
        assertThat(tool.tokens()).isNull();
        assertThat(tool.summary()).isEqualTo("Called tool 'Bash' with 2 params");
        assertThat(tool.tier()).isEqualTo(RetentionTier.INFO);
        assertThat(tool.sourceFormat()).isEqualTo(SourceFormat.LOG_ENTRY);

        Envelope skill = events.get(1).envelope();
        assertThat(skill.type()).isEqualTo(EventType.SKILL_CALL);
        assertThat(skill.action()).isEqualTo("postgres");
        assertThat(skill.paramCount()).isEqualTo(4);
        assertThat(skill.sensitive()).isFalse();
        assertThat(events.get(1).content().params()).endsWith("\"operation\":\"query\"}");

        Envelope external = events.get(2).envelope();
        assertThat(external.type()).isEqualTo(EventType.EXTERNAL_CALL);
        assertThat(external.cost()).isEqualByComparingTo("0.001");
        assertThat(events.get(2).content().params())
                .isEqualTo(
                        "{\"result_count\":10,\"target\":\"kubernetes pod restart loop causes\"}");

        AuditEvent decision = events.get(3);
        assertThat(decision.envelope().type()).isEqualTo(EventType.DECISION);
        assertThat(decision.envelope().action()).isEqualTo("rollback_recommendation");
        assertThat(decision.envelope().confidence()).isEqualTo(0.85);
        Decision choice = Objects.requireNonNull(decision.content().decision());
        assertThat(choice.chosen()).isEqualTo("rollback");
        assertThat(choice.options()).hasSize(3);
        assertThat(choice.options().get(1).score()).isEqualTo(0.6);
        assertThat(decision.summary()).isEqualTo("Decision: rollback (confidence: 85%)");
        assertThat(decision.envelope().summary()).isEqualTo("Decision: [MASKED] (confidence: 85%)");
        assertThat(decision.envelope().tier()).isEqualTo(RetentionTier.COMPLIANCE);
    }

    @Test
    void sessionEvents_ofTheSeed_areUnderstood() throws IOException {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = fixture.lines(resource("session_event.jsonl"));
        assertThat(result.rejected()).isEmpty();
        List<AuditEvent> events = fixture.all();

        Envelope assistant = events.get(0).envelope();
        assertThat(assistant.type()).isEqualTo(EventType.LLM_RESPONSE);
        assertThat(assistant.typeName()).isEqualTo("assistant");
        assertThat(assistant.agentId()).isEqualTo("claim-processor");
        assertThat(assistant.sessionId()).isEqualTo("abc-123");
        assertThat(assistant.traceId()).isEqualTo("session:abc-123");
        assertThat(assistant.action()).isEqualTo("llm_response");
        assertThat(assistant.tokens()).isEqualTo(new TokenCounts(1000, 500, 800));
        assertThat(assistant.cost()).isEqualByComparingTo("0.00278");
        assertThat(events.get(0).content().result()).isEqualTo("\"I'll process this claim...\"");
        assertThat(events.get(0).content().params())
                .isEqualTo("{\"metadata\":{\"temperature\":0.2}}");

        AuditEvent user = events.get(1);
        assertThat(user.envelope().type()).isEqualTo(EventType.INVOCATION);
        assertThat(user.content().params()).isEqualTo("{\"task\":\"Pay the bill\"}");
        assertThat(user.summary()).isEqualTo("Task received: Pay the bill");
        assertThat(user.envelope().summary()).isEqualTo("Task received: [MASKED]");
        assertThat(user.envelope().durationMs()).isEqualTo(12.5);

        AuditEvent read = events.get(2);
        assertThat(read.envelope().type()).isEqualTo(EventType.TOOL_CALL);
        assertThat(read.envelope().action()).isEqualTo("Read");
        assertThat(read.content().params()).isEqualTo("{\"file_path\":\"/a.txt\"}");

        AuditEvent returned = events.get(3);
        assertThat(returned.envelope().parentEventId()).isEqualTo(read.envelope().id());
        assertThat(returned.envelope().outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(returned.envelope().errorType()).isEqualTo("NotFound");
        assertThat(returned.summary()).isEqualTo("Tool 'Read' failed: no such file");

        AuditEvent delegation = events.get(4);
        assertThat(delegation.envelope().type()).isEqualTo(EventType.HANDOFF);
        assertThat(delegation.envelope().agentId()).isEqualTo("claim-processor");
        assertThat(delegation.envelope().action()).isEqualTo("fraud-checker");
        assertThat(delegation.envelope().handoff())
                .isEqualTo(new Handoff("claim-processor", "fraud-checker", 2));
        assertThat(delegation.summary()).isEqualTo("Handoff to fraud-checker");

        AuditEvent error = events.get(5);
        assertThat(error.envelope().type()).isEqualTo(EventType.ERROR);
        assertThat(error.envelope().errorType()).isEqualTo("TimeoutError");
        assertThat(error.summary()).isEqualTo("Error: took too long");
        assertThat(error.envelope().tier()).isEqualTo(RetentionTier.CRITICAL);

        AuditEvent reasoning = events.get(6);
        assertThat(reasoning.content().reasoning()).isEqualTo("because");
        assertThat(events.get(7).envelope().type()).isEqualTo(EventType.RETRY);
        assertThat(events.get(7).content().params()).isEqualTo("{\"attempt\":2}");
    }

    @Test
    void requestLog_ofTheSeed_isUnderstood() {
        AuditEvent event =
                event(
                        "{\"timestamp\":1732190400,\"request_id\":\"r1\",\"user_id\":\"user_123\","
                                + "\"model\":\"gpt-4o\",\"status\":\"error\",\"prompt_tokens\":100,"
                                + "\"completion_tokens\":20,\"latency_ms\":350,\"error_type\":\"RateLimitError\"}");
        Envelope envelope = event.envelope();
        assertThat(envelope.sourceFormat()).isEqualTo(SourceFormat.REQUEST_LOG);
        assertThat(envelope.type()).isEqualTo(EventType.LLM_RESPONSE);
        assertThat(envelope.typeName()).isEqualTo("llm_response");
        assertThat(envelope.agentId()).isEqualTo("unspecified");
        assertThat(envelope.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(envelope.errored()).isTrue();
        assertThat(envelope.traceId()).isEqualTo(envelope.id().toString());
        assertThat(envelope.traceDerived()).isTrue();
        assertThat(envelope.tokens()).isEqualTo(new TokenCounts(100, 20, 0));
        assertThat(envelope.cost()).isEqualByComparingTo("0.00045");
        assertThat(event.content().userId()).isEqualTo("user_123");
        assertThat(PipelineFixture.refusal("{\"model\":\"gpt-4o\"}")).isNull();
    }

    /// A1.1 F1 to F20
    @Test
    void auditEvent_allMembers_areMapped() {
        AuditEvent event =
                event(
                        "{\"event_id\":\"evt-1\",\"event_type\":\"agent.tool_call\","
                                + "\"agent_name\":\"ops/bot\",\"task_id\":\"t\",\"session_id\":\"s\","
                                + "\"action\":\"tool_call:mcp:server:tool\",\"params\":{\"a\":1},"
                                + "\"result\":{\"ok\":true},\"reasoning\":\"why\",\"confidence\":0.0,"
                                + "\"source\":\"planner\",\"parent_event_id\":\"evt-0\",\"trace_id\":\"tr\","
                                + "\"timestamp\":1792629491.7604567,\"duration_ms\":0.0,\"token_count\":0,"
                                + "\"model\":\"\",\"version\":\"1.2\",\"error\":null,\"error_type\":null}");
        Envelope envelope = event.envelope();
        assertThat(envelope.id())
                .isEqualTo(UUID.fromString("e925c091-d7d8-5a39-a8a8-288be09a790e"));
        assertThat(envelope.action()).isEqualTo("mcp:server:tool"); // B-003-08
        assertThat(envelope.confidence()).isNull(); // B-003-29
        assertThat(envelope.tokens()).isNull();
        assertThat(envelope.durationMs()).isZero();
        assertThat(envelope.model()).isNull();
        assertThat(envelope.source()).isEqualTo(Source.AGENT);
        assertThat(envelope.occurredAt()).isEqualTo(Instant.parse("2026-10-22T00:38:11.760457Z"));
        assertThat(envelope.traceDerived()).isFalse();
        assertThat(envelope.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(envelope.errored()).isFalse();
        Content content = event.content();
        assertThat(content.params()).isEqualTo("{\"a\":1}");
        assertThat(content.result()).isEqualTo("{\"ok\":true}");
        assertThat(content.reasoning()).isEqualTo("why");
        assertThat(content.summary()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "agent.invocation,INVOCATION",
        "agent.reasoning,REASONING",
        "agent.tool_call,TOOL_CALL",
        "agent.tool_result,TOOL_RESULT",
        "agent.decision,DECISION",
        "agent.llm_response,LLM_RESPONSE",
        "agent.error,ERROR",
        "agent.handoff,HANDOFF",
        "agent.human_intervention,HUMAN_INTERVENTION",
        "agent.token_usage,TOKEN_USAGE",
        "agent.user_feedback,USER_FEEDBACK",
        "agent.circuit_breaker,CIRCUIT_BREAKER",
        "agent.security,SECURITY",
        "agent.compliance,COMPLIANCE",
        "agent.fallback,FALLBACK",
        "tool_call,TOOL_CALL",
        "agent.nonsense,OTHER"
    })
    void auditEvent_type_isTakenByName(String name, EventType type) {
        assertThat(event("{\"event_type\":\"" + name + "\"}").envelope().type()).isEqualTo(type);
    }

    /// metrics "Tokens"
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"token_count\":120|120|0|0|",
                "\"token_count\":120,\"params\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"cached_tokens\":50,\"cost_usd\":2.5e-05}|100|20|50|0.000025",
                "\"token_count\":0,\"params\":{\"prompt_tokens\":100,\"completion_tokens\":20}|100|20|0|",
                "\"params\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"cached_tokens\":300}|400|20|300|",
                "\"token_count\":7,\"params\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"cost_usd\":1}|7|0|0|"
            })
    void auditEvent_tokenUsage_usesItsCountsWhereTheyAgree(
            String members, long input, long output, long cached, BigDecimal cost) {
        Envelope envelope =
                event("{\"event_type\":\"agent.token_usage\"," + members + "}").envelope();
        assertThat(envelope.tokens()).isEqualTo(new TokenCounts(input, output, cached));
        assertThat(envelope.cost()).isEqualTo(cost);
    }

    /// metrics "Intervention"
    @ParameterizedTest
    @CsvSource({
        "human_intervention:Escalated to billing,,ESCALATION",
        "human_intervention:x,confirmation,APPROVAL",
        "human_intervention:disapproved,,REJECTION",
        "human_intervention:denied,,REJECTION",
        "human_intervention:override,,OVERRIDE",
        "approval:refund-7,,APPROVAL",
        "human_intervention:interrupt,,OTHER"
    })
    void auditEvent_intervention_isTakenFromWords(
            String action, String kind, InterventionKind expected) {
        String params = kind == null ? "{}" : "{\"kind\":\"" + kind + "\"}";
        AuditEvent event =
                event(
                        "{\"event_type\":\"agent.human_intervention\",\"action\":\""
                                + action
                                + "\",\"params\":"
                                + params
                                + "}");
        assertThat(event.envelope().intervention()).isEqualTo(expected);
        assertThat(event.content().params()).isEqualTo(params);
        assertThat(event.summary())
                .isEqualTo(
                        "Human "
                                + expected.name().toLowerCase(java.util.Locale.ROOT)
                                + ": "
                                + event.envelope().action());
    }

    @Test
    void auditEvent_handoff_fromParamsElseFromTheAction() {
        assertThat(
                        event(
                                        "{\"event_type\":\"agent.handoff\",\"action\":\"handoff:billing\","
                                                + "\"params\":{\"from\":\"support\",\"depth\":2}}")
                                .envelope()
                                .handoff())
                .isEqualTo(new Handoff("support", "billing", 2));
        AuditEvent bare = event("{\"event_type\":\"agent.handoff\",\"action\":\"handoff\"}");
        assertThat(bare.envelope().handoff()).isEqualTo(new Handoff(null, null, null));
        assertThat(bare.summary()).isEqualTo("Handoff to unknown");
    }

    /// metrics "Source"
    @Test
    void invocation_sourceThatIsNoAgent_isAUser() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.json("{\"event_type\":\"agent.reasoning\",\"agent_name\":\"stored\"}");
        fixture.json(
                "[{\"event_type\":\"agent.invocation\",\"agent_name\":\"a\",\"source\":\"b\",\"event_id\":\"1\"},"
                        + "{\"event_type\":\"agent.invocation\",\"agent_name\":\"b\",\"source\":\"anna\",\"event_id\":\"2\"},"
                        + "{\"event_type\":\"agent.invocation\",\"agent_name\":\"b\",\"source\":\"stored\",\"event_id\":\"3\"},"
                        + "{\"event_type\":\"agent.invocation\",\"agent_name\":\"b\",\"source\":\"anna\",\"user_id\":\"u\",\"event_id\":\"4\"},"
                        + "{\"event_type\":\"agent.invocation\",\"agent_name\":\"b\",\"source\":\"user\",\"event_id\":\"5\"},"
                        + "{\"event_type\":\"agent.invocation\",\"agent_name\":\"b\",\"event_id\":\"6\"},"
                        + "{\"event_type\":\"agent.reasoning\",\"agent_name\":\"b\",\"source\":\"anna\",\"event_id\":\"7\"}]");
        assertThat(fixture.all().stream().skip(1).map(each -> each.envelope().source()))
                .containsExactly(
                        Source.AGENT,
                        Source.USER,
                        Source.AGENT,
                        Source.USER,
                        Source.USER,
                        Source.UNKNOWN,
                        Source.AGENT);
        assertThat(fixture.all().stream().skip(1).map(each -> each.content().userId()))
                .containsExactly(null, "anna", null, "u", null, null, null);
    }

    /// B-003-31
    @Test
    void trace_ownId_isDerivedOnAnythingButAnInvocation() {
        assertThat(
                        event(
                                        "{\"event_type\":\"agent.error\",\"event_id\":\"x\",\"trace_id\":\"x\"}")
                                .envelope()
                                .traceDerived())
                .isTrue();
        assertThat(
                        event(
                                        "{\"event_type\":\"agent.invocation\",\"event_id\":\"x\",\"trace_id\":\"x\"}")
                                .envelope()
                                .traceDerived())
                .isFalse();
    }

    /// metrics "Outcome" and "Errored event"
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "agent.tool_result||SUCCESS|false",
                "agent.tool_result|,\"params\":{\"is_error\":true}|SUCCESS|false",
                "agent.tool_call||UNKNOWN|false",
                "agent.tool_call|,\"status\":\"error\"|FAILURE|true",
                "agent.tool_call|,\"error\":\"\"|UNKNOWN|false",
                "agent.tool_call|,\"error_type\":\"X\"|FAILURE|true",
                "agent.tool_call|,\"error\":\"x\",\"outcome\":\"success\"|SUCCESS|true",
                "agent.error||FAILURE|true",
                "agent.decision|,\"outcome\":\"Pending\"|PENDING|false"
            })
    void auditEvent_outcome_statedElseImplied(
            String type, String members, Outcome outcome, boolean errored) {
        Envelope envelope =
                event("{\"event_type\":\"" + type + "\"" + (members == null ? "" : members) + "}")
                        .envelope();
        assertThat(envelope.outcome()).isEqualTo(outcome);
        assertThat(envelope.errored()).isEqualTo(errored);
    }

    @Test
    void summary_ofAnErrorWithoutMessage_namesTypeElseUnspecified() {
        assertThat(event("{\"event_type\":\"agent.error\"}").summary())
                .isEqualTo("Error: unspecified");
        assertThat(event("{\"event_type\":\"agent.error\",\"error_type\":\"X\"}").summary())
                .isEqualTo("Error: X");
        AuditEvent error = event("{\"event_type\":\"agent.error\",\"error\":\"boom\"}");
        assertThat(error.summary()).isEqualTo("Error: boom");
        assertThat(error.envelope().summary()).isEqualTo("Error: [MASKED]");
        String task = "\ud83d\ude00".repeat(120);
        assertThat(
                        event(
                                        "{\"event_type\":\"agent.invocation\",\"params\":{\"task\":\""
                                                + task
                                                + "\"}}")
                                .summary())
                .isEqualTo("Task received: " + "\ud83d\ude00".repeat(100));
    }

    @Test
    void mixedShapes_inOneBatch_areAllUnderstood() {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                fixture.json(
                        "[{\"event_type\":\"agent.error\",\"error\":\"x\"},"
                                + "{\"type\":\"assistant\",\"sessionId\":\"s\",\"data\":{\"content\":\"y\"}},"
                                + "{\"action\":{\"type\":\"tool\",\"name\":\"Bash\"}},"
                                + "{\"model\":\"m\",\"status\":\"success\"}]");
        assertThat(result.accepted()).isEqualTo(4);
        assertThat(fixture.all().stream().map(each -> each.envelope().sourceFormat()))
                .containsExactly(
                        SourceFormat.AUDIT_EVENT,
                        SourceFormat.SESSION_EVENT,
                        SourceFormat.LOG_ENTRY,
                        SourceFormat.REQUEST_LOG);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SeedShapesTest.class.getResourceAsStream("/ingest/" + name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void line_ofTheOwnExport_isRefused() {
        assertThat(
                        PipelineFixture.refusal(
                                """
                                {"id":"a","type":"TOOL_CALL","typeName":"tool","traceDerived":true,\
                                "receivedAt":"2026-01-01T00:00:00Z","sourceFormat":"LOG_ENTRY"}"""))
                .contains("own export");
    }

    @Test
    void line_ofNoShape_isToldAllThatAreTaken() {
        assertThat(PipelineFixture.refusal("{\"a\":1}"))
                .contains("not recognised", "Claude Code", "OTLP", "Jaeger", "Langfuse");
    }

    @Test
    void message_withoutParent_isALineOfATranscript() {
        Envelope said =
                event(
                                """
                                {"type":"assistant","message":{"role":"assistant",\
                                "content":[{"type":"text","text":"hello"}]}}""")
                        .envelope();
        assertThat(said.sourceFormat()).isEqualTo(SourceFormat.CLAUDE_CODE_TRANSCRIPT);
        Envelope other =
                event("{\"type\":\"assistant\",\"message\":\"hello\",\"data\":{}}").envelope();
        assertThat(other.sourceFormat()).isEqualTo(SourceFormat.SESSION_EVENT);
    }

    @ParameterizedTest
    @CsvSource({
        "run [REDACTED:aws_key],run [REDACTED:aws_key]",
        "run [REDACTED:aws_key] a:b,b",
        "tool:[REDACTED:aws_key],[REDACTED:aws_key]"
    })
    void action_withARedaction_isNotSplitInIt(String whole, String name) {
        AuditEvent event = event("{\"event_type\":\"agent.error\",\"action\":\"" + whole + "\"}");
        assertThat(event.envelope().action()).isEqualTo(name);
    }
}
