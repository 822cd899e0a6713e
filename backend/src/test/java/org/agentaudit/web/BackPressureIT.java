package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What senders are told when the portal cannot keep up, and what it cuts off (issue 3, point 3).
class BackPressureIT {
    private static final int EVENTS = 8;

    @Test
    void queueFull_is429WithRetryAfter_andTakesNothing() throws Exception {
        try (TestPortal portal = new TestPortal(Map.of("portal.store.waiting-events", 2 * EVENTS));
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = portal.database.connect()) {
            assertThat(post(portal, lines("first")).statusCode()).isEqualTo(200);
            other.setAutoCommit(false);
            List<Future<HttpResponse<String>>> waiting = new ArrayList<>();
            try (Statement statement = other.createStatement()) {
                statement.execute("LOCK TABLE event_key IN ACCESS EXCLUSIVE MODE");
                waiting.add(senders.submit(() -> post(portal, lines("a") + lines("b"))));
                awaitLocks(portal, 1);
                for (int i = 0; i < 5; i++) {
                    HttpResponse<String> refused = post(portal, lines("c" + i));
                    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
                    assertThat(retryAfter(refused)).isBetween(1, 60);
                    assertThat(refused.headers().firstValue("Content-Type").orElse(""))
                            .startsWith("application/problem+json");
                }
            }
            other.rollback();

            for (Future<HttpResponse<String>> answer : waiting) {
                assertThat(answer.get().body()).startsWith("{\"accepted\":" + 2 * EVENTS + ",");
            }
            assertThat(stored(portal)).isEqualTo(3 * EVENTS);
            assertThat(post(portal, lines("c0")).body())
                    .isEqualTo("{\"accepted\":" + EVENTS + ",\"duplicates\":0,\"rejected\":[]}");
            assertThat(stored(portal)).isEqualTo(4 * EVENTS);
        }
    }

    @Test
    void databaseThatDoesNotAnswer_is503InTime_andTheSameEventsAreStoredOnce() throws Exception {
        try (TestPortal portal = new TestPortal(Map.of("portal.ingest.answer-within", "2s"));
                Connection other = portal.database.connect()) {
            assertThat(post(portal, lines("first")).statusCode()).isEqualTo(200);
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("LOCK TABLE event_key IN ACCESS EXCLUSIVE MODE");
                long start = System.nanoTime();
                HttpResponse<String> answer = post(portal, lines("hanging"));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(retryAfter(answer)).isBetween(1, 60);
                assertThat(answer.body()).contains("has not answered", "counts as a duplicate");
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(Duration.ofSeconds(20));
            }
            other.rollback();
            // what was given up on may have been stored meanwhile, or be stored now; never twice
            HttpResponse<String> again = post(portal, lines("hanging"));
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(stored(portal)).isEqualTo(2 * EVENTS);
        }
    }

    @Test
    void bombsAndOversizeBodies_are413() throws Exception {
        try (TestPortal portal = new TestPortal(Map.of("portal.ingest.max-events", 100))) {
            byte[] bomb = Zstd.compress(new byte[200 << 20]);
            assertThat(bomb.length).isLessThan(1 << 20);
            assertThat(
                            portal.send(
                                            events(portal)
                                                    .header("Content-Encoding", "zstd")
                                                    .POST(BodyPublishers.ofByteArray(bomb)))
                                    .statusCode())
                    .isEqualTo(413);
            byte[] tooLarge = new byte[(16 << 20) + 1];
            assertThat(portal.status(events(portal).POST(BodyPublishers.ofByteArray(tooLarge))))
                    .isEqualTo(413);
            // in chunks, without a Content-Length
            assertThat(
                            portal.status(
                                    events(portal)
                                            .POST(
                                                    BodyPublishers.ofInputStream(
                                                            () ->
                                                                    new ByteArrayInputStream(
                                                                            tooLarge)))))
                    .isEqualTo(413);
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 101; i++) {
                many.append(line("m" + i));
            }
            HttpResponse<String> tooMany = post(portal, many.toString());
            assertThat(tooMany.statusCode()).isEqualTo(413);
            assertThat(tooMany.body()).contains("more than 100 events");
            assertThat(stored(portal)).isZero();
            assertThat(post(portal, lines("ok")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void slowSenders_areCutInTime_andHoldUpNobody() throws Exception {
        try (TestPortal portal = new TestPortal(Map.of("portal.receive-within", "3s"));
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(post(portal, lines("before")).statusCode()).isEqualTo(200);
            String body =
                    "POST /log HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                            + bearer(TestPortal.INGEST_KEY)
                            + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n[";
            List<Future<Duration>> cut = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                cut.add(senders.submit(() -> dribble(portal, body)));
                cut.add(senders.submit(() -> dribble(portal, "POST /log HTTP/1.1\r\nX-Slow: ")));
            }
            long start = System.nanoTime();
            int answered = 0;
            while (System.nanoTime() - start < Duration.ofSeconds(2).toNanos()) {
                assertThat(post(portal, line("while" + answered++)).statusCode()).isEqualTo(200);
            }
            assertThat(answered).isGreaterThan(5);
            for (Future<Duration> each : cut) {
                assertThat(each.get()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(25));
            }
            assertThat(post(portal, lines("after")).statusCode()).isEqualTo(200);
            assertThat(stored(portal)).isEqualTo(2 * EVENTS + answered);
        }
    }

    /// Sends a start, then a byte every fifth of a second, until the portal closes the connection.
    private static Duration dribble(TestPortal portal, String head)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Socket socket = new Socket("localhost", portal.server.getPort())) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            while (true) {
                try {
                    if (in.read() < 0) {
                        break;
                    }
                } catch (SocketTimeoutException e) {
                    socket.getOutputStream().write(' ');
                }
            }
        } catch (SocketException e) {
            // closed while a byte was under way
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static HttpRequest.Builder events(TestPortal portal) {
        return portal.request("/api/events")
                .header("Authorization", bearer(TestPortal.INGEST_KEY))
                .header("Content-Type", "application/x-ndjson");
    }

    private static HttpResponse<String> post(TestPortal portal, String lines) {
        return portal.send(events(portal).POST(BodyPublishers.ofString(lines)));
    }

    private static String lines(String prefix) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            lines.append(line(prefix + i));
        }
        return lines.toString();
    }

    private static String line(String id) {
        return "{\"event_type\":\"agent.error\",\"agent_name\":\"ops/planner\",\"event_id\":\""
                + id
                + "\"}\n";
    }

    private static int retryAfter(HttpResponse<String> answer) {
        return Integer.parseInt(answer.headers().firstValue("Retry-After").orElse("0"));
    }

    private static long stored(TestPortal portal) throws SQLException {
        return number(portal, "SELECT count(*) FROM audit_event");
    }

    private static void awaitLocks(TestPortal portal, int count) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (number(
                                portal,
                                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'event_key'::regclass")
                        < count
                && System.nanoTime() < end) {
            Thread.sleep(20);
        }
    }

    private static long number(TestPortal portal, String sql) throws SQLException {
        try (Connection connection = portal.database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
