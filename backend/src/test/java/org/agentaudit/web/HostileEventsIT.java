package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentaudit.access.Role;
import org.agentaudit.store.StoreOracle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Events that are too much of something, over HTTP into a real PostgreSQL, each between two good
/// ones: what becomes of them is stated, the neighbours are stored, and every page still answers.
class HostileEventsIT {
    private static final int MILLION = 1_000_000;
    private static final String ACCEPTED = null;
    private static TestPortal portal;
    private static String token;
    private static int sent;

    @BeforeAll
    static void start() {
        portal = new TestPortal();
        portal.addUser("olga", Role.COMPLIANCE_OFFICER);
        token = portal.token("olga");
    }

    @AfterAll
    static void stop() throws Exception {
        try (Connection connection = portal.database.connect()) {
            for (String page : List.of("/", "/events", "/traces/hostile", "/events?text=word999")) {
                assertThat(portal.get(page, "Authorization", bearer(token)).statusCode())
                        .as(page)
                        .isEqualTo(200);
            }
            assertThat(StoreOracle.differences(connection)).isEmpty();
        } finally {
            portal.close();
        }
    }

    private static String event(String members) {
        return "{\"event_type\":\"agent.tool_call\",\"trace_id\":\"hostile\"," + members + "}";
    }

    private static String many(int count, String separator, IntFunction<String> each) {
        return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(separator));
    }

    static Stream<Arguments> cases() {
        String name513 = "é".repeat(256) + "x";
        Map<String, Object[]> cases = new TreeMap<>();
        cases.put(
                "depth 10,000",
                new Object[] {
                    event("\"params\":" + "[".repeat(10_000) + "]".repeat(10_000)),
                    "nested deeper than 100 levels: send the inner part as text"
                });
        cases.put(
                "depth 100,000",
                new Object[] {
                    event("\"result\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)),
                    "nested deeper than 100 levels: send the inner part as text"
                });
        cases.put(
                "1e6 members in params",
                new Object[] {
                    event("\"params\":{" + many(MILLION, ",", i -> "\"k" + i + "\":1") + "}"),
                    ACCEPTED
                });
        cases.put(
                "1e5 members nobody knows",
                new Object[] {
                    event(many(100_000, ",", i -> "\"unknown-" + i + "\":\"" + i + "\"")), ACCEPTED
                });
        cases.put(
                "1e6 numbers",
                new Object[] {
                    event("\"result\":[" + many(MILLION, ",", Integer::toString) + "]"), ACCEPTED
                });
        cases.put(
                "1e6 different words",
                new Object[] {
                    event("\"reasoning\":\"" + many(MILLION, " ", i -> "word" + i) + "\""), ACCEPTED
                });
        cases.put(
                "one word of 4 MB",
                new Object[] {event("\"reasoning\":\"" + "w".repeat(4 << 20) + "\""), ACCEPTED});
        cases.put(
                "a member name of 1 MB",
                new Object[] {event("\"params\":{\"" + "n".repeat(MILLION) + "\":1}"), ACCEPTED});
        cases.put(
                "a member name of 1 MB nobody knows",
                new Object[] {event("\"" + "n".repeat(MILLION) + "\":1"), ACCEPTED});
        cases.put(
                "names of 512 bytes",
                new Object[] {
                    event(
                            Stream.of(
                                            "agent_name",
                                            "session_id",
                                            "task_id",
                                            "user_id",
                                            "conversation_id",
                                            "version",
                                            "model",
                                            "error_type",
                                            "producer",
                                            "action")
                                    .map(name -> "\"" + name + "\":\"" + "é".repeat(256) + "\"")
                                    .collect(Collectors.joining(","))),
                    ACCEPTED
                });
        for (String name :
                List.of("agent_name", "session_id", "producer", "error_type", "model", "user_id")) {
            cases.put(
                    name + " of 513 bytes",
                    new Object[] {
                        event("\"" + name + "\":\"" + name513 + "\""),
                        name + " has 513 bytes in UTF-8: send a name of at most 512"
                    });
        }
        cases.put(
                "1e5 resources",
                new Object[] {
                    event(
                            "\"resources_accessed\":["
                                    + many(100_000, ",", i -> "\"file:/f" + i + "\"")
                                    + "]"),
                    ACCEPTED
                });
        cases.put(
                "1e5 options of a decision",
                new Object[] {
                    "{\"event_type\":\"agent.decision\",\"trace_id\":\"hostile\",\"result\":{\"chosen\":\"o1\",\"options\":["
                            + many(100_000, ",", i -> "\"o" + i + "\"")
                            + "]}}",
                    ACCEPTED
                });
        cases.put(
                "NUL and lone surrogates everywhere",
                new Object[] {
                    "{\"event_type\":\"agent.\\u0000x\",\"agent_name\":\"a\\ud800\",\"trace_id\":\"t\\u0000\","
                            + "\"action\":\"\\udc00:\\u0000\",\"\\u0000\":\"\\ud800\",\"\\udfff\":{\"\\u0000\":[]},"
                            + "\"params\":{\"\\ud800\\ud800\":\"\\u0000\"},\"error\":\"\\u0000\",\"producer\":\"\\u0000\"}",
                    ACCEPTED
                });
        cases.put(
                "its own parent",
                new Object[] {event("\"event_id\":\"own\",\"parent_event_id\":\"own\""), ACCEPTED});
        cases.put("parents in a circle, one", circle("one", "two"));
        cases.put("parents in a circle, two", circle("two", "three"));
        cases.put("parents in a circle, three", circle("three", "one"));
        cases.put(
                "everything empty",
                new Object[] {
                    "{\"event_type\":\"agent.error\",\"event_id\":\"\",\"agent_name\":\"\",\"trace_id\":\"\",\"action\":\"\","
                            + "\"params\":{},\"result\":[],\"reasoning\":\"\",\"error\":{},\"timestamp\":\"\","
                            + "\"parent_event_id\":\"\",\"model\":null,\"resources_accessed\":[]}",
                    ACCEPTED
                });
        cases.put("no member", new Object[] {"{}", "the shape is not recognised"});
        cases.put(
                "an event in arrays",
                new Object[] {
                    "[[" + event("\"event_id\":\"in\"") + "]]", "an event must be a JSON object"
                });
        cases.put("a number", new Object[] {"7", "an event must be a JSON object"});
        cases.put("null", new Object[] {"null", "an event must be a JSON object"});
        cases.put(
                "year 1",
                new Object[] {event("\"timestamp\":\"0001-01-01T00:00:00Z\""), "before 2000"});
        cases.put(
                "year 9999",
                new Object[] {
                    event("\"timestamp\":\"9999-12-31T23:59:59Z\""), "more than a day ahead"
                });
        cases.put(
                "a leap second",
                new Object[] {event("\"timestamp\":\"2016-12-31T23:59:60Z\""), ACCEPTED});
        cases.put(
                "the first moment allowed",
                new Object[] {event("\"timestamp\":946684800000000000"), ACCEPTED});
        return cases.entrySet().stream()
                .map(
                        entry ->
                                Arguments.of(
                                        entry.getKey(), entry.getValue()[0], entry.getValue()[1]));
    }

    private static Object[] circle(String own, String parent) {
        return new Object[] {
            event("\"event_id\":\"%s\",\"parent_event_id\":\"%s\"".formatted(own, parent)), ACCEPTED
        };
    }

    /// @param reason part of why it is rejected; null: it is accepted
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void eventBetweenTwoGoodOnes(String name, String event, String reason) {
        for (boolean lines : List.of(false, true)) {
            sent++;
            String good = "{\"event_type\":\"agent.reasoning\",\"event_id\":\"good-%d-%s\"}";
            String first = good.formatted(sent, "a");
            String last = good.formatted(sent, "b");
            HttpResponse<String> answer =
                    portal.send(
                            portal.request("/api/events")
                                    .header("Authorization", bearer(TestPortal.INGEST_KEY))
                                    .header(
                                            "Content-Type",
                                            lines ? "application/x-ndjson" : "application/json")
                                    .POST(
                                            BodyPublishers.ofString(
                                                    lines
                                                            ? first + "\n" + event + "\n" + last
                                                            : "[" + first + "," + event + "," + last
                                                                    + "]")));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            if (reason != null) {
                assertThat(answer.body())
                        .startsWith(
                                "{\"accepted\":2,\"duplicates\":0,\"rejected\":[{\"index\":1,\"id\":")
                        .contains(reason);
            } else if (lines) {
                // stored when it was sent in an array
                assertThat(answer.body())
                        .isEqualTo("{\"accepted\":2,\"duplicates\":1,\"rejected\":[]}");
            } else {
                assertThat(answer.body())
                        .isEqualTo("{\"accepted\":3,\"duplicates\":0,\"rejected\":[]}");
            }
        }
    }

    @Test
    void tenThousandEvents_areTaken_oneMoreIsNot() {
        IntFunction<String> small =
                i -> "{\"event_type\":\"agent.retry\",\"event_id\":\"n" + i + "\"}";
        String key = bearer(TestPortal.INGEST_KEY);
        assertThat(
                        portal.postJson(
                                        "/log",
                                        "[" + many(10_001, ",", small) + "]",
                                        "Authorization",
                                        key)
                                .statusCode())
                .isEqualTo(413);
        assertThat(
                        portal.postJson(
                                        "/log",
                                        "[" + many(10_000, ",", small) + "]",
                                        "Authorization",
                                        key)
                                .body())
                .isEqualTo("{\"accepted\":10000,\"duplicates\":0,\"rejected\":[]}");
    }
}
