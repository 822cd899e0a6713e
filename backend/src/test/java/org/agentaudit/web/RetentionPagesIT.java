package org.agentaudit.web;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
import org.agentaudit.retention.Expiry;
import org.agentaudit.store.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The administrator's page of retention, its forms, and what others see of holds and removed
/// content.
class RetentionPagesIT {
    private static final String PATH = "/admin/retention";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\"[^>]*value=\"([^\"]+)\"");
    private static final Instant OLD = Instant.parse("2026-09-01T00:00:00Z");

    private static TestPortal portal;

    @BeforeAll
    static void start() throws Exception {
        portal =
                new TestPortal(
                        Map.of("portal.retention.automatic", "true", "portal.background", "false"));
        portal.addUser("root", Role.ADMIN);
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.bean(EventStore.class)
                .append(
                        SampleEvents.stored(
                                List.of(
                                        event("gone", OLD, EventType.TOOL_CALL, "ops/a", "act")
                                                .trace("gone")
                                                .build(),
                                        event("kept", OLD, EventType.DECISION, "ops/b", "act")
                                                .trace("kept")
                                                .params("{\"who\":\"ann\"}")
                                                .build())),
                        List.of())
                .get();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static String csrf(String html) {
        Matcher field = CSRF.matcher(html);
        assertThat(field.find()).isTrue();
        return field.group(1);
    }

    private static String cookie(HttpResponse<String> answer, String nameEnd) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.replaceFirst("=.*", "").endsWith(nameEnd))
                .findFirst()
                .orElseThrow()
                .replaceFirst(";.*", "");
    }

    private static String signIn(String name) {
        HttpResponse<String> form = portal.get("/login", "Accept", "text/html");
        return cookie(
                portal.postForm(
                        "/login",
                        Map.of(
                                "username",
                                name,
                                "password",
                                TestPortal.PASSWORD,
                                "csrf",
                                csrf(form.body())),
                        "Cookie",
                        cookie(form, "portal_sign_in")),
                "portal_session");
    }

    private static HttpResponse<String> get(String session, String path) {
        return portal.get(path, "Cookie", session, "Accept", "text/html");
    }

    private static String expiresOn(String name) {
        return portal.postJson(
                        "/graphql",
                        "{\"query\":\"{ event(id: \\\""
                                + EventBuilder.id(name)
                                + "\\\") { expiresOn } }\"}",
                        "Authorization",
                        TestPortal.bearer(portal.token("officer")))
                .body();
    }

    @Test
    void page_fromEmptyToHeldAndRemoved() {
        String admin = signIn("root");
        String page = get(admin, PATH).body();
        assertThat(page)
                .contains("No run yet")
                .contains("No hold was ever placed")
                .contains("Nothing was removed yet")
                .contains("Tier critical")
                .contains("href=\"" + PATH + "\" aria-current=\"page\"");
        assertThat(get(admin, PATH + "?on=2026-11-21").body())
                .contains("1 event")
                .contains("2026-09")
                .doesNotContain("ops/a");
        assertThat(expiresOn("kept")).contains("\"2027-09-01\"");

        Map<String, String> hold =
                Map.of("kind", "agent", "target", "ops/b", "reason", "case <b>9</b>");
        assertThat(portal.postForm(PATH + "/holds", hold, "Cookie", admin).statusCode())
                .isEqualTo(403);
        Map<String, String> form = new java.util.HashMap<>(hold);
        form.put("csrf", csrf(page));
        HttpResponse<String> placed = portal.postForm(PATH + "/holds", form, "Cookie", admin);
        assertThat(placed.statusCode()).isEqualTo(303);
        assertThat(get(admin, PATH).body())
                .contains("agent ops/b")
                .contains("case &lt;b&gt;9&lt;/b&gt;")
                .contains("/admin/retention/holds/1/release");
        assertThat(expiresOn("kept")).contains("\"expiresOn\":null");
        form.put("reason", " ");
        HttpResponse<String> refused = portal.postForm(PATH + "/holds", form, "Cookie", admin);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("Say why");

        portal.bean(Expiry.class).run(null, progress -> {});
        assertThat(get(admin, PATH).body())
                .contains("left nothing that has expired: 1 event")
                .contains("event-expiry");
        form.put("reason", "case closed");
        assertThat(portal.postForm(PATH + "/holds/1/release", form, "Cookie", admin).statusCode())
                .isEqualTo(303);
        assertThat(portal.postForm(PATH + "/holds/1/release", form, "Cookie", admin).statusCode())
                .isEqualTo(400);
        assertThat(get(admin, PATH).body()).contains("case closed");
        portal.bean(Expiry.class).run(null, progress -> {});
        String officer = signIn("officer");
        assertThat(get(officer, "/events/" + EventBuilder.id("kept")).body())
                .contains("The content of this event was removed 2026-11-21")
                .contains("content older than 30 days");
        assertThat(get(officer, PATH).statusCode()).isEqualTo(403);
        assertThat(
                        portal
                                .bean(AccessLog.class)
                                .find(
                                        new Viewer("root", java.util.Set.of(Role.ADMIN), List.of()),
                                        AccessLogQuery.newest(50))
                                .stream()
                                .filter(entry -> entry.action() == AccessAction.SETTINGS_CHANGED)
                                .filter(entry -> entry.username().equals("root"))
                                .map(AccessLogEntry::target))
                .containsExactly("hold 1 released: agent ops/b", "hold 1 placed: agent ops/b");
    }

    @Test
    void wrongAddress_isSaidInWords() {
        String admin = signIn("root");
        assertThat(get(admin, PATH + "?on=tomorrow").statusCode()).isEqualTo(400);
        assertThat(get(admin, PATH + "?on=tomorrow").body()).contains("2027-01-31");
    }
}
