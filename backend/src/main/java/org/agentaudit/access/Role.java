package org.agentaudit.access;

/// What a person or a program may do; one viewer may hold several.
public enum Role {
    /// Manages users, keys and settings; reads no reports and no events (separation of duties).
    ADMIN,
    COMPLIANCE_OFFICER,
    SECURITY_ANALYST,
    /// Reads reports and events with content masked, and the access log.
    AUDITOR,
    /// Sends events, reads nothing.
    INGESTOR
}
