package org.agentaudit.delivery;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.Optional;
import org.agentaudit.web.Pages;

/// The link at the end of a mail, and the one-click POST of mail programs (RFC 8058): no sign-in,
/// no cookie, no form token, since the token in the address is what entitles. Opening the link
/// changes nothing, because programs that look for dangerous links open it too.
@Controller("/unsubscribe")
@Produces(MediaType.TEXT_HTML)
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class UnsubscribeController {

    private static final int LONGEST_TOKEN = 100;

    private final Unsubscriptions unsubscriptions;
    private final Pages pages;

    UnsubscribeController(Unsubscriptions unsubscriptions, Pages pages) {
        this.unsubscriptions = unsubscriptions;
        this.pages = pages;
    }

    @Get("/{token}")
    HttpResponse<?> ask(@PathVariable String token) {
        return answer(token, known(token) ? unsubscriptions.find(token) : Optional.empty(), false);
    }

    @Post("/{token}")
    @Consumes(MediaType.ALL)
    HttpResponse<?> unsubscribe(@PathVariable String token) {
        return answer(token, known(token) ? unsubscriptions.use(token) : Optional.empty(), true);
    }

    private HttpResponse<?> answer(
            String token, Optional<DeliveryRepository.Unsubscription> found, boolean done) {
        if (found.isEmpty()) {
            return pages.render(
                            "delivery/unsubscribe", new UnsubscribePage("", false, false, "", ""))
                    .status(HttpStatus.NOT_FOUND);
        }
        DeliveryRepository.Unsubscription one = found.get();
        String report =
                switch (one.kind()) {
                    case DAILY_SUMMARY -> "daily summary";
                    case COMPLIANCE -> "compliance report";
                    case AGENT_AUDIT -> "audit of an agent";
                };
        return pages.render(
                "delivery/unsubscribe",
                new UnsubscribePage(
                        "/unsubscribe/" + token,
                        true,
                        done || !one.there(),
                        report,
                        shortened(one.recipient())));
    }

    private static boolean known(String token) {
        return token.length() <= LONGEST_TOKEN;
    }

    /// For instance `a…@example.org`.
    private static String shortened(String address) {
        return address.charAt(0) + "…" + address.substring(address.lastIndexOf('@'));
    }
}
