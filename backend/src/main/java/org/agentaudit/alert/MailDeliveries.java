package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.agentaudit.mail.MailFailedException;
import org.agentaudit.mail.MailRetry;
import org.agentaudit.mail.MailServer;
import org.agentaudit.mail.Outbox;
import org.agentaudit.mail.OutgoingMail;
import org.jspecify.annotations.Nullable;

/// Sends mails from the outbox of alerts, as [org.agentaudit.mail.Outbox] has it. Everything about
/// one alert refers to one thread.
@Singleton
class MailDeliveries {

    private static final int AT_ONCE = 10;

    private final TransactionOperations<Connection> transactions;
    private final AlertDeliveryRepository repository;
    private final MailServer server;
    private final Clock clock;

    MailDeliveries(
            TransactionOperations<Connection> transactions,
            AlertDeliveryRepository repository,
            MailServer server,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.server = server;
        this.clock = clock;
    }

    /// Makes one attempt at each that is due, up to ten.
    ///
    /// @return how many there were; 0 without a server
    int sendDue() throws InterruptedException {
        Instant now = now();
        if (!server.isSet()) {
            transactions.executeWrite(
                    status -> {
                        repository.waitInVain(
                                status.getConnection(),
                                MailServer.NOT_SET,
                                Outbox.GAVE_UP,
                                now.minus(Outbox.WAIT_FOR_SERVER));
                        return true;
                    });
            return 0;
        }
        List<AlertDeliveryRepository.Due> due =
                transactions.executeWrite(
                        status ->
                                repository.claim(
                                        status.getConnection(),
                                        AlertDelivery.Channel.MAIL,
                                        now,
                                        now.plus(Outbox.LEASE),
                                        AT_ONCE));
        for (AlertDeliveryRepository.Due one : due) {
            attempt(one);
        }
        return due.size();
    }

    private void attempt(AlertDeliveryRepository.Due due) throws InterruptedException {
        String made = due.createdAt().getEpochSecond() + "." + due.id() + "@" + server.domain();
        String id = Objects.requireNonNullElse(due.messageId(), "alert." + made);
        boolean ours =
                transactions.executeWrite(
                        status ->
                                repository.keep(
                                        status.getConnection(), due, id, now().plus(Outbox.LEASE)));
        if (!ours) {
            return;
        }
        try {
            server.send(
                    new OutgoingMail(
                            id,
                            due.target(),
                            AlertMailText.of(due.body(), server.portal()),
                            "alert-thread." + due.alertId() + "@" + server.domain(),
                            null,
                            null));
        } catch (MailFailedException e) {
            Duration wait = e.permanent() ? null : MailRetry.after(due.attempt());
            failed(due, e.getMessage(), wait == null ? null : now().plus(wait));
            return;
        }
        Instant at = now();
        Outbox.untilTaken(
                "alert message " + due.id(),
                () ->
                        transactions.executeWrite(
                                status -> {
                                    repository.sent(status.getConnection(), due, at);
                                    return true;
                                }));
    }

    private void failed(AlertDeliveryRepository.Due due, String error, @Nullable Instant next)
            throws InterruptedException {
        Outbox.untilTaken(
                "alert message " + due.id(),
                () ->
                        transactions.executeWrite(
                                status -> {
                                    repository.failed(status.getConnection(), due, error, next);
                                    return true;
                                }));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
