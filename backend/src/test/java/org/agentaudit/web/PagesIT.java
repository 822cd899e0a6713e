package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashSet;
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
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.store.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages over a real store, as their HTML.
class PagesIT {
    private static final String TRACE = "/traces/refund%2F2026-11-21%20%231";
    private static final String HTML =
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static TestPortal portal;

    @BeforeAll
    static void start() throws Exception {
        portal = new TestPortal();
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.addUser("analyst", Role.SECURITY_ANALYST);
        portal.addUser("auditor", Role.AUDITOR);
        portal.addUser("admin", Role.ADMIN);
        portal.users()
                .add(
                        "test",
                        "scoped",
                        TestPortal.PASSWORD,
                        Set.of(Role.COMPLIANCE_OFFICER),
                        List.of("support-*"));
        Instant now = portal.clock.instant();
        EventStore store = portal.bean(EventStore.class);
        store.append(SampleEvents.stored(SampleEvents.work(now, 10)), List.of()).get();
        store.append(SampleEvents.stored(SampleEvents.refund(now.minusSeconds(1500))), List.of())
                .get();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static HttpResponse<String> get(String user, String path) {
        return portal.get(path, "Accept", HTML, "Authorization", bearer(portal.token(user)));
    }

    private static String page(String user, String path) {
        HttpResponse<String> answer = get(user, path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private static List<AccessLogEntry> newEntries(long after) {
        return log().stream()
                .filter(entry -> entry.id() > after && entry.action() != AccessAction.SIGN_IN)
                .toList();
    }

    private static List<AccessLogEntry> log() {
        Viewer reader = new Viewer("test", Set.of(Role.COMPLIANCE_OFFICER), List.of());
        return portal.bean(AccessLog.class).find(reader, AccessLogQuery.newest(100));
    }

    private static long lastEntry() {
        return log().stream().mapToLong(AccessLogEntry::id).max().orElse(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/live",
                "/daily/2026-11-21",
                "/daily/2001-01-01",
                "/agents",
                "/agents?q=MANAGER",
                "/agents/ops%2Frelease-manager",
                "/agents/ops%2Frelease-manager?days=30",
                "/agents/ops%2Frelease-manager?from=2026-11-01&to=2026-11-20",
                TRACE,
                "/events",
                "/events?errored=true&type=TOOL_CALL&outcome=FAILURE&agent=billing-agent&from=2026-11-01&to=2026-11-21T23:59",
                "/events?text=order"
            })
    void page_opens_withoutMarkupOfEvents(String path) {
        String html = page("officer", path);

        assertThat(html).contains("</html>").doesNotContain("<script>").doesNotContain("<img");
        assertThat(html).doesNotContainPattern("\\sstyle=");
    }

    @Test
    void agentIdWithSlash_isOnePathSegment() {
        assertThat(page("officer", "/agents/ops%2Frelease-manager"))
                .contains("<h1>ops/release-manager</h1>");
        assertThat(page("officer", "/agents")).contains("href=\"/agents/ops%2Frelease-manager\"");
        assertThat(get("officer", "/agents/ops/release-manager").statusCode()).isEqualTo(404);
    }

    @Test
    void agent_leadsToItsFilesFindingsSessionsAndChecksOfThePeriod() {
        String period = "from=2026-11-01&amp;to=2026-11-20";
        String agent = "agent=ops%2Frelease-manager&amp;" + period;
        String path = "/agents/ops%2Frelease-manager";

        String html = page("officer", path + "?from=2026-11-01&to=2026-11-20");

        assertThat(html)
                .contains("2026-11-01 to 2026-11-20", "Outcomes of invocations")
                .contains("href=\"/findings?" + agent, "href=\"/sessions?" + agent)
                .contains("href=\"/compliance?" + agent, "href=\"/events?" + agent);
        for (String ending : List.of("pdf", "json", "csv")) {
            assertThat(html).contains("href=\"" + path + "." + ending + "?" + period);
        }
        for (String name : List.of("findings", "sessions", "compliance", "events")) {
            Matcher link = Pattern.compile("href=\"(/" + name + "\\?agent=[^\"]+)").matcher(html);
            assertThat(link.find()).as(name).isTrue();
            page("officer", link.group(1).replace("&amp;", "&"));
        }
        assertThat(page("officer", path + "?days=30"))
                .containsPattern("period=30d\"[^>]*aria-current=\"true\"");
    }

    @Test
    void agentList_countsTheLastDays() {
        String html = page("officer", "/agents?q=billing-agent");

        assertThat(html).contains("Events, 7 days");
        assertThat(html).contains("href=\"/events?agent=billing-agent&amp;from=");
        assertThat(html).doesNotContain("<span>silent</span>");
        assertThat(page("officer", "/agents?q=nobody-at-all")).contains("see all agents");
    }

    @Test
    void trace_showsEveryStepWithItsStateAndContent() {
        String html = page("officer", TRACE);

        assertThat(html.split("<details class=\"step\" id=\"e-", -1)).hasSize(11);
        assertThat(html)
                .contains("Failed after 34.1\u00a0s: 10 events of 3 agents, 2 errored.")
                .contains("refund API answered 503 after 12.3 s")
                .contains("broke first")
                .contains("&lt;script&gt;document.title=");
    }

    @Test
    void trace_auditor_isToldThatTextsWereNotCompared() throws Exception {
        String notCompared = "Contradictions between records and texts were not looked for";

        assertThat(page("auditor", TRACE)).contains(notCompared);
        assertThat(page("officer", TRACE)).doesNotContain(notCompared);
    }

    @Test
    void auditor_seesEveryContentMasked() {
        for (String path :
                List.of(
                        TRACE,
                        "/events?trace=refund%2F2026-11-21%20%231",
                        "/events/" + EventBuilder.id("refund"))) {
            String html = page("auditor", path);
            assertThat(html)
                    .as(path)
                    .doesNotContain("refund API answered")
                    .doesNotContain("it arrived broken")
                    .doesNotContain("user-17")
                    .doesNotContain("8812")
                    .contains("billing-agent");
        }
        assertThat(page("auditor", "/events"))
                .doesNotContain("name=\"text\"")
                .doesNotContain("name=\"user\"");
        assertThat(get("auditor", "/events?text=order").statusCode()).isEqualTo(403);
        assertThat(get("auditor", "/events?user=user-1").statusCode()).isEqualTo(403);
    }

    @Test
    void scopedViewer_seesOnlyTheirAgentsAndIsToldSo() {
        assertThat(page("scoped", "/agents"))
                .contains("support-agent")
                .doesNotContain("billing-agent");
        assertThat(page("scoped", TRACE)).contains("6 events").contains("outside your scope");
        assertThat(get("scoped", "/agents/billing-agent").statusCode()).isEqualTo(404);
        assertThat(get("scoped", "/events/" + EventBuilder.id("refund")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void administrator_readsNoReports() {
        assertThat(page("admin", "/"))
                .contains("No reports for this role")
                .doesNotContain("support-agent");
        for (String path : List.of("/live", "/events", "/agents", "/daily/2026-11-21", TRACE)) {
            assertThat(get("admin", path).statusCode()).as(path).isEqualTo(403);
        }
    }

    @Test
    void reportViews_andReveals_areLoggedOncePerRequest() {
        long before = lastEntry();
        page("officer", TRACE);
        page("officer", "/events?trace=refund%2F2026-11-21%20%231");
        page("auditor", TRACE);
        page("officer", "/live");

        assertThat(newEntries(before))
                .extracting(entry -> entry.username() + " " + entry.action() + " " + entry.target())
                .containsExactlyInAnyOrder(
                        "officer REPORT_VIEWED " + TRACE,
                        "officer CONTENT_REVEALED 10 events",
                        "officer CONTENT_REVEALED 10 events",
                        "auditor REPORT_VIEWED " + TRACE);
    }

    @Test
    void daily_leadsToTheDaysBesideIt() {
        assertThat(page("officer", "/daily/2026-11-20"))
                .contains("href=\"/daily/2026-11-19\"")
                .contains("href=\"/daily/2026-11-21\"");
        assertThat(page("officer", "/daily/2026-11-21"))
                .contains("so far; the day has not ended")
                .doesNotContain("/daily/2026-11-22");
        assertThat(page("officer", "/daily/2001-01-01"))
                .contains("No event was recorded on this day");
        assertThat(get("officer", "/daily").headers().firstValue("Location"))
                .hasValue("/daily/2026-11-21");
        assertThat(get("officer", "/daily/2026-13-41").statusCode()).isEqualTo(400);
    }

    @Test
    void daily_saysWhatNeedsAttentionFirst_andLeadsToItsEvidence() {
        String html = page("officer", "/daily/2026-11-21");

        assertThat(html)
                .contains("id=\"attention\"")
                .contains("was never seen before")
                .contains("href=\"/compliance/checks/")
                .contains("Events per hour");
        assertThat(html.indexOf("id=\"attention\"")).isLessThan(html.indexOf("id=\"checks\""));
    }

    @Test
    void aDay_isSignedOffByAnOfficerAlone_andTheListSaysWhoDid() {
        String comment = "Looked at <b>every</b> failed check; nothing to do.";
        for (String user : List.of("analyst", "auditor")) {
            assertThat(page(user, "/daily/2026-11-18")).doesNotContain("I have examined this day");
        }
        String session = portal.signIn("officer");
        String form =
                portal.get("/daily/2026-11-18", "Cookie", session, "Accept", "text/html").body();
        assertThat(form).contains("I have examined this day");
        String token = TestPortal.csrf(form);

        HttpResponse<String> tooLong =
                portal.postForm(
                        "/daily/2026-11-18/reviews",
                        Map.of("csrf", token, "comment", "x".repeat(2_001)),
                        "Cookie",
                        session);
        assertThat(tooLong.statusCode()).isEqualTo(422);
        assertThat(tooLong.body()).contains("more than 2,000 characters", "x".repeat(2_001));
        assertThat(page("auditor", "/daily/2026-11-18")).contains("Nobody has confirmed");

        HttpResponse<String> signed =
                portal.postForm(
                        "/daily/2026-11-18/reviews",
                        Map.of("csrf", token, "comment", comment),
                        "Cookie",
                        session);
        assertThat(signed.statusCode()).isEqualTo(303);
        assertThat(page("auditor", "/daily/2026-11-18"))
                .contains("Looked at &lt;b&gt;every&lt;/b&gt; failed check; nothing to do.");
        assertThat(page("auditor", "/daily/days"))
                .contains("1 of 30 days are reviewed", "Looked at &lt;b&gt;every&lt;/b&gt;");
    }

    @Test
    void daily_asJson_hasReadableTimesAndEveryMember() {
        HttpResponse<String> answer = get("officer", "/daily/2026-11-21.json");

        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/json");
        assertThat(answer.body())
                .contains("\"date\" : \"2026-11-21\"")
                .contains("\"from\" : \"2026-11-21T00:00:00Z\"")
                .contains("\"reviews\"");
    }

    @Test
    void explorer_pagesThroughEveryEventOnce() {
        Set<String> seen = new LinkedHashSet<>();
        String path = "/events?type=TOOL_CALL";
        String html = page("officer", path);
        while (true) {
            Matcher row = Pattern.compile("href=\"/events/([0-9a-f-]{36})\"").matcher(html);
            while (row.find()) {
                assertThat(seen.add(row.group(1))).as("shown twice").isTrue();
            }
            Matcher older = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"").matcher(html);
            if (!older.find()) {
                break;
            }
            html = page("officer", older.group(1).replace("&amp;", "&"));
        }
        long tools =
                SampleEvents.work(portal.clock.instant(), 10).stream()
                                .filter(e -> e.envelope().type() == EventType.TOOL_CALL)
                                .count()
                        + 2;
        assertThat(seen).hasSize((int) tools);
        assertThat(html).contains("rel=\"prev\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events?from=nonsense",
                "/events?type=NONE",
                "/events?errored=maybe",
                "/events?after=%00%01",
                "/events?from=2026-11-21&to=2026-11-01",
                "/events?outcome=x",
                "/events?agentIds=billing-agent",
                "/agents/code-agent?days=0",
                "/agents/code-agent?from=2026-11-21&to=2026-11-01",
                "/agents/code-agent?days=100000"
            })
    void badInput_isSaidAsSuch(String path) {
        HttpResponse<String> answer = get("officer", path);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("</html>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Show me the audit log|/events",
                "show me the  AUDIT log.|/events",
                "Trace task refund/2026-11-21 #1|/traces/refund%2F2026-11-21%20%231",
                "Trace task unknown|/events?task=unknown",
                "Generate compliance report|/compliance",
                "What did the agent do?|/traces/",
                "Show error summary|/daily/2026-11-21#errors",
                "Audit agent ops/release-manager|/agents/ops%2Frelease-manager",
                "Audit agent [release]|/agents?q=release",
                "Run forensic analysis|/traces/",
                "Export audit data|/events#export",
                "ops/release-manager|/agents/ops%2Frelease-manager",
                "refund/2026-11-21 #1|/traces/refund%2F2026-11-21%20%231",
                "//evil.example/x|/events?text=%2F%2Fevil.example%2Fx",
                "2026-11-20|/daily/2026-11-20",
                "2026-13-41|/events?text=2026-13-41",
                "why did the refund fail?|/events?text=why+did+the+refund+fail%3F",
            })
    void commandBox_understands(String typed, String address) {
        String location =
                get("officer", Links.address("/go", Map.of("q", List.of(typed))))
                        .headers()
                        .firstValue("Location")
                        .orElseThrow();

        assertThat(location).startsWith(address);
        assertThat(get("officer", location.replaceFirst("#.*", "")).statusCode()).isEqualTo(200);
    }

    /// Years and characters that PostgreSQL cannot hold.
    @ParameterizedTest
    @CsvSource({
        "/events?from=-999999999-01-01T00:00Z, 200",
        "/events?to=%2B999999999-12-31T00:00Z, 200",
        "/events?from=-99999-01-01, 200",
        "/agents/%00, 404",
        "/agents/support%00, 404",
        "/traces/%00, 404",
        "/go?q=%00, 303"
    })
    void whatTheDatabaseCannotHold_isNoFailure(String path, int status) {
        assertThat(get("officer", path).statusCode()).isEqualTo(status);
    }

    @Test
    void commandBox_findsAnEventById() {
        String id = EventBuilder.id("refund").toString();

        assertThat(get("officer", "/go?q=" + id).headers().firstValue("Location"))
                .hasValue("/events/" + id);
    }

    @Test
    void commandBox_findsASession() {
        HttpResponse<String> sent =
                portal.postJson(
                        "/log",
                        """
                        {"event_type": "agent_start", "agent_name": "support-agent",
                         "session_id": "session 42/a", "timestamp": "2026-11-20T10:00:00Z"}
                        """,
                        "Authorization",
                        bearer(TestPortal.INGEST_KEY));
        assertThat(sent.body()).contains("\"accepted\":1");

        assertThat(get("officer", "/go?q=session+42%2Fa").headers().firstValue("Location"))
                .hasValue("/sessions/session%2042%2Fa");
    }

    @Test
    void commandBox_saysHowWordsWereUnderstood() {
        for (String user : List.of("officer", "auditor")) {
            String location =
                    get(user, "/go?q=why+did+the+refund+fail%3F")
                            .headers()
                            .firstValue("Location")
                            .orElseThrow();
            assertThat(page(user, location))
                    .contains("What you typed is no known command, date, id or agent");
        }
        assertThat(page("officer", "/events?text=refund")).doesNotContain("What you typed");
    }

    @Test
    void unknownFilter_isNamed() {
        assertThat(get("officer", "/events?agentIds=billing-agent").body())
                .contains("agentIds")
                .contains("is no filter of this page");
    }

    @Test
    void stylesheetAndFonts_areServedToEverybody() {
        for (String path :
                List.of(
                        "/static/app.css",
                        "/static/app.js",
                        "/static/icon.svg",
                        "/static/fonts/inter-latin-wght-normal.woff2")) {
            assertThat(portal.get(path).statusCode()).as(path).isEqualTo(200);
        }
    }
}
