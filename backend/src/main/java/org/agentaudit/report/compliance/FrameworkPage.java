package org.agentaudit.report.compliance;

import java.time.Instant;
import java.util.List;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.FrameworkCoverage;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.PeriodChoice;

/// One framework: its controls, the checks that speak for them, and what logs cannot show; model of
/// `views/compliance/framework.html`.
///
/// @param agent    as in [CompliancePage]
/// @param sentence what the checks say about its controls
/// @param controls in the order of the framework
/// @param back     address of the whole report
public record FrameworkPage(
        PeriodChoice choice,
        String agent,
        FrameworkCoverage framework,
        CompliancePage.FrameworkRow row,
        String sentence,
        List<ControlRow> controls,
        String back,
        Completeness completeness,
        Instant madeAt) {

    public FrameworkPage {
        controls = List.copyOf(controls);
    }

    /// One control.
    ///
    /// @param checks that speak for it; may be empty
    public record ControlRow(FrameworkCoverage.ControlStatus status, List<CheckLink> checks) {
        public ControlRow {
            checks = List.copyOf(checks);
        }
    }

    /// A check and its page for the same period.
    public record CheckLink(CheckResult check, String href) {}
}
