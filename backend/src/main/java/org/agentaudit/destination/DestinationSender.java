package org.agentaudit.destination;

import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.store.Arrivals;
import org.agentaudit.store.Horizon;
import org.agentaudit.store.HorizonRepository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the log for one destination, in order of arrival, at least once: the place in the log
/// moves when the destination has taken what lies before it. One portal at a time does so, by an
/// advisory lock that a step holds.
final class DestinationSender {
    private static final Logger LOG = LoggerFactory.getLogger(DestinationSender.class);

    /// Most further batches looked at in one step; many numbers without an event (rolled back) are
    /// passed quickly.
    private static final int WIDEST = 256;
    /// Characters of content in one step.
    private static final long LARGE = 8 << 20;
    /// Tries before a single event is believed to be at fault, and not the destination.
    private static final int DOUBTS = 5;

    private final Destination destination;
    private final DestinationRepository repository;
    private final HorizonRepository commits;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;
    private final int batchEvents;
    private final Horizon horizon = new Horizon();
    private int doubts;
    /// Batches looked at beyond the next one: fewer while they are full, more while they are small.
    private int window;

    DestinationSender(
            Destination destination,
            DestinationRepository repository,
            HorizonRepository commits,
            TransactionOperations<Connection> transactions,
            Clock clock,
            int batchEvents) {
        this.destination = destination;
        this.repository = repository;
        this.commits = commits;
        this.transactions = transactions;
        this.clock = clock;
        this.batchEvents = batchEvents;
    }

    /// What a step did.
    sealed interface Step {}

    /// Events were sent, or a stretch without events was passed.
    record Advanced() implements Step {}

    /// There is nothing to send, or another portal sends.
    record Idle() implements Step {}

    /// @param asked how long the destination asks to be left alone; null when it did not say
    record Failed(String reason, @Nullable Duration asked) implements Step {}

    Destination destination() {
        return destination;
    }

    /// Sends the next events, if there are any.
    Step step() {
        // Apart, so that a transaction that waits for a destination has no id until the end, and
        // others need not wait for it.
        long safe =
                transactions.executeWrite(status -> horizon.look(commits, status.getConnection()));
        return transactions.executeWrite(status -> step(status.getConnection(), safe));
    }

    private Step step(Connection connection, long safe) throws SQLException {
        String name = destination.name();
        if (!repository.lock(connection, name)) {
            return new Idle();
        }
        DestinationState state =
                repository
                        .state(connection, name)
                        .orElseThrow(() -> new IllegalStateException("no destination " + name));
        long from = state.sentArrival();
        long to =
                Math.min(
                        Arrivals.lastOf(safe),
                        Arrivals.lastOf(Arrivals.batchOf(from + 1) + window));
        if (from >= to) {
            return new Idle();
        }
        DestinationRepository.Part part =
                repository.events(connection, from, to, batchEvents, LARGE);
        List<AuditEvent> events = part.events();
        if (part.whole()) {
            window = Math.min(WIDEST, 2 * window + 1);
        } else {
            to = events.getLast().envelope().arrival();
            window /= 2;
        }
        // Read after the events: what is removed in between was still read.
        long missed = missed(events, repository.removed(connection, from, to));
        Instant now = clock.instant();
        try {
            List<Refusal> refusals = believed(events, deliver(events));
            for (Refusal refusal : refusals) {
                repository.refused(connection, name, refusal.event, refusal.reason, now);
            }
            repository.advance(connection, name, to, events.size() - refusals.size(), missed, now);
        } catch (UnreachableException e) {
            repository.failed(connection, name, e.reason(), now);
            return new Failed(e.reason(), e.waitAsked());
        }
        if (missed > 0) {
            LOG.warn("{} events were removed before they could be sent to {}", missed, name);
        }
        return new Advanced();
    }

    private static long missed(List<AuditEvent> events, List<Long> removed) {
        Set<Long> read = new HashSet<>();
        events.forEach(event -> read.add(event.envelope().arrival()));
        return removed.stream().distinct().filter(arrival -> !read.contains(arrival)).count();
    }

    private record Refusal(AuditEvent event, String reason) {}

    /// Sends the events, by halves when they are refused together.
    ///
    /// @return those that were refused alone
    private List<Refusal> deliver(List<AuditEvent> events) throws UnreachableException {
        if (events.isEmpty()) {
            return List.of();
        }
        try {
            destination.send(events);
            return List.of();
        } catch (RefusedException e) {
            if (events.size() == 1) {
                return List.of(new Refusal(events.getFirst(), e.reason()));
            }
            int middle = events.size() / 2;
            List<Refusal> refusals = new ArrayList<>(deliver(events.subList(0, middle)));
            refusals.addAll(deliver(events.subList(middle, events.size())));
            return refusals;
        }
    }

    /// A destination that takes nothing at all is not set up well: nothing is set aside for that. A
    /// single event that is all there is to send is set aside after a few tries; among others that
    /// were taken, after a second one, since the destination may just have come to itself.
    private List<Refusal> believed(List<AuditEvent> events, List<Refusal> refusals)
            throws UnreachableException {
        if (refusals.size() < events.size() || events.isEmpty()) {
            doubts = 0;
            List<Refusal> again = new ArrayList<>();
            for (Refusal refusal : refusals) {
                again.addAll(deliver(List.of(refusal.event)));
            }
            return again;
        }
        doubts++;
        if (events.size() > 1 || doubts <= DOUBTS) {
            throw new UnreachableException(
                    "takes no event at all: " + refusals.getFirst().reason, null);
        }
        doubts = 0;
        return refusals;
    }
}
