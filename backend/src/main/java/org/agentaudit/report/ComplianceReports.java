package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckQuery;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.ControlCatalogue;
import org.agentaudit.compliance.Verdicts;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;

/// Assembles the compliance report for a viewer: of their agents only.
@Singleton
public class ComplianceReports {

    private final CountsQuery query;
    private final CheckQuery checks;
    private final ControlCatalogue catalogue;
    private final ReportConfig config;

    ComplianceReports(
            CountsQuery query, CheckQuery checks, ControlCatalogue catalogue, ReportConfig config) {
        this.query = query;
        this.checks = checks;
        this.catalogue = catalogue;
        this.config = config;
    }

    /// The period asked for, widened where only roll-ups are left of a quarter hour.
    public ComplianceReport of(Viewer viewer, Period asked) {
        Period period = query.countable(asked);
        PeriodCounts counts = query.counts(viewer, period, null);
        List<CheckResult> results = checks.evaluate(viewer, period, counts);
        return new ComplianceReport(
                new Period(period.from(), period.to(), counts.firstAt(), counts.lastAt()),
                Verdicts.overall(results.stream().map(CheckResult::verdict).toList()),
                results,
                Stream.of(Verdict.FAIL, Verdict.WARN)
                        .flatMap(verdict -> results.stream().filter(r -> r.verdict() == verdict))
                        .map(CheckResult::recommendation)
                        .filter(Objects::nonNull)
                        .toList(),
                catalogue.coverage(
                        results, period.to().minusNanos(1).atZone(config.timeZone()).toLocalDate()),
                query.completeness(viewer, period, null, counts, config.timeZone()));
    }
}
