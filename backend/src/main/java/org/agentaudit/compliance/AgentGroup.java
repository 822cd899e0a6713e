package org.agentaudit.compliance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.agentaudit.access.AgentScope;
import org.jspecify.annotations.Nullable;

/// Agents that a check treats alike, and the settings it has for them.
///
/// @param pattern       agents it is about, for instance `ops/*`; null: all that no other group
///                      takes
/// @param without       patterns of the groups before it, whose agents it leaves out
/// @param off           whether the check is switched off for them
/// @param warnAt        limit of WARN; null: none
/// @param failAt        limit of FAIL; null: none
/// @param tokenBudget   tokens they may use together in a day; null: no budget
/// @param approvalTools actions that need approval whatever the permission level
record AgentGroup(
        @Nullable String pattern,
        List<String> without,
        boolean off,
        @Nullable BigDecimal warnAt,
        @Nullable BigDecimal failAt,
        @Nullable Long tokenBudget,
        List<String> approvalTools) {

    AgentGroup {
        without = List.copyOf(without);
        approvalTools = List.copyOf(approvalTools);
    }

    /// Whether an agent belongs to the group.
    Predicate<String> agents() {
        AgentScope in = AgentScope.ofPatterns(pattern == null ? List.of() : List.of(pattern));
        AgentScope out = AgentScope.ofPatterns(without);
        return without.isEmpty()
                ? in::includes
                : agent -> in.includes(agent) && !out.includes(agent);
    }

    /// For people.
    String name() {
        return pattern == null ? "other agents" : "agents " + pattern;
    }

    /// Its settings in words, for the record of verdicts.
    String settings() {
        List<String> parts = new ArrayList<>();
        if (off) {
            parts.add("switched off");
        }
        if (warnAt != null) {
            parts.add("warn " + warnAt.toPlainString());
        }
        if (failAt != null) {
            parts.add("fail " + failAt.toPlainString());
        }
        if (tokenBudget != null) {
            parts.add("budget " + tokenBudget);
        }
        if (!approvalTools.isEmpty()) {
            parts.add("approval " + String.join(", ", approvalTools));
        }
        return (pattern == null ? "" : pattern + ": ") + String.join(", ", parts);
    }
}
