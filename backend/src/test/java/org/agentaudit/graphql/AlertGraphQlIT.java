package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.alert.AlertEvaluation;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Alert rules and alerts through GraphQL, on a real database.
class AlertGraphQlIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Viewer ANALYST = viewer("analyst", Role.SECURITY_ANALYST);
    private static final Viewer OFFICER = viewer("officer", Role.COMPLIANCE_OFFICER);
    private static final Viewer AUDITOR = viewer("auditor", Role.AUDITOR);

    private static final String SAVE =
            """
            mutation($id: ID, $rule: AlertRuleInput!) { saveAlertRule(id: $id, rule: $rule) {
              id name condition window action enabled severity lastEvaluatedAt lastError builtIn agentScope } }
            """;

    private static ApplicationContext context;

    @BeforeAll
    static void start(@TempDir Path dataDir) {
        Map<String, Object> properties = new HashMap<>(TestDatabase.create().properties());
        properties.put("portal.data-dir", dataDir.toString());
        properties.put("portal.background", "false");
        context = ApplicationContext.builder().properties(properties).start();
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    private static Viewer viewer(String name, Role role) {
        return new Viewer(name, Set.of(role), List.of());
    }

    private static JsonNode run(Viewer viewer, String query, Map<String, Object> variables)
            throws Exception {
        GraphQlEngine.Answer answer =
                context.getBean(GraphQlEngine.class)
                        .execute(
                                new GraphQlRequest(query, null, variables, Map.of()),
                                viewer,
                                false);
        return JSON.readTree(GraphQlJson.write(answer.body()));
    }

    private static Map<String, Object> rule(String condition, String window, String action) {
        return Map.of(
                "name", "failures", "condition", condition, "window", window, "action", action);
    }

    @Test
    void ruleFires_isAcknowledged_andOutlivesItsRule() throws Exception {
        String condition =
                "agent_audit_log\n| outcome_status = 'failure'\n| count() by agent_id\n| count > 10";
        JsonNode saved =
                run(ANALYST, SAVE, Map.of("rule", rule(condition, "15m", "notify_ops")))
                        .at("/data/saveAlertRule");
        assertThat(saved.path("condition").asText()).isEqualTo(condition);
        assertThat(saved.path("window").asText()).isEqualTo("PT15M");
        assertThat(saved.path("severity").asText()).isEqualTo("WARNING");
        assertThat(saved.path("enabled").asBoolean()).isTrue();
        assertThat(saved.path("lastEvaluatedAt").isNull()).isTrue();

        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            var event =
                    EventBuilder.event(
                                    "gql-alert-" + i,
                                    now.minusSeconds(60).plusMillis(i),
                                    EventType.ERROR,
                                    "ops/a",
                                    "pay")
                            .failed("TimeoutError", "card of ann refused")
                            .build();
            events.add(new NewEvent(event, RandomEvents.digest(event), 1, new Prover()));
        }
        context.getBean(EventStore.class).append(events, List.of()).join();
        assertThat(context.getBean(AlertEvaluation.class).evaluateDue()).isEqualTo(1);

        String alerts =
                "{ alerts(state: FIRING, first: 1) { nodes { id ruleName rule { id lastEvaluatedAt } state severity"
                        + " firedAt key value description deliveries { state } evidence { id errorMessage agent { id } } }"
                        + " edges { cursor } pageInfo { hasNextPage endCursor } } }";
        JsonNode alert = run(OFFICER, alerts, Map.of()).at("/data/alerts/nodes/0");
        assertThat(alert.path("key").asText()).isEqualTo("ops/a");
        assertThat(alert.path("value").asDouble()).isEqualTo(11);
        assertThat(alert.at("/rule/id")).isEqualTo(saved.path("id"));
        assertThat(alert.path("evidence")).hasSize(11);
        assertThat(alert.at("/evidence/0/errorMessage").asText()).isEqualTo("card of ann refused");
        JsonNode masked = run(AUDITOR, alerts, Map.of()).at("/data/alerts/nodes/0");
        assertThat(masked.at("/evidence/0/errorMessage").asText()).isEqualTo("[MASKED]");

        String acknowledge =
                "mutation($id: ID!) { acknowledgeAlert(id: $id, note: \"mine\") { state acknowledgedBy note } }";
        Map<String, Object> id = Map.of("id", alert.path("id").asText());
        assertCode(run(AUDITOR, acknowledge, id), "FORBIDDEN");
        JsonNode done = run(OFFICER, acknowledge, id).at("/data/acknowledgeAlert");
        assertThat(done.path("state").asText()).isEqualTo("ACKNOWLEDGED");
        assertThat(done.path("acknowledgedBy").asText()).isEqualTo("officer");
        assertCode(run(ANALYST, acknowledge, id), "BAD_USER_INPUT");
        assertCode(run(ANALYST, acknowledge, Map.of("id", "999")), "NOT_FOUND");
        assertCode(run(ANALYST, acknowledge, Map.of("id", "x")), "NOT_FOUND");

        String delete = "mutation($id: ID!) { deleteAlertRule(id: $id) }";
        Map<String, Object> ruleId = Map.of("id", saved.path("id").asText());
        assertCode(run(OFFICER, delete, ruleId), "FORBIDDEN");
        assertThat(run(ANALYST, delete, ruleId).at("/data/deleteAlertRule").asBoolean()).isTrue();
        assertThat(run(ANALYST, delete, ruleId).at("/data/deleteAlertRule").asBoolean()).isFalse();
        JsonNode orphan =
                run(OFFICER, alerts.replace("FIRING", "RESOLVED"), Map.of())
                        .at("/data/alerts/nodes/0");
        assertThat(orphan.path("rule").isNull()).isTrue();
        assertThat(orphan.path("ruleName").asText()).isEqualTo("failures");
    }

    @Test
    void whatCannotBeUsed_isBadInput_withItsPlace() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {
                        "agent_audit_log\n| colour = 'red'\n| count() > 0",
                        "PT5M",
                        "page",
                        "line 2, column 3"
                    },
                    {"agent_audit_log | count() > 0", "PT30S", "page", "PT1M to P30D"},
                    {"agent_audit_log | count() > 0", "PT5M", "notify_nobody", "no target"},
                    {
                        "agent_audit_log | count() > 0",
                        "PT5M",
                        "webhook:https://evil.org/",
                        "PORTAL_ALERTS_WEBHOOK_HOSTS"
                    },
                    {"agent_audit_log | count() > baseline(1d)", "PT5M", "page", "column 29"}
                }) {
            JsonNode answer =
                    run(ANALYST, SAVE, Map.of("rule", rule(wrong[0], wrong[1], wrong[2])));
            assertCode(answer, "BAD_USER_INPUT");
            assertThat(answer.at("/errors/0/message").asText()).contains(wrong[3]);
        }
        Map<String, Object> sound = rule("agent_audit_log | count() > 0", "PT5M", "page");
        assertCode(run(ANALYST, SAVE, Map.of("id", "12345", "rule", sound)), "NOT_FOUND");
        assertCode(run(OFFICER, SAVE, Map.of("rule", sound)), "FORBIDDEN");
        assertCode(run(OFFICER, "{ alertRules { id } }", Map.of()), "FORBIDDEN");
        assertThat(run(ANALYST, "{ alertRules { id } }", Map.of()).at("/data/alertRules").isArray())
                .isTrue();
    }

    @Test
    void dryRun_isAnswered() throws Exception {
        JsonNode answer =
                run(
                        ANALYST,
                        """
                        query($rule: AlertRuleInput!, $from: DateTime!, $to: DateTime!) {
                          dryRunAlertRule(rule: $rule, period: {from: $from, to: $to}) {
                            stepSeconds evaluations evaluatedTo complete episodes { key firedAt resolvedAt value description } } }
                        """,
                        Map.of(
                                "rule", rule("agent_audit_log | count() < 1", "PT5M", "page"),
                                "from", Instant.now().minus(Duration.ofDays(400)).toString(),
                                "to", Instant.now().minus(Duration.ofDays(399)).toString()));
        JsonNode run = answer.at("/data/dryRunAlertRule");
        assertThat(run.path("evaluations").asInt()).isBetween(900, 1_000);
        assertThat(run.path("complete").asBoolean()).isTrue();
        assertThat(run.path("episodes")).hasSize(1);
        assertThat(run.at("/episodes/0/resolvedAt").isNull()).isTrue();
    }

    private static void assertCode(JsonNode answer, String code) {
        assertThat(answer.at("/errors/0/extensions/code").asText())
                .as("%s", answer)
                .isEqualTo(code);
    }
}
