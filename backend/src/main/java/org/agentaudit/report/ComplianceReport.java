package org.agentaudit.report;

import java.util.List;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.FrameworkCoverage;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;

/// Verdicts of the named checks over a period, and what they say about controls. Measurements, no
/// determination that a law or standard is met.
///
/// @param verdict         FAIL if any check fails, else WARN if any warns, else
///     INSUFFICIENT_EVIDENCE if nothing could be evaluated, else PASS
/// @param recommendations of the checks that fail or warn, failing ones first
public record ComplianceReport(
        Period period,
        Verdict verdict,
        List<CheckResult> checks,
        List<String> recommendations,
        List<FrameworkCoverage> frameworks,
        Completeness completeness) {

    public ComplianceReport {
        checks = List.copyOf(checks);
        recommendations = List.copyOf(recommendations);
        frameworks = List.copyOf(frameworks);
    }
}
