package org.agentaudit.compliance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Outcome of one compliance check over a period (metrics "Compliance checks"). Where limits differ
/// between agents, the worst group of agents decides: value, limits, population, exceptions and
/// evidence are that group's.
///
/// @param check          fixed id, for instance `tool_approval_rate`
/// @param title          for people
/// @param measured       null when there was nothing to measure
/// @param warnAt         limit of WARN; null when the check has none
/// @param failAt         limit of FAIL; null when the check has none
/// @param unit           of `measured` and the limits, for instance `share`
/// @param statement      what was measured and the limit it was held against, one sentence
/// @param recommendation what to do; null unless the check warns or fails
/// @param population     things in the denominator
/// @param exceptions     things that speak against it
/// @param agents         pattern of the group that decided; null when that is all agents no pattern
///     takes
/// @param groups         every group, in the order of the settings; empty when limits are the same
///     for all agents
public record CheckResult(
        String check,
        String title,
        Verdict verdict,
        @Nullable Double measured,
        @Nullable Double warnAt,
        @Nullable Double failAt,
        String unit,
        String statement,
        @Nullable String recommendation,
        long population,
        long exceptions,
        @Nullable String agents,
        List<Group> groups) {

    public CheckResult {
        groups = List.copyOf(groups);
    }

    /// What a check says.
    public enum Verdict {
        PASS,
        WARN,
        FAIL,
        /// Nothing to judge: never a pass.
        INSUFFICIENT_EVIDENCE,
        NOT_APPLICABLE
    }

    /// A group of agents with settings of their own, or the others.
    ///
    /// @param agents   pattern; null: the other agents
    /// @param verdict  null: the check is switched off for them
    /// @param measured null when there was nothing to measure
    public record Group(
            @Nullable String agents,
            @Nullable Verdict verdict,
            @Nullable Double measured,
            @Nullable Double warnAt,
            @Nullable Double failAt,
            long population,
            long exceptions) {}
}
