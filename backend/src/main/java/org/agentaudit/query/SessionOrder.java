package org.agentaudit.query;

/// Orders of sessions, each descending; equal ones by id in code-point order.
public enum SessionOrder {
    /// By the time of the first event.
    NEWEST_FIRST,
    /// By the time from the first event to the latest end.
    SLOWEST_FIRST,
    /// By input plus output tokens.
    MOST_TOKENS_FIRST,
    /// By errored events.
    MOST_ERRORS_FIRST
}
