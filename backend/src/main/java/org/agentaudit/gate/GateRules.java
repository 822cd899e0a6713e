package org.agentaudit.gate;

import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// What makes a check fail beyond a failed compliance check and a critical regression.
///
/// @param onWarning whether a check that warns, or a regression of severity WARNING, is enough
/// @param severity  findings of at least this one are enough; null: findings decide nothing
public record GateRules(boolean onWarning, @Nullable Severity severity) {

    boolean fails(Severity regression) {
        return regression == Severity.CRITICAL || onWarning && regression == Severity.WARNING;
    }

    boolean failsOnFinding(Severity finding) {
        return severity != null && finding.compareTo(severity) >= 0;
    }
}
