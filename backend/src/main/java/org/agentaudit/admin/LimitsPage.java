package org.agentaudit.admin;

import java.util.List;
import org.agentaudit.compliance.CheckLimits;

/// Limits of the compliance checks, as they are in force; model of `views/admin/limits.html`.
///
/// @param rows one per check and group of agents, in the order in which they are tried
public record LimitsPage(List<Row> rows) {

    public LimitsPage {
        rows = List.copyOf(rows);
    }

    /// @param check  set in the first row of a check
    /// @param first  whether it is the first row of its check
    /// @param agents the pattern, or who is left
    /// @param warnAt in words: `above 5.0 %`, `–` when there is none, or that it is switched off
    /// @param failAt as `warnAt`
    /// @param more   budget or approval list; empty when there is none
    public record Row(
            CheckLimits check,
            boolean first,
            CheckLimits.Group group,
            String agents,
            String warnAt,
            String failAt,
            String more) {}
}
