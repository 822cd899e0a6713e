package org.agentaudit.compliance;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Settings of checks for some agents (`portal.compliance.agents.<n>.…`).
///
/// @param number        its `<n>`
/// @param pattern       agents it is about, for instance `ops/*`
/// @param limits        by check id and level, for instance `error_rate-fail`
/// @param off           ids of checks that are switched off
/// @param tokenBudget   tokens they may use together in a day; null: not set
/// @param approvalTools actions that need approval; null: not set
record AgentRule(
        int number,
        String pattern,
        Map<String, BigDecimal> limits,
        Set<String> off,
        @Nullable Long tokenBudget,
        @Nullable List<String> approvalTools) {

    AgentRule {
        limits = Map.copyOf(limits);
        off = Set.copyOf(off);
        approvalTools = approvalTools == null ? null : List.copyOf(approvalTools);
    }

    /// Whether it says anything about the check.
    boolean sets(String check) {
        return off.contains(check)
                || limits.containsKey(check + "-warn")
                || limits.containsKey(check + "-fail")
                || check.equals(Checks.TOKEN_BUDGET) && tokenBudget != null
                || check.equals(Checks.TOOL_APPROVAL) && approvalTools != null;
    }
}
