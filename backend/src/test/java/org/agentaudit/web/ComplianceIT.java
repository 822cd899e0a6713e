package org.agentaudit.web;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.EventType;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.incident.Incidents;
import org.agentaudit.store.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The compliance report as pages and files, over real HTTP and a real database.
class ComplianceIT {

    private static final String HTML =
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final String PERIOD = "?from=2026-11-10&to=2026-11-11";
    private static final String EMPTY = "?from=2020-01-01&to=2020-01-02";
    private static final Instant START = Instant.parse("2026-11-10T10:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestPortal portal;

    @BeforeAll
    static void start() throws Exception {
        portal =
                new TestPortal(
                        Map.of(
                                "portal.background",
                                "false",
                                "portal.approval-tools",
                                "deploy,refund"));
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.addUser("auditor", Role.AUDITOR);
        portal.users()
                .add(
                        "test",
                        "scoped",
                        TestPortal.PASSWORD,
                        Set.of(Role.SECURITY_ANALYST),
                        List.of("ops/*"));
        portal.bean(EventStore.class)
                .append(
                        SampleEvents.stored(
                                List.of(
                                        event("i1", START, EventType.INVOCATION, "ops/a", "task")
                                                .trace("t-1")
                                                .build(),
                                        event(
                                                        "c1",
                                                        START.plusSeconds(1),
                                                        EventType.TOOL_CALL,
                                                        "ops/a",
                                                        "deploy")
                                                .trace("t-1")
                                                .format(SourceFormat.AUDIT_EVENT)
                                                .build(),
                                        event(
                                                        "m1",
                                                        START.plusSeconds(3),
                                                        EventType.LLM_RESPONSE,
                                                        "ops/a",
                                                        "answer")
                                                .trace("t-1")
                                                .tokens(1000, 10, 0)
                                                .cost("2.50")
                                                .build(),
                                        event(
                                                        "m0",
                                                        START.minusSeconds(172_800),
                                                        EventType.LLM_RESPONSE,
                                                        "ops/a",
                                                        "answer")
                                                .trace("t-0")
                                                .tokens(1000, 10, 0)
                                                .cost("1.00")
                                                .build(),
                                        event(
                                                        "m2",
                                                        START.plusSeconds(4),
                                                        EventType.LLM_RESPONSE,
                                                        "billing",
                                                        "answer")
                                                .trace("t-2")
                                                .tokens(5, 5, 0)
                                                .build(),
                                        event(
                                                        "c2",
                                                        START.plusSeconds(2),
                                                        EventType.TOOL_CALL,
                                                        "billing",
                                                        "refund")
                                                .trace("t-2")
                                                .format(SourceFormat.AUDIT_EVENT)
                                                .summary("<script>alert(1)</script>")
                                                .failed("Timeout", "secret reason")
                                                .build())),
                        List.of())
                .get();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void page_saysWhatFailed_whatIsNotShown_andLeadsToTheEvidence() {
        String page = page("officer", "/compliance" + PERIOD);

        assertThat(page)
                .contains("failed (", "Tool approval rate", "Not shown by these logs")
                .contains("/compliance/checks/tool_approval_rate?from=2026-11-10&amp;to=2026-11-11")
                .contains("/compliance/frameworks/eu-ai-act")
                .contains("/compliance.oscal.json?from=2026-11-10&amp;to=2026-11-11");
        assertThat(page("officer", "/compliance/checks/tool_approval_rate" + PERIOD))
                .contains("2 events behind the exceptions", "/traces/t-1", "/traces/t-2")
                .contains("&lt;script&gt;")
                .doesNotContain("<script>alert");
        assertThat(page("officer", "/compliance/frameworks/eu-ai-act" + PERIOD))
                .contains("What logs cannot show", "not in force yet", "2027-12-02");
    }

    @Test
    void page_nothingToJudge_isNeverAPass() {
        assertThat(page("officer", "/compliance" + EMPTY))
                .contains("the logs show nothing about it", "insufficient evidence")
                .doesNotContain("passed.");
    }

    @Test
    void page_agentsOutsideTheScope_areNeitherShownNorAsked() {
        assertThat(page("scoped", "/compliance/checks/tool_approval_rate" + PERIOD))
                .contains("1 event behind the exceptions", "/traces/t-1")
                .doesNotContain("billing");
        assertThat(
                        page(
                                "officer",
                                "/compliance/checks/tool_approval_rate"
                                        + PERIOD
                                        + "&agent=billing"))
                .contains("1 event behind the exceptions", "/traces/t-2");
        for (String agent : List.of("billing", "*", "ops/*/x*")) {
            assertThat(
                            get("scoped", "/compliance.json" + PERIOD + "&agent=" + agent, "*/*")
                                    .statusCode())
                    .as(agent)
                    .isEqualTo(400);
        }
    }

    @Test
    void history_isDrawn_orSaysWhyNot() {
        assertThat(page("officer", "/compliance" + PERIOD))
                .contains("No day of 2026-10-13 to 2026-11-11 was evaluated yet");
        assertThat(page("scoped", "/compliance" + PERIOD))
                .contains("Verdicts of past days are kept over all agents");
    }

    @Test
    void costs_sayWhatIsBiggest_andLeadToTheRequests() throws Exception {
        assertThat(page("officer", "/costs" + PERIOD + "&by=agent&sort=tokens"))
                .contains("$2.50 for 2", "against the period before", "the most for agent ops/a")
                .contains("/events?agent=ops%2Fa", "not priced");
        assertThat(page("scoped", "/costs" + PERIOD + "&by=agent")).doesNotContain("billing");
        assertThat(page("officer", "/costs" + EMPTY)).contains("No model request was recorded");
        assertThat(get("officer", "/costs?by=user", "*/*").statusCode()).isEqualTo(400);
        assertThat(get("officer", "/costs?sort=x", "*/*").body()).contains("takes cost, requests");
        JsonNode json = JSON.readTree(get("auditor", "/costs.json" + PERIOD, HTML).body());
        assertThat(json.get("unpricedRequests").asLong()).isEqualTo(1);
        assertThat(get("auditor", "/costs.csv" + PERIOD + "&by=agent", HTML).body())
                .contains("rows,1,ops/a,cost,2.5,USD");
    }

    @Test
    void agentsAndIncidents_areFilesToo_maskedAndScoped() throws Exception {
        JsonNode agent = JSON.readTree(get("scoped", "/agents/ops%2Fa.json" + PERIOD, HTML).body());
        assertThat(agent.get("agentId").asText()).isEqualTo("ops/a");
        assertThat(agent.get("events").asLong()).isEqualTo(3);
        assertThat(get("scoped", "/agents/ops%2Fa.csv" + PERIOD, HTML).body())
                .contains("report,,,agentId,ops/a,");
        assertThat(get("scoped", "/agents/billing.csv" + PERIOD, "*/*").statusCode())
                .isEqualTo(404);
        Incidents incidents = portal.bean(Incidents.class);
        Viewer officer = new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
        long id = incidents.open(officer, "t-2", "=Refunds", Severity.WARNING).orElseThrow().id();
        assertThat(get("officer", "/incidents/" + id + ".csv", HTML).body())
                .contains("secret reason");
        assertThat(get("auditor", "/incidents/" + id + ".json", HTML).body())
                .contains("[MASKED]")
                .doesNotContain("secret reason");
        assertThat(get("scoped", "/incidents/" + id + ".json", "*/*").statusCode()).isEqualTo(404);
    }

    @Test
    void unknownNames_areProblems() {
        assertThat(get("officer", "/compliance/checks/none", HTML).statusCode()).isEqualTo(404);
        assertThat(get("officer", "/compliance/frameworks/none", HTML).statusCode()).isEqualTo(404);
        HttpResponse<String> answer = get("officer", "/compliance.csv?from=x", "text/csv");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(answer.body()).contains("'from' takes a day such as");
    }

    @Test
    void files_sayWhatGraphQlSays_andAreLoggedAsExports() throws Exception {
        JsonNode json = JSON.readTree(get("auditor", "/compliance.json" + PERIOD, HTML).body());
        HttpResponse<String> csv = get("auditor", "/compliance.csv" + PERIOD, HTML);

        assertThat(json.at("/verdict").asText()).isEqualTo("FAIL");
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"compliance-2026-11-10-2026-11-11.csv\"");
        List<NamedCsvRecord> rows =
                CsvReader.builder().ofNamedCsvRecord(csv.body().substring(1)).stream().toList();
        assertThat(rows)
                .filteredOn(
                        row ->
                                row.getField("item").equals("tool_approval_rate")
                                        && row.getField("name").equals("exceptions"))
                .singleElement()
                .satisfies(row -> assertThat(row.getField("value")).isEqualTo("2"));
        assertThat(
                        portal
                                .bean(AccessLog.class)
                                .find(
                                        new Viewer("test", Set.of(Role.AUDITOR), List.of()),
                                        AccessLogQuery.newest(100))
                                .stream()
                                .filter(entry -> entry.action() == AccessAction.EXPORTED)
                                .map(entry -> entry.target()))
                .contains(
                        "/compliance.json?from=2026-11-10&to=2026-11-11",
                        "/compliance.csv?from=2026-11-10&to=2026-11-11");
    }

    @Test
    void oscal_isAcceptedByTheSchemaOfNist() throws Exception {
        for (String period : List.of(PERIOD, EMPTY, PERIOD + "&agent=ops/*")) {
            JsonNode document = oscal("officer", period);
            assertThat(
                            schema().validate(
                                            document,
                                            run ->
                                                    run.getExecutionConfig()
                                                            .setFormatAssertionsEnabled(true)))
                    .as(period)
                    .isEmpty();
        }
        JsonNode broken = JSON.readTree("{\"assessment-results\": {\"uuid\": \"none\"}}");
        assertThat(schema().validate(broken)).isNotEmpty();
    }

    @Test
    void oscal_onlyAPassIsSatisfied_andLinksHold() throws Exception {
        JsonNode result = oscal("auditor", PERIOD).at("/assessment-results/results/0");
        Set<String> observations = new HashSet<>();
        result.get("observations").forEach(one -> observations.add(one.get("uuid").asText()));
        Set<String> verdicts = new HashSet<>();

        for (JsonNode finding : result.get("findings")) {
            String verdict = finding.at("/props/0/value").asText();
            verdicts.add(verdict);
            assertThat(finding.at("/target/status/state").asText())
                    .isEqualTo(verdict.equals("PASS") ? "satisfied" : "not-satisfied");
            finding.path("related-observations")
                    .forEach(
                            one ->
                                    assertThat(observations)
                                            .contains(one.get("observation-uuid").asText()));
        }
        assertThat(verdicts).contains("FAIL", "INSUFFICIENT_EVIDENCE");
        assertThat(result.toString())
                .contains("/events/")
                .doesNotContain("secret reason", "<script");
    }

    @Test
    void oscal_sameReport_hasTheSameIds() throws Exception {
        assertThat(ids(oscal("officer", PERIOD))).isEqualTo(ids(oscal("officer", PERIOD)));
        assertThat(ids(oscal("officer", PERIOD)))
                .doesNotContainAnyElementsOf(ids(oscal("officer", PERIOD + "&agent=ops/*")));
    }

    private static Set<String> ids(JsonNode document) {
        return document.findValuesAsText("uuid").stream().collect(Collectors.toSet());
    }

    private static JsonNode oscal(String who, String query) throws IOException {
        return JSON.readTree(get(who, "/compliance.oscal.json" + query, HTML).body());
    }

    private static JsonSchema schema() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        ComplianceIT.class.getResourceAsStream("/oscal/oscal-ar_schema.json"))) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(file);
        }
    }

    private static String page(String who, String path) {
        HttpResponse<String> answer = get(who, path, HTML);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> get(String who, String path, String accept) {
        return portal.get(path, "Authorization", bearer(portal.token(who)), "Accept", accept);
    }
}
