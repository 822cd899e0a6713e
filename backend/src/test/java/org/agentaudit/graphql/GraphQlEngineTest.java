package org.agentaudit.graphql;

import static org.agentaudit.graphql.TestPortal.json;
import static org.assertj.core.api.Assertions.assertThat;

import graphql.introspection.IntrospectionQuery;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agentaudit.event.EventBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphQlEngineTest {

    private final TestPortal portal = new TestPortal();

    @Test
    void event_everyField_isAnswered() {
        String answer =
                answer(
                        """
                        { event(id: "%s") {
                            id occurredAt receivedAt type typeName agentId traceId traceDerived parentEventId
                            sessionId conversationId taskId userId source action params result reasoning confidence
                            decision { question chosen confidence options { option reasoning score } }
                            handoff { from to depth } intervention outcome errored errorType errorMessage durationMs
                            tokens { input output cached total } cost model version permissionLevel
                            resourcesAccessed { type identifier } sensitiveDataAccessed tier expiresOn summary
                            redactions { pointer detector } sourceFormat producer seq
                            agent { id firstSeen lastSeen } trace { id eventCount } parent { id } } }
                        """
                                .formatted(EventBuilder.id("call")));
        assertThat(answer)
                .doesNotContain("errors")
                .contains("\"occurredAt\":\"2026-11-21T10:00:00.128456Z\"")
                .contains("\"cost\":0.00000010,")
                .contains("\"durationMs\":12.5")
                .contains("\"parent\":{\"id\":\"" + EventBuilder.id("start") + "\"}")
                .contains("\"agent\":{\"id\":\"a\",\"firstSeen\":\"2026-11-01T00:00:00.000000Z\"");
    }

    @Test
    void params_areTheStoredJson_withExactNumbers() {
        assertThat(answer("{ event(id: \"%s\") { params } }".formatted(EventBuilder.id("start"))))
                .contains(
                        "\"params\":{\"task\":\"refund\",\"n\":1E-7,\"m\":12345678901234567890.10}");
    }

    @Test
    void event_unknownId_isNullWithoutError() {
        assertThat(answer("{ event(id: \"00000000-0000-0000-0000-000000000000\") { id } }"))
                .isEqualTo("{\"data\":{\"event\":null}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ event(id: \"evt-1\") { id } }",
                "{ event(id: \"1-1-1-1-1\") { id } }",
                "{ events(first: -1) { totalCount } }",
                "{ events(first: 1001) { totalCount } }",
                "{ events(first: 1, last: 1) { totalCount } }",
                "{ events(filter: {agentIds: [\"a\\u0000\"]}) { totalCount } }",
                "{ events(filter: {traceId: \"\\uD800\"}) { totalCount } }",
                "{ trace(id: \"trace-1\") { timeline(limit: 0) { time } } }",
                "{ trace(id: \"trace-1\") { timeline(limit: 10001) { time } } }",
                "{ activity(minutes: 0) { events } }",
                "{ activity(minutes: 1441) { events } }",
                "{ summaryReport(period: {from: \"2026-11-21T00:00:00Z\", to: \"2026-11-21T00:00:00Z\"}) { events } }",
                "{ dailySummary(date: \"2026-11-21\", timeZone: \"Mars/Olympus\") { events } }",
                "{ dailySummary(date: \"2026-11-21\", timeZone: \"+00:10\") { events } }",
                "{ events(filter: {from: \"2026-11-21\"}) { totalCount } }",
                "{ events(filter: {from: \"2026-11-21T10:00:00\"}) { totalCount } }",
                "{ nothing }",
                "{",
                "query A { me { username } } query B { me { username } }",
            })
    void badInput_saysSo(String query) {
        assertThat(json(portal.run(TestPortal.OFFICER, query)))
                .contains("\"code\":\"BAD_USER_INPUT\"")
                .doesNotContain("INTERNAL");
    }

    @Test
    void events_totalCount_isAskedOnlyWhenSelected() {
        answer("{ events { nodes { id } } }");
        assertThat(portal.events.questions).hasValue(1);
        assertThat(answer("{ events { totalCount } }")).contains("\"totalCount\":3");
        assertThat(portal.events.questions).hasValue(3);
    }

    @Test
    void events_neighboursOfManyEvents_takeOneQuestionPerKind() {
        assertThat(
                        answer(
                                "{ events { nodes { agent { id } trace { id } parent { id agent { id }"
                                        + " } } } }"))
                .doesNotContain("errors");
        assertThat(portal.traces.questions).hasValue(1);
        assertThat(portal.agents.questions).hasValue(1);
        // the list itself and the parents
        assertThat(portal.events.questions).hasValue(2);
    }

    @Test
    void events_connection_hasPagesAndCursors() {
        assertThat(
                        answer(
                                "{ events(first: 2, order: OLDEST_FIRST) { edges { cursor node { action"
                                        + " } } pageInfo { hasNextPage hasPreviousPage startCursor"
                                        + " endCursor } } }"))
                .isEqualTo(
                        "{\"data\":{\"events\":{\"edges\":[{\"cursor\":\"0\",\"node\":{\"action\":\"refund\"}},"
                                + "{\"cursor\":\"1\",\"node\":{\"action\":\"pay\"}}],\"pageInfo\":"
                                + "{\"hasNextPage\":true,\"hasPreviousPage\":false,\"startCursor\":\"0\","
                                + "\"endCursor\":\"1\"}}}}");
    }

    @Test
    void agentEvents_filterForAnotherAgent_matchNothing() {
        assertThat(
                        answer(
                                "{ agent(id: \"a\") { events(filter: {agentIds: [\"b\"]}) { totalCount } } }"))
                .contains("\"totalCount\":0");
        assertThat(answer("{ agent(id: \"a\") { events { totalCount } } }"))
                .contains("\"totalCount\":2");
    }

    @Test
    void graph_hasEdgesOnlyBetweenItsNodes() {
        assertThat(
                        answer(
                                "{ trace(id: \"trace-1\") { graph { nodes { id } edges { from to } } } }"))
                .contains(
                        "\"edges\":[{\"from\":\"%s\",\"to\":\"%s\"}]"
                                .formatted(EventBuilder.id("start"), EventBuilder.id("call")));
    }

    @Test
    void forensics_citesItsEvidence_andIsNotedAsRevealed() {
        assertThat(
                        answer(
                                "{ trace(id: \"trace-1\") { forensics { rootCause { text hypothesis }"
                                        + " gaps { text evidence { id } } } } }"))
                .doesNotContain("errors")
                .contains("\"id\":\"" + EventBuilder.id("call") + "\"");
        assertThat(portal.log.entries)
                .contains("REPORT_VIEWED trace trace-1")
                .anyMatch(entry -> entry.startsWith("CONTENT_REVEALED"));
    }

    @Test
    void forensics_maskedViewer_isToldThatTextsWereNotCompared() {
        String query = "{ trace(id: \"trace-1\") { forensics { contradictions { text } } } }";
        String notCompared = "Contradictions between records and texts were not looked for";

        assertThat(json(portal.run(TestPortal.AUDITOR, query))).contains(notCompared);
        assertThat(answer(query)).contains("\"contradictions\"").doesNotContain(notCompared);
    }

    @Test
    void dailySummary_readsTheReport() {
        assertThat(
                        answer(
                                "{ dailySummary(date: \"2026-11-21\", timeZone: \"Asia/Kathmandu\") { date"
                                        + " timeZone invocations successRate cost comparison { errors }"
                                        + " topAgents(first: 1) { agentId meanDurationMs } errorTypes { key"
                                        + " count } checks { check verdict measured } completeness {"
                                        + " silentAgents } reviews { by } } }"))
                .isEqualTo(
                        "{\"data\":{\"dailySummary\":{\"date\":\"2026-11-21\",\"timeZone\":\"Asia/Kathmandu\","
                                + "\"invocations\":1247,\"successRate\":0.9534883720930233,\"cost\":0.00000012,"
                                + "\"comparison\":null,\"topAgents\":[{\"agentId\":\"research_agent\","
                                + "\"meanDurationMs\":2300.0}],\"errorTypes\":[{\"key\":\"TimeoutError\",\"count\":23}],"
                                + "\"checks\":[{\"check\":\"error_rate\",\"verdict\":\"PASS\",\"measured\":0.046}],"
                                + "\"completeness\":{\"silentAgents\":[\"ops/silent\"]},\"reviews\":[]}}}");
    }

    @Test
    void notImplemented_failsAtItsPath_siblingsStillAnswer() {
        assertThat(answer("{ alerts { nodes { id } } me { username } }"))
                .contains("\"path\":[\"alerts\"]")
                .contains("\"code\":\"NOT_IMPLEMENTED\"")
                .contains(
                        "\"data\":{\"alerts\":null,\"me\":{\"username\":\"compliance_officer\"}}");
    }

    @Test
    void subscription_overHttp_isRefused() {
        assertThat(answer("subscription { eventStored { id } }"))
                .contains("/graphql-ws", "BAD_USER_INPUT");
    }

    @Test
    void denied_failsAtItsPath_siblingsStillAnswer() {
        String answer =
                json(
                        portal.run(
                                TestPortal.ADMIN,
                                "{ events { totalCount } me { username roles } }"));
        assertThat(answer)
                .contains("\"path\":[\"events\"]")
                .contains("\"code\":\"FORBIDDEN\"")
                .contains("\"events\":null,\"me\":{\"username\":\"admin\",\"roles\":[\"ADMIN\"]}");
        assertThat(portal.events.questions).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "INGESTOR, { trace(id: \"x\") { id } }",
        "ADMIN, { activity { events } }",
        "AUDITOR, mutation { acknowledgeAlert(id: 1) { id } }",
        "AUDITOR, { alertRules { id } }",
        "COMPLIANCE_OFFICER, { alertRules { id } }",
        "SECURITY_ANALYST, { accessLog { nodes { at } } }",
        "SECURITY_ANALYST, { reportSubscriptions { id } }",
    })
    void denied_isForbidden(org.agentaudit.access.Role role, String query) {
        assertThat(json(portal.run(TestPortal.viewer(role), query)))
                .contains("\"code\":\"FORBIDDEN\"");
    }

    @Test
    void maskedViewer_filteringByText_isForbidden() {
        assertThat(
                        json(
                                portal.run(
                                        TestPortal.AUDITOR,
                                        "{ events(filter: {text: \"ann\"}) { totalCount nodes { id } } }")))
                .contains("\"code\":\"FORBIDDEN\"");
    }

    @Test
    void content_isLoggedOncePerRequest_withTheNumberOfEvents() {
        answer(
                "{ a: events { nodes { errorMessage userId params } } b: events { nodes { userId } } }");
        assertThat(portal.log.entries).containsExactly("CONTENT_REVEALED 2 events");
    }

    @Test
    void content_maskedOrNotAskedFor_isNotLogged() {
        assertThat(
                        json(
                                portal.run(
                                        TestPortal.AUDITOR,
                                        "{ events { nodes { errorMessage summary } } }")))
                .contains("[MASKED]")
                .doesNotContain("ann");
        answer("{ events { nodes { id agentId outcome } } }");
        assertThat(portal.log.entries).isEmpty();
    }

    @Test
    void reports_areLogged() {
        answer(
                """
                { dailySummary(date: "2026-11-21") { events }
                  summaryReport(period: {from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00+01:00"}) { events }
                  agent(id: "a") { audit(period: {from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z"}) { events } }
                  trace(id: "trace-1") { timeline { time } }
                  unknown: trace(id: "trace-2") { id } }
                """);
        assertThat(portal.log.entries)
                .containsExactlyInAnyOrder(
                        "REPORT_VIEWED daily summary 2026-11-21 Z",
                        "REPORT_VIEWED summary report 2026-11-01T00:00:00Z/2026-11-30T23:00:00Z",
                        "REPORT_VIEWED agent a 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z",
                        "REPORT_VIEWED trace trace-1");
    }

    @Test
    void accessLogBroken_noDataLeaves() {
        portal.log.broken = true;
        GraphQlEngine.Answer answer =
                portal.run(TestPortal.OFFICER, "{ events { nodes { userId } } }");
        assertThat(answer.outcome()).isEqualTo(GraphQlEngine.Outcome.FAILED);
        assertThat(json(answer))
                .contains("INTERNAL", "errorId")
                .doesNotContain("ann", "data", "secret");
    }

    @Test
    void unknownException_isHidden() {
        TestPortal broken = new TestPortal();
        broken.sessions.whenAsked =
                () -> {
                    throw new IllegalStateException("SELECT secret FROM x");
                };
        GraphQlEngine.Answer answer =
                broken.run(TestPortal.OFFICER, "{ session(id: 1) { id } me { username } }");
        assertThat(json(answer))
                .contains("\"code\":\"INTERNAL\"", "errorId", "compliance_officer")
                .doesNotContain("SELECT", "Exception");
    }

    @Test
    void introspection_works() {
        assertThat(answer(IntrospectionQuery.INTROSPECTION_QUERY))
                .startsWith("{\"data\"")
                .contains("\"name\":\"AuditEventConnection\"");
    }

    @Test
    void deepQuery_exceedsTheLimit() {
        String query = "{ events { nodes " + "{ parent ".repeat(20) + "{ id }" + "}".repeat(22);
        refusedAsTooMuch(query);
    }

    @Test
    void manyAliases_exceedTheLimit() {
        refusedAsTooMuch(
                IntStream.range(0, 1_000)
                        .mapToObj(i -> "a" + i + ": __typename")
                        .collect(Collectors.joining(" ", "{ ", " }")));
    }

    @Test
    void fragmentBomb_exceedsTheLimit() {
        StringBuilder query = new StringBuilder("{ events { nodes { ...f0 } } } ");
        for (int i = 0; i < 30; i++) {
            query.append(
                    "fragment f%d on AuditEvent { id ...f%d ...f%d } ".formatted(i, i + 1, i + 1));
        }
        refusedAsTooMuch(query.append("fragment f30 on AuditEvent { id }").toString());
    }

    @Test
    void hugeLists_exceedTheLimit() {
        refusedAsTooMuch(
                "{ agents(first: 1000) { nodes { events(first: 1000) { nodes { id } } } } }");
        refusedAsTooMuch(
                "{ sessions(period: {from: \"2026-11-01T00:00:00Z\", to: \"2026-11-02T00:00:00Z\"}, first: 1000) {"
                        + " nodes { events(first: 1) { nodes { id } } } } }");
    }

    @Test
    void manyTokens_exceedTheLimit() {
        refusedAsTooMuch("{ me " + "@skip(if: false) ".repeat(2_000) + "{ username } }");
    }

    @Test
    void deepBraces_exceedTheLimit() {
        refusedAsTooMuch("{a".repeat(1_000) + "}".repeat(1_000));
    }

    @Test
    void slowAnswer_endsAtTheDeadline() {
        var limits = new GraphQlConfig(1_000, 15, 500, 500_000, Duration.ofMillis(200));
        TestPortal slow = new TestPortal(limits);
        slow.sessions.whenAsked = () -> LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
        long start = System.nanoTime();
        GraphQlEngine.Answer answer = slow.run(TestPortal.OFFICER, "{ session(id: 1) { id } }");
        assertThat(json(answer)).contains("LIMIT_EXCEEDED").doesNotContain("data");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void readOnly_runsQueriesOnly() {
        String both =
                "query Q { me { username } } mutation M { reviewDay(date: \"2026-11-21\") { by } }";
        assertThat(portal.read(TestPortal.OFFICER, both, "Q").outcome())
                .isEqualTo(GraphQlEngine.Outcome.EXECUTED);
        assertThat(portal.read(TestPortal.OFFICER, both, "M").outcome())
                .isEqualTo(GraphQlEngine.Outcome.NOT_A_QUERY);
        assertThat(portal.read(TestPortal.OFFICER, both, "X").outcome())
                .isEqualTo(GraphQlEngine.Outcome.REFUSED);
    }

    @Test
    void variables_areCoerced() {
        assertThat(
                        json(
                                portal.run(
                                        TestPortal.OFFICER,
                                        "query($f: EventFilter) { events(filter: $f) { totalCount } }",
                                        Map.of(
                                                "f",
                                                Map.of("types", java.util.List.of("TOOL_CALL"))))))
                .isEqualTo("{\"data\":{\"events\":{\"totalCount\":1}}}");
    }

    private void refusedAsTooMuch(String query) {
        GraphQlEngine.Answer answer = portal.run(TestPortal.OFFICER, query);
        assertThat(answer.outcome()).isEqualTo(GraphQlEngine.Outcome.REFUSED);
        assertThat(json(answer)).contains("LIMIT_EXCEEDED").doesNotContain("\"data\"");
        assertThat(portal.events.questions).hasValue(0);
    }

    private String answer(String query) {
        return json(portal.run(TestPortal.OFFICER, query));
    }
}
