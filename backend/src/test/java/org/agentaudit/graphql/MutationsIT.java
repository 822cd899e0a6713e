package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccounts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Incidents, report subscriptions and day reviews through the door.
class MutationsIT {
    private static final String INCIDENT =
            "{ id title status severity traceId trace { id } openedAt openedBy assignee resolvedAt"
                    + " notes { at author text } rootCause recommendations }";
    private static final String SUBSCRIPTION =
            "{ id owner kind recipients sendAt timeZone days agentId attachPdf enabled"
                    + " lastDelivery { forDate sentAt status attempts error } }";

    private static RunningPortal portal;
    private static String officer;
    private static String analyst;
    private static String auditor;
    private static String admin;
    private static String opsOfficer;

    @BeforeAll
    static void start() {
        portal = new RunningPortal(TestDatabase.create(), Map.of());
        officer = portal.user("olga", List.of(), Role.COMPLIANCE_OFFICER);
        analyst = portal.user("ann", List.of(), Role.SECURITY_ANALYST);
        auditor = portal.user("audrey", List.of(), Role.AUDITOR);
        admin = portal.user("adam", List.of(), Role.ADMIN);
        opsOfficer = portal.user("oscar", List.of("ops/*"), Role.COMPLIANCE_OFFICER);
        portal.ingest(
                """
                [{"event_type": "agent.tool_call", "agent_name": "ops/planner", "action": "plan", "trace_id": "t-ops"},
                 {"event_type": "agent.tool_call", "agent_name": "billing", "action": "pay", "trace_id": "t-pay"}]
                """);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static JsonNode open(String token, String trace, String title) {
        return portal.data(
                        token,
                        "mutation { openIncident(traceId: \"%s\", title: \"%s\", severity: CRITICAL) %s }"
                                .formatted(trace, title, INCIDENT))
                .get("openIncident");
    }

    private static JsonNode update(String token, String id, String change) {
        return portal.data(
                        token,
                        "mutation { updateIncident(id: \"%s\", %s) %s }"
                                .formatted(id, change, INCIDENT))
                .get("updateIncident");
    }

    private static JsonNode incident(String token, String id) {
        return portal.data(token, "{ incident(id: \"%s\") %s }".formatted(id, INCIDENT))
                .get("incident");
    }

    @Test
    void incident_goesItsWay_andEveryStepIsLogged() {
        JsonNode opened = open(officer, "t-pay", "  Refund failed ");
        String id = opened.get("id").asText();
        assertThat(opened.get("title").asText()).isEqualTo("Refund failed");
        assertThat(opened.get("status").asText()).isEqualTo("OPEN");
        assertThat(opened.get("openedBy").asText()).isEqualTo("olga");
        assertThat(opened.at("/trace/id").asText()).isEqualTo("t-pay");
        assertThat(opened.get("resolvedAt").isNull()).isTrue();

        update(analyst, id, "status: INVESTIGATING, assignee: \"Ann\", note: \"looking\"");
        JsonNode resolved =
                update(
                        officer,
                        id,
                        "status: RESOLVED, rootCause: \"time-out\", recommendations: [\"a\", \"b\"],"
                                + " note: \"done\"");
        assertThat(resolved.get("assignee").asText()).isEqualTo("ann");
        assertThat(resolved.get("resolvedAt").isNull()).isFalse();
        assertThat(resolved.at("/notes/0/author").asText()).isEqualTo("ann");
        assertThat(resolved.at("/notes/1/text").asText()).isEqualTo("done");
        assertThat(resolved.at("/recommendations/1").asText()).isEqualTo("b");
        assertThat(incident(analyst, id)).isEqualTo(resolved);
        // resolved once more: the first time stays
        assertThat(update(officer, id, "status: RESOLVED").get("resolvedAt"))
                .isEqualTo(resolved.get("resolvedAt"));

        JsonNode again =
                update(officer, id, "status: OPEN, assignee: \"\", recommendations: [\"c\"]");
        assertThat(again.get("resolvedAt").isNull()).isTrue();
        assertThat(again.get("assignee").isNull()).isTrue();
        assertThat(again.get("rootCause").asText()).isEqualTo("time-out");
        assertThat(again.get("recommendations")).hasSize(1);
        assertThat(again.get("notes")).hasSize(2);

        assertThat(
                        portal.column(
                                "SELECT username || ' ' || action || ' ' || target FROM access_log WHERE action LIKE"
                                        + " 'INCIDENT%' AND target LIKE 'incident "
                                        + id
                                        + "%' ORDER BY id"))
                .containsExactly(
                        "olga INCIDENT_OPENED incident " + id + " on trace t-pay",
                        "ann INCIDENT_CHANGED incident "
                                + id
                                + ": status INVESTIGATING, assignee ann, note",
                        "olga INCIDENT_CHANGED incident "
                                + id
                                + ": status RESOLVED, root cause, 2 recommendations, note",
                        "olga INCIDENT_CHANGED incident " + id + ": status RESOLVED",
                        "olga INCIDENT_CHANGED incident "
                                + id
                                + ": status OPEN, no assignee, 1 recommendations");
    }

    @Test
    void incidentTexts_areMaskedForAuditors_andLoggedAsViewed() {
        String id = open(officer, "t-pay", "Late").get("id").asText();
        update(
                officer,
                id,
                "rootCause: \"canary\", recommendations: [\"canary\"], note: \"canary\"");
        JsonNode seen = incident(auditor, id);
        assertThat(seen.toString()).doesNotContain("canary");
        assertThat(seen.get("title").asText()).isEqualTo("Late");
        assertThat(seen.get("rootCause").asText()).isEqualTo("[MASKED]");
        assertThat(seen.at("/notes/0/text").asText()).isEqualTo("[MASKED]");
        assertThat(seen.at("/notes/0/author").asText()).isEqualTo("olga");
        assertThat(seen.at("/recommendations/0").asText()).isEqualTo("[MASKED]");
        JsonNode list = portal.data(auditor, "{ incidents { nodes " + INCIDENT + " } }");
        assertThat(list.toString()).doesNotContain("canary");
        assertThat(
                        portal.column(
                                "SELECT username FROM access_log WHERE action = 'REPORT_VIEWED'"
                                        + " AND target = 'incident "
                                        + id
                                        + "'"))
                .contains("audrey");
    }

    @Test
    void incident_outsideTheScope_isNotThere() {
        String pay = open(officer, "t-pay", "Hidden").get("id").asText();
        String ops = open(opsOfficer, "t-ops", "Seen").get("id").asText();
        assertThat(incident(opsOfficer, pay).isNull()).isTrue();
        assertThat(incident(opsOfficer, ops).isNull()).isFalse();
        assertThat(
                        portal.error(
                                opsOfficer,
                                "mutation { updateIncident(id: \"%s\", note: \"x\") { id } }"
                                        .formatted(pay)))
                .isEqualTo("NOT_FOUND");
        assertThat(
                        portal.error(
                                opsOfficer,
                                "mutation { openIncident(traceId: \"t-pay\", title: \"x\", severity: INFO)"
                                        + " { id } }"))
                .isEqualTo("NOT_FOUND");
        for (JsonNode node :
                portal.data(opsOfficer, "{ incidents { nodes { traceId } } }")
                        .at("/incidents/nodes")) {
            assertThat(node.get("traceId").asText()).isEqualTo("t-ops");
        }
        // the same once the trace has expired
        portal.execute("DELETE FROM audit_event WHERE trace_id = 't-ops'");
        assertThat(incident(opsOfficer, ops).isNull()).isFalse();
        assertThat(incident(opsOfficer, ops).get("trace").isNull()).isTrue();
        assertThat(incident(opsOfficer, pay).isNull()).isTrue();
        portal.ingest(
                "{\"event_type\": \"agent.tool_call\", \"agent_name\": \"ops/planner\","
                        + " \"action\": \"plan\", \"trace_id\": \"t-ops\", \"event_id\": \"again\"}");
    }

    @Test
    void incidents_areReadInPages_newestFirst_whileNewOnesCome() {
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            opened.addFirst(open(officer, "t-pay", "Page " + i).get("id").asText());
        }
        List<String> read = new ArrayList<>();
        String after = "null";
        boolean more = true;
        while (more) {
            JsonNode page =
                    portal.data(
                                    officer,
                                    "{ incidents(status: OPEN, first: 2, after: %s) { edges { cursor node { id } } pageInfo"
                                                    .formatted(after)
                                            + " { hasNextPage hasPreviousPage endCursor } } }")
                            .get("incidents");
            page.get("edges").forEach(edge -> read.add(edge.at("/node/id").asText()));
            more = page.at("/pageInfo/hasNextPage").asBoolean();
            after = "\"" + page.at("/pageInfo/endCursor").asText() + "\"";
            open(officer, "t-pay", "Meanwhile");
        }
        assertThat(read).doesNotHaveDuplicates();
        assertThat(read.subList(0, 5)).isEqualTo(opened);
        assertThat(portal.error(officer, "{ incidents(after: \"x\") { nodes { id } } }"))
                .isEqualTo("BAD_USER_INPUT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openIncident(traceId: \"t-pay\", title: \" \", severity: INFO) { id }",
                "openIncident(traceId: \"t-pay\", title: \"two\\nlines\", severity: INFO) { id }",
                "updateIncident(id: \"%s\") { id }",
                "updateIncident(id: \"%s\", note: \" \") { id }",
                "updateIncident(id: \"%s\", status: RESOLVED, assignee: \"nobody\") { id }",
                "updateIncident(id: \"%s\", status: RESOLVED, assignee: \"audrey\") { id }",
                "updateIncident(id: \"%s\", status: RESOLVED, recommendations: [\"\"]) { id }",
                "updateIncident(id: \"%s\", status: RESOLVED, note: \"x\\u0000\") { id }"
            })
    void wrongIncident_isRefused_andNothingStored(String mutation) {
        String id = open(officer, "t-pay", "Wrong").get("id").asText();
        JsonNode before = incident(officer, id);
        List<String> incidents = portal.column("SELECT id FROM incident");
        assertThat(portal.error(officer, "mutation { " + mutation.formatted(id) + " }"))
                .isEqualTo("BAD_USER_INPUT");
        assertThat(incident(officer, id)).isEqualTo(before);
        assertThat(portal.column("SELECT id FROM incident")).hasSameSizeAs(incidents);
    }

    @Test
    void wrongIncident_lengthsAndIds() {
        String id = open(officer, "t-pay", "x".repeat(200)).get("id").asText();
        assertThat(
                        portal.error(
                                officer,
                                "mutation { openIncident(traceId: \"t-pay\", title: \"%s\", severity: INFO) { id } }"
                                        .formatted("x".repeat(201))))
                .isEqualTo("BAD_USER_INPUT");
        assertThat(
                        portal.error(
                                officer,
                                "mutation { updateIncident(id: \"%s\", rootCause: \"%s\") { id } }"
                                        .formatted(id, "x".repeat(10_001))))
                .isEqualTo("BAD_USER_INPUT");
        assertThat(
                        update(officer, id, "rootCause: \"" + "x".repeat(10_000) + "\"")
                                .get("rootCause"))
                .isNotNull();
        assertThat(
                        portal.error(
                                officer,
                                "mutation { openIncident(traceId: \"none\", title: \"x\", severity: INFO) { id } }"))
                .isEqualTo("NOT_FOUND");
        assertThat(
                        portal.error(
                                officer,
                                "mutation { updateIncident(id: \"x\", note: \"x\") { id } }"))
                .isEqualTo("NOT_FOUND");
        assertThat(incident(officer, "x").isNull()).isTrue();
        // the same number in other words
        assertThat(incident(officer, "+" + id).isNull()).isTrue();
        assertThat(incident(officer, "0" + id).isNull()).isTrue();
        portal.bean(UserAccounts.class)
                .add(
                        "test",
                        "gone",
                        RunningPortal.PASSWORD,
                        Set.of(Role.SECURITY_ANALYST),
                        List.of());
        portal.bean(UserAccounts.class).disable("test", "gone");
        assertThat(
                        portal.error(
                                officer,
                                "mutation { updateIncident(id: \"%s\", assignee: \"gone\") { id } }"
                                        .formatted(id)))
                .isEqualTo("BAD_USER_INPUT");
    }

    @Test
    void deniedRoles_areForbidden_withTheirPath() {
        String save =
                "mutation { saveReportSubscription(subscription: {kind: COMPLIANCE, recipients: [\"a@b.example\"],"
                        + " sendAt: \"07:00\"}) { id } }";
        String open =
                "mutation { openIncident(traceId: \"t-pay\", title: \"x\", severity: INFO) { id } }";
        String update = "mutation { updateIncident(id: \"1\", note: \"x\") { id } }";
        String review = "mutation { reviewDay(date: \"2026-01-01\") { at } }";
        String send = "mutation { sendReport(subscriptionId: \"1\") { status } }";
        String delete = "mutation { deleteReportSubscription(id: \"1\") }";
        for (String mutation : List.of(open, update)) {
            for (String token : List.of(auditor, admin)) {
                assertThat(portal.error(token, mutation)).isEqualTo("FORBIDDEN");
            }
        }
        for (String mutation : List.of(save, send, delete)) {
            for (String token : List.of(auditor, analyst)) {
                assertThat(portal.error(token, mutation)).isEqualTo("FORBIDDEN");
            }
        }
        for (String token : List.of(auditor, admin, analyst)) {
            assertThat(portal.error(token, review)).isEqualTo("FORBIDDEN");
        }
        assertThat(portal.error(admin, "{ incidents { nodes { id } } }")).isEqualTo("FORBIDDEN");
        assertThat(portal.error(auditor, "{ reportSubscriptions { id } }")).isEqualTo("FORBIDDEN");
    }

    private static String save(String id, String rest) {
        return "mutation { saveReportSubscription(%s subscription: {%s}) %s }"
                .formatted(id == null ? "" : "id: \"" + id + "\",", rest, SUBSCRIPTION);
    }

    @Test
    void subscription_isItsOwnersAndTheAdministrators() {
        JsonNode made =
                portal.data(
                                officer,
                                save(
                                        null,
                                        "kind: DAILY_SUMMARY, recipients: [\"Ann@Example.org\", \"ann@example.ORG\","
                                                + " \"bob@example.org\"], sendAt: \"07:30\", timeZone: \"Europe/Zurich\","
                                                + " days: [5, 1, 1]"))
                        .get("saveReportSubscription");
        String id = made.get("id").asText();
        assertThat(made.get("owner").asText()).isEqualTo("olga");
        assertThat(made.get("recipients").toString())
                .isEqualTo("[\"Ann@Example.org\",\"bob@example.org\"]");
        assertThat(made.get("days").toString()).isEqualTo("[1,5]");
        assertThat(made.get("sendAt").asText()).isEqualTo("07:30");
        assertThat(made.get("timeZone").asText()).isEqualTo("Europe/Zurich");
        assertThat(made.get("attachPdf").asBoolean()).isTrue();
        assertThat(made.get("lastDelivery").isNull()).isTrue();

        String change =
                save(id, "kind: COMPLIANCE, recipients: [\"Bob@example.org\"], sendAt: \"00:00\"");
        assertThat(portal.error(opsOfficer, change)).isEqualTo("NOT_FOUND");
        assertThat(
                        portal.error(
                                opsOfficer,
                                "mutation { sendReport(subscriptionId: \""
                                        + id
                                        + "\") { status } }"))
                .isEqualTo("NOT_FOUND");
        assertThat(
                        portal.data(
                                        opsOfficer,
                                        "mutation { deleteReportSubscription(id: \"" + id + "\") }")
                                .get("deleteReportSubscription")
                                .asBoolean())
                .isFalse();
        assertThat(portal.data(opsOfficer, "{ reportSubscriptions { id } }").toString())
                .doesNotContain("\"" + id + "\"");

        JsonNode changed = portal.data(admin, change).get("saveReportSubscription");
        assertThat(changed.get("owner").asText()).isEqualTo("olga");
        assertThat(changed.get("kind").asText()).isEqualTo("COMPLIANCE");
        assertThat(portal.data(admin, "{ reportSubscriptions { id } }").toString())
                .contains("\"" + id + "\"");
        assertThat(
                        portal.data(
                                        officer,
                                        "mutation { deleteReportSubscription(id: \"" + id + "\") }")
                                .get("deleteReportSubscription")
                                .asBoolean())
                .isTrue();
        assertThat(portal.data(officer, "{ reportSubscriptions { id } }").toString())
                .doesNotContain("\"" + id + "\"");
        assertThat(portal.error(admin, change)).isEqualTo("NOT_FOUND");
        assertThat(
                        portal.column(
                                "SELECT username || ' ' || target FROM access_log WHERE target LIKE 'report subscription "
                                        + id
                                        + " %' ORDER BY id"))
                .hasSize(3)
                .satisfies(
                        entries -> {
                            assertThat(entries.get(0)).startsWith("olga ").contains("added");
                            assertThat(entries.get(1))
                                    .startsWith("adam ")
                                    .contains("Bob@example.org");
                            assertThat(entries.get(2))
                                    .isEqualTo("olga report subscription " + id + " deleted");
                        });
    }

    /// A mail shows what the owner may see, and an ADMIN reads no reports.
    @Test
    void subscription_goesToNewAddresses_byItsOwnerOnly() {
        String rest = "kind: COMPLIANCE, sendAt: \"07:00\", recipients: ";
        String id =
                portal.data(officer, save(null, rest + "[\"ann@example.org\"]"))
                        .at("/saveReportSubscription/id")
                        .asText();
        String more = save(id, rest + "[\"ann@example.org\", \"adam@example.org\"]");
        assertThat(portal.error(admin, more)).isEqualTo("FORBIDDEN");
        assertThat(portal.error(admin, save(id, rest + "[\"adam@example.org\"]")))
                .isEqualTo("FORBIDDEN");
        assertThat(portal.data(officer, "{ reportSubscriptions { id recipients } }").toString())
                .contains("{\"id\":\"" + id + "\",\"recipients\":[\"ann@example.org\"]}");
        portal.data(officer, more);
        portal.data(admin, save(id, rest + "[\"ADAM@example.org\"]"));
        String own =
                portal.data(admin, save(null, rest + "[\"ann@example.org\"]"))
                        .at("/saveReportSubscription/id")
                        .asText();
        portal.data(admin, save(own, rest + "[\"adam@example.org\"]"));
        for (String made : List.of(id, own)) {
            portal.data(admin, "mutation { deleteReportSubscription(id: \"" + made + "\") }");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: COMPLIANCE, recipients: [], sendAt: \"07:00\"",
                "kind: COMPLIANCE, recipients: [\"ann\"], sendAt: \"07:00\"",
                "kind: COMPLIANCE, recipients: [\"Ann <ann@example.org>\"], sendAt: \"07:00\"",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\\r\\nBcc: x@example.org\"], sendAt: \"07:00\"",
                "kind: COMPLIANCE, recipients: [\"ann@example.org, bob@example.org\"], sendAt: \"07:00\"",
                "kind: COMPLIANCE, recipients: [\"a:ann@example.org;\"], sendAt: \"07:00\"",
                "kind: COMPLIANCE, recipients: [\"ann@@example.org\"], sendAt: \"07:00\"",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\"], sendAt: \"7:00\"",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\"], sendAt: \"24:00\"",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\"], sendAt: \"07:00\", timeZone: \"Mars\"",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\"], sendAt: \"07:00\", days: []",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\"], sendAt: \"07:00\", days: [0]",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\"], sendAt: \"07:00\", days: [8]",
                "kind: COMPLIANCE, recipients: [\"ann@example.org\"], sendAt: \"07:00\", agentId: \"ops/a\"",
                "kind: AGENT_AUDIT, recipients: [\"ann@example.org\"], sendAt: \"07:00\"",
                "kind: AGENT_AUDIT, recipients: [\"ann@example.org\"], sendAt: \"07:00\", agentId: \"billing\""
            })
    void wrongSubscription_isRefused_andNothingStored(String input) {
        List<String> before = portal.column("SELECT id FROM report_subscription");
        assertThat(portal.error(opsOfficer, save(null, input))).isEqualTo("BAD_USER_INPUT");
        assertThat(portal.column("SELECT id FROM report_subscription")).hasSameSizeAs(before);
    }

    @Test
    void sendReport_queuesEachRecipientOncePerDay() {
        String id =
                portal.data(
                                officer,
                                save(
                                        null,
                                        "kind: AGENT_AUDIT, agentId: \"billing\", sendAt: \"07:00\", recipients:"
                                                + " [\"ann@example.org\", \"bob@example.org\"]"))
                        .at("/saveReportSubscription/id")
                        .asText();
        String now = "mutation { sendReport(subscriptionId: \"%s\") %s }";
        String delivery = "{ forDate sentAt status attempts error }";
        JsonNode queued = portal.data(admin, now.formatted(id, delivery)).get("sendReport");
        LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
        assertThat(queued.toString())
                .isEqualTo(
                        "{\"forDate\":\"%s\",\"sentAt\":null,\"status\":\"PENDING\",\"attempts\":0,\"error\":null}"
                                .formatted(yesterday));
        portal.data(officer, now.formatted(id, delivery));
        String rows =
                "SELECT recipient || ' ' || status || ' ' || queued_by FROM report_delivery WHERE subscription_id = "
                        + id
                        + " ORDER BY 1";
        assertThat(portal.column(rows))
                .containsExactly("ann@example.org PENDING adam", "bob@example.org PENDING adam");

        // what was sent is not sent again, what failed is
        portal.execute(
                "UPDATE report_delivery SET attempts = 3, status = CASE recipient WHEN 'ann@example.org' THEN 'SENT'"
                        + " ELSE 'FAILED' END, sent_at = CASE recipient WHEN 'ann@example.org' THEN now() END,"
                        + " error = CASE recipient WHEN 'bob@example.org' THEN 'no such mailbox' END"
                        + " WHERE subscription_id = "
                        + id);
        JsonNode failed =
                portal
                        .data(officer, "{ reportSubscriptions " + SUBSCRIPTION + " }")
                        .at("/reportSubscriptions")
                        .findParents("lastDelivery")
                        .stream()
                        .filter(node -> node.get("id").asText().equals(id))
                        .findFirst()
                        .orElseThrow()
                        .get("lastDelivery");
        assertThat(failed.get("status").asText()).isEqualTo("FAILED");
        assertThat(failed.get("error").asText()).isEqualTo("no such mailbox");
        assertThat(failed.get("attempts").asInt()).isEqualTo(3);
        assertThat(failed.get("sentAt").isNull()).isTrue();
        portal.data(officer, now.formatted(id, delivery));
        assertThat(portal.column(rows))
                .containsExactly("ann@example.org SENT adam", "bob@example.org PENDING olga");

        String on = "mutation { sendReport(subscriptionId: \"%s\", forDate: \"%s\") %s }";
        assertThat(
                        portal.data(officer, on.formatted(id, "2026-01-31", delivery))
                                .at("/sendReport/forDate")
                                .asText())
                .isEqualTo("2026-01-31");
        assertThat(portal.error(officer, on.formatted(id, yesterday.plusDays(1), delivery)))
                .isEqualTo("BAD_USER_INPUT");
        assertThat(portal.error(officer, now.formatted("x", delivery))).isEqualTo("NOT_FOUND");

        // a deleted subscription sends nothing any more
        portal.data(officer, "mutation { deleteReportSubscription(id: \"" + id + "\") }");
        assertThat(portal.column(rows)).containsExactly("ann@example.org SENT adam");
    }

    @Test
    void reviewDay_appearsInTheSummary() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        JsonNode review =
                portal.data(
                                officer,
                                "mutation { reviewDay(date: \"%s\", comment: \" fine \") { at by comment } }"
                                        .formatted(today))
                        .get("reviewDay");
        assertThat(review.get("by").asText()).isEqualTo("olga");
        assertThat(review.get("comment").asText()).isEqualTo("fine");
        portal.data(
                opsOfficer, "mutation { reviewDay(date: \"%s\") { comment } }".formatted(today));
        JsonNode reviews =
                portal.data(
                                auditor,
                                "{ dailySummary(date: \"%s\") { reviews { at by comment } } }"
                                        .formatted(today))
                        .at("/dailySummary/reviews");
        assertThat(reviews).hasSize(2);
        assertThat(reviews.get(0).get("by").asText()).isEqualTo("oscar");
        assertThat(reviews.get(0).get("comment").isNull()).isTrue();
        assertThat(reviews.get(1)).isEqualTo(review);
        for (String wrong :
                List.of(
                        "date: \"" + today.plusDays(2) + "\"",
                        "date: \"" + today + "\", comment: \"" + "x".repeat(2_001) + "\"")) {
            assertThat(portal.error(officer, "mutation { reviewDay(" + wrong + ") { at } }"))
                    .isEqualTo("BAD_USER_INPUT");
        }
        assertThat(portal.column("SELECT day FROM day_review")).hasSize(2);
        assertThat(portal.column("SELECT target FROM access_log WHERE action = 'DAY_REVIEWED'"))
                .containsExactly("day " + today, "day " + today);
    }
}
