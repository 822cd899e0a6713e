package org.agentaudit.store;

import java.sql.Connection;
import java.sql.SQLException;

/// Up to which batch number every commit has ended. Numbers come from a sequence, so a lower one
/// may be committed after a higher one. A commit has its transaction id before it takes a number;
/// so a number that was the last one when we took a transaction id is safe once no transaction with
/// a lower id runs any more. Ingest writes nothing for that and waits for nobody. Each follower of
/// the log has one of its own.
public final class Horizon {
    private long safe;
    private long marked;
    private long markedBy;

    /// Greatest batch number known to be safe.
    public long safe() {
        return safe;
    }

    /// Asks the database how far it is now.
    ///
    /// @param connection of a short transaction that does nothing else: it may get an id, which
    ///     others would wait for
    /// @return greatest batch number that is safe now
    public long look(HorizonRepository repository, Connection connection) throws SQLException {
        if (!waiting()) {
            long last = repository.lastBatch(connection);
            if (last <= safe) {
                return safe;
            }
            mark(last, repository.transactionId(connection));
        }
        return look(repository.oldestRunning(connection));
    }

    /// Whether a number was marked that is not known to be safe yet.
    boolean waiting() {
        return marked > safe;
    }

    /// @param batch       the last number handed out, read before the transaction got its id
    /// @param transaction id of a transaction of ours
    void mark(long batch, long transaction) {
        marked = batch;
        markedBy = transaction;
    }

    /// @param oldestRunning no transaction with a lower id runs
    /// @return greatest batch number that is safe now
    long look(long oldestRunning) {
        if (waiting() && oldestRunning >= markedBy) {
            safe = marked;
        }
        return safe;
    }
}
