package org.agentaudit.store;

import io.micronaut.context.annotation.Context;
import io.micronaut.transaction.TransactionOperations;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.sql.Connection;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agentaudit.database.DatabaseFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends to PostgreSQL. A few writers take batches from a bounded queue; batches that wait at the
/// same time share one commit, so that many small requests cost few commits.
@Context
class PostgresEventStore implements EventStore {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresEventStore.class);
    private static final long CLOSE_SECONDS = 25;
    private static final int SMALL_COMMIT = 500;

    private record Batch(
            List<NewEvent> events,
            List<QuarantineItem> quarantined,
            CompletableFuture<List<AppendResult>> answer) {

        int weight() {
            return Math.max(1, events.size() + quarantined.size());
        }
    }

    private final TransactionOperations<Connection> transactions;
    private final EventWriteRepository repository;
    private final StoreConfig config;
    private final IngestLoad load;
    private final BlockingQueue<Batch> queue = new LinkedBlockingQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final Set<YearMonth> partitions = ConcurrentHashMap.newKeySet();
    private final List<Thread> writers = new ArrayList<>();
    private final Semaphore smallCommit = new Semaphore(1);
    private volatile boolean closing;

    PostgresEventStore(
            TransactionOperations<Connection> transactions,
            EventWriteRepository repository,
            StoreConfig config,
            IngestLoad load) {
        this.transactions = transactions;
        this.repository = repository;
        this.config = config;
        this.load = load;
    }

    @PostConstruct
    void start() {
        for (int i = 0; i < config.writers(); i++) {
            writers.add(Thread.ofPlatform().name("event-writer-" + i).start(this::run));
        }
    }

    /// Stores what was accepted, then stops.
    @PreDestroy
    void close() {
        closing = true;
        for (Thread writer : writers) {
            try {
                if (!writer.join(Duration.ofSeconds(CLOSE_SECONDS))) {
                    LOG.error(
                            "{} did not finish in time; its batch was not acknowledged",
                            writer.getName());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public CompletableFuture<List<AppendResult>> append(
            List<NewEvent> events, List<QuarantineItem> quarantined) {
        Batch batch =
                new Batch(List.copyOf(events), List.copyOf(quarantined), new CompletableFuture<>());
        if (events.isEmpty() && quarantined.isEmpty()) {
            batch.answer.complete(List.of());
            return batch.answer;
        }
        if (closing) {
            throw new StoreBusyException("The portal is stopping; send the batch again later.");
        }
        long before = waiting.getAndAdd(batch.weight());
        // A batch larger than the whole queue is taken when nothing else waits, else it could never
        // be stored.
        if (before > 0 && before + batch.weight() > config.waitingEvents()) {
            waiting.addAndGet(-batch.weight());
            throw new StoreBusyException(
                    "The store is behind by " + before + " events; send the batch again later.");
        }
        queue.add(batch);
        return batch.answer;
    }

    @Override
    public Set<String> knownAgents(Collection<String> names) {
        if (names.isEmpty()) {
            return Set.of();
        }
        try {
            return transactions.executeRead(
                    status -> repository.agents(status.getConnection(), names));
        } catch (Exception e) {
            throw unavailable(e);
        }
    }

    private void run() {
        while (true) {
            try {
                Batch first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    take(first);
                } else if (closing) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// Commits a batch and what waits behind it. Small commits take turns: what comes while one is
    /// under way goes into the next one together, instead of into a commit each.
    private void take(Batch first) throws InterruptedException {
        List<Batch> batches = new ArrayList<>();
        batches.add(first);
        if (gather(batches) >= SMALL_COMMIT) {
            commit(batches);
            return;
        }
        smallCommit.acquire();
        try {
            gather(batches);
            commit(batches);
        } finally {
            smallCommit.release();
        }
    }

    /// Adds batches that wait.
    ///
    /// @return items of all of them
    private int gather(List<Batch> batches) {
        int weight = batches.stream().mapToInt(Batch::weight).sum();
        while (weight < config.commitEvents()) {
            Batch next = queue.peek();
            if (next == null || weight + next.weight() > 2 * config.commitEvents()) {
                break;
            }
            Batch taken = queue.poll();
            if (taken == null) {
                break;
            }
            batches.add(taken);
            weight += taken.weight();
        }
        return weight;
    }

    private void commit(List<Batch> batches) {
        int weight = batches.stream().mapToInt(Batch::weight).sum();
        try {
            List<List<AppendResult>> results = write(batches);
            load.stored(weight);
            for (int i = 0; i < batches.size(); i++) {
                batches.get(i).answer.complete(results.get(i));
            }
        } catch (Exception | Error e) {
            // Statements fail with checked exceptions, whatever the transaction declares; a writer
            // must outlive everything.
            if (batches.size() == 1 || DatabaseFailures.isAway(e)) {
                RuntimeException failure =
                        DatabaseFailures.isAway(e)
                                ? unavailable(e)
                                : new IllegalStateException("A batch could not be stored.", e);
                LOG.error("A commit of {} items failed: {}", weight, e.toString());
                batches.forEach(batch -> batch.answer.completeExceptionally(failure));
            } else {
                // One batch must not take its neighbours down with it: each gets a commit of its
                // own.
                LOG.warn(
                        "A shared commit of {} batches failed, trying them one by one: {}",
                        batches.size(),
                        e.toString());
                waiting.addAndGet(weight);
                batches.forEach(batch -> commit(List.of(batch)));
            }
        } finally {
            waiting.addAndGet(-weight);
        }
    }

    private List<List<AppendResult>> write(List<Batch> batches) {
        List<NewEvent> events = new ArrayList<>();
        List<QuarantineItem> quarantined = new ArrayList<>();
        for (Batch batch : batches) {
            events.addAll(batch.events);
            quarantined.addAll(batch.quarantined);
        }
        ensurePartitions(events);
        List<AppendResult> all;
        try {
            all = store(events, quarantined);
        } catch (Exception e) {
            partitions.clear();
            if (!DatabaseFailures.isWithoutPartition(e)) {
                throw e;
            }
            // Retention dropped the empty table of a month that now gets late data.
            ensurePartitions(events);
            all = store(events, quarantined);
        }
        List<List<AppendResult>> results = new ArrayList<>();
        int from = 0;
        for (Batch batch : batches) {
            int to = from + batch.events.size();
            results.add(List.copyOf(all.subList(from, to)));
            from = to;
        }
        return results;
    }

    private void ensurePartitions(List<NewEvent> events) {
        for (YearMonth month : EventWriteRepository.months(events)) {
            if (!partitions.contains(month)) {
                transactions.executeWrite(
                        status -> {
                            repository.ensurePartition(status.getConnection(), month);
                            return true;
                        });
                partitions.add(month);
            }
        }
    }

    private List<AppendResult> store(List<NewEvent> events, List<QuarantineItem> quarantined) {
        return transactions.executeWrite(
                status -> repository.write(status.getConnection(), events, quarantined));
    }

    private static StoreUnavailableException unavailable(Throwable cause) {
        return new StoreUnavailableException(
                DatabaseFailures.isDiskFull(cause)
                        ? "The disk of the database is full."
                        : "PostgreSQL cannot be reached right now.",
                cause);
    }
}
