package org.agentaudit.incident;

/// Where the work on an incident stands. Every step is allowed, back too.
public enum IncidentStatus {
    OPEN,
    INVESTIGATING,
    RESOLVED
}
