package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.access.Viewer;
import org.agentaudit.alert.AlertEvaluation;
import org.agentaudit.alert.AlertRule;
import org.agentaudit.alert.AlertRuleDraft;
import org.agentaudit.alert.AlertRules;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Subscriptions over WebSocket and event streams: two portals on one database, events go in at the
/// first and subscribers listen at the second.
class SubscriptionsIT {
    private static final String EVENTS =
            "subscription { eventStored%s { action agentId params errorMessage summary trace { id } agent { id } } }";
    private static final Duration QUIET = Duration.ofMillis(600);
    private static final TestDatabase.Fresh DATABASE = TestDatabase.create();

    private static RunningPortal ingesting;
    private static RunningPortal portal;
    private static String officer;
    private static String auditor;
    private static String opsAnalyst;
    private static String admin;

    @BeforeAll
    static void start() {
        ingesting = new RunningPortal(DATABASE, Map.of("portal.subscriptions.ping", "300ms"));
        portal =
                new RunningPortal(
                        DATABASE,
                        Map.ofEntries(
                                Map.entry("portal.subscriptions.poll", "50ms"),
                                Map.entry("portal.subscriptions.recheck", "200ms"),
                                Map.entry("portal.subscriptions.init-within", "1s"),
                                Map.entry("portal.subscriptions.ping", "3s"),
                                Map.entry("portal.subscriptions.idle", "60s"),
                                Map.entry("portal.subscriptions.buffer", "7"),
                                Map.entry("portal.subscriptions.per-connection", "3"),
                                Map.entry("portal.subscriptions.per-viewer", "5"),
                                Map.entry("portal.subscriptions.send-within", "1s"),
                                Map.entry("portal.subscriptions.longest-behind", "4s"),
                                Map.entry("portal.subscriptions.max-message-bytes", "20000")));
        officer = ingesting.user("olga", List.of(), Role.COMPLIANCE_OFFICER);
        auditor = ingesting.user("audrey", List.of(), Role.AUDITOR);
        opsAnalyst = ingesting.user("otto", List.of("ops/*"), Role.SECURITY_ANALYST);
        admin = ingesting.user("adam", List.of(), Role.ADMIN);
    }

    @AfterAll
    static void stop() {
        portal.close();
        ingesting.close();
    }

    /// Nothing is left of a subscription that ended: no count, no follower.
    @AfterEach
    void nothingIsLeft() {
        LiveSubscriptions live = portal.bean(LiveSubscriptions.class);
        eventually(() -> live.count() == 0 && !live.following());
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            pause(Duration.ofMillis(20));
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits until so many subscriptions run at the second portal.
    private static void running(int count) {
        eventually(() -> portal.bean(LiveSubscriptions.class).count() == count);
        // counted just before the place in the log is taken
        pause(Duration.ofMillis(300));
    }

    private static String event(String agent, String action, String more) {
        return "{\"event_type\": \"agent.tool_call\", \"agent_name\": \"%s\", \"action\": \"%s\", \"trace_id\": \"t-%s\"%s}"
                .formatted(agent, action, action, more);
    }

    private static void store(String... events) {
        ingesting.ingest("[" + String.join(",", events) + "]");
    }

    private static List<String> actions(SocketClient client, String id, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> client.data(id).at("/eventStored/action").asText())
                .toList();
    }

    @Test
    void events_reachSubscribersOfAnotherPortal_asEachMaySeeThem() {
        store(event("ops/a", "before", ""));
        try (SocketClient officers = SocketClient.signedIn(portal, officer);
                SocketClient auditors = SocketClient.signedIn(portal, auditor);
                SocketClient scoped = SocketClient.signedIn(portal, opsAnalyst)) {
            officers.subscribe("all", EVENTS.formatted(""));
            officers.subscribe("text", EVENTS.formatted("(filter: {text: \"canary\"})"));
            officers.subscribe("none", EVENTS.formatted("(filter: {agentIds: [\"nobody\"]})"));
            auditors.subscribe("all", EVENTS.formatted("(filter: {agentIds: [\"billing\"]})"));
            scoped.subscribe("all", EVENTS.formatted(""));
            running(5);
            store(
                    event("billing", "pay", ", \"params\": {\"note\": \"canary\"}"),
                    event("ops/a", "plan", ", \"params\": {\"note\": \"other\"}"));

            List<JsonNode> seen = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                seen.add(officers.next());
            }
            assertThat(
                            seen.stream()
                                    .map(
                                            message ->
                                                    message.get("id").asText()
                                                            + " "
                                                            + message.at(
                                                                            "/payload/data/eventStored/action")
                                                                    .asText()))
                    .containsExactlyInAnyOrder("all pay", "all plan", "text pay");
            JsonNode masked = auditors.data("all").get("eventStored");
            assertThat(masked.get("action").asText()).isEqualTo("pay");
            assertThat(masked.get("params").asText()).isEqualTo("[MASKED]");
            assertThat(masked.at("/trace/id").asText()).isEqualTo("t-pay");
            assertThat(masked.at("/agent/id").asText()).isEqualTo("billing");
            assertThat(scoped.data("all").at("/eventStored/action").asText()).isEqualTo("plan");
            for (SocketClient client : List.of(officers, auditors, scoped)) {
                assertThat(client.poll(QUIET)).isNull();
            }
            assertThat(
                            portal.column(
                                    "SELECT username || ' ' || target || ' ' || coalesce(remote_address, 'nowhere') FROM access_log"
                                            + " WHERE action = 'CONTENT_REVEALED'"))
                    .anyMatch(entry -> entry.startsWith("otto 1 event "))
                    .noneMatch(entry -> entry.endsWith("nowhere"))
                    .noneMatch(entry -> entry.startsWith("audrey"));
        }
    }

    /// The next change of the rule's alerts; built-in rules may fire, too.
    private static JsonNode alert(SocketClient client, String ruleName) {
        while (true) {
            JsonNode alert = client.data("1").get("alertChanged");
            if (alert.get("ruleName").asText().equals(ruleName)) {
                return alert;
            }
        }
    }

    @Test
    void alerts_areToldAsTheyFireAreAcknowledgedAndResolved_toWhoMaySeeThem() {
        String subscription =
                "subscription { alertChanged { id ruleName state key acknowledgedBy resolvedAt"
                        + " evidence { action params } } }";
        Viewer analyst = new Viewer("ann", Set.of(Role.SECURITY_ANALYST), List.of());
        AlertRule rule =
                ingesting
                        .bean(AlertRules.class)
                        .save(
                                analyst,
                                null,
                                new AlertRuleDraft(
                                        "alarms",
                                        "agent_audit_log | action = 'alarm' | count() by agent_id | count > 0",
                                        "1h",
                                        "notify_ops",
                                        true,
                                        Severity.WARNING))
                        .orElseThrow();
        try (SocketClient officers = SocketClient.signedIn(portal, officer);
                SocketClient auditors = SocketClient.signedIn(portal, auditor);
                SocketClient scoped = SocketClient.signedIn(portal, opsAnalyst);
                SocketClient admins = SocketClient.signedIn(portal, admin)) {
            admins.subscribe("1", subscription);
            assertThat(admins.error("1")).isEqualTo("FORBIDDEN");
            for (SocketClient client : List.of(officers, auditors, scoped)) {
                client.subscribe("1", subscription);
            }
            running(3);
            store(
                    event("ops/alarmed", "alarm", ", \"params\": {\"note\": \"canary\"}"),
                    event("vault", "alarm", ", \"params\": {\"note\": \"canary\"}"));
            // the portal's own evaluation may come before this one
            eventually(
                    () -> {
                        ingesting.bean(AlertEvaluation.class).evaluateDue();
                        return ingesting
                                .column("SELECT count(*) FROM alert WHERE rule_name = 'alarms'")
                                .equals(List.of("2"));
                    });
            String ops = "";
            for (SocketClient client : List.of(officers, auditors)) {
                Map<String, JsonNode> fired =
                        Stream.of(alert(client, "alarms"), alert(client, "alarms"))
                                .collect(
                                        Collectors.toMap(
                                                alert -> alert.get("key").asText(),
                                                alert -> alert));
                assertThat(fired).containsOnlyKeys("ops/alarmed", "vault");
                for (JsonNode alert : fired.values()) {
                    assertThat(alert.get("state").asText()).isEqualTo("FIRING");
                    assertThat(alert.at("/evidence/0/action").asText()).isEqualTo("alarm");
                    assertThat(alert.at("/evidence/0/params").toString())
                            .matches(client == auditors ? ".*MASKED.*" : ".*canary.*");
                }
                ops = fired.get("ops/alarmed").get("id").asText();
            }
            assertThat(alert(scoped, "alarms").get("id").asText()).isEqualTo(ops);

            portal.data(
                    officer, "mutation { acknowledgeAlert(id: \"%s\") { state } }".formatted(ops));
            for (SocketClient client : List.of(officers, auditors, scoped)) {
                JsonNode alert = alert(client, "alarms");
                assertThat(alert.get("id").asText()).isEqualTo(ops);
                assertThat(alert.get("state").asText()).isEqualTo("ACKNOWLEDGED");
                assertThat(alert.get("acknowledgedBy").asText()).isEqualTo("olga");
                assertThat(alert.get("resolvedAt").isNull()).isTrue();
            }

            // what nobody watches any more is resolved
            assertThat(ingesting.bean(AlertRules.class).delete(analyst, rule.id())).isTrue();
            for (SocketClient client : List.of(officers, auditors)) {
                assertThat(
                                Stream.of(alert(client, "alarms"), alert(client, "alarms"))
                                        .map(
                                                alert ->
                                                        alert.get("key").asText()
                                                                + " "
                                                                + alert.get("state").asText()))
                        .containsExactlyInAnyOrder("ops/alarmed RESOLVED", "vault RESOLVED");
            }
            JsonNode resolved = alert(scoped, "alarms");
            assertThat(resolved.get("id").asText()).isEqualTo(ops);
            assertThat(resolved.get("state").asText()).isEqualTo("RESOLVED");
            assertThat(resolved.get("resolvedAt").isNull()).isFalse();
            assertThat(scoped.poll(QUIET)).isNull();
        }
    }

    @Test
    void manyEvents_comeOnceEach_inOrder() {
        try (SocketClient client = SocketClient.signedIn(portal, officer)) {
            client.subscribe("1", EVENTS.formatted("(filter: {agentIds: [\"many\"]})"));
            running(1);
            List<String> expected = new ArrayList<>();
            for (int batch = 0; batch < 5; batch++) {
                int from = batch * 20;
                expected.addAll(IntStream.range(from, from + 20).mapToObj(n -> "m" + n).toList());
                store(
                        IntStream.range(from, from + 20)
                                .mapToObj(n -> event("many", "m" + n, ""))
                                .toArray(String[]::new));
            }
            assertThat(actions(client, "1", expected.size())).isEqualTo(expected);
            assertThat(client.poll(QUIET)).isNull();
        }
    }

    /// A copy of an event in a transaction that took its number and is not committed yet.
    private static Connection lateCommit(String action) throws SQLException {
        Connection late = DATABASE.connect();
        late.setAutoCommit(false);
        try (Statement statement = late.createStatement()) {
            statement.execute("SELECT pg_current_xact_id()");
            long batch;
            try (ResultSet row = statement.executeQuery("SELECT nextval('ingest_batch_number')")) {
                row.next();
                batch = row.getLong(1);
            }
            statement.execute(
                    """
                    INSERT INTO audit_event
                    SELECT (jsonb_populate_record(e, jsonb_build_object(
                               'event_id', '%s', 'arrival', %d, 'action', '%s'))).*
                      FROM audit_event e WHERE e.agent_id = 'late' LIMIT 1
                    """
                            .formatted(UUID.randomUUID(), batch << 20, action));
        }
        return late;
    }

    @Test
    void commitsThatBecomeVisibleLate_areNeitherMissedNorToldTwice() throws Exception {
        store(event("late", "pattern", ""));
        // one began before the subscription, one afterwards
        try (SocketClient client = SocketClient.signedIn(portal, officer);
                Connection earlier = lateCommit("earlier")) {
            store(event("late", "known", ""));
            client.subscribe("1", EVENTS.formatted("(filter: {agentIds: [\"late\"]})"));
            running(1);
            try (Connection later = lateCommit("later")) {
                store(event("late", "last", ""));
                assertThat(client.poll(QUIET)).isNull();
                later.commit();
            }
            assertThat(client.poll(QUIET)).isNull();
            earlier.commit();
            assertThat(actions(client, "1", 3)).containsExactly("earlier", "later", "last");
            assertThat(client.poll(QUIET)).isNull();
        }
    }

    @Test
    void socket_answersQueriesAndMutations_too() {
        try (SocketClient client = SocketClient.signedIn(portal, officer)) {
            client.subscribe("q", "{ me { username } }");
            assertThat(client.data("q").at("/me/username").asText()).isEqualTo("olga");
            assertThat(client.next().get("type").asText()).isEqualTo("complete");
            client.subscribe("q", "mutation { reviewDay(date: \"2026-01-01\") { by } }");
            assertThat(client.data("q").at("/reviewDay/by").asText()).isEqualTo("olga");
            assertThat(client.next().get("type").asText()).isEqualTo("complete");
            client.subscribe("q", "{ nothing }");
            assertThat(client.error("q")).isEqualTo("BAD_USER_INPUT");
            client.subscribe("q", "{");
            assertThat(client.error("q")).isEqualTo("BAD_USER_INPUT");
            client.subscribe("q", EVENTS.formatted("(filter: {text: \"!\"})"));
            assertThat(client.error("q")).isEqualTo("BAD_USER_INPUT");
            client.send("{\"type\":\"ping\",\"payload\":{\"a\":1}}");
            assertThat(client.next().get("type").asText()).isEqualTo("pong");
            // an id nobody knows is no mistake
            client.send("{\"type\":\"complete\",\"id\":\"gone\"}");
            client.subscribe("q", "{ me { username } }");
            client.data("q");
        }
    }

    @Test
    void deniedSubscriptions_areRefused() {
        try (SocketClient client = SocketClient.signedIn(portal, admin)) {
            client.subscribe("1", EVENTS.formatted(""));
            JsonNode refused = client.next();
            assertThat(refused.at("/payload/0/extensions/code").asText()).isEqualTo("FORBIDDEN");
            assertThat(refused.at("/payload/0/path/0").asText()).isEqualTo("eventStored");
        }
        try (SocketClient client = SocketClient.signedIn(portal, auditor)) {
            client.subscribe("1", EVENTS.formatted("(filter: {text: \"x\"})"));
            assertThat(client.error("1")).isEqualTo("FORBIDDEN");
        }
        assertThat(portal.ask(officer, EVENTS.formatted("")).at("/errors/0/message").asText())
                .contains("/graphql-ws");
    }

    @Test
    void subscriptions_perConnectionAndPerViewer_areLimited() {
        try (SocketClient first = SocketClient.signedIn(portal, officer);
                SocketClient second = SocketClient.signedIn(portal, officer)) {
            for (String id : List.of("1", "2", "3", "4")) {
                first.subscribe(id, EVENTS.formatted(""));
            }
            assertThat(first.error("4")).isEqualTo("LIMIT_EXCEEDED");
            running(3);
            second.subscribe("1", EVENTS.formatted(""));
            second.subscribe("2", EVENTS.formatted(""));
            running(5);
            second.subscribe("3", EVENTS.formatted(""));
            assertThat(second.error("3")).isEqualTo("LIMIT_EXCEEDED");
            first.send("{\"type\":\"complete\",\"id\":\"1\"}");
            running(4);
            second.subscribe("3", EVENTS.formatted(""));
            running(5);
        }
    }

    @Test
    void wrongMessages_closeWithTheirCode() {
        for (String wrong :
                List.of(
                        "{",
                        "[]",
                        "{}",
                        "{\"type\":\"start\",\"id\":\"1\"}",
                        "{\"type\":\"complete\"}",
                        "{\"type\":\"subscribe\",\"id\":\"1\"}",
                        "{\"type\":\"subscribe\",\"id\":\"\",\"payload\":{\"query\":\"{ me { username } }\"}}",
                        "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":7}}",
                        "{\"type\":\"ping\",\"payload\":7}",
                        "{\"type\":\"ping\",\"x\":\"" + "x".repeat(20_000) + "\"}")) {
            try (SocketClient client = SocketClient.signedIn(portal, officer)) {
                client.send(wrong);
                assertThat(client.closeCode()).as(wrong).isEqualTo(4400);
            }
        }
        try (SocketClient client = SocketClient.signedIn(portal, officer)) {
            for (int i = 0; i < 30; i++) {
                // pieces of one message that never ends
                client.socket.sendText(" ".repeat(1_000), false).join();
            }
            assertThat(client.closeCode()).isEqualTo(4400);
        }
        try (SocketClient client = SocketClient.anonymous(portal)) {
            client.subscribe("1", "{ me { username } }");
            assertThat(client.closeCode()).isEqualTo(4401);
        }
        try (SocketClient client = SocketClient.anonymous(portal)) {
            assertThat(client.closeCode()).isEqualTo(4408);
        }
        try (SocketClient client = SocketClient.signedIn(portal, officer)) {
            client.subscribe("1", EVENTS.formatted(""));
            client.subscribe("1", EVENTS.formatted(""));
            assertThat(client.closeCode()).isEqualTo(4409);
        }
        try (SocketClient client = SocketClient.signedIn(portal, officer)) {
            client.init(officer);
            assertThat(client.closeCode()).isEqualTo(4429);
        }
        try (SocketClient client =
                new SocketClient(portal.http, portal.uri("/graphql-ws"), null, true)) {
            assertThat(client.closeCode()).isEqualTo(4406);
        }
    }

    @Test
    void whoIsNobody_isSentAway() {
        String bearer = "Bearer " + officer;
        String cookie = browserCookie();
        String host = "localhost:" + portal.server.getPort();
        // header of the upgrade; cookie from the own origin and from a program
        for (String[] headers :
                List.of(
                        new String[] {"Authorization", bearer},
                        new String[] {"Cookie", cookie},
                        new String[] {"Cookie", cookie, "Origin", "http://" + host})) {
            try (SocketClient client = SocketClient.anonymous(portal, headers)) {
                client.send("{\"type\":\"connection_init\"}");
                assertThat(client.next().get("type").asText()).isEqualTo("connection_ack");
            }
        }
        for (String[] headers :
                List.of(
                        new String[] {},
                        new String[] {"Authorization", "Bearer nobody"},
                        new String[] {"Authorization", "Bearer nobody", "Cookie", cookie},
                        new String[] {"Cookie", cookie, "Sec-Fetch-Site", "cross-site"})) {
            assertThat(refusal(headers)).as(List.of(headers).toString()).isEqualTo(4403);
        }
        // the server itself keeps pages of others from a portal on this very machine
        assertThat(refusal("Cookie", cookie, "Origin", "https://evil.example")).isIn(403, 4403);
        try (SocketClient client = SocketClient.anonymous(portal, "Authorization", bearer)) {
            client.init("nobody");
            assertThat(client.closeCode()).isEqualTo(4403);
        }
    }

    /// Status of the refused upgrade, or code of the refused `connection_init`.
    private static int refusal(String... headers) {
        try (SocketClient client = SocketClient.anonymous(portal, headers)) {
            client.send("{\"type\":\"connection_init\",\"payload\":null}");
            return client.closeCode();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    /// Cookie of a new browser session.
    private static String browserCookie() {
        HttpResponse<String> page = send(HttpRequest.newBuilder(portal.uri("/login")));
        String form = cookies(page);
        String token =
                page.body()
                        .replaceFirst(
                                "(?s).*name=\"([^\"]*csrf[^\"]*)\" value=\"([^\"]*)\".*", "$1=$2");
        String[] field = token.split("=", 2);
        HttpResponse<String> answer =
                send(
                        HttpRequest.newBuilder(portal.uri("/login"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Cookie", form)
                                .POST(
                                        BodyPublishers.ofString(
                                                "username=olga&password="
                                                        + encoded(RunningPortal.PASSWORD)
                                                        + "&"
                                                        + field[0]
                                                        + "="
                                                        + encoded(field[1]))));
        assertThat(cookies(answer)).contains("portal_session=");
        return cookies(answer);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String cookies(HttpResponse<?> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.split(";", 2)[0])
                .collect(Collectors.joining("; "));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return portal.http.send(
                    request.header("Accept", "text/html").build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void signOutAndOtherRights_endSubscriptions() {
        UserAccounts users = ingesting.bean(UserAccounts.class);
        List<String> names = List.of("leaver", "changer", "loser", "gone");
        List<String> tokens =
                names.stream()
                        .map(name -> ingesting.user(name, List.of(), Role.SECURITY_ANALYST))
                        .toList();
        List<SocketClient> clients =
                tokens.stream().map(token -> SocketClient.signedIn(portal, token)).toList();
        clients.forEach(client -> client.subscribe("1", EVENTS.formatted("")));
        running(4);
        assertThat(clients.getFirst().poll(QUIET)).isNull();
        ingesting.post("/api/logout", "", tokens.get(0));
        users.setRoles("test", "changer", Set.of(Role.AUDITOR), List.of());
        users.setRoles("test", "loser", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));
        users.disable("test", "gone");
        for (SocketClient client : clients) {
            assertThat(client.closeCode()).isEqualTo(4403);
            client.close();
        }
        // without a subscription the next operation finds out
        String again = ingesting.token("changer");
        try (SocketClient client = SocketClient.signedIn(portal, again)) {
            ingesting.post("/api/logout", "", again);
            client.subscribe("1", "{ me { username } }");
            assertThat(client.closeCode()).isEqualTo(4403);
        }
    }

    @Test
    void clientThatReadsNothing_isCutOff() {
        try (SocketClient deaf =
                        new SocketClient(
                                portal.http,
                                portal.uri("/graphql-ws"),
                                SocketConnection.PROTOCOL,
                                false);
                SocketClient good = SocketClient.signedIn(portal, officer)) {
            deaf.init(officer);
            deaf.subscribe("1", EVENTS.formatted("(filter: {agentIds: [\"big\"]})"));
            good.subscribe("1", "subscription { eventStored { action } }");
            running(2);
            String big = ", \"params\": {\"x\": \"" + "y ".repeat(150_000) + "\"}";
            for (int i = 0; i < 30; i++) {
                store(event("big", "b" + i, big));
            }
            eventually(() -> portal.bean(LiveSubscriptions.class).count() == 1);
            assertThat(actions(good, "1", 30)).hasSize(30);
        }
    }

    @Test
    void clientThatSaysNothing_isCutOff() {
        try (SocketClient client = SocketClient.signedIn(ingesting, officer)) {
            client.answersPings = false;
            assertThat(client.closeCode()).isEqualTo(1001);
            assertThat(client.closeReason()).contains("No sign of life");
        }
    }

    private static HttpResponse<InputStream> stream(
            @Nullable String accept, String query, String token) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(portal.uri("/graphql"))
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer " + token)
                            .header("Accept", accept == null ? "text/event-stream" : accept)
                            .POST(
                                    BodyPublishers.ofString(
                                            RunningPortal.JSON.writeValueAsString(
                                                    Map.of("query", query))));
            return portal.http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eventStream_tellsAndEnds() throws Exception {
        String query = EVENTS.formatted("(filter: {agentIds: [\"streamed\"]})");
        String token = ingesting.user("sse", List.of(), Role.SECURITY_ANALYST);
        HttpResponse<InputStream> answer = stream(null, query, token);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            running(1);
            store(event("streamed", "s1", ""), event("streamed", "s2", ""));
            for (String action : List.of("s1", "s2")) {
                assertThat(line(lines)).isEqualTo("event: next");
                assertThat(line(lines)).startsWith("data: ").contains("\"" + action + "\"");
            }
            // signs of life are comments
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo(":");
            ingesting.post("/api/logout", "", token);
            assertThat(line(lines)).isEqualTo("event: next");
            assertThat(line(lines)).contains("UNAUTHENTICATED");
            assertThat(line(lines)).isEqualTo("event: complete");
        }
    }

    /// The next line that is neither empty nor a comment.
    private static String line(BufferedReader lines) throws java.io.IOException {
        String line = lines.readLine();
        while (line != null && (line.isEmpty() || line.startsWith(":"))) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    @Test
    void eventStream_thatTheClientLeaves_isOver() throws Exception {
        HttpResponse<InputStream> answer = stream(null, EVENTS.formatted(""), officer);
        running(1);
        answer.body().close();
    }

    @Test
    void eventStream_answersWhatIsAskedFor() throws Exception {
        String me = "{ me { username } }";
        assertThat(
                        new String(
                                stream(null, me, officer).body().readAllBytes(),
                                StandardCharsets.UTF_8))
                .isEqualTo(
                        "event: next\ndata: {\"data\":{\"me\":{\"username\":\"olga\"}}}\n\nevent: complete\ndata:\n\n");
        String both = "application/json, text/event-stream";
        assertThat(
                        new String(
                                stream(both, me, officer).body().readAllBytes(),
                                StandardCharsets.UTF_8))
                .isEqualTo("{\"data\":{\"me\":{\"username\":\"olga\"}}}");
        for (String accept : List.of(both, "text/event-stream")) {
            assertThat(
                            new String(
                                    stream(accept, EVENTS.formatted(""), admin)
                                            .body()
                                            .readAllBytes(),
                                    StandardCharsets.UTF_8))
                    .startsWith("event: next\ndata: {\"errors\":")
                    .contains("FORBIDDEN")
                    .endsWith("event: complete\ndata:\n\n");
        }
        List<HttpResponse<InputStream>> open = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            open.add(stream(null, EVENTS.formatted(""), officer));
        }
        assertThat(stream(null, EVENTS.formatted(""), officer).statusCode()).isEqualTo(429);
        for (HttpResponse<InputStream> each : open) {
            each.body().close();
        }
    }
}
