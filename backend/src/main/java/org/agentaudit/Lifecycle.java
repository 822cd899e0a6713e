package org.agentaudit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is running, in the order it was started, and stopped in the opposite order: at the end of a
/// command, on Ctrl-C and on SIGTERM alike.
final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private volatile boolean stopping;

    /// Stops everything when the JVM is told to end.
    void stopWithJvm() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
    }

    /// Hands over something that is running or about to start. When we are stopping already, it is
    /// closed at once.
    synchronized <T extends AutoCloseable> T add(T part) {
        if (stopping) {
            close(part);
        } else {
            running.push(part);
        }
        return part;
    }

    /// Whether the end has begun; failures from then on are its consequence and not worth a word.
    boolean stopping() {
        return stopping;
    }

    @Override
    public void close() {
        stopping = true;
        closeAll();
    }

    private synchronized void closeAll() {
        while (!running.isEmpty()) {
            close(running.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            // the others must be stopped all the same
            LOG.error("Stopping {} failed", part.getClass().getSimpleName(), e);
        }
    }
}
