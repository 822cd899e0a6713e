package org.agentaudit.admin;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.agentaudit.access.ApiKey;
import org.agentaudit.access.ApiKeys;
import org.agentaudit.access.UserAccount;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.ingest.redact.RedactionRules;
import org.agentaudit.web.Format;
import org.agentaudit.web.Pages;

/// Where administrators begin.
@Controller("/admin")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class AdminController {

    private final UserAccounts users;
    private final ApiKeys keys;
    private final RedactionRules rules;
    private final Pages pages;
    private final Format format;
    private final Clock clock;

    AdminController(
            UserAccounts users,
            ApiKeys keys,
            RedactionRules rules,
            Pages pages,
            Format format,
            Clock clock) {
        this.users = users;
        this.keys = keys;
        this.rules = rules;
        this.pages = pages;
        this.format = format;
        this.clock = clock;
    }

    @Get
    HttpResponse<?> page() {
        return pages.render(
                "admin/overview",
                new AdminPage(
                        List.of(
                                new AdminPage.Group(
                                        "Who may do what",
                                        List.of(
                                                entry("Users", "users", people()),
                                                entry("API keys", "keys", programs()),
                                                entry(
                                                        "Access log",
                                                        "access-log",
                                                        "Who signed in, what they read, exported or changed"))),
                                new AdminPage.Group(
                                        "What is kept",
                                        List.of(
                                                entry("Redaction", "redaction", detectors()),
                                                entry(
                                                        "Retention",
                                                        "retention",
                                                        "What goes when, legal holds, erasures, the record of deletions"),
                                                entry(
                                                        "Quarantine",
                                                        "quarantine",
                                                        "What could not be understood, and a second try"))),
                                new AdminPage.Group(
                                        "How it runs",
                                        List.of(
                                                entry(
                                                        "Limits and budgets",
                                                        "limits",
                                                        "When a compliance check warns or fails"),
                                                entry(
                                                        "Destinations",
                                                        "destinations",
                                                        "Where accepted events are copied to"),
                                                entry(
                                                        "System",
                                                        "system",
                                                        "Version, database, work that waits, disk"))))));
    }

    private static AdminPage.Entry entry(String title, String path, String what) {
        return new AdminPage.Entry(title, "/admin/" + path, what);
    }

    private String people() {
        List<UserAccount> all = users.list();
        long disabled = all.stream().filter(UserAccount::disabled).count();
        return format.count(all.size() - disabled, "user", "users")
                + " may sign in"
                + (disabled == 0 ? "" : ", " + format.count(disabled) + " disabled");
    }

    private String programs() {
        Instant now = clock.instant();
        long live = keys.list().stream().filter(key -> isLive(key, now)).count();
        return format.count(live + (keys.hasConfiguredKey() ? 1 : 0), "key", "keys") + " in use";
    }

    private static boolean isLive(ApiKey key, Instant now) {
        Instant expiresAt = key.expiresAt();
        return key.revokedAt() == null && (expiresAt == null || expiresAt.isAfter(now));
    }

    private String detectors() {
        long on = rules.detectors().stream().filter(rules::isOn).count();
        return format.count(on, "detector", "detectors")
                + " on, and a tester for texts of your own";
    }
}
