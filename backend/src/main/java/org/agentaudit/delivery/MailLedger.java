package org.agentaudit.delivery;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// What became of each report mail, for those who manage its subscription.
@Singleton
class MailLedger {

    private final TransactionOperations<Connection> transactions;
    private final LedgerRepository repository;
    private final AccessLog accessLog;
    private final Clock clock;

    MailLedger(
            TransactionOperations<Connection> transactions,
            LedgerRepository repository,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// Newest first.
    ///
    /// @param subscription null: of all
    /// @param status       null: of any
    /// @param before       number of the last one already seen; null: from the newest
    List<MailRow> list(
            Viewer viewer,
            @Nullable Long subscription,
            @Nullable DeliveryStatus status,
            @Nullable Long before,
            int limit) {
        String owner = ReportSubscriptions.managed(viewer);
        return transactions.executeRead(
                transaction ->
                        repository.list(
                                transaction.getConnection(),
                                owner,
                                subscription,
                                status,
                                before == null ? Long.MAX_VALUE : before,
                                limit));
    }

    Map<DeliveryStatus, Long> counts(Viewer viewer) {
        String owner = ReportSubscriptions.managed(viewer);
        return transactions.executeRead(
                transaction -> repository.counts(transaction.getConnection(), owner));
    }

    /// Tries a mail anew that failed for good.
    ///
    /// @return false when there is none that the viewer manages
    boolean retry(Viewer viewer, long id) {
        String owner = ReportSubscriptions.managed(viewer);
        return transactions.executeWrite(
                transaction -> {
                    Connection connection = transaction.getConnection();
                    boolean again =
                            repository.retry(
                                    connection,
                                    id,
                                    owner,
                                    viewer.username(),
                                    clock.instant().truncatedTo(ChronoUnit.MICROS));
                    if (again) {
                        accessLog.append(
                                connection,
                                viewer,
                                AccessAction.REPORT_SENT,
                                "report mail " + id + " tried again",
                                null);
                    }
                    return again;
                });
    }
}
