package org.agentaudit.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// A test that drives a real Chromium. Where none is installed the test is left out and one line
/// says so; with `CI=true` a missing browser fails.
abstract class BrowserTest {
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/usr/bin/chromium"),
                    Path.of("/usr/bin/chromium-browser"),
                    Path.of("/usr/bin/google-chrome"),
                    Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));

    private static Playwright playwright;
    static Browser browser;

    @BeforeAll
    static void startBrowser() {
        Optional<Path> chromium = PLACES.stream().filter(Files::isExecutable).findFirst();
        if (chromium.isEmpty()) {
            String words =
                    "Browser tests left out: no Chromium is installed (on Debian: apt-get install chromium)";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(words);
            }
            System.out.println(words);
            assumeTrue(false, words);
        }
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(chromium.get())
                                        .setArgs(
                                                List.of(
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--disable-quic",
                                                        "--no-first-run",
                                                        "--disable-background-networking",
                                                        "--disable-component-update",
                                                        "--disable-sync")));
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
        if (playwright != null) {
            playwright.close();
            playwright = null;
        }
    }
}
