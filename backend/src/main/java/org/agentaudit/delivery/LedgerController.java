package org.agentaudit.delivery;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.mail.MailServer;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// The ledger of report mails: an administrator sees all, an officer those of their subscriptions.
@Controller(LedgerController.PATH)
@Produces(MediaType.TEXT_HTML)
@Secured({"ADMIN", "COMPLIANCE_OFFICER"})
@ExecuteOn(TaskExecutors.BLOCKING)
class LedgerController {

    static final String PATH = "/deliveries";

    private static final int SIZE = 50;

    private final MailLedger ledger;
    private final MailServer server;
    private final FormTokens formTokens;
    private final Pages pages;

    LedgerController(MailLedger ledger, MailServer server, FormTokens formTokens, Pages pages) {
        this.ledger = ledger;
        this.server = server;
        this.formTokens = formTokens;
        this.pages = pages;
    }

    @Introspected
    record RetryForm(@Nullable String csrf) {}

    /// @param before number of the last mail already shown
    @Get
    HttpResponse<?> list(
            Viewer viewer,
            @QueryValue @Nullable DeliveryStatus state,
            @QueryValue @Nullable Long subscription,
            @QueryValue @Nullable Long before,
            @QueryValue @Nullable String done) {
        List<MailRow> found = ledger.list(viewer, subscription, state, before, SIZE + 1);
        boolean more = found.size() > SIZE;
        List<MailRow> rows = more ? found.subList(0, SIZE) : found;
        Map<DeliveryStatus, Long> counts = ledger.counts(viewer);
        long waiting = counts.getOrDefault(DeliveryStatus.PENDING, 0L);
        long failed = counts.getOrDefault(DeliveryStatus.FAILED, 0L);
        return pages.render(
                "delivery/ledger",
                new LedgerPage(
                        MailSentence.kind(server, failed),
                        MailSentence.of(server, waiting, failed),
                        server.isSet() ? null : MailSentence.ADVICE,
                        "again".equals(done) ? "The mail is in the outbox again." : null,
                        subscription,
                        states(state, subscription),
                        rows,
                        more ? address(state, subscription, rows.getLast().id()) : null,
                        before == null ? null : address(state, subscription, null)));
    }

    @Post("/{id}/retry")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> retry(HttpRequest<?> request, @PathVariable long id, @Body RetryForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        return ledger.retry(viewer, id)
                ? HttpResponse.seeOther(URI.create(PATH + "?done=again"))
                : HttpResponse.notFound();
    }

    private static List<MailTab> states(
            @Nullable DeliveryStatus chosen, @Nullable Long subscription) {
        return List.of(
                new MailTab("All", address(null, subscription, null), chosen == null),
                state("Waiting", DeliveryStatus.PENDING, chosen, subscription),
                state("Sent", DeliveryStatus.SENT, chosen, subscription),
                state("Failed", DeliveryStatus.FAILED, chosen, subscription));
    }

    private static MailTab state(
            String label,
            DeliveryStatus status,
            @Nullable DeliveryStatus chosen,
            @Nullable Long subscription) {
        return new MailTab(label, address(status, subscription, null), status == chosen);
    }

    private static String address(
            @Nullable DeliveryStatus state, @Nullable Long subscription, @Nullable Long before) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("state", state == null ? List.of() : List.of(state.name()));
        query.put(
                "subscription",
                subscription == null ? List.of() : List.of(subscription.toString()));
        query.put("before", before == null ? List.of() : List.of(before.toString()));
        return Links.address(PATH, query);
    }
}
