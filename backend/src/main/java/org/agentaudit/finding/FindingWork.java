package org.agentaudit.finding;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.agentaudit.database.DatabaseFailures;
import org.agentaudit.query.TraceSettler;
import org.agentaudit.store.IngestLoad;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows settling and lets the detectors see what it settled: in the background, and before
/// findings are read. Traces come first, the oldest before the others, then the agents whose
/// history they changed. A trace or agent that fails holds up no other: it is tried again later.
@Singleton
class FindingWork {
    private static final Logger LOG = LoggerFactory.getLogger(FindingWork.class);
    private static final int TRACES_PER_STEP = 50;
    private static final int AGENTS_PER_STEP = 10;
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 10;

    private final TransactionOperations<Connection> transactions;
    private final TraceSettler settler;
    private final FindingWorkRepository repository;
    private final TraceFindings traces;
    private final AgentFindings agents;
    private final Clock clock;
    private final IngestLoad load;
    private volatile boolean failing;
    private volatile String lastKind = "";

    FindingWork(
            TransactionOperations<Connection> transactions,
            TraceSettler settler,
            FindingWorkRepository repository,
            TraceFindings traces,
            AgentFindings agents,
            Clock clock,
            IngestLoad load) {
        this.transactions = transactions;
        this.settler = settler;
        this.repository = repository;
        this.traces = traces;
        this.agents = agents;
        this.clock = clock;
        this.load = load;
    }

    /// Looks at everything that is settled and open, with rests while the store is busy.
    void follow() {
        try {
            detect(null, true);
            failing = false;
        } catch (Exception e) {
            // Tried again in three seconds; said once, not with every try.
            if (!failing) {
                LOG.warn(
                        "Looking for findings failed and will be tried again: {}",
                        DatabaseFailures.kindOf(e));
            }
            failing = true;
        }
    }

    /// Settles and looks at everything that began before `to`: what lies before a period is the
    /// history its findings rest on.
    ///
    /// @param to null: everything
    void catchUp(@Nullable Instant to) {
        settler.settle(null, to);
        detect(to, false);
    }

    private void detect(@Nullable Instant to, boolean resting) {
        while (!Thread.currentThread().isInterrupted()) {
            long start = System.nanoTime();
            List<FindingWorkRepository.DueTrace> due =
                    transactions.executeRead(
                            status ->
                                    repository.traces(
                                            status.getConnection(),
                                            to,
                                            clock.instant(),
                                            null,
                                            TRACES_PER_STEP));
            if (due.isEmpty()) {
                break;
            }
            detectOrIsolate(due);
            rest(resting, start);
        }
        while (!Thread.currentThread().isInterrupted()) {
            long start = System.nanoTime();
            boolean more =
                    transactions.executeWrite(
                            status -> {
                                Connection connection = status.getConnection();
                                repository.lock(connection);
                                Instant now = clock.instant();
                                List<FindingWorkRepository.DueAgent> due =
                                        repository.agents(connection, to, now, AGENTS_PER_STEP);
                                for (FindingWorkRepository.DueAgent agent : due) {
                                    agents.detect(connection, agent, now);
                                }
                                return !due.isEmpty();
                            });
            if (!more) {
                break;
            }
            rest(resting, start);
        }
    }

    private void rest(boolean resting, long startNanos) {
        if (resting) {
            load.rest(Duration.ofNanos(System.nanoTime() - startNanos));
        }
    }

    /// Looks at the traces in one transaction or, when that fails, in halves, down to the one that
    /// is to blame.
    private void detectOrIsolate(List<FindingWorkRepository.DueTrace> due) {
        try {
            transactions.executeWrite(
                    status -> {
                        step(status.getConnection(), due);
                        return true;
                    });
        } catch (Exception e) { // of the database's too, which nobody declares
            if (!DatabaseFailures.isOfData(e)) {
                throw e;
            }
            if (due.size() > 1) {
                int half = due.size() / 2;
                detectOrIsolate(due.subList(0, half));
                detectOrIsolate(due.subList(half, due.size()));
                return;
            }
            setAside(due.getFirst(), e);
        }
    }

    private void step(Connection connection, List<FindingWorkRepository.DueTrace> asked)
            throws SQLException {
        repository.lock(connection);
        Instant now = clock.instant();
        List<FindingWorkRepository.DueTrace> due =
                repository.traces(
                        connection,
                        null,
                        now,
                        asked.stream().map(FindingWorkRepository.DueTrace::traceId).toList(),
                        asked.size());
        if (due.isEmpty()) {
            return;
        }
        List<String> ids = due.stream().map(FindingWorkRepository.DueTrace::traceId).toList();
        traces.detect(connection, ids, now);
        repository.agentsOfTracesDue(connection, ids);
        repository.done(connection, due);
    }

    private void setAside(FindingWorkRepository.DueTrace trace, Exception failure) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(trace.failures(), MOST_DOUBLINGS));
        // A cause that many traces share is said once.
        String kind = DatabaseFailures.kindOf(failure);
        if (!kind.equals(lastKind)) {
            LOG.error(
                    "Traces cannot be looked at, so their findings are missing ({}); they will be tried again, the others go on.",
                    kind);
        }
        lastKind = kind;
        transactions.executeWrite(
                status -> {
                    repository.failed(
                            status.getConnection(), trace.traceId(), clock.instant().plus(wait));
                    return true;
                });
    }
}
