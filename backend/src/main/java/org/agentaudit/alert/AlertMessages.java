package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.AccessLog;
import org.jspecify.annotations.Nullable;

/// The outbox of alerts, for administrators. Callers ask who may.
@Singleton
public class AlertMessages {

    private final TransactionOperations<Connection> transactions;
    private final AlertDeliveryRepository repository;
    private final AccessLog accessLog;
    private final Clock clock;

    AlertMessages(
            TransactionOperations<Connection> transactions,
            AlertDeliveryRepository repository,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// Newest first.
    ///
    /// @param state  null for any
    /// @param before number of the last one already seen; null: from the newest
    public List<AlertMessage> list(
            AlertDelivery.@Nullable State state, @Nullable Long before, int limit) {
        return transactions.executeRead(
                status -> repository.list(status.getConnection(), state, before, limit));
    }

    /// How many are PENDING and FAILED; absent when none is.
    public Map<AlertDelivery.State, Long> unsent() {
        return transactions.executeRead(status -> repository.unsent(status.getConnection()));
    }

    /// Tries one that failed for good anew.
    ///
    /// @return false when there is none that failed with this number
    public boolean retry(String actor, long id) {
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    boolean again =
                            repository.retry(
                                    connection, id, clock.instant().truncatedTo(ChronoUnit.MICROS));
                    if (again) {
                        accessLog.appendSettingsChange(
                                connection, actor, "alert message " + id + " tried again", null);
                    }
                    return again;
                });
    }
}
