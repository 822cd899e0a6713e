package org.agentaudit.delivery;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.mail.MailServer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.report.ReportConfig;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// Report subscriptions: shown, made, changed, paused, deleted, sent now.
@Controller(SubscriptionController.PATH)
@Produces(MediaType.TEXT_HTML)
@Secured({"ADMIN", "COMPLIANCE_OFFICER"})
@ExecuteOn(TaskExecutors.BLOCKING)
class SubscriptionController {

    static final String PATH = "/subscriptions";

    private static final String FORM = "delivery/subscription";
    private static final List<Integer> EVERY_DAY = List.of(1, 2, 3, 4, 5, 6, 7);
    private static final List<String> WEEKDAYS =
            List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final LocalTime MORNING = LocalTime.of(7, 0);
    private static final Map<String, String> NOTES =
            Map.of(
                    "saved", "The subscription is saved.",
                    "deleted", "The subscription is deleted.",
                    "paused", "The subscription is paused: it is sent by hand only.",
                    "resumed", "The subscription is sent by itself again.",
                    "sent",
                            "One mail for each recipient is in the outbox; whoever has the mail of that day gets no"
                                    + " second one.");

    private final ReportSubscriptions subscriptions;
    private final MailServer server;
    private final ReportConfig reports;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Clock clock;

    SubscriptionController(
            ReportSubscriptions subscriptions,
            MailServer server,
            ReportConfig reports,
            FormTokens formTokens,
            Pages pages,
            Clock clock) {
        this.subscriptions = subscriptions;
        this.server = server;
        this.reports = reports;
        this.formTokens = formTokens;
        this.pages = pages;
        this.clock = clock;
    }

    @Introspected
    record ActionForm(@Nullable String csrf, @Nullable String enabled) {}

    @Get
    HttpResponse<?> list(Viewer viewer, @QueryValue @Nullable String done) {
        return pages.render(
                "delivery/subscriptions",
                page(viewer, done == null ? null : NOTES.get(done), null));
    }

    @Get("/new")
    HttpResponse<?> fresh() {
        return pages.render(
                FORM,
                form(
                        null,
                        null,
                        new SubscriptionPage(
                                null,
                                "",
                                "",
                                null,
                                ReportKind.DAILY_SUMMARY,
                                "",
                                "",
                                MORNING.toString(),
                                reports.timeZone().getId(),
                                List.of(),
                                weekdays(EVERY_DAY),
                                true,
                                true,
                                null)));
    }

    @Get("/{id}")
    HttpResponse<?> edit(Viewer viewer, @PathVariable String id) {
        return subscriptions
                .find(viewer, id)
                .<HttpResponse<?>>map(found -> pages.render(FORM, form(found)))
                .orElseGet(HttpResponse::notFound);
    }

    @Post
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> add(HttpRequest<?> request, @Body SubscriptionForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        try {
            subscriptions.add(viewer, form.input());
            return back("saved");
        } catch (BadInputException e) {
            return again(null, null, form, e);
        }
    }

    @Post("/{id}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> change(
            HttpRequest<?> request, @PathVariable String id, @Body SubscriptionForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        Optional<ReportSubscription> before = subscriptions.find(viewer, id);
        if (before.isEmpty()) {
            return HttpResponse.notFound();
        }
        try {
            return subscriptions.change(viewer, id, form.input()).isPresent()
                    ? back("saved")
                    : HttpResponse.notFound();
        } catch (BadInputException e) {
            return again(before.get().id(), before.get().owner(), form, e);
        }
    }

    @Post("/{id}/pause")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> pause(HttpRequest<?> request, @PathVariable String id, @Body ActionForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        boolean enabled = "true".equals(form.enabled());
        return subscriptions.enable(viewer, id, enabled).isPresent()
                ? back(enabled ? "resumed" : "paused")
                : HttpResponse.notFound();
    }

    @Post("/{id}/delete")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> delete(HttpRequest<?> request, @PathVariable String id, @Body ActionForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        return subscriptions.delete(viewer, id) ? back("deleted") : HttpResponse.notFound();
    }

    @Post("/{id}/send")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> send(HttpRequest<?> request, @PathVariable String id, @Body ActionForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        try {
            return subscriptions.send(viewer, id, null).isPresent()
                    ? back("sent")
                    : HttpResponse.notFound();
        } catch (BadInputException e) {
            return pages.render("delivery/subscriptions", page(viewer, null, e.getMessage()))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    private static HttpResponse<?> back(String done) {
        return HttpResponse.seeOther(URI.create(PATH + "?done=" + done));
    }

    private SubscriptionsPage page(Viewer viewer, @Nullable String note, @Nullable String problem) {
        List<SubscriptionsPage.Row> rows =
                subscriptions.list(viewer).stream().map(this::row).toList();
        long active = rows.stream().filter(row -> row.nextAt() != null).count();
        String described = server.described();
        String sentence;
        if (described == null) {
            sentence = "No mail is sent: no mail server is set.";
        } else if (rows.isEmpty()) {
            sentence = "Nobody gets a report by mail yet.";
        } else {
            sentence =
                    active == 0
                            ? "No subscription is sent by itself."
                            : "%d of %d %s sent by %s."
                                    .formatted(
                                            active,
                                            rows.size(),
                                            rows.size() == 1
                                                    ? "subscription is"
                                                    : "subscriptions are",
                                            rows.size() == 1 ? "itself" : "themselves");
        }
        return new SubscriptionsPage(
                problem != null ? "fail" : described == null ? "warn" : "ok",
                problem != null ? problem : sentence,
                described == null
                        ? "Set PORTAL_SMTP_HOST, and PORTAL_MAIL_FROM, and start the portal again. What is due until"
                                + " then waits in the outbox for up to 7 days."
                        : null,
                note,
                viewer.mayRead(),
                viewer.has(Role.ADMIN),
                rows);
    }

    private SubscriptionsPage.Row row(ReportSubscription subscription) {
        return new SubscriptionsPage.Row(
                subscription,
                title(subscription.kind(), subscription.agentId()),
                days(subscription.days()),
                subscription.recipients().isEmpty()
                        ? null
                        : SendTimes.next(subscription, clock.instant()));
    }

    static String title(ReportKind kind, @Nullable String agentId) {
        return switch (kind) {
            case DAILY_SUMMARY -> "Daily summary";
            case COMPLIANCE -> "Compliance report";
            case AGENT_AUDIT -> "Audit of " + agentId;
        };
    }

    private static String days(List<Integer> days) {
        if (days.equals(EVERY_DAY)) {
            return "every day";
        }
        if (days.equals(List.of(1, 2, 3, 4, 5))) {
            return "Mon to Fri";
        }
        return String.join(", ", days.stream().map(day -> WEEKDAYS.get(day - 1)).toList());
    }

    private SubscriptionPage form(ReportSubscription found) {
        return form(
                found.id(),
                null,
                new SubscriptionPage(
                        null,
                        "",
                        "",
                        null,
                        found.kind(),
                        found.agentId() == null ? "" : found.agentId(),
                        String.join("\n", found.recipients()),
                        found.sendAt().toString(),
                        found.timeZone().getId(),
                        List.of(),
                        weekdays(found.days()),
                        found.attachPdf(),
                        found.enabled(),
                        found.owner()));
    }

    private HttpResponse<?> again(
            @Nullable Long id, @Nullable String owner, SubscriptionForm form, BadInputException e) {
        SubscriptionPage input =
                new SubscriptionPage(
                        null,
                        "",
                        "",
                        null,
                        form.reportKind(),
                        SubscriptionForm.text(form.agentId()),
                        SubscriptionForm.text(form.recipients()),
                        SubscriptionForm.text(form.sendAt()),
                        SubscriptionForm.text(form.timeZone()),
                        List.of(),
                        weekdays(form.days()),
                        form.attachPdf() != null,
                        form.enabled() != null,
                        owner);
        return pages.render(FORM, form(id, e.getMessage(), input)).status(HttpStatus.BAD_REQUEST);
    }

    private static SubscriptionPage form(
            @Nullable Long id, @Nullable String problem, SubscriptionPage input) {
        return new SubscriptionPage(
                id,
                id == null ? "New subscription" : "Subscription " + id,
                id == null ? PATH : PATH + "/" + id,
                problem,
                input.kind(),
                input.agentId(),
                input.recipients(),
                input.sendAt(),
                input.timeZone(),
                ZoneId.getAvailableZoneIds().stream()
                        .filter(zone -> zone.equals("UTC") || zone.matches("[A-Z][a-z]+/.*"))
                        .filter(zone -> !zone.startsWith("Etc/"))
                        .sorted()
                        .toList(),
                input.weekdays(),
                input.attachPdf(),
                input.enabled(),
                input.owner());
    }

    private static List<SubscriptionPage.Weekday> weekdays(List<Integer> chosen) {
        return IntStream.rangeClosed(1, WEEKDAYS.size())
                .mapToObj(
                        day ->
                                new SubscriptionPage.Weekday(
                                        day, WEEKDAYS.get(day - 1), chosen.contains(day)))
                .toList();
    }
}
