package org.agentaudit.report.compliance;

import java.time.Instant;
import java.util.List;
import org.agentaudit.chart.Chart;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.report.ComplianceReport;
import org.jspecify.annotations.Nullable;

/// The compliance report; model of `views/compliance/compliance.html`.
///
/// @param agent       agents the report is limited to, as asked for; empty: all the viewer may see
/// @param checks      the worst first
/// @param history     verdicts by day; null when the viewer may not see them
/// @param historyNote what to know about the history
/// @param files       addresses of the downloads
/// @param over        whether the period has ended
public record CompliancePage(
        PeriodChoice choice,
        String agent,
        ComplianceReport report,
        ComplianceVerdict verdict,
        List<CheckRow> checks,
        List<FrameworkRow> frameworks,
        @Nullable Chart history,
        String historyNote,
        Files files,
        boolean over,
        Instant madeAt) {

    public CompliancePage {
        checks = List.copyOf(checks);
        frameworks = List.copyOf(frameworks);
    }

    /// Addresses of the report as files.
    public record Files(String pdf, String json, String csv, String oscal, String link) {}

    /// One check.
    ///
    /// @param measured with its unit
    /// @param limits   in words, for instance `warns above 4.0 %`, `fails above 5.0 %`
    /// @param href     its own page for the same period
    public record CheckRow(
            CheckResult check, String measured, List<String> limits, String formula, String href) {

        /// Whether there is something to look at behind the exceptions.
        public boolean hasExceptions() {
            return check.exceptions() > 0;
        }
    }

    /// One framework.
    ///
    /// @param tallies verdicts of its controls, the worst first, none that is zero
    /// @param inForce controls in force at the end of the period
    public record FrameworkRow(
            String name,
            String version,
            String href,
            Verdict verdict,
            int controls,
            int inForce,
            List<VerdictCount> tallies) {

        public FrameworkRow {
            tallies = List.copyOf(tallies);
        }
    }

    /// How often a verdict occurs.
    public record VerdictCount(Verdict verdict, int count) {}
}
