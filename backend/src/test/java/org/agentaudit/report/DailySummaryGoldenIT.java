package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.ingest.IngestPipeline;
import org.agentaudit.ingest.IngestResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The worked example of seed 003, as lines of its own shape through the real ingest path
/// (checklist A8.2, D1 to D5).
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DailySummaryGoldenIT implements TestPropertyProvider {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 14);
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());

    private static final int TOKENS_PER_INVOCATION = 1_000;

    /// Errors of the day in the order they are handed out.
    private static final List<String> ERRORS = new ArrayList<>();

    static {
        ERRORS.addAll(Collections.nCopies(23, "TimeoutError"));
        ERRORS.addAll(Collections.nCopies(14, "RateLimitError"));
        ERRORS.addAll(Collections.nCopies(12, "ValidationError"));
    }

    private final ObjectMapper json = new ObjectMapper();
    private final List<ObjectNode> lines = new ArrayList<>();
    private int sequence;

    @Inject IngestPipeline pipeline;
    @Inject Reports reports;

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = new HashMap<>(TestDatabase.create().properties());
        // 1,247 invocations use 1,247,000 tokens: 87 % of this budget.
        properties.put("portal.token-budget-per-day", "1433333");
        properties.put("portal.approval-tools", "process_refund");
        properties.put("portal.background", "false"); // not searched for secrets, however slow
        return properties;
    }

    @BeforeAll
    void load() throws Exception {
        invocations("Support Agent", 534, 12, 2_300);
        invocations("Research Agent", 312, 8, 8_100);
        invocations("Code Agent", 401, 29, 4_700);
        for (int i = 0; i < 87; i++) {
            String trace = "trace-Support Agent-" + i;
            ObjectNode handoff =
                    event("agent.handoff", "Support Agent", "handoff:Code Agent", trace);
            handoff.putObject("params").put("target", "Code Agent").put("depth", 1);
        }
        for (int i = 0; i < 12; i++) {
            event(
                    "agent.human_intervention",
                    "Support Agent",
                    "human_intervention:escalation",
                    "trace-Support Agent-" + i);
        }
        for (int i = 20; i < 45; i++) {
            String trace = "trace-Support Agent-" + i;
            event("agent.human_intervention", "Support Agent", "human_intervention:approve", trace);
            ObjectNode call =
                    event("agent.tool_call", "Support Agent", "tool_call:process_refund", trace);
            call.put("outcome", "success");
            call.put("sensitive_data_accessed", true).put("permission_level", "read-write");
            call.putArray("resources_accessed")
                    .addObject()
                    .put("type", "record")
                    .put("identifier", "order-" + i);
        }
        IngestResult result = pipeline.ingest(body(), true, null, "test").get();
        assertThat(result.rejected()).isEmpty();
        assertThat(result.accepted()).isEqualTo(lines.size());
    }

    @Test
    void daily_workedExample_hasTheDocumentsNumbers() {
        DailySummary day = reports.daily(OFFICER, DAY, ZoneOffset.UTC);
        assertThat(day.invocations()).isEqualTo(1_247);
        assertThat(day.successful()).isEqualTo(1_198);
        assertThat(day.failed()).isEqualTo(49);
        assertThat(day.handoffs()).isEqualTo(87);
        assertThat(day.humanEscalations()).isEqualTo(12);
        assertThat(day.topAgents())
                .extracting(DailySummary.AgentDay::agentId)
                .containsExactly("Support Agent", "Code Agent", "Research Agent");
        Map<String, Verdict> verdicts =
                day.checks().stream()
                        .collect(Collectors.toMap(CheckResult::check, CheckResult::verdict));
        assertThat(verdicts)
                .containsEntry("human_escalation_rate", Verdict.PASS)
                .containsEntry("tool_approval_rate", Verdict.PASS)
                .containsEntry("data_access_audit", Verdict.PASS)
                .containsEntry("token_budget_compliance", Verdict.WARN);
    }

    @Test
    void daily_workedExample_equalsTheGoldenFile() throws IOException {
        Golden.assertMatches(
                "daily-summary.json",
                new String(
                        ReportJson.write(reports.daily(OFFICER, DAY, ZoneOffset.UTC)),
                        StandardCharsets.UTF_8));
    }

    private void invocations(String agent, int count, int failed, int durationMs) {
        for (int i = 0; i < count; i++) {
            String trace = "trace-" + agent + "-" + i;
            ObjectNode invocation = event("agent.invocation", agent, "invocation", trace);
            invocation.putObject("params").put("task", "Task " + i);
            invocation.put("source", "user").put("duration_ms", durationMs);
            ObjectNode usage = event("agent.token_usage", agent, "token_usage", trace);
            usage.put("token_count", TOKENS_PER_INVOCATION);
            usage.putObject("params")
                    .put("prompt_tokens", 900)
                    .put("completion_tokens", 100)
                    .put("cost_usd", 0.004);
            if (i < failed) {
                String type = ERRORS.get(sequence++ % ERRORS.size());
                event("agent.error", agent, "error", trace)
                        .put("error", type + " in step " + i)
                        .put("error_type", type);
            }
        }
    }

    private ObjectNode event(String type, String agent, String action, String trace) {
        int n = lines.size();
        Instant at =
                DAY.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(60).plusMillis(20L * n);
        ObjectNode line = json.createObjectNode();
        line.put("event_id", "worked-example-" + n)
                .put("event_type", type)
                .put("agent_name", agent)
                .put("action", action)
                .put("trace_id", trace)
                .put("session_id", "session-" + n % 50)
                .put("timestamp", at.toString());
        lines.add(line);
        return line;
    }

    private byte[] body() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (ObjectNode line : lines) {
            body.write(json.writeValueAsBytes(line));
            body.write('\n');
        }
        return body.toByteArray();
    }
}
