package org.agentaudit.compliance;

import org.jspecify.annotations.Nullable;

/// Outcome of one compliance check over a period (metrics "Compliance checks").
///
/// @param check          fixed id, for instance `tool_approval_rate`
/// @param title          for people
/// @param measured       null when there was nothing to measure
/// @param warnAt         limit of WARN; null when the check has none
/// @param failAt         limit of FAIL; null when the check has none
/// @param unit           of `measured` and the limits, for instance `share`
/// @param statement      what was measured and the limit it was held against, one sentence
/// @param recommendation what to do; null when the check passed
/// @param population     things in the denominator
/// @param exceptions     things that speak against it
public record CheckResult(
        String check,
        String title,
        Verdict verdict,
        @Nullable Double measured,
        @Nullable Double warnAt,
        @Nullable Double failAt,
        @Nullable String unit,
        String statement,
        @Nullable String recommendation,
        long population,
        long exceptions) {

    /// What a check says.
    public enum Verdict {
        PASS,
        WARN,
        FAIL,
        /// Nothing to judge: never a pass.
        INSUFFICIENT_EVIDENCE,
        NOT_APPLICABLE
    }
}
