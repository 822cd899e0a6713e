package org.agentaudit.analysis;

/// How much a finding, a regression or an alert matters, least first.
public enum Severity {
    INFO,
    WARNING,
    CRITICAL
}
