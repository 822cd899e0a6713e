package org.agentaudit.bench;

import java.lang.management.ManagementFactory;

/// Looks at the heap of this JVM forty times a second.
final class HeapWatch implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 25;

    private final Thread thread = Thread.ofPlatform().daemon().name("heap-watch").start(this::run);
    private volatile long peak;

    /// Most bytes that were in use, garbage included.
    long peak() {
        return peak;
    }

    private void run() {
        try {
            while (true) {
                peak =
                        Math.max(
                                peak,
                                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
