package org.agentaudit.event;

/// The wire shape an event came in.
public enum SourceFormat {
    AUDIT_EVENT,
    LOG_ENTRY,
    SESSION_EVENT,
    REQUEST_LOG,
    CLAUDE_CODE_HOOK,
    CLAUDE_CODE_TRANSCRIPT,
    OTLP,
    MCP
}
