package org.agentaudit.delivery;

/// A report that can be sent (metrics "Mails").
public enum ReportKind {
    DAILY_SUMMARY,
    COMPLIANCE,
    /// of one agent
    AGENT_AUDIT
}
