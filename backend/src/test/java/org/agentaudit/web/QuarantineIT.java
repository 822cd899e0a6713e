package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.INGEST_KEY;
import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AccessLogEntry;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.quarantine.Quarantine;
import org.agentaudit.quarantine.QuarantineFilter;
import org.agentaudit.quarantine.QuarantinedItem;
import org.agentaudit.quarantine.RetryProgress;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.PageRequest;
import org.agentaudit.retention.Holds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Quarantine through its doors, on a real store.
class QuarantineIT {
    private static final Viewer ADMIN = new Viewer("admin", Set.of(Role.ADMIN), List.of());
    private static final String SECRET_TALK = "the patient is <b>ann</b>";
    private static final String BAD = "{\"foo\":\"" + SECRET_TALK + "\"}";
    private static final String GOOD =
            "{\"event_type\":\"agent.tool_call\",\"agent_name\":\"a\",\"action\":\"tool_call:%s\",\"trace_id\":\"t\"}";

    private static TestPortal portal;

    @BeforeAll
    static void start() {
        portal = new TestPortal(Map.of("portal.quarantine.max-bytes", 100_000));
        portal.addUser("admin", Role.ADMIN);
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.users()
                .add(
                        "test",
                        "scoped",
                        TestPortal.PASSWORD,
                        Set.of(Role.ADMIN),
                        List.of("support-*"));
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        sql("DELETE FROM quarantine");
    }

    @Test
    void sameItem_isKeptOnce_whereverItComesFrom() {
        send(BAD + "\n" + BAD + "\n{\"bar\":1}");
        send(BAD);

        assertThat(items()).extracting(QuarantinedItem::seen).containsExactlyInAnyOrder(3L, 1L);
        assertThat(items()).allMatch(QuarantinedItem::retryable);
    }

    @Test
    void longItem_isKeptWhole_andAVeryLongOneOnlyInPart() {
        send("{\"foo\":\"" + "word ".repeat(20_000) + "\"}");
        send("{\"foo\":\"" + "word ".repeat(300_000) + "\"}");

        assertThat(items()).extracting(QuarantinedItem::retryable).containsExactly(false, true);
        assertThat(items().getLast().bodyLength()).isGreaterThan(100_000);
        assertThat(items().getFirst().bodyLength()).isBetween(1L << 20, (1L << 20) + 100);
    }

    @Test
    void item_thatIsUnderstoodNow_becomesAnEventOfItsFirstReceipt() throws SQLException {
        send(BAD);
        String receivedAt = text("SELECT received_at FROM quarantine");
        long[] before = counted();
        understand("tool-1");
        portal.clock.advance(Duration.ofDays(2));

        assertThat(quarantine().retry(ADMIN, items().getFirst().id())).isEmpty();

        assertThat(items()).isEmpty();
        assertThat(text("SELECT received_at FROM audit_event WHERE action = 'tool-1'"))
                .isEqualTo(receivedAt);
        assertThat(counted()).containsExactly(before[0] + 1, before[1], before[2] - 1);
        assertThat(log().getFirst().action()).isEqualTo(AccessAction.QUARANTINE_RETRIED);
    }

    /// As after a crash between a commit and what follows, or by two administrators at once.
    @Test
    void item_whoseEventIsThereAlready_leavesWithoutASecondEvent() throws SQLException {
        send(BAD);
        understand("tool-2");
        long id = items().getFirst().id();
        sql("CREATE TABLE kept AS SELECT * FROM quarantine");
        quarantine().retry(ADMIN, id);
        sql("INSERT INTO quarantine OVERRIDING SYSTEM VALUE SELECT * FROM kept");
        sql("DROP TABLE kept");

        assertThat(quarantine().retry(ADMIN, id)).isEmpty();

        assertThat(items()).isEmpty();
        assertThat(text("SELECT count(*) FROM audit_event WHERE action = 'tool-2'")).isEqualTo("1");
    }

    @Test
    void item_thatIsStillNotUnderstood_staysWithItsReasonAndACount() throws SQLException {
        send(BAD);
        long[] before = counted();

        assertThat(quarantine().retry(ADMIN, items().getFirst().id()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("not recognised"));

        assertThat(items().getFirst().tries()).isEqualTo(1);
        assertThat(counted()).containsExactly(before);
    }

    @Test
    void itemUnderALegalHold_isDeletedByNobody() throws Exception {
        Holds holds = portal.bean(Holds.class);
        send(BAD + "\n{\"trace_id\":\"held-trace\"}");
        long hold = holds.holdTrace("legal", "held-trace", "case");
        try {
            long held =
                    items().stream()
                            .filter(item -> body(item.id()).contains("held-trace"))
                            .findFirst()
                            .orElseThrow()
                            .id();

            assertThatThrownBy(() -> quarantine().delete(ADMIN, held))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("legal hold");
            assertThat(quarantine().deleteAll(ADMIN, QuarantineFilter.ALL)).isEqualTo(1);
            portal.clock.advance(Duration.ofDays(91));
            applyLimits();
            assertThat(items()).extracting(QuarantinedItem::id).containsExactly(held);
        } finally {
            holds.release("legal", hold, "over");
        }
        assertThat(quarantine().delete(ADMIN, items().getFirst().id())).isTrue();
    }

    private static String body(long id) {
        return quarantine().reveal(ADMIN, id, "test").orElseThrow();
    }

    /// A line is one item, whatever an array around it would make of it.
    @Test
    void textOfTwoEvents_isNotTakenForTwoItems() {
        String one = GOOD.formatted("x");
        send(one + "," + one);

        assertThat(quarantine().retry(ADMIN, items().getFirst().id()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("not JSON"));
    }

    @Test
    void retryAll_goesThroughEverythingOfTheFilter_once() throws SQLException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("{\"foo\":").append(i).append("}\n");
        }
        send(lines + "not JSON\n");
        sql(
                "UPDATE quarantine SET body = replace('%s', '%%s', 'many-' || id) WHERE body ~ '[02468]}$'"
                        .formatted(GOOD));
        QuarantineFilter filter = new QuarantineFilter(null, null, items().get(1).reason(), null);

        RetryProgress end = quarantine().retryAll(ADMIN, filter, progress -> {});

        assertThat(end.total()).isEqualTo(500);
        assertThat(end.understood()).isEqualTo(250);
        assertThat(end.refused()).isEqualTo(250);
        assertThat(text("SELECT count(*) FROM audit_event WHERE action LIKE 'many-%'"))
                .isEqualTo("250");
        assertThat(text("SELECT sum(tries) FROM quarantine")).isEqualTo("250");
    }

    @Test
    void size_letsTheOldestGo_andSaysSo() throws Exception {
        for (int i = 0; i < 20; i++) {
            send("{\"foo\":\"" + i + "x".repeat(9_000) + "\"}");
        }
        portal.clock.advance(Duration.ofSeconds(1));
        applyLimits();

        assertThat(items()).hasSize(11);
        assertThat(log().getFirst().target()).isEqualTo("9 items beyond the size of quarantine");
    }

    private static void applyLimits() throws ReflectiveOperationException {
        Class<?> type = Class.forName("org.agentaudit.quarantine.QuarantineLimits");
        var apply = type.getDeclaredMethod("apply");
        apply.setAccessible(true);
        apply.invoke(portal.bean(type));
    }

    @Test
    void graphQl_listsWithoutBodies_forAdministratorsOnly() {
        send(BAD + "\n{\"bar\":1}\nnot JSON");
        String query =
                "{\"query\":\"{ quarantine(first: 2) { totalCount groups { reason items } pageInfo { hasNextPage"
                        + " endCursor } nodes { id reason origin seen tries retryable bodyLength eventId } } }\"}";
        String answer = graphql("admin", query);

        assertThat(answer)
                .contains("\"totalCount\":3", "\"hasNextPage\":true", "\"origin\":\"http\"")
                .doesNotContain("patient", "errors");
        String cursor = TestPortal.field(answer, "endCursor");
        assertThat(
                        graphql(
                                "admin",
                                query.replace(
                                        "first: 2", "first: 2, after: \\\"" + cursor + "\\\"")))
                .contains("\"hasNextPage\":false");
        assertThat(graphql("admin", query.replace("first: 2", "after: \\\"nonsense\\\"")))
                .contains("BAD_USER_INPUT");
        assertThat(graphql("officer", query)).contains("FORBIDDEN", "the role ADMIN");
    }

    @Test
    void pages_showTheBodyOnlyOnRequest_withAPurposeInTheAccessLog() {
        send(BAD);
        long id = items().getFirst().id();
        Browser admin = new Browser("admin");
        String list = admin.get("/admin/quarantine");
        String item = admin.get("/admin/quarantine/" + id);

        assertThat(list).contains("shape is not recognised", "href=\"/admin/quarantine/" + id);
        assertThat(list + item).doesNotContain("patient");

        String path = "/admin/quarantine/" + id + "/body";
        assertThat(admin.post(path, Map.of("purpose", " ")).statusCode()).isEqualTo(400);
        assertThat(
                        portal.postForm(path, Map.of("purpose", "x"), "Cookie", admin.cookie)
                                .statusCode())
                .isEqualTo(403);
        HttpResponse<String> shown = admin.post(path, Map.of("purpose", "new sender of team x"));
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body()).contains("the patient is &lt;b&gt;ann&lt;/b&gt;");
        AccessLogEntry entry = log().getFirst();
        assertThat(entry.action()).isEqualTo(AccessAction.CONTENT_REVEALED);
        assertThat(entry.target()).isEqualTo("quarantine item " + id);
        assertThat(entry.reason()).isEqualTo("new sender of team x");

        Browser scoped = new Browser("scoped");
        assertThat(scoped.get("/admin/quarantine/" + id)).contains("with an agent scope");
        assertThat(scoped.post(path, Map.of("purpose", "x")).statusCode()).isEqualTo(403);
    }

    @Test
    void pages_filter_andSayWhenNothingIsThere() {
        send(BAD);
        Browser admin = new Browser("admin");

        assertThat(admin.get("/admin/quarantine?origin=elsewhere")).contains("No item matches");
        assertThat(admin.get("/admin/quarantine?day=2001-01-01")).contains("No item matches");
        assertThat(admin.get("/admin/quarantine?origin=http")).contains("Item ");
        assertThat(portal.get("/admin/quarantine?day=x", "Cookie", admin.cookie).statusCode())
                .isEqualTo(400);
    }

    @Test
    void pages_retryInTheBackground_andDelete() throws Exception {
        send(BAD + "\n{\"bar\":1}");
        understand("tool-3");
        Browser admin = new Browser("admin");

        assertThat(admin.post("/admin/quarantine/retry", Map.of("reason", "")).statusCode())
                .isEqualTo(303);
        String page = admin.get("/admin/quarantine");
        for (int i = 0; i < 100 && !page.contains("Retry ended"); i++) {
            Thread.sleep(100);
            page = admin.get("/admin/quarantine");
        }
        assertThat(page).contains("Retry ended", "became events");
        assertThat(items()).isEmpty();

        send(BAD);
        long id = items().getFirst().id();
        assertThat(admin.post("/admin/quarantine/" + id + "/delete", Map.of()).statusCode())
                .isEqualTo(303);
        assertThat(items()).isEmpty();
        assertThat(log().getFirst().target()).isEqualTo("item " + id);
        assertThat(admin.post("/admin/quarantine/" + id + "/delete", Map.of()).statusCode())
                .isEqualTo(404);
        send(BAD);
        assertThat(admin.post("/admin/quarantine/delete", Map.of()).statusCode()).isEqualTo(303);
        assertThat(items()).isEmpty();
        assertThat(admin.get("/admin/quarantine")).contains("Nothing is in quarantine");
    }

    /// Every item reads now like an event of its own: what a newer version would understand.
    private static void understand(String tool) throws SQLException {
        sql("UPDATE quarantine SET body = '" + GOOD.formatted(tool) + "'");
    }

    private static Quarantine quarantine() {
        return portal.bean(Quarantine.class);
    }

    private static List<QuarantinedItem> items() {
        return quarantine()
                .page(ADMIN, QuarantineFilter.ALL, PageRequest.first(1000, null))
                .nodes();
    }

    private static void send(String lines) {
        HttpResponse<String> answer =
                portal.send(
                        portal.request("/api/events")
                                .header("Authorization", bearer(INGEST_KEY))
                                .header("Content-Type", "application/x-ndjson")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(lines)));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static String graphql(String user, String body) {
        return portal.postJson("/graphql", body, "Authorization", bearer(portal.token(user)))
                .body();
    }

    private static List<AccessLogEntry> log() {
        return portal.bean(AccessLog.class).find(ADMIN, AccessLogQuery.newest(20));
    }

    /// Stored, duplicates, rejected of all time.
    private static long[] counted() throws SQLException {
        try (Connection connection = portal.database.connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT sum(stored), sum(duplicates), sum(rejected) FROM rollup_ingest");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new long[] {row.getLong(1), row.getLong(2), row.getLong(3)};
        }
    }

    private static String text(String sql) throws SQLException {
        try (Connection connection = portal.database.connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private static void sql(String sql) throws SQLException {
        try (Connection connection = portal.database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Signed in with a cookie, as a browser is.
    private static final class Browser {
        private final String cookie;

        Browser(String user) {
            HttpResponse<String> form = portal.get("/login", "Accept", "text/html");
            HttpResponse<String> answer =
                    portal.postForm(
                            "/login",
                            Map.of(
                                    "username",
                                    user,
                                    "password",
                                    TestPortal.PASSWORD,
                                    "csrf",
                                    csrf(form.body())),
                            "Cookie",
                            cookieOf(form));
            cookie = cookieOf(answer);
        }

        String get(String path) {
            HttpResponse<String> answer = portal.get(path, "Accept", "text/html", "Cookie", cookie);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return answer.body();
        }

        HttpResponse<String> post(String path, Map<String, String> fields) {
            Map<String, String> all = new java.util.HashMap<>(fields);
            all.put("csrf", csrf(get("/admin/quarantine")));
            return portal.postForm(path, all, "Cookie", cookie);
        }

        private static String cookieOf(HttpResponse<String> answer) {
            return answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        }

        private static String csrf(String html) {
            Matcher field = Pattern.compile("name=\"csrf\"[^>]*value=\"([^\"]+)\"").matcher(html);
            assertThat(field.find()).isTrue();
            return field.group(1);
        }
    }
}
