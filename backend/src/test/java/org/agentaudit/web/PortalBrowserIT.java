package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.Role;
import org.agentaudit.store.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every page in a real browser: no console errors, both themes, phone width, keyboard, and without
/// scripts.
class PortalBrowserIT extends BrowserTest {
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/daily/2026-11-21",
                    "/agents",
                    "/agents/ops%2Frelease-manager",
                    "/traces/refund%2F2026-11-21%20%231",
                    "/events",
                    "/events?errored=true&text=no+such+words",
                    "/incidents",
                    "/incidents/open?trace=refund%2F2026-11-21%20%231",
                    "/alerts",
                    "/graphiql");

    private static TestPortal portal;
    private static String signedIn;

    @BeforeAll
    static void start() throws Exception {
        portal = new TestPortal();
        portal.addUser("officer", Role.COMPLIANCE_OFFICER);
        Instant now = portal.clock.instant();
        EventStore store = portal.bean(EventStore.class);
        store.append(SampleEvents.stored(SampleEvents.work(now, 5)), List.of()).get();
        store.append(SampleEvents.stored(SampleEvents.refund(now.minusSeconds(1500))), List.of())
                .get();
        try (BrowserContext context = browser.newContext()) {
            Page page = context.newPage();
            signIn(page, "/agents");
            signedIn = context.storageState();
        }
    }

    @AfterAll
    static void stop() {
        if (portal != null) {
            portal.close();
        }
    }

    private static String url(String path) {
        return "http://localhost:" + portal.server.getPort() + path;
    }

    private static void signIn(Page page, String path) {
        page.navigate(url(path));
        assertThat(page.title()).startsWith("Sign in");
        page.fill("[name=username]", "officer");
        page.fill("[name=password]", TestPortal.PASSWORD);
        page.press("[name=password]", "Enter");
        page.waitForURL(url(path));
    }

    enum Look {
        LIGHT(ColorScheme.LIGHT, 1360, true),
        DARK(ColorScheme.DARK, 1360, true),
        PHONE(ColorScheme.LIGHT, 360, true),
        DARK_PHONE(ColorScheme.DARK, 360, true),
        NO_SCRIPT(ColorScheme.LIGHT, 900, false);

        final Browser.NewContextOptions options;

        Look(ColorScheme scheme, int width, boolean script) {
            options =
                    new Browser.NewContextOptions()
                            .setColorScheme(scheme)
                            .setViewportSize(width, 800)
                            .setJavaScriptEnabled(script);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pages_loadCleanly_andFitTheirWidth(Look look) {
        List<String> complaints = new ArrayList<>();
        try (BrowserContext context = browser.newContext(look.options.setStorageState(signedIn))) {
            Page page = context.newPage();
            page.onConsoleMessage(
                    message -> {
                        if (message.type().equals("error") || message.type().equals("warning")) {
                            complaints.add(page.url() + ": " + message.text());
                        }
                    });
            page.onPageError(error -> complaints.add(page.url() + ": " + error));
            for (String path : PATHS) {
                assertThat(page.navigate(url(path)).status()).as(path).isEqualTo(200);
                assertThat(page.title()).as(path).endsWith("– Agent Audit Portal");
                assertThat(page.locator("main h1").count()).as(path).isEqualTo(1);
                if (look != Look.NO_SCRIPT) {
                    Object over =
                            page.evaluate(
                                    "document.documentElement.scrollWidth - window.innerWidth");
                    assertThat((Integer) over)
                            .as("pixels too wide: " + path)
                            .isLessThanOrEqualTo(0);
                }
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void keyboard_reachesTheContent_theCommandBoxAndTheRows() {
        try (BrowserContext context =
                browser.newContext(new Browser.NewContextOptions().setStorageState(signedIn))) {
            Page page = context.newPage();
            page.navigate(url("/traces/refund%2F2026-11-21%20%231"));
            page.keyboard().press("Tab");
            assertThat(focused(page)).isEqualTo("Skip to content");
            page.keyboard().press("Enter");
            assertThat(page.evaluate("document.activeElement.id")).isEqualTo("content");
            page.keyboard().press("j");
            page.keyboard().press("j");
            page.keyboard().press("o");
            assertThat(page.locator(".steps .step[open]").count()).isEqualTo(1);
            assertThat(page.locator(".steps .step[open]").textContent()).contains("support-agent");
            assertThat(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("solid");
            page.keyboard().press("/");
            assertThat(page.evaluate("document.activeElement.id")).isEqualTo("command");
            page.keyboard().type("Audit agent ops/release-manager");
            page.keyboard().press("Enter");
            page.waitForURL(url("/agents/ops%2Frelease-manager"));
        }
    }

    @Test
    void hostileText_staysText() {
        try (BrowserContext context =
                browser.newContext(new Browser.NewContextOptions().setStorageState(signedIn))) {
            Page page = context.newPage();
            page.onDialog(dialog -> Assertions.fail("a script of an event ran"));
            page.navigate(url("/traces/refund%2F2026-11-21%20%231"));
            assertThat(page.title()).startsWith("Trace");
            assertThat(page.locator("pre.json").allTextContents().toString())
                    .contains("<script>document.title");
            assertThat(page.locator("main img, main script").count()).isZero();
        }
    }

    @Test
    void signOut_endsTheSession_withoutScripts() {
        try (BrowserContext context =
                browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            Page page = context.newPage();
            signIn(page, "/events");
            page.click(".viewer > summary");
            page.click("text=Sign out");
            page.navigate(url("/events"));
            assertThat(page.title()).startsWith("Sign in");
        }
    }

    @Test
    void dashboard_refreshesItself_andCanBePaused() {
        try (BrowserContext context =
                browser.newContext(new Browser.NewContextOptions().setStorageState(signedIn))) {
            Page page = context.newPage();
            page.navigate(url("/"));
            page.waitForResponse("**/live", () -> {});
            page.click("text=Pause");
            assertThat(page.locator("#live-state").textContent())
                    .contains("Paused")
                    .contains("Resume");
            assertThat(page.locator("[data-live] .figures").count()).isEqualTo(1);
        }
    }

    @Test
    void explorer_readsAQuery_opensAnEventBeside_andKeepsTheSearch() {
        try (BrowserContext context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setStorageState(signedIn)
                                .setViewportSize(1360, 800))) {
            Page page = context.newPage();
            page.navigate(url("/events"));
            page.locator("#query").pressSequentially("agent:bil");
            page.press("#query", "ArrowDown");
            page.press("#query", "Enter");
            assertThat(page.inputValue("#query")).isEqualTo("agent:billing-agent ");
            page.locator("#query").pressSequentially("type:TOOL_CALL");
            page.press("#query", "Escape");
            page.press("#query", "Enter");
            page.waitForURL(url("/events?type=TOOL_CALL&agent=billing-agent"));
            assertThat(page.inputValue("#query")).isEqualTo("type:TOOL_CALL agent:billing-agent");

            page.locator("a[data-beside]").first().click();
            page.waitForSelector(".peek h2");
            assertThat(page.locator(".peek").textContent()).contains("billing-agent");
            page.keyboard().press("Escape");
            assertThat(page.locator(".peek").count()).isZero();
            assertThat(page.evaluate("document.activeElement.hasAttribute('data-beside')"))
                    .isEqualTo(true);

            page.click("text=Save search");
            page.fill(".keep [name=name]", "Billing's tools");
            page.click(".keep button");
            page.waitForURL("**/events?**saved=new");
            page.navigate(url("/events"));
            page.click("text=Billing's tools");
            page.waitForURL(url("/events?type=TOOL_CALL&agent=billing-agent"));
            page.navigate(url("/events?saved=all"));
            page.click("button:has-text('Delete')");
            assertThat(page.locator("text=Billing's tools").count()).isZero();
        }
    }

    private static Object focused(Page page) {
        return page.evaluate("document.activeElement.textContent.trim()");
    }
}
