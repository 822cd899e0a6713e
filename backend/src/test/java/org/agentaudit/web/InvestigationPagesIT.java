package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The pages of traces and sessions over a long trace, many sessions and hostile content.
class InvestigationPagesIT {

    private static final String HOSTILE =
            "<script>alert(1)</script><img src=x onerror=alert(2)>‮ \" ' ]]> {{7*7}}";
    private static final int STEPS = 430;
    private static final int SESSIONS = 120;

    private static TestPortal portal;

    @BeforeAll
    static void start() {
        portal = new TestPortal();
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.addUser("auditor", Role.AUDITOR);
        portal.users()
                .add(
                        "test",
                        "scoped",
                        TestPortal.PASSWORD,
                        Set.of(Role.COMPLIANCE_OFFICER),
                        List.of("team/lead"));
        send(longTrace());
        send(sessions());
        send(hostile());
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static void send(List<String> events) {
        HttpResponse<String> answer =
                portal.postJson(
                        "/api/events",
                        "[" + String.join(",", events) + "]",
                        "Authorization",
                        "Bearer " + TestPortal.INGEST_KEY);
        assertThat(answer.body()).contains("\"accepted\":" + events.size());
    }

    private static String id(String kind, int number) {
        return "00000000-0000-4000-%s-%012d".formatted(kind, number);
    }

    private static Instant at(int second) {
        return portal.clock.instant().minusSeconds(20_000).plusSeconds(second);
    }

    /// One invocation of the lead, workers below it, one call that fails in the middle.
    private static List<String> longTrace() {
        List<String> events = new ArrayList<>();
        for (int n = 0; n < STEPS; n++) {
            boolean failed = n == 300;
            events.add(
                    """
                    {"event_type":"%s","event_id":"%s","agent_name":"%s","action":"%s","trace_id":"long","session_id":"s-long",
                     "timestamp":"%s","duration_ms":100,"outcome":"%s"%s%s}"""
                            .formatted(
                                    n == 0 ? "agent.invocation" : "agent.tool_call",
                                    id("8000", n),
                                    n == 0 ? "team/lead" : "team/worker",
                                    n == 0 ? "invoke" : failed ? "deploy" : "read_" + n,
                                    at(n),
                                    failed ? "failure" : "success",
                                    n == 0 ? "" : ",\"parent_event_id\":\"" + id("8000", 0) + "\"",
                                    failed
                                            ? ",\"error\":\"secret words\",\"error_type\":\"Boom\""
                                            : ""));
        }
        return events;
    }

    private static List<String> sessions() {
        List<String> events = new ArrayList<>();
        for (int n = 0; n < SESSIONS; n++) {
            events.add(
                    """
                    {"event_type":"agent.invocation","event_id":"%s","agent_name":"shop/%d","action":"invoke","trace_id":"t-%d",
                     "session_id":"many-%03d","task_id":"task-%d","timestamp":"%s","outcome":"%s"}"""
                            .formatted(
                                    id("8001", n),
                                    n % 3,
                                    n,
                                    n,
                                    n % 10,
                                    at(1000 + n / 4),
                                    n % 5 == 0 ? "failure" : "success"));
        }
        return events;
    }

    /// Two events that name each other as parent, with markup wherever a producer may write.
    private static List<String> hostile() {
        String text = HOSTILE.replace("\"", "\\\"");
        List<String> events = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            events.add(
                    """
                    {"event_type":"agent.tool_call","event_id":"%s","parent_event_id":"%s","agent_name":"%s","action":"%s",
                     "trace_id":"%s","session_id":"%s","task_id":"%s","timestamp":"%s","outcome":"failure","error":"%s",
                     "error_type":"%s","user_id":"%s","parameters":{"%s":"%s"},"model":"%s"}"""
                            .formatted(
                                    id("8002", n),
                                    id("8002", 1 - n),
                                    text,
                                    text,
                                    text,
                                    text,
                                    text,
                                    at(5000 + n),
                                    text,
                                    text,
                                    text,
                                    text,
                                    text,
                                    text));
        }
        return events;
    }

    private static HttpResponse<String> get(String user, String path) {
        return portal.get(
                path, "Accept", "text/html", "Authorization", "Bearer " + portal.token(user));
    }

    private static String page(String user, String path) {
        HttpResponse<String> answer = get(user, path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private static List<String> all(String html, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(html);
        List<String> texts = new ArrayList<>();
        while (found.find()) {
            texts.add(found.group(1));
        }
        return texts;
    }

    /// What is listed from a page on, over all parts.
    private static List<String> toTheEnd(String path, String pattern) {
        List<String> listed = new ArrayList<>();
        String next = path;
        for (int part = 0; next != null && part < 100; part++) {
            String html = page("officer", next);
            listed.addAll(all(html, pattern));
            List<String> on = all(html, "rel=\"next\" href=\"([^\"]+)\"");
            next = on.isEmpty() ? null : on.getFirst().replace("&amp;", "&").replaceAll("#.*", "");
        }
        return listed;
    }

    @Test
    void longTrace_showsWhatMatters_andSaysWhatIsLeftOut() {
        String html = page("officer", "/traces/long");

        List<String> shown = all(html, "id=\"e-([^\"]+)\"");
        assertThat(shown)
                .hasSizeLessThanOrEqualTo(200)
                .doesNotHaveDuplicates()
                .contains(id("8000", 0), id("8000", 300), id("8000", STEPS - 1));
        assertThat(html).contains("left out here").contains("of 430 steps");
        int left =
                all(html, "class=\"skipped\"><a[^>]*>(\\d+) step").stream()
                        .mapToInt(Integer::parseInt)
                        .sum();
        assertThat(shown.size() + left).isEqualTo(STEPS);
        assertThat(html.length()).isLessThan(300_000);
    }

    @Test
    void longTrace_inParts_isWhole() {
        assertThat(toTheEnd("/traces/long?part=1", "id=\"e-([^\"]+)\""))
                .hasSize(STEPS)
                .doesNotHaveDuplicates();
    }

    @Test
    void record_pagedToTheEnd_isTheWholeTrace_inOrder() {
        List<String> ids = toTheEnd("/traces/long/events", "<details id=\"e-([^\"]+)\"");

        assertThat(ids).hasSize(STEPS).isSorted();
    }

    @Test
    void sessions_pagedToTheEnd_areTheWhole_inEveryOrder() {
        for (String order : List.of("newest_first", "MOST_ERRORS_FIRST", "SLOWEST_FIRST")) {
            List<String> ids =
                    toTheEnd("/sessions?order=" + order, "href=\"/sessions/(many-[^\"]+)\"");
            assertThat(new HashSet<>(ids)).as(order).hasSize(SESSIONS);
            assertThat(ids).as(order).doesNotHaveDuplicates();
        }
    }

    @Test
    void sessions_areFiltered() {
        String pattern = "href=\"/sessions/(many-[^\"]+)\"";
        assertThat(toTheEnd("/sessions?agent=shop/1", pattern)).hasSize(SESSIONS / 3);
        assertThat(toTheEnd("/sessions?task=task-7", pattern)).hasSize(SESSIONS / 10);
        assertThat(toTheEnd("/sessions?errored=true", pattern)).hasSize(SESSIONS / 5);
        assertThat(toTheEnd("/sessions?errored=false", pattern)).hasSize(SESSIONS * 4 / 5);
        assertThat(page("officer", "/sessions?user=nobody&source=SYSTEM"))
                .contains("No session of this period matches the filter.");
        assertThat(page("officer", "/sessions?from=2001-01-01&to=2001-01-02"))
                .contains("No session has an event in this period.");
        for (String bad : List.of("order=x", "from=2001", "from=2026-02-02&to=2026-02-01")) {
            assertThat(get("officer", "/sessions?" + bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(get("auditor", "/sessions?user=u").statusCode()).isEqualTo(403);
    }

    @Test
    void session_tellsWhatWasDone_andItsTrace() {
        assertThat(page("officer", "/sessions/s-long"))
                .contains("429 calls")
                .contains("Who asked for what")
                .contains("href=\"/traces/long\"");
        assertThat(page("auditor", "/sessions/s-long")).doesNotContain("secret words");
        assertThat(page("auditor", "/traces/long")).doesNotContain("secret words");
        assertThat(
                        toTheEnd(
                                "/sessions/s-long",
                                "href=\"/events/(00000000-0000-4000-8000[^\"]+)\" *>"))
                .hasSizeGreaterThanOrEqualTo(STEPS);
        assertThat(get("officer", "/sessions/none").statusCode()).isEqualTo(404);
        assertThat(get("officer", "/sessions/%00").statusCode()).isEqualTo(404);
    }

    @Test
    void scopedViewer_seesTheirPart_andIsToldSo() {
        assertThat(page("scoped", "/traces/long"))
                .contains("429 events")
                .contains("outside your scope")
                .doesNotContain("team/worker");
        assertThat(page("scoped", "/sessions/s-long")).doesNotContain("team/worker");
        assertThat(page("scoped", "/sessions")).contains("s-long").doesNotContain("many-");
        assertThat(get("scoped", "/sessions/many-001").statusCode()).isEqualTo(404);
        assertThat(get("scoped", "/traces/t-1/events").statusCode()).isEqualTo(404);
    }

    @Test
    void hostileTexts_stayText_onEveryPage() {
        Links link = new Links();
        for (String path :
                List.of(
                        link.trace(HOSTILE),
                        link.traceRecord(HOSTILE),
                        link.session(HOSTILE),
                        link.agent(HOSTILE),
                        "/agents",
                        "/sessions",
                        link.event(UUID.fromString(id("8002", 0))))) {
            String html = page("officer", path);
            assertThat(html).as(path).contains("&lt;script&gt;").doesNotContain("<script>alert");
            assertThat(html).as(path).doesNotContain("<img").doesNotContainPattern("\\sstyle=");
        }
    }
}
