package org.agentaudit.event;

/// Who caused the action.
public enum Source {
    USER,
    SYSTEM,
    AGENT,
    UNKNOWN
}
