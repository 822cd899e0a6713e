package org.agentaudit.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The outbox against a server that fails, redirects, stalls and comes back.
class WebhookDeliveriesIT {

    private static final List<Request> REQUESTS = new CopyOnWriteArrayList<>();

    private static volatile int status = 200;
    private static HttpServer server;
    private static ServerSocket staller;
    private static AlertFixture portal;
    private static int made;

    private record Request(
            String path, String id, String timestamp, String signature, String body) {}

    @BeforeAll
    static void start() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        server = HttpServer.create(new InetSocketAddress(here, 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    REQUESTS.add(
                            new Request(
                                    exchange.getRequestURI().getPath(),
                                    exchange.getRequestHeaders().getFirst("webhook-id"),
                                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8)));
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        // takes connections and never answers
        staller = new ServerSocket(0, 50, here);
        portal =
                new AlertFixture(
                        Map.of(
                                "portal.alerts.webhook-secret",
                                WebhookTest.SECRET,
                                "portal.alerts.webhook-private",
                                "true",
                                "portal.alerts.webhook-timeout",
                                "500ms",
                                "portal.alerts.webhook-hosts",
                                "127.0.0.1:%d, 127.0.0.1:%d, 127.0.0.1:1"
                                        .formatted(
                                                server.getAddress().getPort(),
                                                staller.getLocalPort()),
                                "portal.alerts.targets",
                                "notify_ops=mail:ops@example.org webhook:http://127.0.0.1:%d/ops"
                                        .formatted(server.getAddress().getPort())));
    }

    @AfterAll
    static void stop() throws IOException {
        portal.close();
        server.stop(0);
        staller.close();
    }

    private static int send() {
        return portal.bean(WebhookDeliveries.class).sendDue();
    }

    private static void pass(Duration time) {
        portal.clock.now = portal.clock.now.plus(time);
    }

    /// Makes a rule that fires now, and evaluates it.
    private static Alert fire(String name, String action) {
        Instant now = portal.clock.now.plus(Duration.ofDays(2));
        portal.execute("UPDATE alert_rule SET enabled = false");
        portal.execute("DELETE FROM alert_delivery");
        portal.clock.now = now;
        portal.store(
                List.of(
                        EventBuilder.event(
                                        "hook-" + made++,
                                        now.minusSeconds(60),
                                        EventType.TOOL_CALL,
                                        name + "/agent",
                                        "pay")
                                .trace(name)
                                .params("{\"secret\":\"content\"}")
                                .build()));
        portal.rule(
                name,
                "agent_audit_log | agent_id = '%s/agent' | count() by agent_id | count > 0"
                        .formatted(name),
                "PT5M",
                action);
        portal.evaluateAt(now);
        return portal.alerts(name).getFirst();
    }

    private static AlertDelivery webhook(String rule) {
        return portal.alerts(rule).getFirst().deliveries().stream()
                .filter(delivery -> delivery.channel() == AlertDelivery.Channel.WEBHOOK)
                .findFirst()
                .orElseThrow();
    }

    private static String at(int port) {
        return "webhook:http://127.0.0.1:" + port + "/hook?secret=1";
    }

    @Test
    void firingAndRecovery_areSentSigned_andMailWaits() throws Exception {
        status = 200;
        REQUESTS.clear();
        Alert alert = fire("named", "notify_ops");
        assertThat(send()).isEqualTo(1);
        assertThat(send()).isZero();
        Request request = REQUESTS.getFirst();
        assertThat(request.path()).isEqualTo("/ops");
        assertThat(request.signature())
                .isEqualTo(
                        WebhookSignature.of(
                                WebhookSignature.key(WebhookTest.SECRET),
                                request.id(),
                                Long.parseLong(request.timestamp()),
                                request.body()));
        JsonNode body = new ObjectMapper().readTree(request.body());
        assertThat(body.path("type").asText()).isEqualTo("alert.fired");
        assertThat(body.path("timestamp").asText()).isEqualTo(alert.firedAt().toString());
        assertThat(body.path("data").path("key").asText()).isEqualTo("named/agent");
        assertThat(request.body()).doesNotContain("content");
        Instant fired = portal.clock.now;
        portal.evaluateUntil(fired.plusSeconds(30), fired.plusSeconds(400));
        assertThat(send()).isEqualTo(1);
        assertThat(REQUESTS.getLast().body()).contains("\"alert.resolved\"", "RESOLVED");
        assertThat(REQUESTS.getLast().id()).isNotEqualTo(request.id());
        assertThat(portal.alerts("named").getFirst().deliveries())
                .extracting(d -> d.channel() + " " + d.transition() + " " + d.state())
                .containsExactlyInAnyOrder(
                        "MAIL FIRED PENDING",
                        "WEBHOOK FIRED SENT",
                        "MAIL RESOLVED PENDING",
                        "WEBHOOK RESOLVED SENT");
    }

    @Test
    void failure_isTriedAgain_underTheSameId() {
        status = 503;
        REQUESTS.clear();
        fire("again", at(server.getAddress().getPort()));
        send();
        assertThat(webhook("again").error()).isEqualTo("answered 503");
        assertThat(send()).as("waits").isZero();
        pass(Duration.ofSeconds(6));
        send();
        status = 200;
        pass(Duration.ofSeconds(31));
        send();
        assertThat(webhook("again").state()).isEqualTo(AlertDelivery.State.SENT);
        assertThat(webhook("again").attempts()).isEqualTo(3);
        assertThat(webhook("again").target())
                .isEqualTo("http://127.0.0.1:" + server.getAddress().getPort());
        assertThat(REQUESTS)
                .extracting(Request::id)
                .hasSize(3)
                .containsOnly(REQUESTS.getFirst().id());
        assertThat(REQUESTS).extracting(Request::timestamp).doesNotHaveDuplicates();
    }

    @Test
    void redirect_isNotFollowed_andTheLastFailureIsFinal() {
        status = 302;
        REQUESTS.clear();
        fire("redirect", at(server.getAddress().getPort()));
        for (int i = 0; i < 12; i++) {
            send();
            pass(Duration.ofHours(9));
        }
        assertThat(REQUESTS).extracting(Request::path).hasSize(10).containsOnly("/hook");
        assertThat(webhook("redirect").state()).isEqualTo(AlertDelivery.State.FAILED);
        assertThat(webhook("redirect").error()).isEqualTo("answered 302");
        status = 410;
        fire("gone", at(server.getAddress().getPort()));
        send();
        assertThat(webhook("gone").state()).isEqualTo(AlertDelivery.State.FAILED);
    }

    @Test
    void stallingAndAbsentServers_failInTime() {
        fire("stall", at(staller.getLocalPort()));
        long started = System.nanoTime();
        send();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
        assertThat(webhook("stall").error()).isEqualTo("no answer in time");
        fire("absent", at(1));
        send();
        assertThat(webhook("absent").state()).isEqualTo(AlertDelivery.State.PENDING);
        assertThat(webhook("absent").error()).isNotNull();
    }

    /// A portal that stops after sending sends again: the attempt was not noted.
    @Test
    void attemptWithoutAnEnd_isMadeAgain() {
        status = 200;
        REQUESTS.clear();
        fire("crash", at(server.getAddress().getPort()));
        send();
        portal.execute(
                "UPDATE alert_delivery SET state = 'PENDING', sent_at = NULL WHERE state = 'SENT'");
        assertThat(send()).isZero();
        pass(Duration.ofMinutes(1));
        assertThat(send()).isPositive();
        assertThat(webhook("crash").state()).isEqualTo(AlertDelivery.State.SENT);
    }

    /// Settings that changed since, and addresses that are not public.
    @Test
    void whatIsNotAllowed_isNotSent() {
        fire("host", at(server.getAddress().getPort()));
        REQUESTS.clear();
        try (var strict =
                portal.start(
                        Map.of(
                                "portal.alerts.webhook-secret",
                                WebhookTest.SECRET,
                                "portal.alerts.webhook-hosts",
                                "localhost, 127.0.0.1"))) {
            strict.getBean(WebhookDeliveries.class).sendDue();
            assertThat(webhook("host").state()).isEqualTo(AlertDelivery.State.FAILED);
            assertThat(webhook("host").error()).startsWith("not sent: ");
            WebhookClient client = strict.getBean(WebhookClient.class);
            assertThatThrownBy(() -> client.post(URI.create("https://localhost/"), Map.of(), "{}"))
                    .hasMessage("the host's address is not public");
        }
        assertThat(REQUESTS).isEmpty();
    }
}
