package org.agentaudit.graphql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.agentaudit.query.ChangeFeed;
import org.jspecify.annotations.Nullable;

/// One running subscription. Its [Follower] gives it changes, a part at a time; whoever sends
/// answers takes them with [#next], which blocks.
final class LiveSubscription<Q, T> implements AutoCloseable {
    private final GraphQlEngine engine;
    private final GraphQlRequest request;
    private final LiveAccess access;
    private final LiveConfig config;
    private final Q question;
    private final Follower<Q, T> follower;
    private final Runnable onClose;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Long> visibleBefore;
    private long position;
    private boolean more;
    private long reachedAt = System.nanoTime();
    private @Nullable List<T> waiting;
    private @Nullable Ended ended;
    private boolean closed;

    LiveSubscription(
            GraphQlEngine engine,
            GraphQlRequest request,
            LiveAccess access,
            LiveConfig config,
            Live.Source<Q, T> source,
            Follower<Q, T> follower,
            Runnable onClose) {
        this.engine = engine;
        this.request = request;
        this.access = access;
        this.config = config;
        this.question = source.question();
        this.follower = follower;
        this.onClose = onClose;
        ChangeFeed.Start start = source.feed().start();
        this.position = start.after();
        this.visibleBefore = new HashSet<>(start.visible());
    }

    /// What there is to send.
    sealed interface Told {}

    /// Answers, one for each change, in order; what they show is in the access log.
    record Answers(List<Map<String, Object>> bodies) implements Told {}

    /// Nothing happened for a while.
    record Nothing() implements Told {}

    /// Nothing comes any more.
    ///
    /// @param failure why; null when the portal stops
    record Ended(Failures.@Nullable Failure failure) implements Told {}

    /// Waits for what there is to send.
    ///
    /// @param patience longest wait
    Told next(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            long left = deadline - System.nanoTime();
            List<T> changes = take(Math.min(left, config.recheck().toNanos()));
            Ended end = ended();
            if (end != null) {
                return end;
            }
            try {
                if (!access.holds()) {
                    return end(
                            new Failures.Failure(
                                    ErrorCode.UNAUTHENTICATED,
                                    "Your sign-in is over or your rights have changed: subscribe"
                                            + " again.",
                                    null));
                }
                if (changes != null) {
                    return new Answers(engine.tell(request, access.viewer(), changes));
                }
            } catch (RuntimeException e) {
                return end(Failures.of(e, "a subscription"));
            }
            if (left <= 0) {
                return new Nothing();
            }
        }
    }

    /// The changes that wait, as soon as there are some; null when there are none in time.
    private @Nullable List<T> take(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (waiting == null && ended == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<T> taken = waiting;
            waiting = null;
            if (taken != null && more) {
                follower.wake();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Ended ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /// Ends it; the first reason counts.
    Ended end(Failures.@Nullable Failure failure) {
        lock.lock();
        try {
            if (ended == null) {
                ended = new Ended(failure);
            }
            waiting = null;
            changed.signalAll();
            return ended;
        } finally {
            lock.unlock();
        }
    }

    Q question() {
        return question;
    }

    long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it has taken everything it was given.
    boolean ready() {
        lock.lock();
        try {
            return waiting == null && ended == null;
        } finally {
            lock.unlock();
        }
    }

    /// Gives it the changes that follow its position.
    ///
    /// @param end of the feed: what lies between is for another time
    void offer(ChangeFeed.Part<T> part, long end) {
        lock.lock();
        try {
            List<T> values = new ArrayList<>();
            for (ChangeFeed.Change<T> change : part.changes()) {
                if (!visibleBefore.contains(change.group())) {
                    values.add(change.value());
                }
            }
            position = part.upTo();
            more = position < end;
            if (!values.isEmpty() && ended == null) {
                waiting = values;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends it when it has been behind for too long.
    ///
    /// @param end where the feed ended one look ago: who has taken everything up to there keeps up
    void endIfBehind(long end) {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (position >= end && waiting == null) {
                reachedAt = now;
            } else if (now - reachedAt > config.longestBehind().toNanos()) {
                end(
                        new Failures.Failure(
                                ErrorCode.LIMIT_EXCEEDED,
                                "This subscription has been behind for more than %d s: take answers"
                                                .formatted(config.longestBehind().toSeconds())
                                        + " faster or ask for fewer with a filter.",
                                null));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Frees what it holds; may be called several times.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            end(null);
        } finally {
            lock.unlock();
        }
        follower.remove(this);
        onClose.run();
    }
}
