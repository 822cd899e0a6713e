package org.agentaudit.delivery;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.mail.MailContent;
import org.agentaudit.mail.MailFailedException;
import org.agentaudit.mail.MailRetry;
import org.agentaudit.mail.MailServer;
import org.agentaudit.mail.Outbox;
import org.agentaudit.mail.OutgoingMail;
import org.agentaudit.query.BadInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends report mails from the outbox. A mail is claimed by one portal, for longer than an attempt
/// takes; what became of it is noted until the database takes the note. Only a portal that dies, or
/// a database that stays away for minutes, between the server's reply and that note lets a mail go
/// out twice, then with the same Message-ID.
@Singleton
class ReportDeliveries {

    private static final Logger LOG = LoggerFactory.getLogger(ReportDeliveries.class);
    private static final int AT_ONCE = 10;

    private final TransactionOperations<Connection> transactions;
    private final DeliveryRepository repository;
    private final ReportMails mails;
    private final Unsubscriptions unsubscriptions;
    private final MailServer server;
    private final Clock clock;

    ReportDeliveries(
            TransactionOperations<Connection> transactions,
            DeliveryRepository repository,
            ReportMails mails,
            Unsubscriptions unsubscriptions,
            MailServer server,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.mails = mails;
        this.unsubscriptions = unsubscriptions;
        this.server = server;
        this.clock = clock;
    }

    private record Report(long subscription, LocalDate forDate, boolean late) {}

    private interface Note {
        void write(Connection connection) throws SQLException;
    }

    /// Makes one attempt at each that is due, up to ten.
    ///
    /// @return how many there were; 0 without a server
    int sendDue() throws InterruptedException {
        Instant now = now();
        if (!server.isSet()) {
            note(
                    connection ->
                            repository.waitInVain(
                                    connection,
                                    MailServer.NOT_SET,
                                    Outbox.GAVE_UP,
                                    now.minus(Outbox.WAIT_FOR_SERVER)));
            return 0;
        }
        List<DueDelivery> due =
                transactions.executeWrite(
                        status ->
                                repository.claim(
                                        status.getConnection(),
                                        now,
                                        now.plus(Outbox.LEASE),
                                        AT_ONCE));
        Map<Report, MailContent> written = new HashMap<>();
        for (DueDelivery one : due) {
            attempt(one, written);
        }
        return due.size();
    }

    private void attempt(DueDelivery due, Map<Report, MailContent> written)
            throws InterruptedException {
        String error;
        Duration wait = MailRetry.after(due.attempt());
        try {
            MailContent content =
                    written.computeIfAbsent(
                            new Report(due.subscription(), due.forDate(), due.late()),
                            report -> write(due));
            if (send(due, content)) {
                Instant at = now();
                noteUntilTaken(due, connection -> repository.sent(connection, due, at));
            }
            return;
        } catch (BadInputException e) {
            error = String.valueOf(e.getMessage());
            wait = null;
        } catch (MailFailedException e) {
            error = e.getMessage();
            wait = e.permanent() ? null : wait;
        } catch (RuntimeException e) {
            // of the report or the database; its message may hold what agents sent
            LOG.warn("Report mail {} could not be made: {}", due.id(), e.getClass().getName());
            error = "The report could not be made: " + e.getClass().getSimpleName() + ".";
        }
        String said = error;
        Instant next = wait == null ? null : now().plus(wait);
        noteUntilTaken(due, connection -> repository.failed(connection, due, said, next));
    }

    private MailContent write(DueDelivery due) {
        return mails.write(
                due.owner(), due.kind(), due.agentId(), due.attachPdf(), due.forDate(), due.late());
    }

    /// @return false when the mail is not to be sent any more
    private boolean send(DueDelivery due, MailContent content) throws MailFailedException {
        boolean ours =
                transactions.executeWrite(
                        status ->
                                repository.keep(
                                        status.getConnection(), due, now().plus(Outbox.LEASE)));
        if (!ours) {
            return false;
        }
        String url =
                server.portal()
                        + "/unsubscribe/"
                        + unsubscriptions.make(due.subscription(), due.recipient());
        String name = due.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        server.send(
                new OutgoingMail(
                        due.messageId(),
                        due.recipient(),
                        ReportMails.addressed(content, url),
                        null,
                        new OutgoingMail.MailList("Agent Audit " + name.replace('-', ' '), name),
                        url));
        return true;
    }

    private void noteUntilTaken(DueDelivery due, Note note) throws InterruptedException {
        Outbox.untilTaken("report mail " + due.id(), () -> note(note));
    }

    private void note(Note note) {
        transactions.executeWrite(
                status -> {
                    note.write(status.getConnection());
                    return true;
                });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
