package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;

/// Changes of alerts' states, for who follows them. Numbers become visible in ascending order: who
/// has seen one has seen every lower one. Numbers may be left out.
@Singleton
public class AlertChanges {

    private final TransactionOperations<Connection> transactions;
    private final AlertRepository repository;

    AlertChanges(TransactionOperations<Connection> transactions, AlertRepository repository) {
        this.transactions = transactions;
        this.repository = repository;
    }

    /// An alert fired, was acknowledged or was resolved. What it is now: [Alerts#byIds].
    public record Change(long number, long alertId, Instant changedAt) {}

    /// The number of the latest change; 0 before the first.
    public long lastNumber() {
        return transactions.executeRead(status -> repository.lastChange(status.getConnection()));
    }

    /// Changes in ascending order of their numbers.
    ///
    /// @param after exclusive
    /// @param upTo  inclusive
    public List<Change> between(long after, long upTo, int limit) {
        return transactions.executeRead(
                status -> repository.changes(status.getConnection(), after, upTo, limit));
    }
}
