package org.agentaudit.compliance;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The limits in force of one check, for those who administer them.
///
/// @param check   fixed id
/// @param title   for people
/// @param formula what is measured, in words
/// @param unit    of the limits, for instance `share`
/// @param below   whether values below a limit are the bad ones
/// @param groups  in the order in which patterns are tried, at least one; the last takes all other
///     agents
public record CheckLimits(
        String check,
        String title,
        String formula,
        String unit,
        boolean below,
        List<Group> groups) {

    public CheckLimits {
        groups = List.copyOf(groups);
    }

    /// @param pattern       agents it is about; null: all that no pattern before takes
    /// @param off           whether the check is switched off for them
    /// @param warnAt        null: none
    /// @param failAt        null: none
    /// @param warnVariable  environment variable that changes the limit of WARN
    /// @param failVariable  environment variable that changes the limit of FAIL
    /// @param tokenBudget tokens they may use together in a day; null: no budget, or another check
    /// @param approvalTools actions that need approval; empty for other checks
    public record Group(
            @Nullable String pattern,
            boolean off,
            @Nullable BigDecimal warnAt,
            @Nullable BigDecimal failAt,
            String warnVariable,
            String failVariable,
            @Nullable Long tokenBudget,
            List<String> approvalTools) {

        public Group {
            approvalTools = List.copyOf(approvalTools);
        }
    }
}
