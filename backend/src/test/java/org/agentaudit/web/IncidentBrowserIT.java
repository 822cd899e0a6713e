package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Instant;
import java.util.List;
import org.agentaudit.access.Role;
import org.agentaudit.store.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Incidents and alert rules as people work on them in a browser.
class IncidentBrowserIT extends BrowserTest {

    private static final String TRACE = "refund%2F2026-11-21%20%231";

    private static TestPortal portal;

    @BeforeAll
    static void start() throws Exception {
        portal = new TestPortal();
        portal.addUser("olga", Role.COMPLIANCE_OFFICER);
        portal.addUser("ann", Role.SECURITY_ANALYST);
        portal.addUser("audrey", Role.AUDITOR);
        Instant now = portal.clock.instant();
        portal.bean(EventStore.class)
                .append(SampleEvents.stored(SampleEvents.refund(now.minusSeconds(1500))), List.of())
                .get();
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

    private static Page signedIn(BrowserContext context, String user, String path) {
        Page page = context.newPage();
        page.navigate(url(path));
        page.fill("[name=username]", user);
        page.fill("[name=password]", TestPortal.PASSWORD);
        page.press("[name=password]", "Enter");
        page.waitForURL(url(path));
        return page;
    }

    @Test
    void incident_isOpenedWorkedOnAndRead_andNobodyOverwritesAnother() {
        String address;
        try (BrowserContext context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setColorScheme(ColorScheme.DARK)
                                .setJavaScriptEnabled(false))) {
            Page page = signedIn(context, "olga", "/incidents/open?trace=" + TRACE);
            assertThat(page.inputValue("[name=title]")).contains("run of");
            page.fill("[name=title]", "refund \u202Epaid twice");
            page.click("main button.primary");
            assertThat(page.textContent(".problem")).contains("writing direction");
            page.fill("[name=title]", "Refund paid twice");
            page.click("main button.primary");
            assertThat(page.textContent("h1")).isEqualTo("Refund paid twice");
            assertThat(page.textContent(".verdict")).contains("nobody works on it");
            address = page.url().replaceFirst("\\?.*", "");
            Page other = context.newPage();
            other.navigate(address);
            page.fill("[name=note]", "The second call went out too early.");
            page.selectOption("[name=assignee]", "ann");
            page.check("[value=gdpr-33]");
            page.click("text=Save and start investigating");
            assertThat(page.textContent(".verdict"))
                    .contains("Being investigated by ann")
                    .contains("GDPR Art. 33(1)");
            assertThat(page.textContent(".story"))
                    .contains("The second call went out too early.")
                    .contains("state investigating, assignee ann");
            other.fill("[name=note]", "Typed before I knew");
            Response refused =
                    other.waitForResponse(address, () -> other.click("text=Save and resolve"));
            assertThat(refused.status()).isEqualTo(409);
            other.waitForLoadState();
            assertThat(other.textContent(".problem")).contains("olga changed it");
            assertThat(other.inputValue("[name=note]")).isEqualTo("Typed before I knew");
            assertThat(other.textContent(".verdict")).contains("Being investigated by ann");
            other.click("text=Save and resolve");
            assertThat(other.textContent(".verdict")).contains("Resolved by ann");
            other.navigate(url("/incidents"));
            assertThat(other.textContent("main")).contains("No incident waits for anybody");
        }
        try (BrowserContext context =
                browser.newContext(new Browser.NewContextOptions().setViewportSize(360, 800))) {
            Page page = signedIn(context, "audrey", address.replaceFirst("http://[^/]+", ""));
            assertThat(page.textContent(".story"))
                    .contains("masked for your role")
                    .doesNotContain("too early");
            assertThat(page.locator("#work").count()).isZero();
            assertThat(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
                    .isEqualTo(0);
            assertThat(page.navigate(url("/incidents/open")).status()).isEqualTo(403);
            assertThat(page.navigate(url("/alerts/rules")).status()).isEqualTo(403);
        }
    }

    @Test
    void alertRule_showsWhereItCannotBeRead_isTriedAndSaved() {
        try (BrowserContext context = browser.newContext()) {
            Page page = signedIn(context, "ann", "/alerts/rules/new");
            page.fill("[name=name]", "refunds_fail");
            page.fill("[name=window]", "PT15M");
            page.fill("[name=action]", "page");
            page.fill(
                    "[name=condition]",
                    "agent_audit_log\n| errored = maybe\n| count() by agent_id\n| count > 0");
            page.click("text=Dry run, nothing is saved");
            assertThat(page.textContent(".problem")).contains("line 2");
            assertThat(page.textContent("pre.where mark")).startsWith("maybe");
            assertThat(page.evaluate("document.activeElement.name")).isEqualTo("condition");
            page.fill(
                    "[name=condition]",
                    "agent_audit_log\n| errored = true\n| count() by agent_id\n| count > 0");
            page.click("text=Dry run, nothing is saved");
            assertThat(page.textContent("#run"))
                    .contains("It would have fired")
                    .contains("billing-agent");
            page.navigate(url("/alerts/rules"));
            assertThat(page.textContent("main")).doesNotContain("refunds_fail");
            page.navigate(url("/alerts/rules/new"));
            page.fill("[name=name]", "refunds_fail");
            page.fill("[name=window]", "PT15M");
            page.fill("[name=action]", "page");
            page.fill(
                    "[name=condition]",
                    "agent_audit_log\n| errored = true\n| count() by agent_id\n| count > 0");
            page.click("button:text-is('Save')");
            page.waitForURL(url("/alerts/rules?note=saved"));
            page.locator("tr", new Page.LocatorOptions().setHasText("refunds_fail"))
                    .locator("text=Disable")
                    .click();
            page.waitForURL(url("/alerts/rules?note=disabled"));
            page.click("text=refunds_fail");
            page.click("text=Delete this rule");
            page.click("text=Delete for good");
            page.waitForURL(url("/alerts/rules?note=deleted"));
            assertThat(page.textContent("tbody")).doesNotContain("refunds_fail");
        }
    }
}
