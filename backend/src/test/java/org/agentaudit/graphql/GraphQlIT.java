package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.retention.RetentionPolicy;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The door over real HTTP and a real database.
class GraphQlIT {
    private static final String PASSWORD = "correct horse battery";
    private static final int EVENTS = 400;
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final TestDatabase.Fresh DATABASE = TestDatabase.create();
    private static EmbeddedServer server;
    private static HttpClient http;
    private static String officer;
    private static String auditor;
    private static String opsAnalyst;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        Map<String, Object> properties = new HashMap<>(DATABASE.properties());
        properties.put("portal.data-dir", dataDir.toString());
        properties.put("portal.retention.debug-days", "8");
        server = ApplicationContext.run(EmbeddedServer.class, properties);
        http = HttpClient.newHttpClient();
        List<NewEvent> events =
                RandomEvents.make(new Random(7), EVENTS, START, Duration.ofHours(20));
        bean(EventStore.class).append(events, List.of()).join();
        officer = token("officer", Role.COMPLIANCE_OFFICER, List.of());
        auditor = token("auditor", Role.AUDITOR, List.of());
        opsAnalyst = token("ops", Role.SECURITY_ANALYST, List.of("ops/*"));
    }

    @AfterAll
    static void stop() {
        http.close();
        server.close();
    }

    @Test
    void settings_areBound() {
        assertThat(bean(RetentionPolicy.class)).isEqualTo(new RetentionPolicy(8, 30, 365, 730, 30));
        assertThat(bean(GraphQlConfig.class)).isEqualTo(TestPortal.LIMITS);
    }

    @Test
    void everythingInTheSchema_isAnswered() {
        assertThat(bean(PortalSchema.class).notImplemented()).isEmpty();
    }

    @Test
    void withoutViewer_is401() throws Exception {
        HttpResponse<String> answer =
                send(
                        request("")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"query\":\"{ __typename }\"}")));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(send(request("?query=%7B__typename%7D").GET()).statusCode()).isEqualTo(401);
    }

    @Test
    void events_bothDirections_readEverythingOnce() throws Exception {
        assertThat(allEvents("first", "after", "endCursor", "hasNextPage")).hasSize(EVENTS);
        assertThat(allEvents("last", "before", "startCursor", "hasPreviousPage")).hasSize(EVENTS);
    }

    @Test
    void eventsWithNeighbours_areAnswered() throws Exception {
        JsonNode data =
                data(
                        officer,
                        """
                        { events(first: 200) { totalCount nodes {
                            id traceId agentId parentEventId agent { id } parent { id traceId }
                            trace { id eventCount errorCount agentIds completeness { unpairedCalls } } } } }
                        """);
        assertThat(data.at("/events/totalCount").asInt()).isEqualTo(EVENTS);
        for (JsonNode node : data.at("/events/nodes")) {
            assertThat(node.at("/agent/id")).isEqualTo(node.get("agentId"));
            assertThat(node.at("/trace/id")).isEqualTo(node.get("traceId"));
        }
    }

    @Test
    void traces_readTogether_equalTracesReadAlone() throws Exception {
        String fields =
                "{ id startedAt endedAt durationMs agentIds eventCount errorCount outcome cost hiddenEvents"
                        + " tokens { total } completeness { events producers unpairedCalls missingParents"
                        + " derivedTraces lateEvents } }";
        for (String viewer : List.of(officer, opsAnalyst)) {
            JsonNode together =
                    data(viewer, "{ events(first: 200) { nodes { trace " + fields + " } } }");
            Map<String, JsonNode> traces = new HashMap<>();
            together.at("/events/nodes")
                    .forEach(node -> traces.put(node.at("/trace/id").asText(), node.get("trace")));
            assertThat(traces).hasSizeGreaterThan(10);
            for (String id : traces.keySet()) {
                JsonNode alone =
                        data(viewer, "{ trace(id: \"" + id + "\") " + fields + " }").get("trace");
                assertThat(traces.get(id)).isEqualTo(alone);
                long listed =
                        data(viewer, "{ events(filter: {traceId: \"" + id + "\"}) { totalCount } }")
                                .at("/events/totalCount")
                                .asLong();
                assertThat(alone.get("eventCount").asLong()).isEqualTo(listed);
            }
        }
    }

    @Test
    void scope_limitsEverySurface() throws Exception {
        JsonNode data =
                data(
                        opsAnalyst,
                        "{ events(first: 1000) { totalCount nodes { agentId } } agents { nodes { id } }"
                                + " agent(id: \"support\") { id } dailySummary(date: \"2026-11-20\") { events } }");
        data.at("/events/nodes")
                .forEach(node -> assertThat(node.get("agentId").asText()).startsWith("ops/"));
        assertThat(data.at("/agents/nodes")).hasSize(2);
        assertThat(data.get("agent").isNull()).isTrue();
        assertThat(data.at("/dailySummary/events")).isEqualTo(data.at("/events/totalCount"));
    }

    @Test
    void reports_agreeWithEvents() throws Exception {
        JsonNode data =
                data(
                        officer,
                        """
                        { all: events { totalCount } errored: events(filter: {errored: true}) { totalCount }
                          dailySummary(date: "2026-11-20") { events errors topAgents(first: 2) { agentId }
                            checks { check verdict statement } completeness { events } }
                          summaryReport(period: {from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z"}) {
                            events errors topAgents { key count } period { firstEventAt } }
                          agent(id: "support") { audit(period: {from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z"}) {
                            events tools { tool calls } daily { date events } } }
                          supports: events(filter: {agentIds: ["support"]}) { totalCount } }
                        """);
        assertThat(data.at("/dailySummary/events")).isEqualTo(data.at("/all/totalCount"));
        assertThat(data.at("/dailySummary/errors")).isEqualTo(data.at("/errored/totalCount"));
        assertThat(data.at("/summaryReport/events")).isEqualTo(data.at("/all/totalCount"));
        assertThat(data.at("/agent/audit/events")).isEqualTo(data.at("/supports/totalCount"));
        assertThat(data.at("/dailySummary/topAgents")).hasSize(2);
        assertThat(data.at("/dailySummary/checks").size()).isGreaterThan(3);
    }

    /// Everything the contract says of a compliance report, evidence and controls included.
    @Test
    void complianceReport_isAnsweredWhole_andInScope() throws Exception {
        String period = "period: {from: \"2026-11-20T00:00:00Z\", to: \"2026-11-21T00:00:00Z\"}";
        String query =
                "{ complianceReport("
                        + period
                        + """
                        ) { verdict recommendations period { from to firstEventAt } completeness { events }
                          checks { check title formula verdict measured warnAt failAt unit statement recommendation population
                            exceptions agents groups { agents verdict } controls { framework control title }
                            evidence(first: 2) { totalCount nodes { id agentId } } }
                          frameworks { framework version source controls { control { control title } verdict checks
                            appliesFrom inForce note cannotShow } } }
                          dailySummary(date: "2026-11-20") { checks { check verdict measured population
                            controls { control } } } }
                        """;
        for (String viewer : List.of(officer, opsAnalyst)) {
            JsonNode data = data(viewer, query);
            JsonNode report = data.get("complianceReport");
            assertThat(report.get("checks")).hasSize(12);
            assertThat(report.get("frameworks")).hasSize(7);
            assertThat(report.at("/frameworks/0/controls/0/inForce").asBoolean()).isFalse();
            for (int i = 0; i < 12; i++) {
                JsonNode check = report.get("checks").get(i);
                JsonNode ofDay = data.at("/dailySummary/checks/" + i);
                for (String field : List.of("check", "verdict", "measured", "population")) {
                    assertThat(check.get(field)).isEqualTo(ofDay.get(field));
                }
                assertThat(check.get("controls")).isNotEmpty();
                if (viewer.equals(opsAnalyst)) {
                    check.at("/evidence/nodes")
                            .forEach(e -> assertThat(e.get("agentId").asText()).startsWith("ops/"));
                }
            }
        }
        String history =
                "{ checkHistory(check: \"error_rate\", from: \"2026-11-01\", to: \"2026-12-01\") { date verdict superseded } }";
        assertThat(data(officer, history).get("checkHistory").isArray()).isTrue();
        assertThat(post(opsAnalyst, history).body()).contains("FORBIDDEN");
        assertThat(post(officer, history.replace("error_rate", "none")).body())
                .contains("BAD_USER_INPUT");
    }

    @Test
    void usageAndCost_agreeWithEvents_maskUsersAndAreLogged() throws Exception {
        String period = "period: {from: \"2026-11-20T00:00:00Z\", to: \"2026-11-21T00:00:00Z\"}";
        String query =
                """
                { usageReport(PERIOD) { requests successful failed other successRate tokens { total }
                    latency { n p95Ms } successLatency { n } failureLatency { n } completeness { events }
                    byUser { key count share } byModel { key count } errorTypes { key count } period { firstEventAt } }
                  costReport(PERIOD, by: USER) { total requests unpricedRequests priceTable
                    rows(first: 2) { key cost requests tokens { total input } }
                    optimizations { agentId suggestion because estimatedSavings } completeness { events } }
                  responses: events(filter: {types: [LLM_RESPONSE]}) { totalCount }
                  all: events { totalCount } }
                """
                        .replace("PERIOD", period);
        JsonNode data = data(officer, query);
        JsonNode usage = data.get("usageReport");
        assertThat(usage.get("requests")).isEqualTo(data.at("/responses/totalCount"));
        assertThat(usage.get("requests").asLong())
                .isEqualTo(
                        usage.get("successful").asLong()
                                + usage.get("failed").asLong()
                                + usage.get("other").asLong());
        assertThat(usage.at("/completeness/events")).isEqualTo(data.at("/all/totalCount"));
        JsonNode costs = data.get("costReport");
        assertThat(costs.get("rows")).hasSize(2);
        assertThat(costs.toString()).doesNotContain("E-");
        assertThat(costs.get("priceTable").asText()).startsWith("model-prices.json, 165 prices");
        JsonNode masked = data(auditor, query);
        assertThat(masked.toString()).doesNotContain("user-");
        assertThat(masked.at("/costReport/rows").findValuesAsText("key")).contains("[MASKED]");
        assertThat(masked.at("/costReport/rows/0/cost")).isEqualTo(costs.at("/rows/0/cost"));
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM access_log WHERE action = 'REPORT_VIEWED' AND target IN"
                                        + " ('usage report 2026-11-20T00:00:00Z/2026-11-21T00:00:00Z',"
                                        + " 'cost report by USER 2026-11-20T00:00:00Z/2026-11-21T00:00:00Z')")) {
            rows.next();
            assertThat(rows.getLong(1)).isEqualTo(4);
        }
    }

    @Test
    void reveal_isInTheAccessLog_maskedReadingIsNot() throws Exception {
        long before = reveals();
        data(officer, "{ events(first: 1000) { nodes { params userId errorMessage } } }");
        assertThat(reveals()).isEqualTo(before + 1);
        JsonNode masked =
                data(auditor, "{ events(first: 1000) { nodes { userId params errorMessage } } }");
        masked.at("/events/nodes")
                .forEach(
                        node -> node.forEach(v -> assertThat(v.asText()).isIn("null", "[MASKED]")));
        assertThat(reveals()).isEqualTo(before + 1);
    }

    @Test
    void accessLog_isReadInPages_byUserAndPeriod() throws Exception {
        Instant before = Instant.now();
        String read = "{ events(first: 1) { nodes { params } } }";
        for (int i = 0; i < 5; i++) {
            data(officer, read);
        }
        List<String> seen = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            JsonNode log =
                    data(
                                    auditor,
                                    """
                                    { accessLog(username: "officer", from: "%s", first: 2 %s) {
                                        edges { cursor node { at action target } }
                                        pageInfo { hasNextPage hasPreviousPage endCursor } } }
                                    """
                                            .formatted(before, after))
                            .get("accessLog");
            for (JsonNode edge : log.get("edges")) {
                assertThat(edge.at("/node/action").asText()).isEqualTo("CONTENT_REVEALED");
                assertThat(edge.at("/node/target").asText()).contains("1 event");
                seen.add(edge.get("cursor").asText());
            }
            assertThat(log.at("/pageInfo/hasPreviousPage").asBoolean()).isEqualTo(!after.isEmpty());
            more = log.at("/pageInfo/hasNextPage").asBoolean();
            after = "after: \"" + log.at("/pageInfo/endCursor").asText() + "\"";
            // What is read does not move the pages.
            data(officer, "{ me { username } }");
        }
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
        assertThat(
                        data(
                                        auditor,
                                        "{ accessLog(username: \"officer\", to: \"2000-01-01T00:00:00Z\") { nodes { at } } }")
                                .at("/accessLog/nodes"))
                .isEmpty();
        assertThat(post(auditor, "{ accessLog(after: \"x\") { nodes { at } } }").body())
                .contains("BAD_USER_INPUT");
        assertThat(post(opsAnalyst, "{ accessLog { nodes { at } } }").body()).contains("FORBIDDEN");
    }

    @Test
    void neighboursOfManyEvents_costTheSameStatementsAsOfFew() throws Exception {
        String query =
                """
                { events(first: %d) { nodes {
                    id agent { id firstSeen } parent { id summary } expiresOn
                    trace { id eventCount agentIds completeness { gaps missingParents } } } } }
                """;
        try (StatementCounter statements = new StatementCounter()) {
            int few = statements.fewest(() -> data(officer, query.formatted(5)));
            int many = statements.fewest(() -> data(officer, query.formatted(50)));
            assertThat(few).isPositive();
            assertThat(many).isEqualTo(few);
        }
    }

    @Test
    void examples_ofTheEditor_areAnsweredWithoutError() throws Exception {
        List<QueryExample> examples = bean(QueryExamples.class).all();
        assertThat(examples).hasSize(14);
        for (QueryExample example : examples) {
            String body =
                    JSON.createObjectNode()
                            .put("query", example.query())
                            .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                                    "variables", JSON.readTree(example.variables()))
                            .toString();
            String answer =
                    send(authorized(officer, "")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(body)))
                            .body();
            assertThat(JSON.readTree(answer).path("errors")).as(example.id()).isEmpty();
        }
    }

    @Test
    void toolsErrorsAndOutcomes_agreeWithEvents_andAreLogged() throws Exception {
        String day = "period: {from: \"2026-11-20T00:00:00Z\", to: \"2026-11-21T00:00:00Z\"}";
        String query =
                """
                { toolUsageReport(%1$s) { calls unpairedCalls tools { tool calls errors errorRate latency { n p95Ms } }
                    completeness { events unpairedCalls } period { from firstEventAt } }
                  errorAnalysisReport(%1$s) { errors errorTypes { key count } byAgent { key count share }
                    messages(first: 1) { fingerprint sample count share lastSeen }
                    suggestions { text because errorType count evidence { id errorType errorMessage } } }
                  actionOutcomes(%1$s) { agentId action total successes failures successRate }
                  calls: events(filter: {types: [TOOL_CALL]}) { totalCount }
                  errored: events(filter: {errored: true}) { totalCount }
                  timedOut: events(filter: {errorTypes: ["TimeoutError"]}) { totalCount } }
                """
                        .formatted(day);
        String period = " 2026-11-20T00:00:00Z/2026-11-21T00:00:00Z";
        Map<String, Long> viewed = new HashMap<>();
        for (String report : List.of("tool usage", "error analysis", "action outcomes")) {
            viewed.put(report + period, viewed(report + period));
        }
        for (String viewer : List.of(officer, opsAnalyst, auditor)) {
            long revealed = reveals();
            JsonNode data = data(viewer, query);
            assertThat(data.at("/toolUsageReport/calls")).isEqualTo(data.at("/calls/totalCount"));
            assertThat(data.at("/toolUsageReport/unpairedCalls"))
                    .isEqualTo(data.at("/toolUsageReport/completeness/unpairedCalls"));
            JsonNode errors = data.get("errorAnalysisReport");
            assertThat(errors.get("errors")).isEqualTo(data.at("/errored/totalCount"));
            boolean masked = viewer.equals(auditor);
            assertThat(errors.get("messages")).hasSize(1);
            assertThat(errors.at("/messages/0/sample").asText())
                    .isEqualTo(masked ? "[MASKED]" : "it broke");
            assertThat(errors.at("/messages/0/fingerprint").asText())
                    .matches(masked ? "\\[MASKED]" : "[0-9a-f]{16}");
            assertThat(reveals()).isEqualTo(masked ? revealed : revealed + 1);
            data.at("/actionOutcomes")
                    .forEach(
                            outcome -> {
                                assertThat(outcome.get("total").asLong()).isGreaterThan(10);
                                assertThat(outcome.get("agentId").asText())
                                        .startsWith(viewer.equals(opsAnalyst) ? "ops/" : "");
                            });
            if (viewer.equals(officer)) {
                JsonNode suggestion = errors.at("/suggestions/0");
                assertThat(suggestion.get("errorType").asText()).isEqualTo("TimeoutError");
                assertThat(suggestion.get("count")).isEqualTo(data.at("/timedOut/totalCount"));
                assertThat(suggestion.get("evidence")).hasSizeBetween(11, 20);
            }
        }
        for (Map.Entry<String, Long> report : viewed.entrySet()) {
            assertThat(viewed(report.getKey())).isEqualTo(report.getValue() + 3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "actionOutcomes(period: {from: \"2026-11-20T00:00:00Z\", to: \"2026-11-21T00:00:00Z\"}, minimum: -1) { total }",
                "actionOutcomes(period: {from: \"2026-11-21T00:00:00Z\", to: \"2026-11-21T00:00:00Z\"}) { total }",
                "errorAnalysisReport(period: {from: \"2026-11-20T00:00:00Z\", to: \"2026-11-21T00:00:00Z\"})"
                        + " { messages(first: 1001) { count } }"
            })
    void reportsAskedForWrongly_areBadInput(String field) throws Exception {
        assertThat(post(officer, "{ " + field + " }").body()).contains("BAD_USER_INPUT");
    }

    private static long viewed(String target) throws Exception {
        try (Connection connection = DATABASE.connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT count(*) FROM access_log WHERE action = 'REPORT_VIEWED' AND target = ?")) {
            statement.setString(1, target);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void maskedFilter_isForbidden() throws Exception {
        assertThat(post(auditor, "{ events(filter: {text: \"x\"}) { totalCount } }").body())
                .contains("FORBIDDEN");
    }

    @Test
    void legacyJson_failedDocument_is200_graphqlResponse_is400() throws Exception {
        for (String query : List.of("{", "{ nothing }")) {
            assertThat(post(officer, query).statusCode()).isEqualTo(200);
            HttpResponse<String> modern =
                    send(
                            authorized(officer, "")
                                    .header("Content-Type", "application/json")
                                    .header("Accept", "application/graphql-response+json")
                                    .POST(BodyPublishers.ofString(body(query))));
            assertThat(modern.statusCode()).isEqualTo(400);
            assertThat(modern.headers().firstValue("Content-Type"))
                    .contains("application/graphql-response+json; charset=utf-8");
            assertThat(modern.body()).contains("BAD_USER_INPUT").doesNotContain("\"data\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "3",
                "[{\"query\":\"{ __typename }\"}]",
                "{\"query\":3}",
                "{\"other\":1}"
            })
    void malformedBody_is400(String body) throws Exception {
        HttpResponse<String> answer =
                send(
                        authorized(officer, "")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("BAD_USER_INPUT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/graphql",
                "application/json; charset=utf-16",
            })
    void otherContentTypes_are415(String type) throws Exception {
        HttpResponse<String> answer =
                send(
                        authorized(officer, "?query=%7B__typename%7D")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString("query={__typename}")));
        assertThat(answer.statusCode()).isEqualTo(415);
    }

    @Test
    void hugeBody_is413_announcedOrNot() throws Exception {
        String body = body("{ __typename } #" + "x".repeat(400_000));
        HttpResponse<String> announced =
                send(
                        authorized(officer, "")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body)));
        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(announced.body()).contains("LIMIT_EXCEEDED");
        HttpResponse<String> chunked =
                send(
                        authorized(officer, "")
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofInputStream(
                                                () ->
                                                        new java.io.ByteArrayInputStream(
                                                                body.getBytes(
                                                                        StandardCharsets.UTF_8)))));
        assertThat(chunked.statusCode()).isEqualTo(413);
    }

    @Test
    void packedBody_cannotPassTheLimit() throws Exception {
        var packed = new java.io.ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(
                    body("{ __typename } #" + "x".repeat(5_000_000))
                            .getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer =
                send(
                        authorized(officer, "")
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", "gzip")
                                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));
        assertThat(answer.statusCode()).isIn(413, 415);
    }

    @Test
    void get_runsQueries_refusesMutations() throws Exception {
        HttpResponse<String> query =
                send(authorized(officer, "?query=" + encode("{ me { username } }")).GET());
        assertThat(query.statusCode()).isEqualTo(200);
        assertThat(query.body()).contains("officer");
        HttpResponse<String> mutation =
                send(
                        authorized(
                                        officer,
                                        "?query="
                                                + encode(
                                                        "mutation { reviewDay(date: \"2026-11-20\") { by } }"))
                                .GET());
        assertThat(mutation.statusCode()).isEqualTo(405);
        assertThat(mutation.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void unacceptableAnswer_is406() throws Exception {
        assertThat(
                        send(authorized(officer, "?query=%7B__typename%7D")
                                        .header("Accept", "text/html")
                                        .GET())
                                .statusCode())
                .isEqualTo(406);
    }

    @Test
    void hostileText_isAnInputLikeAnyOther() throws Exception {
        for (String text :
                List.of("'", "%", "\\\\", "a & | ! ( ) : *", "\\u0001", "<script>", "😀")) {
            HttpResponse<String> answer =
                    post(
                            officer,
                            "{ events(filter: {text: \""
                                    + text
                                    + "\", actions: [\""
                                    + text
                                    + "\"]}) { totalCount } }");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("INTERNAL");
        }
        assertThat(post(officer, "{ events(after: \"nonsense\") { totalCount } }").body())
                .contains("BAD_USER_INPUT");
    }

    private static List<String> allEvents(String size, String from, String cursor, String more)
            throws Exception {
        List<String> ids = new ArrayList<>();
        String place = "";
        while (true) {
            JsonNode page =
                    data(
                                    officer,
                                    "{ events(%s: 150 %s) { nodes { id } pageInfo { %s %s } } }"
                                            .formatted(size, place, cursor, more))
                            .get("events");
            page.get("nodes").forEach(node -> ids.add(node.get("id").asText()));
            if (!page.at("/pageInfo/" + more).asBoolean()) {
                return ids.stream().distinct().toList();
            }
            place = from + ": \"" + page.at("/pageInfo/" + cursor).asText() + "\"";
        }
    }

    private static long reveals() throws Exception {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM access_log WHERE action = 'CONTENT_REVEALED'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static JsonNode data(String token, String query) throws Exception {
        HttpResponse<String> answer = post(token, query);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.has("errors")).as(answer.body()).isFalse();
        return json.get("data");
    }

    private static HttpResponse<String> post(String token, String query) throws Exception {
        return send(
                authorized(token, "")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body(query))));
    }

    private static String body(String query) throws Exception {
        return JSON.writeValueAsString(Map.of("query", query));
    }

    private static HttpRequest.Builder request(String suffix) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + server.getPort() + "/graphql" + suffix));
    }

    private static HttpRequest.Builder authorized(String token, String suffix) {
        return request(suffix).header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(
                request.timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String token(String name, Role role, List<String> scope) throws Exception {
        bean(UserAccounts.class).add("test", name, PASSWORD, Set.of(role), scope);
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://localhost:"
                                                        + server.getPort()
                                                        + "/api/login"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"username\":\"%s\",\"password\":\"%s\"}"
                                                        .formatted(name, PASSWORD)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body()).get("access_token").asText();
    }

    private static <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
