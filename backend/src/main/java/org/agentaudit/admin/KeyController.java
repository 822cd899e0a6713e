package org.agentaudit.admin;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.ApiKey;
import org.agentaudit.access.ApiKeys;
import org.agentaudit.access.FieldProblem;
import org.agentaudit.access.Role;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Format;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// The page of API keys. A key is shown once, in the answer to the form that made it.
@Controller("/admin/keys")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class KeyController {

    private static final String PATH = "/admin/keys";
    private static final int LATEST_YEAR = 2100;

    private static final Map<String, String> NOTES =
            Map.of(
                    "revoked", "The key is refused from now on.",
                    "gone", "That key was revoked before.");

    private final ApiKeys keys;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Format format;
    private final Clock clock;

    KeyController(ApiKeys keys, FormTokens formTokens, Pages pages, Format format, Clock clock) {
        this.keys = keys;
        this.formTokens = formTokens;
        this.pages = pages;
        this.format = format;
        this.clock = clock;
    }

    @Get
    HttpResponse<?> list(@QueryValue @Nullable String note) {
        return page(note == null ? null : NOTES.get(note), null, new Fields(Map.of()), Map.of());
    }

    @Post
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> create(HttpRequest<?> request, @Body Map<String, Object> body) {
        Fields form = new Fields(body);
        String actor = formTokens.require(request, form.csrf()).viewer().username();
        Map<String, String> problems = new LinkedHashMap<>();
        Role role =
                Arrays.stream(Role.values())
                        .filter(each -> each.name().equals(form.text("role")))
                        .findFirst()
                        .orElse(null);
        if (role == null) {
            problems.put("role", "Choose what the key may do.");
        }
        Instant expiresAt = expiry(form.text("expires"), problems);
        if (role != null && problems.isEmpty()) {
            try {
                ApiKeys.NewKey made = keys.create(actor, form.text("name"), role, expiresAt);
                return page(null, made, new Fields(Map.of()), Map.of());
            } catch (FieldProblem e) {
                String message = e.getMessage();
                problems.put(e.field(), message == null ? "" : message);
            }
        }
        return page(null, null, form, problems).status(HttpStatus.BAD_REQUEST);
    }

    @Post("/revoke")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> revoke(HttpRequest<?> request, @Body Map<String, Object> body) {
        Fields form = new Fields(body);
        String actor = formTokens.require(request, form.csrf()).viewer().username();
        String name = form.text("name");
        boolean inUse =
                keys.list().stream()
                        .anyMatch(key -> key.name().equals(name) && key.revokedAt() == null);
        if (inUse) {
            keys.revoke(actor, name);
        }
        return HttpResponse.seeOther(URI.create(PATH + "?note=" + (inUse ? "revoked" : "gone")));
    }

    /// The end of the last day, in the report time zone.
    private @Nullable Instant expiry(String day, Map<String, String> problems) {
        if (day.isEmpty()) {
            return null;
        }
        try {
            LocalDate last = LocalDate.parse(day);
            if (!last.isBefore(today()) && last.getYear() <= LATEST_YEAR) {
                return last.plusDays(1).atStartOfDay(format.zone()).toInstant();
            }
            problems.put("expires", "The last day must lie between today and " + LATEST_YEAR + ".");
        } catch (DateTimeException e) {
            problems.put("expires", "A day is written as in 2027-01-31.");
        }
        return null;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), format.zone());
    }

    private MutableHttpResponse<?> page(
            @Nullable String note,
            ApiKeys.@Nullable NewKey made,
            Fields form,
            Map<String, String> problems) {
        Instant now = clock.instant();
        List<KeyListPage.Row> rows = keys.list().stream().map(key -> row(key, now)).toList();
        KeyListPage page =
                new KeyListPage(
                        note,
                        made,
                        rows.stream().filter(row -> row.state().equals("in use")).toList(),
                        rows.stream().filter(row -> !row.state().equals("in use")).toList(),
                        keys.hasConfiguredKey(),
                        RoleWords.ALL,
                        form.text("name"),
                        form.text("role").isEmpty() ? Role.INGESTOR.name() : form.text("role"),
                        form.text("expires"),
                        today(),
                        problems);
        return pages.render("admin/keys", page).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static KeyListPage.Row row(ApiKey key, Instant now) {
        Instant expiresAt = key.expiresAt();
        String state = "in use";
        if (key.revokedAt() != null) {
            state = "revoked";
        } else if (expiresAt != null && !expiresAt.isAfter(now)) {
            state = "expired";
        }
        return new KeyListPage.Row(key, RoleWords.title(key.role()), state);
    }
}
