package org.agentaudit.store;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the partitions of this month and the next two ahead of time, so that no batch has to.
/// Those of other months are made when an event of theirs comes ([PostgresEventStore]).
@Singleton
@Requires(property = "portal.background", notEquals = "false")
class PartitionKeeper {
    static final int MONTHS_AHEAD = 2;

    private static final Logger LOG = LoggerFactory.getLogger(PartitionKeeper.class);

    private final TransactionOperations<Connection> transactions;
    private final EventWriteRepository repository;
    private final Clock clock;

    PartitionKeeper(
            TransactionOperations<Connection> transactions,
            EventWriteRepository repository,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.clock = clock;
    }

    /// At the start and four times a day; what is there already is left alone.
    @Scheduled(initialDelay = "0s", fixedDelay = "6h")
    void ensure() {
        YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        try {
            for (int i = 0; i <= MONTHS_AHEAD; i++) {
                YearMonth month = now.plusMonths(i);
                transactions.executeWrite(
                        status -> {
                            repository.ensurePartition(status.getConnection(), month);
                            return true;
                        });
            }
        } catch (Exception e) {
            // Tried again in six hours, and made on demand until then.
            LOG.warn("Partitions ahead of time were not made: {}", e.toString());
        }
    }
}
