package org.agentaudit.store;

/// What became of one event of a batch.
public enum AppendResult {
    /// Committed by this call.
    STORED,
    /// The same event was stored before; nothing changed.
    DUPLICATE,
    /// The id belongs to another event, which stays; this one was not stored. It is counted as
    /// rejected when the caller puts it into quarantine.
    CONFLICT
}
