package org.agentaudit.destination;

/// Up to which batch number every commit has ended. Numbers come from a sequence, so a lower one
/// may be committed after a higher one. A commit has its transaction id before it takes a number;
/// so a number that was the last one when we took a transaction id is safe once no transaction with
/// a lower id runs any more. Ingest writes nothing for that and waits for nobody.
final class Horizon {
    private long safe;
    private long marked;
    private long markedBy;

    /// Greatest batch number known to be safe.
    long safe() {
        return safe;
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
