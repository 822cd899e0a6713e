package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.PASSWORD;
import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BrowserSignInIT {
    private static final String[] BROWSER = {
        "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    };

    private static TestPortal portal;

    @BeforeAll
    static void start() {
        portal = new TestPortal();
        portal.addUser("olga", Role.AUDITOR);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    /// What a browser holds of the sign-in form.
    private record Form(String cookie, String csrf) {}

    private static Form signInForm(TestPortal portal) {
        HttpResponse<String> page = portal.get("/login", BROWSER);
        assertThat(page.statusCode()).isEqualTo(200);
        return new Form(cookie(page, "portal_sign_in"), csrf(page.body()));
    }

    private static HttpResponse<String> signIn(
            TestPortal portal, String username, String password, String returnTo) {
        Form form = signInForm(portal);
        return portal.postForm(
                "/login",
                Map.of(
                        "username",
                        username,
                        "password",
                        password,
                        "csrf",
                        form.csrf(),
                        "returnTo",
                        returnTo),
                "Cookie",
                form.cookie());
    }

    private static String session() {
        HttpResponse<String> answer = signIn(portal, "olga", PASSWORD, "/");
        assertThat(answer.statusCode()).isEqualTo(303);
        return cookie(answer, "portal_session");
    }

    /// `name=value` of the cookie whose name ends like this.
    private static String cookie(HttpResponse<String> answer, String nameEnd) {
        return setCookie(answer, nameEnd).replaceFirst(";.*", "");
    }

    private static String setCookie(HttpResponse<String> answer, String nameEnd) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.replaceFirst("=.*", "").endsWith(nameEnd))
                .findFirst()
                .orElseThrow();
    }

    private static String csrf(String html) {
        Matcher field = Pattern.compile("name=\"csrf\"[^>]*value=\"([^\"]+)\"").matcher(html);
        assertThat(field.find()).as(html).isTrue();
        return field.group(1);
    }

    /// 404 for a viewer, 303 to the sign-in for nobody.
    private static boolean isSignedIn(String cookie, String... headers) {
        String[] all = concat(concat(BROWSER, "Cookie", cookie), headers);
        int status = portal.get("/no-such-page", all).statusCode();
        assertThat(status).isIn(404, 303);
        return status == 404;
    }

    private static String[] concat(String[] first, String... second) {
        return Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Test
    void page_withoutViewer_sendsToSignInAndBack() {
        HttpResponse<String> away =
                portal.get("/agents/ops%2Frelease-manager?from=1&to=2", BROWSER);

        assertThat(away.statusCode()).isEqualTo(303);
        assertThat(away.headers().firstValue("Location"))
                .contains(
                        "/login?returnTo=%2Fagents%2Fops%252Frelease-manager%3Ffrom%3D1%26to%3D2");

        HttpResponse<String> form =
                portal.get(away.headers().firstValue("Location").orElseThrow(), BROWSER);
        assertThat(form.body()).contains("value=\"/agents/ops%2Frelease-manager?from=1&amp;to=2\"");

        HttpResponse<String> back =
                signIn(portal, "olga", PASSWORD, "/agents/ops%2Frelease-manager?from=1&to=2");
        assertThat(back.statusCode()).isEqualTo(303);
        assertThat(back.headers().firstValue("Location"))
                .contains("/agents/ops%2Frelease-manager?from=1&to=2");
    }

    @Test
    void returnTo_neverLeavesThePortal() {
        for (String bad :
                List.of(
                        "https://evil.example/",
                        "//evil.example/",
                        "/\\evil.example/",
                        "\\\\evil.example",
                        "/\t/evil.example",
                        "/\n/evil.example",
                        "javascript:alert(1)",
                        "evil.example",
                        "",
                        " /x",
                        "/login",
                        "/logout",
                        "/é")) {
            HttpResponse<String> answer = signIn(portal, "olga", PASSWORD, bad);
            assertThat(answer.statusCode()).as(bad).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).as(bad).contains("/");
        }
    }

    @Test
    void cookie_isHttpOnlyAndSameSite() {
        String cookie = setCookie(signIn(portal, "olga", PASSWORD, "/"), "portal_session");

        assertThat(cookie)
                .startsWith("portal_session=")
                .contains("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200")
                .doesNotContain("Secure", "Domain");
    }

    @Test
    void cookie_behindTls_isSecureWithHostPrefix() {
        try (TestPortal behindTls =
                new TestPortal(Map.of("portal.public-url", "https://audit.example"))) {
            behindTls.addUser("olga", Role.AUDITOR);
            HttpResponse<String> answer = signIn(behindTls, "olga", PASSWORD, "/");

            String cookie = setCookie(answer, "portal_session");
            assertThat(cookie)
                    .startsWith("__Host-portal_session=")
                    .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/")
                    .doesNotContain("Domain");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();

            String session = cookie.replaceFirst(";.*", "");
            assertThat(behindTls.get("/none", concat(BROWSER, "Cookie", session)).statusCode())
                    .isEqualTo(404);
            String planted = session.replace("__Host-", "");
            assertThat(behindTls.get("/none", concat(BROWSER, "Cookie", planted)).statusCode())
                    .isEqualTo(303);
        }
    }

    @Test
    void signIn_withoutFormToken_isRefused() {
        Form form = signInForm(portal);
        Map<String, String> right =
                Map.of("username", "olga", "password", PASSWORD, "csrf", form.csrf());

        assertThat(portal.postForm("/login", right).statusCode()).isEqualTo(403);
        assertThat(
                        portal.postForm(
                                        "/login",
                                        Map.of("username", "olga", "password", PASSWORD),
                                        "Cookie",
                                        form.cookie())
                                .statusCode())
                .isEqualTo(403);
        assertThat(
                        portal.postForm("/login", right, "Cookie", signInForm(portal).cookie())
                                .statusCode())
                .isEqualTo(403);
        assertThat(portal.postForm("/login", right, "Cookie", form.cookie()).statusCode())
                .isEqualTo(303);
    }

    @Test
    void signIn_wrongPassword_showsTheFormAgain() {
        HttpResponse<String> answer = signIn(portal, "<b>olga", "wrong password", "/");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .contains("password is wrong")
                .contains("&lt;b&gt;olga")
                .doesNotContain("<b>olga")
                .doesNotContain("wrong password\"");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
    }

    @Test
    void signOut_needsTheFormTokenOfThisSession_andBitesAtOnce() {
        String mine = session();
        String other = session();
        String errorPage = portal.get("/no-such-page", concat(BROWSER, "Cookie", mine)).body();
        String otherPage = portal.get("/no-such-page", concat(BROWSER, "Cookie", other)).body();

        assertThat(portal.postForm("/logout", Map.of("csrf", ""), "Cookie", mine).statusCode())
                .isEqualTo(403);
        assertThat(
                        portal.postForm("/logout", Map.of("csrf", csrf(otherPage)), "Cookie", mine)
                                .statusCode())
                .isEqualTo(403);
        assertThat(isSignedIn(mine)).isTrue();

        HttpResponse<String> answer =
                portal.postForm("/logout", Map.of("csrf", csrf(errorPage)), "Cookie", mine);

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(setCookie(answer, "portal_session")).contains("Max-Age=0");
        assertThat(isSignedIn(mine)).isFalse();
        assertThat(isSignedIn(other)).isTrue();
    }

    @Test
    void cookie_onForeignRequests_isNotLookedAt() {
        String cookie = session();

        assertThat(isSignedIn(cookie)).isTrue();
        assertThat(isSignedIn(cookie, "Sec-Fetch-Site", "same-origin")).isTrue();
        assertThat(isSignedIn(cookie, "Sec-Fetch-Site", "none")).isTrue();
        assertThat(
                        isSignedIn(
                                cookie,
                                "Sec-Fetch-Site",
                                "cross-site",
                                "Sec-Fetch-Mode",
                                "navigate",
                                "Sec-Fetch-Dest",
                                "document"))
                .as("a link in a mail")
                .isTrue();
        assertThat(isSignedIn(cookie, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"))
                .isFalse();
        assertThat(isSignedIn(cookie, "Sec-Fetch-Site", "same-site")).isFalse();
        assertThat(
                        portal.get(
                                        "/no-such-page",
                                        concat(
                                                BROWSER,
                                                "Cookie",
                                                cookie,
                                                "Origin",
                                                "https://evil.example"))
                                .statusCode())
                .as("the server itself refuses foreign origins while it listens on localhost")
                .isEqualTo(403);
        assertThat(isSignedIn(cookie, "Origin", "http://localhost:" + portal.server.getPort()))
                .isTrue();
    }

    @Test
    void graphql_crossSiteNavigation_doesNotCarryTheCookie() {
        HttpResponse<String> answer =
                portal.get(
                        "/graphql?query=%7Bme%7Busername%7D%7D",
                        concat(
                                BROWSER,
                                "Cookie",
                                session(),
                                "Sec-Fetch-Site",
                                "cross-site",
                                "Sec-Fetch-Mode",
                                "navigate",
                                "Sec-Fetch-Dest",
                                "document"));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void badBearer_neverFallsBackToTheCookie() {
        HttpResponse<String> answer =
                portal.get(
                        "/no-such-page",
                        "Cookie",
                        session(),
                        "Authorization",
                        bearer("not-a-token"),
                        "Accept",
                        "text/html");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer error=\"invalid_token\"");
    }

    @Test
    void credentials_areNotInterchangeable() {
        String secretOfCookie = session().replaceFirst(".*?=", "");
        assertThat(portal.get("/none", "Authorization", bearer(secretOfCookie)).statusCode())
                .isEqualTo(401);
        assertThat(isSignedIn("portal_session=" + portal.token("olga"))).isFalse();
        assertThat(isSignedIn("portal_session=" + TestPortal.INGEST_KEY)).isFalse();
    }

    @Test
    void everyAnswer_carriesSecurityHeaders() {
        List<HttpResponse<String>> answers =
                List.of(
                        portal.get("/login", BROWSER),
                        portal.get("/no-such-page"),
                        portal.get("/no-such-page", "Cookie", session()),
                        portal.get("/static/no-such-file.css"),
                        portal.get("/api/login", "Cookie", session()),
                        portal.get("/health"),
                        portal.postJson("/api/login", "{"));
        for (HttpResponse<String> answer : answers) {
            String what = answer.request().uri() + " " + answer.statusCode();
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(what)
                    .contains("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'");
            assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                    .as(what)
                    .contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy"))
                    .as(what)
                    .contains("same-origin");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).as(what).isEmpty();
        }
    }

    @Test
    void errors_areProblemsForProgramsAndPagesForBrowsers() {
        String cookie = session();
        HttpResponse<String> page = portal.get("/no-such-page", concat(BROWSER, "Cookie", cookie));
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.body()).contains("Not Found", "There is nothing at this address.");

        HttpResponse<String> problem = portal.get("/no-such-page", "Cookie", cookie);
        assertThat(problem.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(problem.body())
                .isEqualTo(
                        "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"There is nothing at"
                                + " this address.\"}");

        HttpResponse<String> wrongMethod =
                portal.send(
                        portal.request("/api/login")
                                .header("Cookie", cookie)
                                .PUT(BodyPublishers.ofString("{}")));
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
        assertThat(wrongMethod.body()).contains("\"status\":405", "PUT");
    }

    @Test
    void trace_isOff() {
        HttpResponse<String> answer =
                portal.send(
                        portal.request("/login")
                                .header("Cookie", session())
                                .method("TRACE", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isIn(404, 405);
        assertThat(answer.body()).doesNotContain("portal_session");
    }

    @Test
    void health_isOpenWithoutDetails() {
        for (String path : List.of("/health", "/health/liveness", "/health/readiness")) {
            HttpResponse<String> answer = portal.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).isEqualTo("{\"status\":\"UP\"}");
        }
    }
}
