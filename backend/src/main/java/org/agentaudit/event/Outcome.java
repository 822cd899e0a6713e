package org.agentaudit.event;

/// How an action ended.
public enum Outcome {
    SUCCESS,
    FAILURE,
    PARTIAL,
    /// Awaiting approval or result.
    PENDING,
    /// The producer did not say.
    UNKNOWN
}
