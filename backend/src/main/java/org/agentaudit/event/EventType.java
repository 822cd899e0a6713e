package org.agentaudit.event;

/// What kind of step an event records.
public enum EventType {
    INVOCATION,
    REASONING,
    TOOL_CALL,
    TOOL_RESULT,
    SKILL_CALL,
    EXTERNAL_CALL,
    DECISION,
    LLM_RESPONSE,
    TOKEN_USAGE,
    ERROR,
    HANDOFF,
    HUMAN_INTERVENTION,
    USER_FEEDBACK,
    RETRY,
    CIRCUIT_BREAKER,
    FALLBACK,
    SECURITY,
    COMPLIANCE,
    /// A type this version does not know; the event's `typeName` keeps the producer's word.
    OTHER
}
