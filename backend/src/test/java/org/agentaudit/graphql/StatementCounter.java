package org.agentaudit.graphql;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Counts what the driver sends PostgreSQL to execute, by the driver's own log, begin and commit
/// included.
final class StatementCounter extends Handler implements AutoCloseable {
    private static final int RUNS = 5;

    private final Logger driver = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");
    private final AtomicInteger executed = new AtomicInteger();

    interface Call {
        void run() throws Exception;
    }

    StatementCounter() {
        driver.setLevel(Level.FINEST);
        driver.setUseParentHandlers(false);
        driver.addHandler(this);
        setLevel(Level.ALL);
    }

    /// Fewest statements of a few runs: what the portal does in the background counts too.
    int fewest(Call call) throws Exception {
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < RUNS; i++) {
            int before = executed.get();
            call.run();
            fewest = Math.min(fewest, executed.get() - before);
        }
        return fewest;
    }

    @Override
    public void publish(LogRecord line) {
        String message = line.getMessage();
        if (message.startsWith(" FE=> Execute") || message.startsWith(" FE=> SimpleQuery")) {
            executed.incrementAndGet();
        }
    }

    @Override
    public void flush() {
        // keeps nothing
    }

    @Override
    public void close() {
        driver.removeHandler(this);
        driver.setLevel(null);
        driver.setUseParentHandlers(true);
    }
}
