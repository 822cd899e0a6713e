package org.agentaudit.quarantine;

import io.micronaut.scheduling.TaskExecutors;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Retries of many items behind the page that asked for them: one at a time, watched from any page.
@Singleton
class QuarantineRuns {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantineRuns.class);

    private final Quarantine quarantine;
    private final ExecutorService workers;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<@Nullable RetryProgress> latest = new AtomicReference<>();
    private @Nullable Future<?> running;

    QuarantineRuns(
            Quarantine quarantine,
            @Named(TaskExecutors.BLOCKING) ExecutorService workers,
            Clock clock) {
        this.quarantine = quarantine;
        this.workers = workers;
        this.clock = clock;
    }

    /// Begins a retry of everything that matches.
    ///
    /// @return false when another one is under way, which goes on
    boolean start(Viewer viewer, QuarantineFilter filter) {
        lock.lock();
        try {
            if (running != null && !running.isDone()) {
                return false;
            }
            RetryProgress begun =
                    new RetryProgress(
                            viewer.username(),
                            filter.description(),
                            clock.instant(),
                            quarantine.count(viewer, filter),
                            0,
                            0,
                            null,
                            null);
            latest.set(begun);
            running = workers.submit(() -> run(viewer, filter, begun));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The run under way, else the last one; empty before the first.
    Optional<RetryProgress> latest() {
        return Optional.ofNullable(latest.get());
    }

    @PreDestroy
    void stop() {
        lock.lock();
        try {
            if (running != null) {
                running.cancel(true);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(Viewer viewer, QuarantineFilter filter, RetryProgress begun) {
        try {
            latest.set(quarantine.retryAll(viewer, filter, latest::set));
        } catch (Exception e) {
            // also a SQLException, which leaves a transaction undeclared
            LOG.warn("A retry of quarantine ended early: {}", e.toString());
            RetryProgress reached = latest.get();
            latest.set(
                    (reached == null ? begun : reached)
                            .ended(
                                    clock.instant(),
                                    "The store could not be reached; what was done is done. Start"
                                            + " it again for the rest."));
        }
    }
}
