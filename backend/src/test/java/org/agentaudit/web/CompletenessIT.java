package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.report.Reports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a report rests on (metrics "Completeness"), from lines sent over HTTP to the words on the
/// pages. The clock stands at 2026-11-21, noon.
class CompletenessIT {
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static TestPortal portal;
    private static Reports reports;

    @BeforeAll
    static void start() {
        portal = new TestPortal();
        reports = portal.bean(Reports.class);
        portal.addUser("olga", Role.COMPLIANCE_OFFICER);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static void send(String... lines) {
        var answer =
                portal.postJson(
                        "/log",
                        "[" + String.join(",", lines) + "]",
                        "Authorization",
                        bearer(TestPortal.INGEST_KEY));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).endsWith("\"rejected\":[]}");
    }

    private static String event(String agent, String at, String members) {
        return """
        {"event_type":"agent.reasoning","agent_name":"%s","timestamp":"%s",%s}"""
                .formatted(agent, at, members);
    }

    private static String numbered(String producer, String at, long seq) {
        return event(
                "agent-of-" + producer,
                at,
                "\"trace_id\":\"t-%1$s\",\"producer\":\"%1$s\",\"seq\":%2$d"
                        .formatted(producer, seq));
    }

    private static Completeness day(String date) {
        Instant from = Instant.parse(date + "T00:00:00Z");
        return reports.summary(OFFICER, Period.of(from, from.plusSeconds(86_400))).completeness();
    }

    @Test
    void producerAndSeq_areTakenFromEveryShape() {
        String both = "\"producer\":\"%s\",\"seq\":%d,\"timestamp\":\"2026-10-01T10:00:00Z\"";
        send(
                "{\"event_type\":\"agent.error\"," + both.formatted("p003", 3) + "}",
                "{\"agent\":{\"id\":\"a\"},\"action\":{\"type\":\"tool\",\"name\":\"t\"},"
                        + both.formatted("p001", 3)
                        + "}",
                "{\"sessionId\":\"s\",\"type\":\"user\",\"data\":{\"content\":\"x\"},"
                        + both.formatted("p000", 3)
                        + "}",
                "{\"sessionId\":\"s\",\"type\":\"user\",\"timestamp\":\"2026-10-01T10:00:00Z\","
                        + "\"data\":{\"content\":\"x\",\"producer\":\"p000data\",\"seq\":3}}",
                "{\"request_id\":\"r\",\"model\":\"m\",\"status\":\"success\","
                        + both.formatted("p002", 3)
                        + "}");
        Completeness before = day("2026-10-01");
        assertThat(before.events()).isEqualTo(5);
        assertThat(before.producers()).isEqualTo(5);
        assertThat(before.gaps()).isZero();
        for (String producer : List.of("p003", "p001", "p000", "p000data", "p002")) {
            send(numbered(producer, "2026-10-01T11:00:00Z", 5));
        }
        assertThat(day("2026-10-01").gaps()).isEqualTo(5);
    }

    @Test
    void aNumberGivenTwice_doesNotHideAGap() {
        String day = "2026-10-02T10:00:0";
        send(
                numbered("twice", day + "0Z", 4),
                numbered("twice", day + "1Z", 1),
                numbered("twice", day + "2Z", 2),
                numbered("twice", day + "3Z", 2));
        assertThat(day("2026-10-02").gaps()).isEqualTo(1);
        send(numbered("twice", "2026-10-02T23:59:59.999999Z", 3));
        assertThat(day("2026-10-02").gaps()).isZero();
        send(numbered("twice", "2026-10-02T23:00:00Z", 10_000));
        assertThat(day("2026-10-02").gaps()).isEqualTo(10_000 - 5);
        send(numbered("twice", "2026-10-02T23:00:00Z", -3));
        assertThat(day("2026-10-02").gaps()).isEqualTo(10_000 - 5 + 3);
    }

    @Test
    void anyNumber_isCounted() {
        send(
                numbered("large", "2026-10-03T10:00:00Z", Long.MAX_VALUE),
                numbered("large", "2026-10-03T10:00:01Z", Long.MAX_VALUE - 4_096));
        assertThat(day("2026-10-03").gaps()).isEqualTo(4_095);
        send(numbered("large", "2026-10-03T10:00:02Z", Long.MIN_VALUE));
        assertThat(day("2026-10-03").gaps()).isEqualTo(Long.MAX_VALUE);
        assertThat(
                        portal.bean(TraceQuery.class)
                                .byId(OFFICER, "t-large")
                                .orElseThrow()
                                .completeness()
                                .gaps())
                .isEqualTo(Long.MAX_VALUE);
    }

    /// A producer numbers its events whatever they are about: what concerns other agents or traces
    /// is not missing.
    @Test
    void numbersAboutOtherAgentsAndTraces_areNoGaps() {
        String about = "\"producer\":\"gateway\",\"trace_id\":\"%s\",\"seq\":%d";
        send(
                event("one", "2026-10-04T10:00:00Z", about.formatted("g-1", 1)),
                event("two", "2026-10-04T10:00:01Z", about.formatted("g-2", 2)),
                event("one", "2026-10-04T10:00:02Z", about.formatted("g-1", 4)));
        Instant from = Instant.parse("2026-10-04T00:00:00Z");
        Period period = Period.of(from, from.plusSeconds(86_400));
        assertThat(reports.agent(OFFICER, "one", period).completeness().gaps()).isEqualTo(1);
        Viewer scoped = new Viewer("two", Set.of(Role.SECURITY_ANALYST), List.of("two"));
        assertThat(reports.summary(scoped, period).completeness().gaps()).isEqualTo(1);
        assertThat(
                        portal.bean(TraceQuery.class)
                                .byId(OFFICER, "g-1")
                                .orElseThrow()
                                .completeness()
                                .gaps())
                .isEqualTo(1);
    }

    @Test
    void silentAgents_wereActiveOnFiveOfSevenDays() {
        for (int day = 6; day <= 12; day++) {
            String at = "2026-10-%02dT%s:00:00Z";
            if (day != 6 && day != 8) {
                send(event("five", at.formatted(day, "00"), "\"trace_id\":\"s\""));
            }
            if (day < 10) {
                send(event("four", at.formatted(day, "23"), "\"trace_id\":\"s\""));
                send(event("four", at.formatted(day, "22"), "\"trace_id\":\"s\""));
            }
            send(event("steady", at.formatted(day, "12"), "\"trace_id\":\"s\""));
        }
        send(event("steady", "2026-10-13T23:59:59.999999Z", "\"trace_id\":\"s\""));
        assertThat(day("2026-10-13").silentAgents()).containsExactly("five");
        assertThat(day("2026-10-14").silentAgents()).containsExactly("five", "steady");
        assertThat(day("2026-10-15").silentAgents()).containsExactly("steady");
        Instant from = Instant.parse("2026-10-14T00:00:00Z");
        Period after = Period.of(from, from.plusSeconds(86_400));
        assertThat(reports.agent(OFFICER, "five", after).completeness().silentAgents())
                .containsExactly("five");
        assertThat(reports.agent(OFFICER, "four", after).completeness().silentAgents()).isEmpty();
    }

    @Test
    void lateEvents_cameMoreThanAnHourAfterTheyOccurred() {
        send(
                event("late", "2026-11-21T11:00:00Z", "\"trace_id\":\"l\""),
                event("late", "2026-11-21T10:59:59.999999Z", "\"trace_id\":\"l\""),
                event("late", "2026-11-21T12:30:00Z", "\"trace_id\":\"l\""));
        assertThat(day("2026-11-21").lateEvents()).isEqualTo(1);
    }

    @Test
    void unpairedCalls_haveNeitherResultNorOutcome() {
        String call =
                "\"event_type\":\"agent.tool_call\",\"agent_name\":\"u\",\"trace_id\":\"u\",\"action\":\"t:x\"";
        String at = ",\"timestamp\":\"2026-10-20T23:59:59Z\"}";
        send(
                "{\"event_id\":\"u1\"," + call + at,
                "{\"event_id\":\"u2\"," + call + at,
                "{\"event_id\":\"u3\",\"outcome\":\"success\"," + call + at,
                "{\"event_id\":\"u4\",\"outcome\":\"pending\"," + call + at,
                // after the period, and still the result of the call within it
                "{\"event_type\":\"agent.tool_result\",\"agent_name\":\"u\",\"trace_id\":\"u\",\"action\":\"t:x\","
                        + "\"parent_event_id\":\"u2\",\"timestamp\":\"2026-10-21T00:00:01Z\"}",
                // 002's traces hold no results
                "{\"request_id\":\"u5\",\"model\":\"m\",\"status\":\"success\",\"tool_calls\":[{\"name\":\"x\"}]"
                        + at);
        assertThat(day("2026-10-20").unpairedCalls()).isEqualTo(1);
        assertThat(day("2026-10-21").unpairedCalls()).isZero();
    }

    @Test
    void pages_sayWhatTheyRestOn() {
        send(
                numbered("shown", "2026-10-25T10:00:00Z", 1),
                numbered("shown", "2026-10-25T10:00:01Z", 4));
        for (String page :
                List.of(
                        "/daily/2026-10-25",
                        "/agents/agent-of-shown?from=2026-10-25&to=2026-10-25",
                        "/traces/t-shown")) {
            var answer = portal.get(page, "Authorization", bearer(portal.token("olga")));
            assertThat(answer.statusCode()).as(page).isEqualTo(200);
            assertThat(answer.body().replaceAll("<[^>]+>", "").replaceAll("\\s+", " "))
                    .as(page)
                    .contains(
                            "Rests on 2 events from 1 producer, with 2 gaps in sequence numbers.");
        }
    }
}
