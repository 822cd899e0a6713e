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
    private static final Set<Who> ADMINISTRATORS = EnumSet.of(ADMIN);

    /// Routes that answer 501 to whoever may call them.
    private static final Set<String> NOT_BUILT =
            Set.of(
                    "GET /daily/{id}.pdf",
                    "GET /compliance.pdf",
                    "GET /agents/{id}.pdf",
                    "GET /agents/{id}.json",
                    "GET /agents/{id}.csv");

    /// Who may call what of all else; everybody else is answered 401 (nobody) or 403 (a viewer).
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
                    Map.entry("GET /events", READERS),
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
                    Map.entry("GET /events/{id}", READERS),
                    Map.entry("GET /admin/retention", ADMINISTRATORS),
                    Map.entry("POST /admin/retention/holds", ADMINISTRATORS),
                    Map.entry("POST /admin/retention/holds/{id}/release", ADMINISTRATORS),
                    Map.entry("GET /compliance", READERS),
                    Map.entry("GET /compliance/checks/{id}", READERS),
                    Map.entry("GET /compliance/frameworks/{id}", READERS),
                    Map.entry("GET /compliance.json", READERS),
                    Map.entry("GET /compliance.csv", READERS),
                    Map.entry("GET /compliance.oscal.json", READERS),
                    Map.entry("GET /traces/{id}", READERS),
                    Map.entry("GET /traces/{id}.pdf", READERS),
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
                    "POST /daily/{date}/reviews",
                    "POST /admin/retention/holds",
                    "POST /admin/retention/holds/{id}/release",
                    "POST /admin/quarantine/{id}/body",
                    "POST /admin/quarantine/{id}/retry",
                    "POST /admin/quarantine/{id}/delete",
                    "POST /admin/quarantine/retry",
                    "POST /admin/quarantine/delete");

    private static final Map<String, String> SAMPLES =
            Map.of("{date}", "2026-11-20", "{id}", "none", "{selector}", "readiness");

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
        Set<String> known = new TreeSet<>(MAY_CALL.keySet());
        known.addAll(NOT_BUILT);
        assertThat(known).containsExactlyElementsOf(routes());
    }

    @TestFactory
    Stream<DynamicTest> route_isOpenToThoseInTheTable() {
        // Signing out ends the session that the other calls use, so it comes last.
        return routes().stream()
                .sorted(Comparator.comparing(route -> route.endsWith("logout")))
                .map(route -> DynamicTest.dynamicTest(route, () -> check(route)));
    }

    private static void check(String route) {
        boolean built = !NOT_BUILT.contains(route);
        Set<Who> expected = built ? MAY_CALL.getOrDefault(route, Set.of()) : READERS;
        for (Who who : Who.values()) {
            int status = call(route, who);
            String what = route + " by " + who;
            if (built || !expected.contains(who)) {
                assertThat(status).as(what).isLessThan(500);
            } else {
                assertThat(status).as(what).isEqualTo(501);
            }
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
