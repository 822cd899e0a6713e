package org.agentaudit.delivery;

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
import org.agentaudit.alert.AlertDelivery.State;
import org.agentaudit.alert.AlertMessage;
import org.agentaudit.alert.AlertMessages;
import org.agentaudit.mail.MailServer;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// The outbox of alerts, mails and webhooks, for administrators: where each went and what became of
/// it, not what it said.
@Controller(AlertMessageController.PATH)
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class AlertMessageController {

    static final String PATH = "/admin/mail";

    private static final int SIZE = 50;

    private final AlertMessages messages;
    private final MailServer server;
    private final FormTokens formTokens;
    private final Pages pages;

    AlertMessageController(
            AlertMessages messages, MailServer server, FormTokens formTokens, Pages pages) {
        this.messages = messages;
        this.server = server;
        this.formTokens = formTokens;
        this.pages = pages;
    }

    /// @param before number of the last message already shown
    @Get
    HttpResponse<?> list(
            @QueryValue @Nullable State state,
            @QueryValue @Nullable Long before,
            @QueryValue @Nullable String done) {
        List<AlertMessage> found = messages.list(state, before, SIZE + 1);
        boolean more = found.size() > SIZE;
        List<AlertMessage> rows = more ? found.subList(0, SIZE) : found;
        Map<State, Long> unsent = messages.unsent();
        long failed = unsent.getOrDefault(State.FAILED, 0L);
        return pages.render(
                "delivery/alert-messages",
                new AlertMessagesPage(
                        MailSentence.kind(server, failed),
                        MailSentence.of(server, unsent.getOrDefault(State.PENDING, 0L), failed),
                        server.isSet() ? null : MailSentence.ADVICE,
                        "again".equals(done) ? "The message is in the outbox again." : null,
                        List.of(
                                new MailTab("All", address(null, null), state == null),
                                filter("Waiting", State.PENDING, state),
                                filter("Sent", State.SENT, state),
                                filter("Failed", State.FAILED, state)),
                        rows,
                        more ? address(state, rows.getLast().id()) : null,
                        before == null ? null : address(state, null)));
    }

    @Post("/{id}/retry")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> retry(
            HttpRequest<?> request, @PathVariable long id, @Body LedgerController.RetryForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        return messages.retry(viewer.username(), id)
                ? HttpResponse.seeOther(URI.create(PATH + "?done=again"))
                : HttpResponse.notFound();
    }

    private static MailTab filter(String label, State state, @Nullable State chosen) {
        return new MailTab(label, address(state, null), state == chosen);
    }

    private static String address(@Nullable State state, @Nullable Long before) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("state", state == null ? List.of() : List.of(state.name()));
        query.put("before", before == null ? List.of() : List.of(before.toString()));
        return Links.address(PATH, query);
    }
}
