package org.agentaudit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
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

    /// A folder that goes at the end, after what was started in it.
    Path temporaryFolder(String name) throws IOException {
        Path folder = Files.createTempDirectory(name);
        add(() -> delete(folder));
        return folder;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException failure) throws IOException {
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
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
