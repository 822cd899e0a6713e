package org.agentaudit.query;

import io.micronaut.context.annotation.Value;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.database.DatabaseFailures;
import org.agentaudit.store.IngestLoad;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the stored events and settles what needs a whole trace (README, decision 9): in the
/// background, and before a report reads. A trace that is touched while it is settled stays on the
/// list. A trace that cannot be settled holds up no other: it is left out and tried again later,
/// after longer and longer waits.
@Singleton
public class TraceSettler {

    private static final Logger LOG = LoggerFactory.getLogger(TraceSettler.class);
    private static final int TRACES_PER_STEP = 200;
    private static final int LONG_LIST = 20_000;

    private final TransactionOperations<Connection> transactions;
    private final SettleRepository repository;
    private final UnsettledTraces unsettled;
    private final IngestLoad load;
    private final CallSettler calls;
    private final List<SettleStep> steps;
    private final int iterationLimit;
    private volatile boolean failing;

    TraceSettler(
            TransactionOperations<Connection> transactions,
            SettleRepository repository,
            CallSettler calls,
            List<SettleStep> steps,
            Clock clock,
            IngestLoad load,
            @Value("${portal.limit.iteration-limit:10}") int iterationLimit) {
        this.transactions = transactions;
        this.repository = repository;
        this.calls = calls;
        this.steps = List.copyOf(steps);
        this.load = load;
        this.unsettled = new UnsettledTraces(clock);
        this.iterationLimit = iterationLimit;
    }

    /// Settles everything that is open, step by step, with rests while the store is busy; a long
    /// list is worked off without them, so that no report finds too much to settle.
    @Scheduled(initialDelay = "2s", fixedDelay = "2s")
    void follow() {
        try {
            List<String> open =
                    transactions.executeRead(
                            status -> repository.touchedIn(status.getConnection(), null, null));
            settleAll(open, open.size() < LONG_LIST);
            failing = false;
        } catch (Exception e) {
            // Tried again in two seconds; said once, not with every try.
            if (!failing) {
                LOG.warn("Settling traces failed and will be tried again: {}", e.toString());
            }
            failing = true;
        }
    }

    /// Settles the traces that were open at the moment of the call and have an event in [from, to);
    /// null bounds are open.
    public void settle(@Nullable Instant from, @Nullable Instant to) {
        List<String> open =
                transactions.executeRead(
                        status -> repository.touchedIn(status.getConnection(), from, to));
        settleAll(open, false);
    }

    /// Settles those of the traces that are open.
    public void settle(List<String> traceIds) {
        List<String> open =
                transactions.executeRead(
                        status ->
                                repository.touched(status.getConnection(), traceIds).stream()
                                        .map(SettleRepository.Touched::traceId)
                                        .toList());
        settleAll(open, false);
    }

    private void settleAll(List<String> open, boolean resting) {
        List<String> due = open.stream().filter(unsettled::isDue).toList();
        for (int i = 0; i < due.size(); i += TRACES_PER_STEP) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            long start = System.nanoTime();
            Map<String, Exception> failed = new LinkedHashMap<>();
            settleOrIsolate(due.subList(i, Math.min(due.size(), i + TRACES_PER_STEP)), failed);
            unsettled.failed(failed);
            if (resting) {
                load.rest(Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    /// Settles the traces in one transaction or, when that fails, in halves, down to the trace that
    /// is to blame.
    private void settleOrIsolate(List<String> traceIds, Map<String, Exception> failed) {
        try {
            transactions.executeWrite(
                    status -> {
                        settleStep(status.getConnection(), traceIds);
                        return true;
                    });
            traceIds.forEach(unsettled::succeeded);
        } catch (Exception e) { // of the database's too, which nobody declares
            if (!DatabaseFailures.isOfData(e)) {
                throw e;
            }
            if (traceIds.size() == 1) {
                failed.put(traceIds.getFirst(), e);
                return;
            }
            int half = traceIds.size() / 2;
            settleOrIsolate(traceIds.subList(0, half), failed);
            settleOrIsolate(traceIds.subList(half, traceIds.size()), failed);
        }
    }

    /// Settles those of the traces that are open, within a transaction.
    void settleIn(Connection connection, List<String> traceIds) throws SQLException {
        settleStep(connection, traceIds);
    }

    private void settleStep(Connection connection, List<String> ids) throws SQLException {
        repository.lock(connection);
        List<SettleRepository.Touched> touched = repository.touched(connection, ids);
        if (touched.isEmpty()) {
            return;
        }
        List<String> traces = touched.stream().map(SettleRepository.Touched::traceId).toList();
        repository.replaceRuns(connection, traces, iterationLimit);
        calls.settle(connection, traces);
        repository.replaceGaps(connection, traces);
        for (SettleStep step : steps) {
            step.settle(connection, traces);
        }
        repository.settled(connection, touched);
    }
}
