package org.agentaudit.gate;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agentaudit.analysis.Regression;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.ingest.ImportResult;
import org.agentaudit.query.Period;
import org.agentaudit.report.ComplianceReport;
import org.jspecify.annotations.Nullable;

/// What the command `check` says.
///
/// @param reasons          why it failed, one sentence each; empty unless it failed
/// @param warnings         checks and regressions that warn, without being a reason
/// @param compliance       the compliance report of the period
/// @param findingCounts    all findings of the period, by kind and severity
/// @param findings         the findings, gravest first, then newest first; at most
///     [#MAXIMUM_FINDINGS]
/// @param baseline         null: nothing was compared
/// @param regressions      of all agents together
/// @param agentRegressions by agent; agents without one are absent
/// @param input            what became of the files; null: the configured database was read
public record GateReport(
        Outcome outcome,
        List<String> reasons,
        List<String> warnings,
        GateRules rules,
        ComplianceReport compliance,
        List<FindingCount> findingCounts,
        List<Finding> findings,
        @Nullable Period baseline,
        List<Regression> regressions,
        Map<String, List<Regression>> agentRegressions,
        @Nullable ImportResult input) {

    /// Most findings that are told one by one.
    public static final int MAXIMUM_FINDINGS = 5_000;

    public GateReport {
        reasons = List.copyOf(reasons);
        warnings = List.copyOf(warnings);
        findingCounts = List.copyOf(findingCounts);
        findings = List.copyOf(findings);
        regressions = List.copyOf(regressions);
        agentRegressions = Collections.unmodifiableMap(new TreeMap<>(agentRegressions));
    }

    public enum Outcome {
        /// Nothing failed; there may be warnings.
        PASSED,
        FAILED,
        /// No check had anything to judge: not a pass.
        NOTHING_JUDGED
    }

    /// Every finding of the period, those beyond the list too.
    long findingsFound() {
        return findingCounts.stream().mapToLong(FindingCount::count).sum();
    }
}
