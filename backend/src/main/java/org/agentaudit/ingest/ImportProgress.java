package org.agentaudit.ingest;

/// Told how far an import is, a few times a second at most for every batch.
public interface ImportProgress {

    /// @param totalBytes  size of all files as they lie on disk
    /// @param bytesDone   how much of it was read
    /// @param eventsDone  items whose fate is known
    void update(long totalBytes, long bytesDone, long eventsDone);
}
