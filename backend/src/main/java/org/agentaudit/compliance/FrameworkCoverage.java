package org.agentaudit.compliance;

import java.time.LocalDate;
import java.util.List;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.jspecify.annotations.Nullable;

/// What the checks of a period say about the controls of a framework: measurements, no statement
/// that a law is fulfilled.
///
/// @param version  of the text that is cited
/// @param source   where it is published
/// @param controls in the order of the framework
public record FrameworkCoverage(
        String framework, String version, String source, List<ControlStatus> controls) {

    public FrameworkCoverage {
        controls = List.copyOf(controls);
    }

    /// One control.
    ///
    /// @param verdict     see [Verdicts#worst]
    /// @param checks      ids of the checks that speak for it; may be empty
    /// @param appliesFrom day from which the control applies
    /// @param inForce     whether that day is not after the last of the period
    /// @param note        what to know about the date or the verdict; null: nothing
    /// @param cannotShow  what logs of agents cannot show about it
    public record ControlStatus(
            ControlRef control,
            Verdict verdict,
            List<String> checks,
            LocalDate appliesFrom,
            boolean inForce,
            @Nullable String note,
            String cannotShow) {

        public ControlStatus {
            checks = List.copyOf(checks);
        }
    }
}
