package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.store.Arrivals;
import org.agentaudit.store.Horizon;
import org.agentaudit.store.HorizonRepository;

/// Events as they are stored, by arrival: limited to the viewer, masked where the viewer may not
/// see content. An event is told when no commit can come in before it any more.
@Singleton
public class EventFeed implements ChangeFeed<EventFeed.Question, AuditEvent> {

    /// Batches looked at in one part.
    private static final int WIDEST = 256;

    /// Commits that lie this far behind the last number are over: a portal has a few under way at
    /// once. Bounds what is asked while an old transaction holds the horizon back.
    private static final int UNDER_WAY = 1_000;

    private final EventReadRepository events;
    private final HorizonRepository commits;
    private final TransactionOperations<Connection> transactions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Horizon horizon = new Horizon();

    EventFeed(
            EventReadRepository events,
            HorizonRepository commits,
            TransactionOperations<Connection> transactions) {
        this.events = events;
        this.commits = commits;
        this.transactions = transactions;
    }

    /// Which events a listener asks for, and what they may see of them. Listeners of the same
    /// rights share it.
    public record Question(Viewer viewer, EventFilter filter) {

        /// @throws BadInputException when the filter contradicts itself
        /// @throws org.agentaudit.access.AccessDeniedException when the viewer may not read events,
        ///     or filters by content that is masked
        public Question {
            EventQuery.conditions(viewer, filter);
            viewer = new Viewer("", viewer.roles(), viewer.agentScope());
        }
    }

    @Override
    public long position() {
        return Arrivals.lastOf(safeBatch());
    }

    private long safeBatch() {
        lock.lock();
        try {
            return transactions.executeWrite(
                    status -> horizon.look(commits, status.getConnection()));
        } finally {
            lock.unlock();
        }
    }

    /// Batches beyond the safe one may be visible or not; which of them are is asked once, and that
    /// is the moment.
    @Override
    public Start start() {
        long safe = safeBatch();
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    long after = Math.max(safe, commits.lastBatch(connection) - UNDER_WAY);
                    return new Start(
                            Arrivals.lastOf(after), commits.visibleBatches(connection, after));
                });
    }

    @Override
    public Part<AuditEvent> changes(Question question, long after, long upTo, int limit) {
        Viewer viewer = question.viewer();
        EventConditions conditions = EventQuery.conditions(viewer, question.filter());
        long end = Math.min(upTo, Arrivals.lastOf(Arrivals.batchOf(after + 1) + WIDEST));
        conditions.arrived(after, end);
        EventReadRepository.Arrived arrived = events.arrived(conditions, limit);
        List<Change<AuditEvent>> changes =
                arrived.events().stream()
                        .map(
                                event -> {
                                    long arrival = event.envelope().arrival();
                                    return new Change<>(
                                            arrival,
                                            Arrivals.batchOf(arrival),
                                            Disclosure.of(event, viewer));
                                })
                        .toList();
        return new Part<>(changes, arrived.whole() ? end : changes.getLast().number());
    }
}
