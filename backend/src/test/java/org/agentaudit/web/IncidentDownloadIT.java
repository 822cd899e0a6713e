package org.agentaudit.web;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.agentaudit.access.Role;
import org.agentaudit.event.EventType;
import org.agentaudit.store.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IncidentDownloadIT {

    /// What a browser sends when a link is followed.
    private static final String BROWSER =
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    /// Percent-encoded: a slash, a colon and a space.
    private static final String ID = "refund%2F2026%3A11%20x";

    private static final String TRACE = "refund/2026:11 x";
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private static TestPortal portal;

    @BeforeAll
    static void start() {
        portal = new TestPortal();
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.addUser("auditor", Role.AUDITOR);
        portal.bean(EventStore.class)
                .append(
                        SampleEvents.stored(
                                List.of(
                                        event("a1", START, EventType.INVOCATION, "Router", "task")
                                                .trace(TRACE)
                                                .params("{\"task\":\"secret task\"}")
                                                .summary("Task received: [MASKED]")
                                                .build(),
                                        event(
                                                        "a2",
                                                        START.plusSeconds(1),
                                                        EventType.TOOL_CALL,
                                                        "Billing",
                                                        "process_refund")
                                                .trace(TRACE)
                                                .failed("TimeoutError", "secret reason")
                                                .ms(12_300)
                                                .build())),
                        List.of())
                .join();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void pdf_browserFollowsTheLink_isTheReportAndNotThePage() {
        HttpResponse<String> answer = get("/traces/" + ID + ".pdf", "officer", BROWSER);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/pdf");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"incident-refund_2026_11_x.pdf\"");
        assertThat(answer.body()).startsWith("%PDF-1.");
    }

    @Test
    void page_sameTrace_isStillThePage() {
        HttpResponse<String> answer = get("/traces/" + ID, "officer", BROWSER);

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/html");
    }

    @Test
    void json_auditor_isMasked() {
        String officer = get("/traces/" + ID + ".json", "officer", "application/json").body();
        String auditor = get("/traces/" + ID + ".json", "auditor", "application/json").body();

        assertThat(officer).contains("secret reason");
        assertThat(auditor).contains("TimeoutError").contains("[MASKED]").doesNotContain("secret");
    }

    @Test
    void pdf_unknownTrace_isAProblem() {
        HttpResponse<String> answer = get("/traces/none.pdf", "officer", "application/pdf");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(answer.body()).contains("There is no trace with this id");
    }

    @Test
    void pdf_nobody_isRefused() {
        assertThat(portal.get("/traces/" + ID + ".pdf", "Accept", "application/pdf").statusCode())
                .isEqualTo(401);
    }

    private static HttpResponse<String> get(String path, String who, String accept) {
        return portal.get(
                path, "Authorization", TestPortal.bearer(portal.token(who)), "Accept", accept);
    }
}
