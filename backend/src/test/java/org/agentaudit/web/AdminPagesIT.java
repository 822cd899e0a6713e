package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AccessLogEntry;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Administration: users, keys, access log, redaction, limits and health in the browser.
class AdminPagesIT {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\"[^>]*value=\"([^\"]+)\"");
    private static final Pattern SECRET = Pattern.compile("class=\"secret\"[^>]*>([^<]+)<");
    private static final Viewer ROOT = new Viewer("root", Set.of(Role.ADMIN), List.of());

    private static TestPortal portal;
    private static String root;

    @BeforeAll
    static void start() {
        portal = new TestPortal(Map.of("portal.background", "false"));
        portal.addUser("root", Role.ADMIN);
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        portal.users().add("test", "narrow", PASSWORD, Set.of(Role.AUDITOR), List.of("ops/*"));
        root = signIn("root", PASSWORD);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static String first(Pattern pattern, String html) {
        Matcher field = pattern.matcher(html);
        assertThat(field.find()).as(html).isTrue();
        return field.group(1);
    }

    private static String cookie(HttpResponse<String> answer, String nameEnd) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.replaceFirst("=.*", "").endsWith(nameEnd))
                .findFirst()
                .orElseThrow()
                .replaceFirst(";.*", "");
    }

    private static HttpResponse<String> trySignIn(String name, String password) {
        HttpResponse<String> form = portal.get("/login", "Accept", "text/html");
        return portal.postForm(
                "/login",
                Map.of(
                        "username",
                        name,
                        "password",
                        password,
                        "csrf",
                        first(CSRF, form.body()),
                        "returnTo",
                        "/"),
                "Cookie",
                cookie(form, "portal_sign_in"));
    }

    private static String signIn(String name, String password) {
        return cookie(trySignIn(name, password), "portal_session");
    }

    private static HttpResponse<String> get(String path, String session) {
        return portal.get(path, "Accept", "text/html", "Cookie", session);
    }

    private static HttpResponse<String> post(String path, Map<String, String> fields) {
        Map<String, String> form = new HashMap<>(fields);
        form.put("csrf", first(CSRF, get("/admin/users", root).body()));
        return portal.postForm(path, form, "Cookie", root);
    }

    private static List<String> changes() {
        return portal.bean(AccessLog.class).find(ROOT, AccessLogQuery.newest(1_000)).stream()
                .map(AccessLogEntry::target)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void user_isAddedChangedDisabledAndEnabled_withEveryStepInTheLog() {
        HttpResponse<String> short_ =
                post(
                        "/admin/users",
                        Map.of("username", "Zoe", "password", "short", "roles", "AUDITOR"));
        assertThat(short_.statusCode()).isEqualTo(400);
        assertThat(short_.body())
                .contains("id=\"password-problem\"", "8 to 256 characters", "value=\"Zoe\"")
                .doesNotContain("\"short\"");
        assertThat(post("/admin/users", Map.of("username", "zoe")).body())
                .contains("at least one role");

        HttpResponse<String> made =
                post(
                        "/admin/users",
                        Map.of(
                                "username",
                                "zoe",
                                "roles",
                                "AUDITOR",
                                "agentScope",
                                "ops/*\r\nqa/*"));
        String password = first(SECRET, made.body());
        assertThat(made.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(get("/admin/users", root).body())
                .contains("ops/*, qa/*")
                .doesNotContain(password);
        assertThat(trySignIn("zoe", password).statusCode()).isEqualTo(303);
        assertThat(get("/admin/users/zoe", root).body())
                .contains("last signed in 2026-11-21")
                .doesNotContain("argon2");

        assertThat(post("/admin/users/zoe/roles", Map.of("roles", "SECURITY_ANALYST")).statusCode())
                .isEqualTo(303);
        assertThat(post("/admin/users/zoe/disable", Map.of()).statusCode()).isEqualTo(303);
        assertThat(trySignIn("zoe", password).statusCode()).isEqualTo(401);
        assertThat(post("/admin/users/zoe/enable", Map.of()).statusCode()).isEqualTo(303);
        String another = first(SECRET, post("/admin/users/zoe/password", Map.of()).body());
        assertThat(trySignIn("zoe", password).statusCode()).isEqualTo(401);
        assertThat(trySignIn("zoe", another).statusCode()).isEqualTo(303);

        assertThat(changes())
                .contains(
                        "user added: zoe (AUDITOR; ops/*, qa/*)",
                        "roles changed: zoe (SECURITY_ANALYST; all agents), was zoe (AUDITOR; ops/*,"
                                + " qa/*)",
                        "user disabled: zoe",
                        "user enabled: zoe",
                        "password changed: zoe")
                .noneMatch(target -> target.contains(another));
        assertThat(get("/admin/users/nobody", root).statusCode()).isEqualTo(404);
    }

    @Test
    void lastAdministrator_canNeitherBeDisabledNorLoseTheRole() {
        portal.users()
                .list()
                .forEach(
                        user -> {
                            if (user.roles().contains(Role.ADMIN)
                                    && !user.disabled()
                                    && !user.username().equals("root")) {
                                portal.users().disable("test", user.username());
                            }
                        });
        HttpResponse<String> disabled = post("/admin/users/root/disable", Map.of());
        assertThat(disabled.statusCode()).isEqualTo(400);
        assertThat(disabled.body()).contains("root is the only administrator");
        assertThat(post("/admin/users/root/roles", Map.of("roles", "AUDITOR")).body())
                .contains("root is the only administrator");
        assertThat(get("/admin", root).statusCode()).isEqualTo(200);
    }

    @Test
    void form_withoutItsToken_isRefused() {
        for (String path :
                List.of(
                        "/admin/users",
                        "/admin/users/officer/disable",
                        "/admin/keys",
                        "/admin/keys/revoke",
                        "/admin/redaction")) {
            assertThat(portal.postForm(path, Map.of("name", "x"), "Cookie", root).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void key_isShownOnce_works_andIsRevoked() {
        assertThat(
                        post(
                                        "/admin/keys",
                                        Map.of(
                                                "name",
                                                "ci",
                                                "role",
                                                "INGESTOR",
                                                "expires",
                                                "2020-01-01"))
                                .body())
                .contains("id=\"expires-problem\"", "value=\"ci\"");
        HttpResponse<String> made =
                post(
                        "/admin/keys",
                        Map.of("name", "ci", "role", "INGESTOR", "expires", "2026-12-31"));
        String key = first(SECRET, made.body());
        assertThat(get("/admin/keys", root).body())
                .contains(key.substring(0, 12))
                .doesNotContain(key);
        assertThat(post("/admin/keys", Map.of("name", "ci", "role", "INGESTOR")).body())
                .contains("already an API key ci");
        String event =
                "{\"event_type\":\"agent.decision\",\"agent_name\":\"ops/a\",\"action\":\"x\"}";
        assertThat(portal.postJson("/log", event, "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(200);

        assertThat(
                        post("/admin/keys/revoke", Map.of("name", "ci"))
                                .headers()
                                .firstValue("Location"))
                .contains("/admin/keys?note=revoked");
        assertThat(
                        post("/admin/keys/revoke", Map.of("name", "ci"))
                                .headers()
                                .firstValue("Location"))
                .contains("/admin/keys?note=gone");
        assertThat(portal.postJson("/log", event, "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(401);
        assertThat(changes()).contains("API key created: ci (INGESTOR)", "API key revoked: ci");
    }

    @Test
    void accessLog_isFiltered_paged_andExportedSafely() {
        AccessLog log = portal.bean(AccessLog.class);
        Viewer formula = new Viewer("=1+1", Set.of(Role.AUDITOR), List.of());
        for (int i = 0; i < 60; i++) {
            log.record(
                    formula,
                    org.agentaudit.access.AccessAction.REPORT_VIEWED,
                    "/daily/<b>" + i,
                    "+why");
        }
        String officer = signIn("officer", PASSWORD);
        HttpResponse<String> page =
                get("/admin/access-log?user=%3D1%2B1&action=REPORT_VIEWED&target=DAILY", officer);
        assertThat(page.body())
                .contains("/daily/&lt;b&gt;59", "rel=\"next\"")
                .doesNotContain("/daily/&lt;b&gt;9<", "<b>59", "href=\"/admin/users\"");
        String next =
                first(Pattern.compile("rel=\"next\" href=\"([^\"]+)\""), page.body())
                        .replace("&amp;", "&");
        assertThat(get(next, officer).body())
                .contains("/daily/&lt;b&gt;9<")
                .doesNotContain("b&gt;59");
        assertThat(get("/admin/access-log?from=2026-11-22&to=2026-11-21", officer).statusCode())
                .isEqualTo(400);
        assertThat(get("/admin/access-log?action=NONE", officer).statusCode()).isEqualTo(400);
        assertThat(get("/admin/access-log?user=%3D1%2B1&from=2026-11-22", officer).body())
                .contains("No entry matches");

        HttpResponse<String> csv = get("/admin/access-log.csv?user=%3D1%2B1", officer);
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"access-log.csv\"");
        assertThat(csv.body().lines()).hasSize(61);
        assertThat(csv.body()).contains(",'=1+1,REPORT_VIEWED,/daily/<b>59,'+why,");
        assertThat(changes()).contains("/admin/access-log.csv?user=%3D1%2B1");

        String narrow = signIn("narrow", PASSWORD);
        assertThat(get("/admin/access-log", narrow).body())
                .contains("[MASKED]")
                .doesNotContain("/daily/&lt;b&gt;59");
        assertThat(get("/admin/access-log?target=daily", narrow).statusCode()).isEqualTo(403);
    }

    @Test
    void redactionTester_saysWhatGoes_andKeepsNothing() {
        int before = changes().size();
        String secret = "AKIAIOSFODNN7EXAMPLQ";
        HttpResponse<String> json =
                post(
                        "/admin/redaction",
                        Map.of("text", "{\"db_password\":\"hunter22!x\",\"a\":1}"));
        assertThat(json.body())
                .contains("/db_password", "1 value would be replaced", "Read as JSON");
        HttpResponse<String> text =
                post("/admin/redaction", Map.of("text", "key " + secret + " <script>x</script>"));
        assertThat(text.body())
                .contains("Read as plain text", "&lt;script&gt;")
                .doesNotContain("<script>x");
        assertThat(post("/admin/redaction", Map.of("text", " ")).statusCode()).isEqualTo(400);
        assertThat(changes()).hasSize(before);
    }

    @Test
    void overviewLimitsAndSystem_tellTheStateOfThePortal() {
        assertThat(get("/admin", root).body()).contains("/admin/users", "/admin/system");
        assertThat(get("/admin/limits", root).body())
                .contains("PORTAL_LIMIT_ERROR_RATE_FAIL", "Human escalation rate");
        assertThat(get("/admin/system", root).body())
                .contains("PostgreSQL")
                .containsPattern("2026\\d{8}");
    }
}
