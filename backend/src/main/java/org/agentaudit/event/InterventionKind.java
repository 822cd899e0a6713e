package org.agentaudit.event;

/// What a human did to an agent's work.
public enum InterventionKind {
    ESCALATION,
    APPROVAL,
    REJECTION,
    OVERRIDE,
    OTHER
}
