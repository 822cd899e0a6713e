package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.Test;

/// Findings through the GraphQL door of a whole portal.
class FindingsHttpIT {

    @Test
    void findings_ofAcknowledgedEvents_areInEveryAnswer() {
        try (TestPortal portal = new TestPortal()) {
            portal.addUser("ann", Role.COMPLIANCE_OFFICER);
            portal.addUser("bob", Role.AUDITOR);
            portal.addUser("cid", Role.ADMIN);
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                lines.append(
                        """
                        {"event_type":"agent.llm_response","agent_name":"ops/a","action":"answer","trace_id":"t","session_id":"s","result":"my diary %1$d","timestamp":"2026-11-20T10:00:%1$02dZ"}
                        """
                                .formatted(i + 10));
            }
            assertThat(
                            portal.send(
                                            portal.request("/log")
                                                    .header(
                                                            "Authorization",
                                                            "Bearer " + TestPortal.INGEST_KEY)
                                                    .header("Content-Type", "application/x-ndjson")
                                                    .POST(
                                                            BodyPublishers.ofString(
                                                                    lines.toString())))
                                    .statusCode())
                    .isLessThan(300);
            String query =
                    """
                    {"query":"{ findings(filter: {kinds: [ITERATION_LIMIT]}) { totalCount pageInfo { hasNextPage } edges { cursor } nodes { id kind severity agentId sessionId traceId occurredAt detectedAt description suggestion measured limit heuristic evidence { id result } } } dailySummary(date: \\"2026-11-20\\") { findings { kind severity count } } agent(id: \\"ops/a\\") { audit(period: {from: \\"2026-11-20T00:00:00Z\\", to: \\"2026-11-21T00:00:00Z\\"}) { findings(first: 1) { totalCount nodes { kind } } } } }"}
                    """;
            String officer = ask(portal, "ann", query);
            assertThat(officer)
                    .contains("\"totalCount\":1")
                    .contains("\"kind\":\"ITERATION_LIMIT\",\"severity\":\"CRITICAL\"")
                    .contains("\"occurredAt\":\"2026-11-20T10:00:20.000000Z\"")
                    .contains("\"measured\":12.0,\"limit\":10.0,\"heuristic\":false")
                    .contains("my diary 20")
                    .contains(
                            "\"dailySummary\":{\"findings\":[{\"kind\":\"ITERATION_LIMIT\",\"severity\":\"CRITICAL\",\"count\":1}]}")
                    .contains(
                            "\"findings\":{\"totalCount\":1,\"nodes\":[{\"kind\":\"ITERATION_LIMIT\"}]}")
                    .doesNotContain("errors\":[");
            assertThat(ask(portal, "bob", query))
                    .contains("\"totalCount\":1")
                    .contains("[MASKED]")
                    .doesNotContain("diary");
            assertThat(ask(portal, "cid", "{\"query\":\"{ findings { totalCount } }\"}"))
                    .contains("FORBIDDEN");
            assertThat(
                            ask(
                                    portal,
                                    "ann",
                                    "{\"query\":\"{ findings(after: \\\"x\\\") { totalCount } }\"}"))
                    .contains("BAD_USER_INPUT");
        }
    }

    private static String ask(TestPortal portal, String user, String body) {
        HttpResponse<String> answer =
                portal.postJson(
                        "/graphql", body, "Authorization", TestPortal.bearer(portal.token(user)));
        return answer.body();
    }
}
