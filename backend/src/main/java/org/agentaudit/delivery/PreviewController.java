package org.agentaudit.delivery;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.mail.MailContent;
import org.agentaudit.mail.MailServer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.report.ReportConfig;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// Shows a mail before it is sent, exactly as its recipients would get it. Officers only: an
/// administrator reads no reports.
@Controller(SubscriptionController.PATH)
@Produces(MediaType.TEXT_HTML)
@Secured("COMPLIANCE_OFFICER")
@ExecuteOn(TaskExecutors.BLOCKING)
class PreviewController {

    /// Mails bring their styles along, in attributes, and their images within. Nothing else is
    /// loaded, nothing runs, and only our own page may show it.
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self';"
                    + " base-uri 'none'; form-action 'none'; sandbox allow-popups";

    private final ReportSubscriptions subscriptions;
    private final ReportMails mails;
    private final MailServer server;
    private final ReportConfig reports;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Clock clock;

    PreviewController(
            ReportSubscriptions subscriptions,
            ReportMails mails,
            MailServer server,
            ReportConfig reports,
            ViewLog viewLog,
            Pages pages,
            Clock clock) {
        this.subscriptions = subscriptions;
        this.mails = mails;
        this.server = server;
        this.reports = reports;
        this.viewLog = viewLog;
        this.pages = pages;
        this.clock = clock;
    }

    /// @param date last day that it covers; else the last complete one
    @Get("/{id}/preview")
    HttpResponse<?> preview(
            Viewer viewer, @PathVariable String id, @QueryValue @Nullable String date) {
        Optional<ReportSubscription> found = subscriptions.find(viewer, id);
        if (found.isEmpty()) {
            return HttpResponse.notFound();
        }
        ReportSubscription subscription = found.get();
        LocalDate day = day(date);
        String address = SubscriptionController.PATH + "/" + subscription.id() + "/preview";
        viewLog.report(viewer, address + "?date=" + day);
        String title = SubscriptionController.title(subscription.kind(), subscription.agentId());
        try {
            MailContent content = write(subscription, day);
            return pages.render(
                    "delivery/preview",
                    new PreviewPage(
                            subscription.id(),
                            title,
                            day,
                            null,
                            content.subject(),
                            server.from(),
                            subscription.recipients(),
                            content.html() == null ? null : address + ".html?date=" + day,
                            content.text(),
                            content.attachments().stream()
                                    .map(MailContent.Attachment::fileName)
                                    .toList()));
        } catch (BadInputException e) {
            return pages.render(
                    "delivery/preview",
                    new PreviewPage(
                            subscription.id(),
                            title,
                            day,
                            e.getMessage(),
                            "",
                            server.from(),
                            subscription.recipients(),
                            null,
                            "",
                            List.of()));
        }
    }

    /// The HTML part alone, for the frame in that page.
    @Get("/{id}/preview.html")
    HttpResponse<?> html(
            Viewer viewer, @PathVariable String id, @QueryValue @Nullable String date) {
        Optional<ReportSubscription> found = subscriptions.find(viewer, id);
        if (found.isEmpty()) {
            return HttpResponse.notFound();
        }
        LocalDate day = day(date);
        viewLog.report(
                viewer,
                "%s/%s/preview.html?date=%s"
                        .formatted(SubscriptionController.PATH, found.get().id(), day));
        MailContent content = write(found.get(), day);
        String html = content.html();
        if (html == null) {
            return HttpResponse.notFound();
        }
        for (MailContent.InlineImage image : content.images()) {
            html =
                    html.replace(
                            "cid:" + image.contentId(),
                            "data:%s;base64,%s"
                                    .formatted(
                                            image.type(),
                                            Base64.getEncoder().encodeToString(image.bytes())));
        }
        MutableHttpResponse<String> answer = HttpResponse.ok(html);
        return answer.contentType(MediaType.TEXT_HTML_TYPE)
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    }

    private MailContent write(ReportSubscription subscription, LocalDate day) {
        return ReportMails.addressed(
                mails.write(
                        subscription.owner(),
                        subscription.kind(),
                        subscription.agentId(),
                        subscription.attachPdf(),
                        day,
                        false),
                server.portal() + "/unsubscribe/…");
    }

    private LocalDate day(@Nullable String text) {
        LocalDate last = LocalDate.ofInstant(clock.instant(), reports.timeZone()).minusDays(1);
        if (text == null || text.isBlank()) {
            return last;
        }
        try {
            LocalDate day = LocalDate.parse(text);
            if (!day.isAfter(last) && day.getYear() >= 2000) {
                return day;
            }
        } catch (DateTimeException e) {
            throw noDay(last);
        }
        throw noDay(last);
    }

    private static BadInputException noDay(LocalDate last) {
        return new BadInputException(
                "'date' must be a day that is over, %s or before.".formatted(last));
    }
}
