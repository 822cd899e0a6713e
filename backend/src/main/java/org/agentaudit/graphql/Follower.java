package org.agentaudit.graphql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.agentaudit.query.ChangeFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one feed for all who listen on this portal, in one thread that runs while there is
/// somebody. What listeners of the same question at the same place wait for is read once. One that
/// has not taken what it was given is not read for: it falls behind in the table, not in memory.
final class Follower<Q, T> {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final ChangeFeed<Q, T> feed;
    private final LiveConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();
    private final Set<LiveSubscription<Q, T>> listeners = new LinkedHashSet<>();
    private boolean running;
    private boolean signalled;

    /// Where the feed ended one look ago; only used by the thread.
    private long lastEnd;

    Follower(ChangeFeed<Q, T> feed, LiveConfig config) {
        this.feed = feed;
        this.config = config;
    }

    void add(LiveSubscription<Q, T> listener) {
        lock.lock();
        try {
            listeners.add(listener);
            if (!running) {
                running = true;
                Thread.ofVirtual().name("follower").start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(LiveSubscription<Q, T> listener) {
        lock.lock();
        try {
            listeners.remove(listener);
        } finally {
            lock.unlock();
        }
        wake();
    }

    /// Somebody is ready for more.
    void wake() {
        lock.lock();
        try {
            signalled = true;
            signal.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Whether its thread runs.
    boolean running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        int failures = 0;
        List<LiveSubscription<Q, T>> present = present();
        while (!present.isEmpty()) {
            Duration pause = Duration.ZERO;
            try {
                if (!round(present)) {
                    pause = config.poll();
                }
                failures = 0;
            } catch (Exception e) {
                // also a SQLException, which leaves a transaction undeclared
                failures++;
                if (failures == 1) {
                    LOG.warn("Subscriptions wait, their changes cannot be read: {}", e.toString());
                }
                Duration longer = config.poll().multipliedBy(1L << Math.min(failures, 10));
                pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
            }
            await(pause);
            present = present();
        }
    }

    /// Who listens now; when there is nobody, the thread ends.
    private List<LiveSubscription<Q, T>> present() {
        lock.lock();
        try {
            running = !listeners.isEmpty();
            return List.copyOf(listeners);
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration pause) {
        lock.lock();
        try {
            if (!signalled && !pause.isZero()) {
                boolean ignored = signal.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
            signalled = false;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a follower", e);
        } finally {
            lock.unlock();
        }
    }

    /// A question and how far it was answered.
    private record Place<Q>(Q question, long after) {}

    /// Hands everybody what is new.
    ///
    /// @return whether somebody who took all they were given is not at the end yet
    private boolean round(List<LiveSubscription<Q, T>> present) {
        long end = feed.position();
        present.forEach(listener -> listener.endIfBehind(lastEnd));
        lastEnd = end;
        Map<Place<Q>, List<LiveSubscription<Q, T>>> waiting = new LinkedHashMap<>();
        for (LiveSubscription<Q, T> listener : present) {
            if (listener.ready() && listener.position() < end) {
                waiting.computeIfAbsent(
                                new Place<>(listener.question(), listener.position()),
                                _ -> new ArrayList<>())
                        .add(listener);
            }
        }
        boolean more = false;
        for (Map.Entry<Place<Q>, List<LiveSubscription<Q, T>>> entry : waiting.entrySet()) {
            Place<Q> place = entry.getKey();
            ChangeFeed.Part<T> part =
                    feed.changes(place.question(), place.after(), end, config.buffer());
            entry.getValue().forEach(listener -> listener.offer(part, end));
            more |= part.upTo() < end;
        }
        return more;
    }
}
