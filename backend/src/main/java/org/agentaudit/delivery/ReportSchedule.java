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
import java.util.List;
import java.util.Optional;
import org.agentaudit.mail.MailServer;
import org.agentaudit.report.ReportConfig;

/// Puts mails into the outbox when their time has come. The portal that holds the subscription's
/// row decides, and notes up to when it did in the same commit; the key of the outbox lets nobody
/// queue the same mail twice.
@Singleton
class ReportSchedule {

    /// A mail queued later than this after its time says that it is late.
    private static final Duration LATE = Duration.ofHours(1);

    private final TransactionOperations<Connection> transactions;
    private final SubscriptionRepository subscriptions;
    private final DeliveryRepository deliveries;
    private final ReportConfig reports;
    private final MailServer server;
    private final Clock clock;

    ReportSchedule(
            TransactionOperations<Connection> transactions,
            SubscriptionRepository subscriptions,
            DeliveryRepository deliveries,
            ReportConfig reports,
            MailServer server,
            Clock clock) {
        this.transactions = transactions;
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.reports = reports;
        this.server = server;
        this.clock = clock;
    }

    /// Queues what is due, each subscription in a transaction of its own.
    void queueDue() {
        List<Long> scheduled =
                transactions.executeRead(status -> deliveries.scheduled(status.getConnection()));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (long subscription : scheduled) {
            transactions.executeWrite(
                    status -> {
                        queueDue(status.getConnection(), subscription, now);
                        return true;
                    });
        }
    }

    private void queueDue(Connection connection, long id, Instant now) throws SQLException {
        Optional<Instant> until = deliveries.scheduledUntil(connection, id);
        Optional<ReportSubscription> found =
                until.isEmpty()
                        ? Optional.empty()
                        : subscriptions.byId(connection, id, null, false);
        if (found.isEmpty()) {
            return;
        }
        ReportSubscription subscription = found.get();
        List<SendTimes.SendTime> due =
                SendTimes.due(subscription, reports.timeZone(), until.get(), now);
        for (SendTimes.SendTime time : due) {
            for (LocalDate day : time.forDates()) {
                subscriptions.queue(
                        connection,
                        id,
                        subscription.recipients(),
                        day,
                        null,
                        time.at().plus(LATE).isBefore(now),
                        server.domain(),
                        now);
            }
        }
        if (!due.isEmpty()) {
            deliveries.scheduledUntil(connection, id, due.getLast().at());
        }
    }
}
