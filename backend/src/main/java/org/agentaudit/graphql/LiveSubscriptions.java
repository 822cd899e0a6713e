package org.agentaudit.graphql;

import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.agentaudit.query.ChangeFeed;

/// The subscriptions that run on this portal, and what may run at once.
@Singleton
final class LiveSubscriptions implements GracefulShutdownCapable {
    private final GraphQlEngine engine;
    private final LiveConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ChangeFeed<?, ?>, Follower<?, ?>> followers = new HashMap<>();
    private final Map<String, Integer> perViewer = new HashMap<>();
    private final Set<Runnable> connections = new HashSet<>();
    private boolean stopping;

    LiveSubscriptions(GraphQlEngine engine, LiveConfig config) {
        this.engine = engine;
        this.config = config;
    }

    /// Starts a subscription; whoever has it must close it.
    ///
    /// @throws GraphQlException when the viewer has too many
    <Q, T> LiveSubscription<Q, T> start(
            GraphQlRequest request, LiveAccess access, Live.Source<Q, T> source) {
        String viewer = access.viewer().username();
        count(viewer);
        LiveSubscription<Q, T> subscription;
        Follower<Q, T> follower = follower(source.feed());
        try {
            subscription =
                    new LiveSubscription<>(
                            engine,
                            request,
                            access,
                            config,
                            source,
                            follower,
                            () -> uncount(viewer));
        } catch (RuntimeException e) {
            uncount(viewer);
            throw e;
        }
        follower.add(subscription);
        return subscription;
    }

    private void count(String viewer) {
        lock.lock();
        try {
            int count = perViewer.getOrDefault(viewer, 0);
            if (stopping || count >= config.perViewer()) {
                throw new GraphQlException(
                        ErrorCode.LIMIT_EXCEEDED,
                        stopping
                                ? "The portal is stopping."
                                : "You have %d subscriptions running: end one first."
                                        .formatted(count));
            }
            perViewer.put(viewer, count + 1);
        } finally {
            lock.unlock();
        }
    }

    private void uncount(String viewer) {
        lock.lock();
        try {
            perViewer.computeIfPresent(viewer, (_, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    /// One follower for each feed.
    private <Q, T> Follower<Q, T> follower(ChangeFeed<Q, T> feed) {
        lock.lock();
        try {
            @SuppressWarnings("unchecked") // made for this very feed
            Follower<Q, T> follower =
                    (Follower<Q, T>)
                            followers.computeIfAbsent(feed, _ -> new Follower<>(feed, config));
            return follower;
        } finally {
            lock.unlock();
        }
    }

    /// Takes note of an open connection.
    ///
    /// @param stop ends it
    /// @return false when there are too many, or the portal is stopping
    boolean connect(Runnable stop) {
        lock.lock();
        try {
            return !stopping && connections.size() < config.connections() && connections.add(stop);
        } finally {
            lock.unlock();
        }
    }

    void disconnect(Runnable stop) {
        lock.lock();
        try {
            connections.remove(stop);
        } finally {
            lock.unlock();
        }
    }

    /// Subscriptions of all viewers that run.
    int count() {
        lock.lock();
        try {
            return perViewer.values().stream().mapToInt(Integer::intValue).sum();
        } finally {
            lock.unlock();
        }
    }

    /// Whether something follows a feed.
    boolean following() {
        lock.lock();
        try {
            return followers.values().stream().anyMatch(Follower::running);
        } finally {
            lock.unlock();
        }
    }

    /// The portal stops: what never ends by itself is ended.
    @Override
    public CompletionStage<?> shutdownGracefully() {
        stop();
        return CompletableFuture.completedFuture(null);
    }

    @PreDestroy
    void stop() {
        List<Runnable> open;
        lock.lock();
        try {
            stopping = true;
            open = List.copyOf(connections);
        } finally {
            lock.unlock();
        }
        open.forEach(Runnable::run);
    }
}
