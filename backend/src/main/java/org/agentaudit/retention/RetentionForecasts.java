package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.query.TraceLife;

/// Says what a run would remove, and removes nothing.
@Singleton
public class RetentionForecasts {

    private final TransactionOperations<Connection> transactions;
    private final ForecastRepository repository;
    private final HoldRepository holds;
    private final RetentionPolicy policy;

    RetentionForecasts(
            TransactionOperations<Connection> transactions,
            ForecastRepository repository,
            HoldRepository holds,
            RetentionPolicy policy) {
        this.transactions = transactions;
        this.repository = repository;
        this.holds = holds;
        this.policy = policy;
    }

    /// What a run at that moment would remove of what is stored now.
    public RetentionForecast at(Instant at) {
        TraceLife.Cutoffs cutoffs = policy.cutoffs(at);
        Instant contentCutoff = policy.contentCutoff(at);
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    List<RetentionForecast.HeldBack> heldBack = new ArrayList<>();
                    for (ForecastRepository.HeldBack kept :
                            repository.heldBack(connection, cutoffs)) {
                        heldBack.add(
                                new RetentionForecast.HeldBack(
                                        holds.find(connection, kept.hold()).orElseThrow(),
                                        kept.traces(),
                                        kept.events()));
                    }
                    return new RetentionForecast(
                            at,
                            repository.traces(connection, cutoffs),
                            repository.quarantined(connection, contentCutoff),
                            repository.rows(connection, cutoffs, contentCutoff),
                            heldBack);
                });
    }
}
