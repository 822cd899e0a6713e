package org.agentaudit.web;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AccessLogEntry;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventType;
import org.agentaudit.query.TraceSettler;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Downloads of events over real HTTP and a real database.
class EventExportIT {
    private static final int FEW = 1_200;
    private static final int MANY = 40_000;
    private static final Instant FEW_FROM = Instant.parse("2026-11-20T00:00:00Z");
    private static final Instant MANY_FROM = Instant.parse("2026-10-01T00:00:00Z");
    private static final String FEW_FILTER = "?from=2026-11-20&to=2026-11-20";
    private static final String MANY_FILTER = "?from=2026-10-01&to=2026-10-31";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static TestPortal portal;

    @BeforeAll
    static void start() throws Exception {
        // what a portal reads by itself would count with the scans
        portal = new TestPortal(Map.of("portal.background", "false"));
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.addUser("auditor", Role.AUDITOR);
        portal.users()
                .add(
                        "test",
                        "scoped",
                        TestPortal.PASSWORD,
                        Set.of(Role.SECURITY_ANALYST),
                        List.of("ops/*"));
        EventStore store = portal.bean(EventStore.class);
        store.append(
                        RandomEvents.make(new Random(11), FEW, FEW_FROM, Duration.ofHours(20)),
                        List.of())
                .get();
        Random random = new Random(12);
        for (int i = 0; i < MANY; i += 5_000) {
            store.append(
                            RandomEvents.make(random, 5_000, MANY_FROM, Duration.ofDays(25)),
                            List.of())
                    .get();
        }
        store.append(
                        SampleEvents.stored(
                                List.of(
                                        event(
                                                        "formula",
                                                        Instant.parse("2026-11-10T10:00:00Z"),
                                                        EventType.ERROR,
                                                        "=cmd|' /C calc'!A0",
                                                        "@tool")
                                                .failed(
                                                        "-Error",
                                                        "+1 \"quoted\", comma\r\nand line")
                                                .reasoning("\t=1+1")
                                                .params("{\"a\":-1.50,\"text\":\"é研究\"}")
                                                .user("-7")
                                                .cost("0.00000010")
                                                .ms(-5)
                                                .build())),
                        List.of())
                .get();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void jsonl_isWhatGraphQlAnswers() throws Exception {
        Map<String, JsonNode> exported = new HashMap<>();
        String previous = "";
        for (JsonNode event : lines(body("officer", "/events.jsonl" + FEW_FILTER))) {
            exported.put(event.get("id").asText(), event);
            assertThat(event.get("occurredAt").asText()).isGreaterThanOrEqualTo(previous);
            previous = event.get("occurredAt").asText();
        }
        assertThat(exported).hasSize(FEW);
        String members = members();
        String after = "";
        int compared = 0;
        do {
            JsonNode page =
                    graphql(
                            "{ events(filter: {from: \\\"2026-11-20T00:00:00Z\\\", to: \\\"2026-11-21T00:00:00Z\\\"}, first: 300 %s) { nodes { %s } pageInfo { endCursor hasNextPage } } }"
                                    .formatted(after, members));
            for (JsonNode node : page.at("/data/events/nodes")) {
                assertThat(plain(exported.get(node.get("id").asText()))).isEqualTo(plain(node));
                compared++;
            }
            JsonNode info = page.at("/data/events/pageInfo");
            after =
                    info.get("hasNextPage").asBoolean()
                            ? ", after: \\\"" + info.get("endCursor").asText() + "\\\""
                            : "";
        } while (!after.isEmpty());
        assertThat(compared).isEqualTo(FEW);
    }

    /// Every member of the type that lies in the event itself.
    private static String members() throws IOException {
        JsonNode fields =
                graphql(
                                "{ __type(name: \\\"AuditEvent\\\") { fields { name type { kind name ofType { kind name ofType { kind name ofType { kind name }}}}}}}")
                        .at("/data/__type/fields");
        StringBuilder members = new StringBuilder();
        Map<String, String> parts =
                Map.of(
                        "Decision", "{question options {option reasoning score} chosen confidence}",
                        "Handoff", "{from to depth}",
                        "TokenCounts", "{input output cached total}",
                        "ResourceRef", "{type identifier}",
                        "Redaction", "{pointer detector}");
        for (JsonNode field : fields) {
            String type = field.get("type").findValuesAsText("name").getLast();
            if (!Set.of("Agent", "Trace", "AuditEvent").contains(type)) {
                members.append(field.get("name").asText())
                        .append(parts.getOrDefault(type, ""))
                        .append(' ');
            }
        }
        return members.toString();
    }

    /// Numbers as plain decimals, so that 1E-7 equals 0.0000001 and 5.0 equals 5.
    private static String plain(JsonNode node) {
        if (node.isNumber()) {
            return node.decimalValue().stripTrailingZeros().toPlainString();
        }
        if (node.isArray()) {
            StringBuilder text = new StringBuilder("[");
            node.forEach(item -> text.append(plain(item)).append(','));
            return text.append(']').toString();
        }
        if (node instanceof ObjectNode object) {
            StringBuilder text = new StringBuilder("{");
            object.properties().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(
                            member ->
                                    text.append(member.getKey())
                                            .append(':')
                                            .append(plain(member.getValue()))
                                            .append('\n'));
            return text.append('}').toString();
        }
        return node.toString();
    }

    @Test
    void csv_quotes_andDefusesFormulas_butLeavesNumbers() {
        String csv = body("officer", "/events.csv?from=2026-11-10&to=2026-11-10");
        assertThat(csv).endsWith("\r\n").contains("\"'+1 \"\"quoted\"\", comma\r\nand line\"");
        List<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(csv).stream().toList();

        assertThat(rows).hasSize(1);
        NamedCsvRecord row = rows.getFirst();
        assertThat(row.getField("agentId")).isEqualTo("'=cmd|' /C calc'!A0");
        assertThat(row.getField("action")).isEqualTo("'@tool");
        assertThat(row.getField("errorType")).isEqualTo("'-Error");
        assertThat(row.getField("reasoning")).isEqualTo("'\t=1+1");
        assertThat(row.getField("userId")).isEqualTo("'-7");
        assertThat(row.getField("durationMs")).isEqualTo("-5.0");
        assertThat(row.getField("cost")).isEqualTo("0.00000010");
        assertThat(row.getField("params")).isEqualTo("{\"a\":-1.50,\"text\":\"é研究\"}");
        assertThat(row.getField("sessionId")).isEmpty();
    }

    @Test
    void csv_withoutEvents_isItsHeader() {
        assertThat(body("officer", "/events.csv?from=2001-01-01&to=2001-01-01"))
                .startsWith("id,occurredAt,")
                .endsWith(",unmapped\r\n")
                .hasLineCount(1);
        assertThat(body("officer", "/events.jsonl?from=2001-01-01&to=2001-01-01")).isEmpty();
    }

    @Test
    void ocsf_hasWhatApiActivityRequires() throws Exception {
        List<JsonNode> events = lines(body("officer", "/events.ocsf.jsonl" + FEW_FILTER));
        assertThat(events).hasSize(FEW);
        for (JsonNode event : events) {
            assertThat(event.get("class_uid").asInt()).isEqualTo(6003);
            assertThat(event.get("category_uid").asInt()).isEqualTo(6);
            assertThat(event.get("type_uid").asInt())
                    .isEqualTo(600300 + event.get("activity_id").asInt());
            assertThat(event.get("activity_name").asText()).isNotBlank();
            assertThat(event.get("severity_id").asInt()).isIn(1, 3);
            assertThat(event.get("status_id").asInt()).isIn(0, 1, 2, 99);
            assertThat(Instant.ofEpochMilli(event.get("time").longValue()))
                    .isBetween(FEW_FROM, FEW_FROM.plus(Duration.ofDays(1)));
            assertThat(event.at("/metadata/version").asText()).isEqualTo("1.8.0");
            assertThat(event.at("/metadata/product/name").asText()).isNotBlank();
            assertThat(event.at("/metadata/product/vendor_name").asText()).isNotBlank();
            assertThat(event.at("/actor/app_name").asText()).isNotBlank();
            assertThat(event.at("/api/operation").isTextual()).isTrue();
            assertThat(event.at("/src_endpoint/name").asText()).isNotBlank();
            boolean model = event.has("ai_model");
            assertThat(event.at("/metadata/profiles").toString().contains("ai_operation"))
                    .isEqualTo(model);
            if (model) {
                assertThat(event.at("/ai_model/name").asText()).isNotBlank();
                assertThat(event.at("/ai_model/ai_provider").asText()).isNotBlank();
            }
        }
    }

    @Test
    void content_isMaskedForAuditors_inEveryForm() {
        for (String path : List.of("/events.csv", "/events.jsonl", "/events.ocsf.jsonl")) {
            String body = body("auditor", path + "?from=2026-11-10&to=2026-11-10");
            assertThat(body).as(path).contains("[MASKED]").doesNotContain("quoted", "研究", "1+1");
        }
        assertThat(get("auditor", "/events.csv?text=quoted").statusCode()).isEqualTo(403);
        assertThat(get("auditor", "/events.csv?user=-7").statusCode()).isEqualTo(403);
    }

    @Test
    void scope_limitsWhatLeaves() throws Exception {
        assertThat(lines(body("scoped", "/events.jsonl" + FEW_FILTER)))
                .isNotEmpty()
                .hasSizeLessThan(FEW)
                .allMatch(event -> event.get("agentId").asText().startsWith("ops/"));
    }

    @Test
    void filter_isTheExplorers_andWhatItDoesNotKnowIsRefused() throws Exception {
        assertThat(
                        lines(
                                body(
                                        "officer",
                                        "/events.jsonl"
                                                + FEW_FILTER
                                                + "&errored=true&agent=support")))
                .isNotEmpty()
                .allMatch(event -> event.get("errored").asBoolean())
                .allMatch(event -> event.get("agentId").asText().equals("support"));
        for (String bad :
                List.of("?form=2026-11-20", "?from=x", "?from=2026-11-20&to=2026-11-01")) {
            assertThat(get("officer", "/events.csv" + bad).statusCode()).as(bad).isEqualTo(400);
        }
        String page =
                portal.get(
                                "/events?agent=support&errored=true",
                                "Accept",
                                "text/html",
                                "Authorization",
                                bearer(portal.token("officer")))
                        .body();
        assertThat(page).contains("href=\"/events.csv?").contains("agent=support", "errored=true");
    }

    @Test
    void accessLog_knowsFirst() {
        body("officer", "/events.csv?from=2026-11-10&to=2026-11-10");
        List<AccessLogEntry> log = log();
        assertThat(log.get(0).action()).isEqualTo(AccessAction.CONTENT_REVEALED);
        assertThat(log.get(0).target()).isEqualTo("1 event");
        assertThat(log.get(1).action()).isEqualTo(AccessAction.EXPORTED);
        assertThat(log.get(1).target())
                .startsWith("/events.csv?")
                .contains("from=2026-11-10", "to=2026-11-10");
        body("auditor", "/events.csv?from=2026-11-10&to=2026-11-10");
        assertThat(log().getFirst().action()).isEqualTo(AccessAction.EXPORTED);
    }

    @Test
    void download_isNamed_andHeadReadsNothing() throws Exception {
        long before = log().getFirst().id();
        HttpResponse<String> head =
                portal.send(
                        portal.request("/events.csv" + FEW_FILTER)
                                .header("Authorization", bearer(token("officer")))
                                .method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Disposition").orElse(""))
                .matches("attachment; filename=\"events-\\d{8}-\\d{6}\\.csv\"");
        assertThat(head.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        assertThat(log().stream().filter(e -> e.id() > before).map(AccessLogEntry::action))
                .doesNotContain(AccessAction.EXPORTED);
    }

    /// The store is read as the client reads: what is held in memory does not grow with the file.
    @Test
    void slowClient_holdsTheReadingBack_andOneThatGoesAwayEndsIt() throws Exception {
        token("officer");
        // whatever is still to be settled is read by the portal itself
        portal.bean(TraceSettler.class).settle(null, null);
        settle();
        long before = scans();
        try (HttpClient http = HttpClient.newHttpClient();
                InputStream stream = open(http)) {
            assertThat(stream.readNBytes(10_000)).hasSize(10_000);
            settle();
            long held = scans() - before;
            // some 82 pages and the count in all, each looks into one or two partitions
            assertThat(held).isLessThan(110);
        }
        settle();
        long gone = scans();
        settle();
        assertThat(scans()).isEqualTo(gone);
        assertThat(gone - before).isLessThan(120);
    }

    @Test
    void whole_export_isComplete() throws Exception {
        String token = token("officer");
        long begin = System.nanoTime();
        HttpResponse<String> answer =
                portal.get("/events.jsonl" + MANY_FILTER, "Authorization", bearer(token));
        assertThat(answer.body().lines().count()).isEqualTo(MANY);
        System.out.printf(
                "%d events exported in %.1f s%n", MANY, (System.nanoTime() - begin) / 1e9);
    }

    @Test
    void failureOnTheWay_doesNotLookLikeTheEnd() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient();
                InputStream stream = open(http)) {
            stream.readNBytes(1_000);
            sql("ALTER TABLE event_content RENAME TO event_content_away");
            try {
                assertThatThrownBy(stream::readAllBytes).isInstanceOf(IOException.class);
            } finally {
                sql("ALTER TABLE event_content_away RENAME TO event_content");
            }
        }
    }

    private static InputStream open(HttpClient http) throws Exception {
        HttpResponse<InputStream> answer =
                http.send(
                        portal.request("/events.jsonl" + MANY_FILTER)
                                .header("Authorization", bearer(token("officer")))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /// PostgreSQL tells its counts with a delay of a second.
    private static void settle() throws InterruptedException {
        Thread.sleep(2_500);
    }

    /// How often a part of the table of events was looked into so far.
    private static long scans() throws SQLException {
        try (Connection connection = portal.database.connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)) FROM pg_stat_user_tables WHERE relname LIKE 'audit\\_event\\_%'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void sql(String sql) throws SQLException {
        try (Connection connection = portal.database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static final Map<String, String> TOKENS = new HashMap<>();

    private static String token(String user) {
        return TOKENS.computeIfAbsent(user, portal::token);
    }

    private static HttpResponse<String> get(String user, String path) {
        return portal.get(path, "Authorization", bearer(token(user)));
    }

    private static String body(String user, String path) {
        HttpResponse<String> answer = get(user, path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static List<JsonNode> lines(String body) throws IOException {
        List<JsonNode> nodes = new java.util.ArrayList<>();
        for (String line : body.split("\n", -1)) {
            if (!line.isEmpty()) {
                nodes.add(JSON.readTree(line));
            }
        }
        return nodes;
    }

    private static JsonNode graphql(String query) throws IOException {
        HttpResponse<String> answer =
                portal.postJson(
                        "/graphql",
                        "{\"query\":\"" + query + "\"}",
                        "Authorization",
                        bearer(token("officer")));
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.has("errors")).as(answer.body()).isFalse();
        return json;
    }

    private static List<AccessLogEntry> log() {
        Viewer reader = new Viewer("test", Set.of(Role.ADMIN), List.of());
        return portal.bean(AccessLog.class).find(reader, AccessLogQuery.newest(20));
    }
}
