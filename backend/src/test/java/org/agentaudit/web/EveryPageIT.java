package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import io.micronaut.http.MediaType;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.access.Role;
import org.agentaudit.demo.DemoData;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.store.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every page of the running portal in a real browser, with the demonstration data and hostile
/// events: what WCAG 2.2 AA asks (axe-core, keyboard, width), what a browser complains of, what it
/// loads, and that the text is there without scripts. A new page needs an entry in [#PAGES].
class EveryPageIT extends BrowserTest {

    private static final String OFFICER = "officer";
    private static final String ADMIN = "admin";
    private static final int WIDE = 1280;
    private static final int PHONE = 360;
    private static final int MOST_BYTES = 300_000;

    /// With `-Dpages=all` every example of every page is walked, else one of each.
    private static final boolean ALL = "all".equals(System.getProperty("pages"));

    private static final int MOST_TABS = ALL ? 120 : 30;

    /// Pages whose text is compared with and without scripts in the short walk.
    private static final Set<String> COMPARED =
            Set.of("/daily/{date}", "/compliance", "/traces/{id}", "/sessions/{id}", "/events");

    /// What a page need not do, each with its reason where it is used.
    private enum Except {
        /// Runs in the browser as a whole.
        EDITOR,
        /// Shows the time of the answer.
        MOVES,
        /// Asks for content, which an auditor may not.
        CONTENT,
        /// Is for some readers only.
        WORK
    }

    /// @param route as the router has it
    /// @param path  an example of it; `{incident}` and the like stand for ids of [#start]
    private record Entry(String route, String path, String user, Set<Except> but) {
        static Entry reading(String route, String path, Except... but) {
            return new Entry(route, path, OFFICER, Set.of(but));
        }

        static Entry analysing(String route, String path) {
            return new Entry(route, path, "analyst", Set.of(Except.WORK));
        }

        static Entry managing(String route, String path, Except... but) {
            return new Entry(route, path, ADMIN, Set.of(but));
        }
    }

    private static final List<Entry> PAGES =
            List.of(
                    new Entry("/login", "/login", "nobody", Set.of()),
                    Entry.reading("/", "/", Except.MOVES),
                    Entry.managing("/", "/"),
                    Entry.reading("/daily/{date}", "/daily/2026-11-20"),
                    Entry.reading("/daily/days", "/daily/days"),
                    Entry.reading("/agents", "/agents"),
                    Entry.reading("/agents/{id}", "/agents/airline-agent"),
                    Entry.reading("/agents/{id}", "/agents/ops%2Frelease-manager"),
                    Entry.reading("/traces/{id}", "/traces/refund-incident"),
                    Entry.reading("/traces/{id}", "/traces/refund%2F2026-11-21%20%231"),
                    Entry.reading("/events", "/events"),
                    Entry.reading(
                            "/events", "/events?errored=true&text=no+such+words", Except.CONTENT),
                    Entry.reading("/events", "/events?from=yesterday"),
                    Entry.reading("/events", "/events?q=agnet%3Ax"),
                    Entry.reading("/events", "/events?agent=airline-*&type=ERROR&trace=none"),
                    Entry.reading("/traces/{id}/events", "/traces/refund-incident/events"),
                    Entry.reading("/sessions", "/sessions?period=30d"),
                    Entry.reading("/sessions/{id}", "/sessions/{session}"),
                    Entry.reading("/events/{id}", "/events/{event}"),
                    Entry.reading("/findings", "/findings?period=30d"),
                    Entry.reading("/findings", "/findings?from=2020-01-01&to=2020-01-02"),
                    Entry.reading("/compliance", "/compliance?period=30d"),
                    Entry.reading(
                            "/compliance/checks/{id}", "/compliance/checks/error_rate?period=30d"),
                    Entry.reading(
                            "/compliance/frameworks/{id}",
                            "/compliance/frameworks/eu-ai-act?period=30d"),
                    Entry.reading("/incidents", "/incidents"),
                    Entry.reading("/incidents/{id}", "/incidents/{incident}"),
                    Entry.reading(
                            "/incidents/open",
                            "/incidents/open?trace=refund-incident",
                            Except.WORK),
                    Entry.reading("/alerts", "/alerts", Except.MOVES),
                    Entry.analysing("/alerts/rules", "/alerts/rules"),
                    Entry.reading("/subscriptions", "/subscriptions", Except.WORK),
                    Entry.reading("/subscriptions/new", "/subscriptions/new", Except.WORK),
                    Entry.reading(
                            "/subscriptions/{id}", "/subscriptions/{subscription}", Except.WORK),
                    Entry.reading("/deliveries", "/deliveries", Except.WORK),
                    Entry.managing("/admin", "/admin", Except.MOVES),
                    Entry.managing("/admin/mail", "/admin/mail"),
                    Entry.managing("/admin/users", "/admin/users"),
                    Entry.managing("/admin/users/{name}", "/admin/users/officer"),
                    Entry.managing("/admin/keys", "/admin/keys"),
                    Entry.managing("/admin/redaction", "/admin/redaction"),
                    Entry.managing("/admin/limits", "/admin/limits"),
                    Entry.managing("/admin/system", "/admin/system", Except.MOVES),
                    Entry.managing("/admin/access-log", "/admin/access-log", Except.MOVES),
                    Entry.reading("/costs", "/costs?period=30d"),
                    Entry.analysing("/alerts/rules/new", "/alerts/rules/new"),
                    Entry.analysing("/alerts/rules/{id}", "/alerts/rules/{rule}"),
                    Entry.reading("/graphiql", "/graphiql", Except.EDITOR),
                    Entry.managing("/admin/quarantine", "/admin/quarantine"),
                    Entry.managing("/admin/quarantine/{id}", "/admin/quarantine/{quarantined}"),
                    Entry.managing("/admin/destinations", "/admin/destinations"),
                    Entry.managing("/admin/retention", "/admin/retention"));

    /// Routes that answer HTML and are no pages: parts of pages, redirects, downloads.
    private static final Set<String> NO_PAGES =
            Set.of(
                    "/live",
                    "/go",
                    "/openapi",
                    "/daily",
                    // a mail in a frame, and pages of an alert and of a token that a mail has
                    "/subscriptions/{id}/preview",
                    "/subscriptions/{id}/preview.html",
                    "/alerts/{id}",
                    "/unsubscribe/{token}");

    private static final Map<String, String> SAMPLES = new HashMap<>();
    private static final Map<String, BrowserContext> SIGNED_IN = new HashMap<>();
    private static TestPortal portal;
    private static String script;

    @BeforeAll
    static void start() throws Exception {
        script = read("/axe.min.js") + read("/web/walk.js");
        portal = new TestPortal();
        portal.addUser(ADMIN, Role.ADMIN);
        portal.addUser(OFFICER, Role.COMPLIANCE_OFFICER);
        portal.addUser("analyst", Role.SECURITY_ANALYST);
        portal.addUser("auditor", Role.AUDITOR);
        portal.bean(DemoData.class).load((done, all) -> {});
        EventStore store = portal.bean(EventStore.class);
        var refund = SampleEvents.refund(portal.clock.instant().minusSeconds(1500));
        store.append(SampleEvents.stored(refund), List.of()).get();
        store.append(SampleEvents.stored(SampleEvents.work(portal.clock.instant(), 5)), List.of())
                .get();
        SAMPLES.put("{event}", EventBuilder.id("get_order").toString());
        portal.postJson(
                "/api/events",
                "{\"event_type\": \"agent.tool_call\", \"timestamp\": \""
                        + SampleEvents.HOSTILE
                        + "\"}",
                "Authorization",
                TestPortal.bearer(TestPortal.INGEST_KEY));
        SAMPLES.put(
                "{incident}",
                made(
                        "openIncident(traceId: \\\"refund-incident\\\", title: \\\"Refund\\\", severity: CRITICAL)"));
        SAMPLES.put(
                "{subscription}",
                made(
                        "saveReportSubscription(subscription: {kind: COMPLIANCE, recipients: [\\\"a@b.example\\\"], sendAt: \\\"07:00\\\"})"));
        SAMPLES.put("{rule}", "1");
        SAMPLES.put("{session}", session());
        for (String user : List.of(ADMIN, OFFICER, "analyst", "auditor")) {
            SIGNED_IN.put(user, signIn(user, true));
        }
        SIGNED_IN.put("nobody", browser.newContext());
        Page page = SIGNED_IN.get(ADMIN).newPage();
        page.navigate(url("/admin/quarantine"));
        String href = page.locator("main td a").first().getAttribute("href");
        SAMPLES.put("{quarantined}", href.substring(href.lastIndexOf('/') + 1));
        page.close();
    }

    /// A session of the demonstration data.
    private static String session() {
        String answer =
                portal.postJson(
                                "/graphql",
                                "{\"query\": \"{ events(first: 1, filter: {agentIds: [\\\"airline-agent\\\"]}) { nodes { sessionId } } }\"}",
                                "Authorization",
                                TestPortal.bearer(portal.token(OFFICER)))
                        .body();
        return TestPortal.field(answer, "sessionId");
    }

    /// Id of what an officer makes by a mutation.
    private static String made(String mutation) {
        String answer =
                portal.postJson(
                                "/graphql",
                                "{\"query\": \"mutation { made: " + mutation + " { id } }\"}",
                                "Authorization",
                                TestPortal.bearer(portal.token(OFFICER)))
                        .body();
        assertThat(answer).contains("\"id\"");
        return TestPortal.field(answer, "id");
    }

    @AfterAll
    static void stop() {
        if (portal != null) {
            portal.close();
        }
    }

    private static String read(String resource) throws IOException {
        try (InputStream file = EveryPageIT.class.getResourceAsStream(resource)) {
            return new String(
                    Objects.requireNonNull(file, resource).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String url(String path) {
        return "http://localhost:" + portal.server.getPort() + path;
    }

    private static BrowserContext signIn(String user, boolean script) {
        BrowserContext context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(WIDE, 800)
                                .setJavaScriptEnabled(script));
        try (Page page = context.newPage()) {
            page.navigate(url("/login"));
            page.fill("[name=username]", user);
            page.fill("[name=password]", TestPortal.PASSWORD);
            page.press("[name=password]", "Enter");
            page.waitForURL(address -> !address.endsWith("/login"));
        }
        return context;
    }

    private static List<Entry> walked() {
        Set<String> seen = new TreeSet<>();
        return PAGES.stream().filter(entry -> ALL || seen.add(entry.route())).toList();
    }

    private static String path(Entry entry) {
        String path = entry.path();
        for (Map.Entry<String, String> sample : SAMPLES.entrySet()) {
            path = path.replace(sample.getKey(), sample.getValue());
        }
        return path;
    }

    @Test
    void everyPage_isInTheTable() {
        Set<String> known = new TreeSet<>(NO_PAGES);
        PAGES.forEach(entry -> known.add(entry.route()));
        Set<String> html =
                portal.bean(Router.class)
                        .uriRoutes()
                        .filter(route -> route.getHttpMethodName().equals("GET"))
                        .filter(route -> route.getProduces().contains(MediaType.TEXT_HTML_TYPE))
                        .map(EveryPageIT::name)
                        .filter(route -> !route.matches(".*\\.(pdf|json|csv|jsonl)"))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(known).as("pages with an entry here").containsExactlyElementsOf(html);
    }

    private static String name(UriRouteInfo<?, ?> route) {
        return route.getUriMatchTemplate().toPathString();
    }

    @TestFactory
    Stream<DynamicTest> page_isForEverybody() {
        return walked().stream()
                .map(
                        entry ->
                                DynamicTest.dynamicTest(
                                        entry.path() + " as " + entry.user(),
                                        () -> assertThat(visit(entry)).isEmpty()));
    }

    /// Who sees least of a page; that others may open it is the access matrix's to show.
    @TestFactory
    Stream<DynamicTest> page_opensForAnAuditor() {
        return walked().stream()
                .filter(entry -> ALL || COMPARED.contains(entry.route()))
                .filter(entry -> entry.user().equals(OFFICER) && entry.but().isEmpty())
                .map(entry -> DynamicTest.dynamicTest(entry.path(), () -> open(entry, "auditor")));
    }

    private static void open(Entry entry, String user) {
        List<String> complaints = new ArrayList<>();
        try (Page page = page(user, complaints)) {
            navigate(page, path(entry), complaints);
            complaints.addAll(ask(page, "walk.tooWide()"));
        }
        assertThat(complaints).isEmpty();
    }

    /// One load; the looks are changed in place: light and wide, then dark and narrow with all that
    /// folds open.
    private static List<String> visit(Entry entry) {
        List<String> complaints = new ArrayList<>();
        boolean editor = entry.but().contains(Except.EDITOR);
        try (Page page = page(entry.user(), complaints)) {
            navigate(page, path(entry), complaints);
            int bytes = (Integer) page.evaluate("walk.bytes()");
            if (bytes > MOST_BYTES && !editor) {
                complaints.add(bytes + " bytes at first load");
            }
            complaints.addAll(ask(page, "walk.tooWide()"));
            if (!editor) {
                complaints.addAll(ask(page, "walk.axe()"));
                complaints.addAll(tab(page));
            }
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            page.setViewportSize(PHONE, 800);
            complaints.addAll(ask(page, "walk.tooWide()"));
            page.evaluate("walk.open()");
            complaints.addAll(ask(page, "walk.tooWide()"));
            if (!editor) {
                complaints.addAll(ask(page, "walk.axe()"));
            }
        }
        return complaints;
    }

    private static Page page(String user, List<String> complaints) {
        Page page = SIGNED_IN.get(user).newPage();
        page.setViewportSize(WIDE, 800);
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") || message.type().equals("warning")) {
                        complaints.add("console: " + message.text());
                    }
                });
        page.onPageError(error -> complaints.add("script: " + error));
        page.onRequest(
                (Request request) -> {
                    if (!request.url().startsWith(url("/")) && !request.url().startsWith("data:")) {
                        complaints.add("asks another host: " + request.url());
                    }
                });
        return page;
    }

    private static void navigate(Page page, String path, List<String> complaints) {
        Response answer = page.navigate(url(path));
        int wanted = path.matches(".*(from=yesterday|q=).*") ? 400 : 200;
        if (answer.status() != wanted) {
            complaints.add("status " + answer.status());
        }
        if (wanted == 400) {
            complaints.removeIf(complaint -> complaint.contains("status of 400"));
        }
        if (page.locator("main h1").count() != 1) {
            complaints.add(page.locator("main h1").count() + " headings of the first level");
        }
        page.evaluate(script);
    }

    /// Presses Tab through the page, or through the first part of a long one.
    private static List<String> tab(Page page) {
        page.evaluate("walk.watchFocus()");
        int presses = (Integer) page.evaluate("walk.presses(" + MOST_TABS + ")");
        for (int i = 0; i < presses; i++) {
            page.keyboard().press("Tab");
        }
        return ask(page, "walk.focusComplaints(" + MOST_TABS + ")");
    }

    @SuppressWarnings("unchecked")
    private static List<String> ask(Page page, String question) {
        Object answer = page.evaluate(question);
        return (List<String>) answer;
    }

    @Test
    void text_isThereWithoutScripts() {
        Map<String, BrowserContext> plain = new HashMap<>();
        plain.put("nobody", browser.newContext());
        List<String> complaints = new ArrayList<>();
        for (Entry entry : walked()) {
            if (!entry.but().isEmpty() || !(ALL || COMPARED.contains(entry.route()))) {
                continue;
            }
            BrowserContext without = plain.computeIfAbsent(entry.user(), u -> signIn(u, false));
            String with = text(SIGNED_IN.get(entry.user()), path(entry));
            String bare = text(without, path(entry));
            if (!with.equals(bare)) {
                complaints.add(entry.path() + ": with scripts " + difference(with, bare));
            }
        }
        assertThat(complaints).isEmpty();
    }

    private static String text(BrowserContext context, String path) {
        try (Page page = context.newPage()) {
            page.setViewportSize(WIDE, 800);
            page.navigate(url(path));
            return page.locator("main").innerText().replaceAll("\\s+", " ");
        }
    }

    private static String difference(String with, String bare) {
        int at = 0;
        while (at < Math.min(with.length(), bare.length()) && with.charAt(at) == bare.charAt(at)) {
            at++;
        }
        return "'%s', without '%s'".formatted(part(with, at), part(bare, at));
    }

    private static String part(String text, int at) {
        return text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 60));
    }
}
