package org.agentaudit.web;

import static org.agentaudit.web.AccessMatrixIT.Who.ADMIN;
import static org.agentaudit.web.AccessMatrixIT.Who.ANALYST;
import static org.agentaudit.web.AccessMatrixIT.Who.AUDITOR;
import static org.agentaudit.web.AccessMatrixIT.Who.INGESTOR;
import static org.agentaudit.web.AccessMatrixIT.Who.NOBODY;
import static org.agentaudit.web.AccessMatrixIT.Who.OFFICER;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.agentaudit.access.ApiKeys;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

/// The table of `contract/access.md` against every route of the running portal. A new route needs
/// an entry here.
class AccessMatrixIT {
    enum Who {
        NOBODY,
        ADMIN,
        OFFICER,
        ANALYST,
        AUDITOR,
        INGESTOR
    }

    private static final Set<Who> EVERYBODY = EnumSet.allOf(Who.class);
    private static final Set<Who> VIEWERS = EnumSet.complementOf(EnumSet.of(NOBODY));
    private static final Set<Who> READERS = EnumSet.of(OFFICER, ANALYST, AUDITOR);
    private static final Set<Who> INVESTIGATORS = EnumSet.of(OFFICER, ANALYST);
    private static final Set<Who> ANALYSTS = EnumSet.of(ANALYST);
    private static final Set<Who> PRODUCERS = EnumSet.of(INGESTOR);
    private static final Set<Who> LOG_READERS = EnumSet.of(ADMIN, OFFICER, AUDITOR);
    private static final Set<Who> ADMINISTRATORS = EnumSet.of(ADMIN);
    private static final Set<Who> SUBSCRIBERS = EnumSet.of(ADMIN, OFFICER);

    /// Who may call what; everybody else is answered 401 (nobody) or 403 (a viewer).
    private static final Map<String, Set<Who>> MAY_CALL =
            Map.ofEntries(
                    Map.entry("GET /login", EVERYBODY),
                    Map.entry("POST /login", EVERYBODY),
                    Map.entry("POST /logout", VIEWERS),
                    Map.entry("POST /api/login", EVERYBODY),
                    Map.entry("POST /api/refresh", EVERYBODY),
                    Map.entry("POST /api/logout", VIEWERS),
                    Map.entry("GET /health", EVERYBODY),
                    Map.entry("GET /health/{selector}", EVERYBODY),
                    Map.entry("POST /log", PRODUCERS),
                    Map.entry("POST /api/events", PRODUCERS),
                    Map.entry("POST /hooks/claude-code", PRODUCERS),
                    Map.entry("POST /v1/traces", PRODUCERS),
                    Map.entry("POST /v1/logs", PRODUCERS),
                    Map.entry("POST /v1/metrics", PRODUCERS),
                    Map.entry("GET /graphql", VIEWERS),
                    Map.entry("POST /graphql", VIEWERS),
                    Map.entry("GET /graphiql", VIEWERS),
                    // a browser shows who it is in its first message
                    Map.entry("GET /graphql-ws", EVERYBODY),
                    Map.entry("GET /openapi", VIEWERS),
                    Map.entry("GET /", VIEWERS),
                    Map.entry("GET /live", READERS),
                    Map.entry("GET /go", READERS),
                    Map.entry("GET /daily", READERS),
                    Map.entry("GET /daily/{date}", READERS),
                    Map.entry("GET /daily/days", READERS),
                    Map.entry("POST /daily/{date}/reviews", EnumSet.of(OFFICER)),
                    Map.entry("GET /daily/{date}.json", READERS),
                    Map.entry("GET /daily/{date}.csv", READERS),
                    Map.entry("GET /agents", READERS),
                    Map.entry("GET /agents/{id}", READERS),
                    Map.entry("GET /findings", READERS),
                    Map.entry("GET /findings.json", READERS),
                    Map.entry("GET /findings.csv", READERS),
                    Map.entry("GET /events", READERS),
                    Map.entry("POST /events/saved", READERS),
                    Map.entry("POST /events/saved/{id}", READERS),
                    Map.entry("POST /events/saved/{id}/delete", READERS),
                    Map.entry("GET /events.csv", READERS),
                    Map.entry("GET /events.jsonl", READERS),
                    Map.entry("GET /events.ocsf.jsonl", READERS),
                    Map.entry("GET /admin/quarantine", ADMINISTRATORS),
                    Map.entry("GET /admin/quarantine/{id}", ADMINISTRATORS),
                    Map.entry("POST /admin/quarantine/{id}/body", ADMINISTRATORS),
                    Map.entry("POST /admin/quarantine/{id}/retry", ADMINISTRATORS),
                    Map.entry("POST /admin/quarantine/{id}/delete", ADMINISTRATORS),
                    Map.entry("POST /admin/quarantine/retry", ADMINISTRATORS),
                    Map.entry("POST /admin/quarantine/delete", ADMINISTRATORS),
                    Map.entry("GET /admin/destinations", ADMINISTRATORS),
                    Map.entry("GET /incidents", READERS),
                    Map.entry("POST /incidents", INVESTIGATORS),
                    Map.entry("GET /incidents/open", INVESTIGATORS),
                    Map.entry("GET /incidents/{id}", READERS),
                    Map.entry("GET /incidents/{id}.pdf", READERS),
                    Map.entry("GET /incidents/{id}.json", READERS),
                    Map.entry("GET /incidents/{id}.csv", READERS),
                    Map.entry("POST /incidents/{id}", INVESTIGATORS),
                    Map.entry("GET /alerts", READERS),
                    Map.entry("GET /alerts/{id}", READERS),
                    Map.entry("POST /alerts/{id}/acknowledge", INVESTIGATORS),
                    Map.entry("GET /alerts/rules", ANALYSTS),
                    Map.entry("POST /alerts/rules", ANALYSTS),
                    Map.entry("GET /alerts/rules/new", ANALYSTS),
                    Map.entry("GET /alerts/rules/{id}", ANALYSTS),
                    Map.entry("POST /alerts/rules/dry-run", ANALYSTS),
                    Map.entry("POST /alerts/rules/{id}/enabled", ANALYSTS),
                    Map.entry("POST /alerts/rules/{id}/delete", ANALYSTS),
                    Map.entry("GET /admin", ADMINISTRATORS),
                    Map.entry("GET /admin/users", ADMINISTRATORS),
                    Map.entry("POST /admin/users", ADMINISTRATORS),
                    Map.entry("GET /admin/users/{name}", ADMINISTRATORS),
                    Map.entry("POST /admin/users/{name}/roles", ADMINISTRATORS),
                    Map.entry("POST /admin/users/{name}/password", ADMINISTRATORS),
                    Map.entry("POST /admin/users/{name}/disable", ADMINISTRATORS),
                    Map.entry("POST /admin/users/{name}/enable", ADMINISTRATORS),
                    Map.entry("GET /admin/keys", ADMINISTRATORS),
                    Map.entry("POST /admin/keys", ADMINISTRATORS),
                    Map.entry("POST /admin/keys/revoke", ADMINISTRATORS),
                    Map.entry("GET /admin/redaction", ADMINISTRATORS),
                    Map.entry("POST /admin/redaction", ADMINISTRATORS),
                    Map.entry("GET /admin/limits", ADMINISTRATORS),
                    Map.entry("GET /admin/system", ADMINISTRATORS),
                    Map.entry("GET /admin/access-log", LOG_READERS),
                    Map.entry("GET /admin/access-log.csv", LOG_READERS),
                    Map.entry("GET /events/{id}", READERS),
                    Map.entry("GET /admin/retention", ADMINISTRATORS),
                    Map.entry("POST /admin/retention/holds", ADMINISTRATORS),
                    Map.entry("POST /admin/retention/holds/{id}/release", ADMINISTRATORS),
                    Map.entry("GET /costs", READERS),
                    Map.entry("GET /costs.json", READERS),
                    Map.entry("GET /costs.csv", READERS),
                    Map.entry("GET /agents/{id}.json", READERS),
                    Map.entry("GET /agents/{id}.csv", READERS),
                    Map.entry("GET /compliance", READERS),
                    Map.entry("GET /compliance/checks/{id}", READERS),
                    Map.entry("GET /compliance/frameworks/{id}", READERS),
                    Map.entry("GET /compliance.json", READERS),
                    Map.entry("GET /compliance.csv", READERS),
                    Map.entry("GET /compliance.oscal.json", READERS),
                    Map.entry("GET /subscriptions", SUBSCRIBERS),
                    Map.entry("GET /subscriptions/new", SUBSCRIBERS),
                    Map.entry("GET /subscriptions/{id}", SUBSCRIBERS),
                    Map.entry("POST /subscriptions", SUBSCRIBERS),
                    Map.entry("POST /subscriptions/{id}", SUBSCRIBERS),
                    Map.entry("POST /subscriptions/{id}/pause", SUBSCRIBERS),
                    Map.entry("POST /subscriptions/{id}/delete", SUBSCRIBERS),
                    Map.entry("POST /subscriptions/{id}/send", SUBSCRIBERS),
                    // shows a report, which an administrator reads none of
                    Map.entry("GET /subscriptions/{id}/preview", EnumSet.of(OFFICER)),
                    Map.entry("GET /subscriptions/{id}/preview.html", EnumSet.of(OFFICER)),
                    Map.entry("GET /deliveries", SUBSCRIBERS),
                    Map.entry("POST /deliveries/{id}/retry", SUBSCRIBERS),
                    Map.entry("GET /admin/mail", ADMINISTRATORS),
                    Map.entry("POST /admin/mail/{id}/retry", ADMINISTRATORS),
                    Map.entry("GET /unsubscribe/{token}", EVERYBODY),
                    Map.entry("POST /unsubscribe/{token}", EVERYBODY),
                    Map.entry("GET /traces/{id}", READERS),
                    Map.entry("GET /traces/{id}/events", READERS),
                    Map.entry("POST /traces/{id}/incidents", EnumSet.of(OFFICER, ANALYST)),
                    Map.entry("GET /sessions", READERS),
                    Map.entry("GET /sessions/{id}", READERS),
                    Map.entry("GET /traces/{id}.pdf", READERS),
                    Map.entry("GET /daily/{date}.pdf", READERS),
                    Map.entry("GET /compliance.pdf", READERS),
                    Map.entry("GET /agents/{id}.pdf", READERS),
                    Map.entry("GET /traces/{id}.csv", READERS),
                    Map.entry("GET /traces/{id}.json", READERS));

    /// Routes where a viewer who may call them is answered 403 for another reason: these take a
    /// browser's form or an access token and are called here with neither.
    private static final Set<String> REFUSED_LATER =
            Set.of(
                    "POST /logout",
                    "POST /api/logout",
                    "POST /incidents",
                    "POST /incidents/{id}",
                    "POST /alerts/{id}/acknowledge",
                    "POST /alerts/rules",
                    "POST /alerts/rules/dry-run",
                    "POST /alerts/rules/{id}/enabled",
                    "POST /alerts/rules/{id}/delete",
                    "POST /traces/{id}/incidents",
                    "POST /admin/users",
                    "POST /admin/users/{name}/roles",
                    "POST /admin/users/{name}/password",
                    "POST /admin/users/{name}/disable",
                    "POST /admin/users/{name}/enable",
                    "POST /admin/keys",
                    "POST /admin/keys/revoke",
                    "POST /admin/redaction",
                    "POST /events/saved",
                    "POST /events/saved/{id}",
                    "POST /events/saved/{id}/delete",
                    "POST /daily/{date}/reviews",
                    "POST /admin/retention/holds",
                    "POST /admin/retention/holds/{id}/release",
                    "POST /subscriptions",
                    "POST /subscriptions/{id}",
                    "POST /subscriptions/{id}/pause",
                    "POST /subscriptions/{id}/delete",
                    "POST /subscriptions/{id}/send",
                    "POST /deliveries/{id}/retry",
                    "POST /admin/mail/{id}/retry",
                    "POST /admin/quarantine/{id}/body",
                    "POST /admin/quarantine/{id}/retry",
                    "POST /admin/quarantine/{id}/delete",
                    "POST /admin/quarantine/retry",
                    "POST /admin/quarantine/delete");

    private static final Map<String, String> SAMPLES =
            Map.of(
                    "{date}",
                    "2026-11-20",
                    "{id}",
                    "none",
                    "{selector}",
                    "readiness",
                    "{token}",
                    "none",
                    "{name}",
                    "none");

    private static TestPortal portal;
    private static final Map<Who, String> TOKENS = new EnumMap<>(Who.class);

    @BeforeAll
    static void start() {
        portal = new TestPortal();
        TOKENS.put(ADMIN, token("admin", Role.ADMIN));
        TOKENS.put(OFFICER, token("officer", Role.COMPLIANCE_OFFICER));
        TOKENS.put(ANALYST, token("analyst", Role.SECURITY_ANALYST));
        TOKENS.put(AUDITOR, token("auditor", Role.AUDITOR));
        TOKENS.put(
                INGESTOR,
                portal.bean(ApiKeys.class).create("test", "producer", Role.INGESTOR, null).token());
    }

    private static String token(String name, Role role) {
        portal.addUser(name, role);
        return portal.token(name);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    /// `METHOD /path` of every route; HEAD goes with its GET.
    private static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        portal.bean(Router.class)
                .uriRoutes()
                .filter(route -> !route.getHttpMethodName().equals("HEAD"))
                .forEach(route -> routes.add(name(route)));
        return routes;
    }

    private static String name(UriRouteInfo<?, ?> route) {
        return route.getHttpMethodName() + " " + route.getUriMatchTemplate().toPathString();
    }

    @Test
    void everyRoute_isInTheTable() {
        assertThat(new TreeSet<>(MAY_CALL.keySet())).containsExactlyElementsOf(routes());
    }

    /// The calls of `contract/http.md` beside sign-in and pages.
    private static final Set<String> CALLS =
            Set.of(
                    "POST /api/login",
                    "POST /api/refresh",
                    "POST /api/logout",
                    "POST /log",
                    "POST /api/events",
                    "POST /v1/traces",
                    "POST /v1/logs",
                    "POST /hooks/claude-code",
                    "GET /graphql",
                    "POST /graphql",
                    "GET /graphql-ws",
                    "GET /daily/{}.pdf",
                    "GET /daily/{}.json",
                    "GET /daily/{}.csv",
                    "GET /compliance.pdf",
                    "GET /compliance.json",
                    "GET /compliance.csv",
                    "GET /agents/{}.pdf",
                    "GET /agents/{}.json",
                    "GET /agents/{}.csv",
                    "GET /traces/{}.pdf",
                    "GET /traces/{}.json",
                    "GET /traces/{}.csv",
                    "GET /incidents/{}.pdf",
                    "GET /incidents/{}.json",
                    "GET /incidents/{}.csv",
                    "GET /events.csv",
                    "GET /events.jsonl",
                    "GET /events.ocsf.jsonl",
                    "GET /health",
                    "GET /openapi");

    @Test
    void openApi_describesEveryCallOfTheContract_andNoneThatIsMissing() {
        String yaml =
                portal.get(
                                "/openapi",
                                "Authorization",
                                TestPortal.bearer(token("reader", Role.AUDITOR)))
                        .body();
        Map<String, Map<String, Map<String, Object>>> document = new Yaml().load(yaml);
        Set<String> described = new TreeSet<>();
        document.get("paths")
                .forEach(
                        (path, methods) ->
                                methods.keySet()
                                        .forEach(
                                                method ->
                                                        described.add(
                                                                anyName(
                                                                        method.toUpperCase(
                                                                                        Locale.ROOT)
                                                                                + " "
                                                                                + path))));
        assertThat(described).containsAll(CALLS);
        assertThat(routes().stream().map(AccessMatrixIT::anyName).toList()).containsAll(described);
    }

    /// Names of variables do not matter.
    private static String anyName(String route) {
        return route.replaceAll("\\{[^}]*}", "{}");
    }

    @TestFactory
    Stream<DynamicTest> route_isOpenToThoseInTheTable() {
        // Signing out ends the session that the other calls use, so it comes last.
        return routes().stream()
                .sorted(Comparator.comparing(route -> route.endsWith("logout")))
                .map(route -> DynamicTest.dynamicTest(route, () -> check(route)));
    }

    private static void check(String route) {
        Set<Who> expected = MAY_CALL.getOrDefault(route, Set.of());
        for (Who who : Who.values()) {
            int status = call(route, who);
            String what = route + " by " + who;
            assertThat(status).as(what).isLessThan(500);
            if (!expected.contains(who)) {
                assertThat(status).as(what).isEqualTo(who == NOBODY ? 401 : 403);
            } else if (!REFUSED_LATER.contains(route)) {
                assertThat(status).as(what).isNotIn(who == NOBODY ? Set.of() : Set.of(401, 403));
            }
        }
    }

    /// Without a body: what is denied is denied before the body is read.
    private static int call(String route, Who who) {
        String method = route.substring(0, route.indexOf(' '));
        String path = route.substring(route.indexOf(' ') + 1);
        for (Map.Entry<String, String> sample : SAMPLES.entrySet()) {
            path = path.replace(sample.getKey(), sample.getValue());
        }
        HttpRequest.Builder request =
                portal.request(path)
                        .header("Accept", "*/*")
                        .method(method, BodyPublishers.noBody());
        if (who != NOBODY) {
            request.header("Authorization", TestPortal.bearer(TOKENS.get(who)));
        }
        return portal.status(request);
    }
}
