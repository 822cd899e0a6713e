package org.agentaudit.store;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Tells work that can wait how much is being stored. Reports settle what they need by themselves,
/// so while events pour in the background leaves most of the machine to those who send them.
@Singleton
public class IngestLoad {

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int REST_PER_WORK = 9;
    private static final Duration LONGEST_REST = Duration.ofSeconds(3);

    private final long busyPerSecond;
    private long windowStart = System.nanoTime();
    private long inWindow;
    private long inLastWindow;

    IngestLoad(StoreConfig config) {
        this.busyPerSecond = config.busyPerSecond();
    }

    /// Takes note of events that were committed just now.
    synchronized void stored(int events) {
        roll();
        inWindow += events;
    }

    /// Whether this portal stores so much that work that can wait should.
    public synchronized boolean isBusy() {
        roll();
        return Math.max(inWindow, inLastWindow) >= busyPerSecond;
    }

    /// Leaves the machine to ingest after a step of work that can wait: while the store is busy,
    /// nine times as long as the step took, at most three seconds; else not at all. An interrupt
    /// ends the wait and stays set.
    ///
    /// @param work how long the step took
    public void rest(Duration work) {
        if (!isBusy()) {
            return;
        }
        Duration rest = work.multipliedBy(REST_PER_WORK);
        try {
            Thread.sleep(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void roll() {
        long passed = (System.nanoTime() - windowStart) / WINDOW_NANOS;
        if (passed > 0) {
            inLastWindow = passed == 1 ? inWindow : 0;
            inWindow = 0;
            windowStart += passed * WINDOW_NANOS;
        }
    }
}
