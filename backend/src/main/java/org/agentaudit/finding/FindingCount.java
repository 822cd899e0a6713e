package org.agentaudit.finding;

import org.agentaudit.analysis.Severity;

/// Findings of one kind and severity in a period.
public record FindingCount(FindingKind kind, Severity severity, long count) {}
