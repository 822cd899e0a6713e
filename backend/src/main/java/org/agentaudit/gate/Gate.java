package org.agentaudit.gate;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Regression;
import org.agentaudit.analysis.RegressionQuery;
import org.agentaudit.analysis.Severity;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.Findings;
import org.agentaudit.gate.GateReport.Outcome;
import org.agentaudit.ingest.ImportResult;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.report.ComplianceReports;
import org.jspecify.annotations.Nullable;

/// Decides whether a period passes, for a viewer.
@Singleton
public class Gate {
    private static final Period ALWAYS =
            Period.of(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T00:00:00Z"));

    private final CountsQuery counts;
    private final ComplianceReports compliance;
    private final Findings findings;
    private final RegressionQuery regressions;

    Gate(
            CountsQuery counts,
            ComplianceReports compliance,
            Findings findings,
            RegressionQuery regressions) {
        this.counts = counts;
        this.compliance = compliance;
        this.findings = findings;
        this.regressions = regressions;
    }

    /// From the first to the last event there is, both included; null when there is none.
    public @Nullable Period everything(Viewer viewer) {
        PeriodCounts all = counts.counts(viewer, ALWAYS, null);
        Instant first = all.firstAt();
        Instant last = all.lastAt();
        return first == null || last == null
                ? null
                : Period.of(first, last.plus(1, ChronoUnit.MICROS));
    }

    /// @param baseline to compare with; null: nothing is compared
    /// @param input    what was imported for this; null: nothing was
    public GateReport of(
            Viewer viewer,
            Period period,
            @Nullable Period baseline,
            GateRules rules,
            @Nullable ImportResult input) {
        FindingFilter filter = FindingFilter.of(period.from(), period.to(), null);
        List<FindingCount> found = findings.counts(viewer, filter);
        List<Finding> gravest = gravest(viewer, filter);
        ComplianceReport report = compliance.of(viewer, period);
        List<Regression> worse =
                baseline == null ? List.of() : regressions.compare(viewer, baseline, period, null);
        Map<String, List<Regression>> agents =
                baseline == null ? Map.of() : regressions.compareAgents(viewer, baseline, period);
        return judge(report, found, gravest, baseline, worse, agents, rules, input);
    }

    /// The outcome of what was read.
    static GateReport judge(
            ComplianceReport report,
            List<FindingCount> found,
            List<Finding> gravest,
            @Nullable Period baseline,
            List<Regression> worse,
            Map<String, List<Regression>> agents,
            GateRules rules,
            @Nullable ImportResult input) {
        List<String> reasons = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (CheckResult check : report.checks()) {
            if (check.verdict() == Verdict.FAIL) {
                reasons.add("Check " + check.check() + " fails.");
            } else if (check.verdict() == Verdict.WARN) {
                (rules.onWarning() ? reasons : warnings).add("Check " + check.check() + " warns.");
            }
        }
        for (Regression regression : worse) {
            (rules.fails(regression.severity()) ? reasons : warnings)
                    .add("Regression of %s.".formatted(regression.metric()));
        }
        agents.forEach(
                (agent, regressed) ->
                        regressed.forEach(
                                regression ->
                                        (rules.fails(regression.severity()) ? reasons : warnings)
                                                .add(
                                                        "Regression of %s of agent %s."
                                                                .formatted(
                                                                        regression.metric(),
                                                                        agent))));
        long grave =
                found.stream()
                        .filter(count -> rules.failsOnFinding(count.severity()))
                        .mapToLong(FindingCount::count)
                        .sum();
        if (grave > 0) {
            reasons.add("Findings of at least %s: %d.".formatted(rules.severity(), grave));
        }
        if (input != null && input.quarantined() > 0) {
            reasons.add(
                    "Lines or files that could not be read, so were not checked: %d."
                            .formatted(input.quarantined()));
        }
        boolean judged = judgedAny(report.checks()) || !worse.isEmpty() || !agents.isEmpty();
        if (input != null && judged) {
            input.empty().forEach(path -> reasons.add("There is nothing to read in " + path + "."));
        }
        Outcome outcome =
                !reasons.isEmpty()
                        ? Outcome.FAILED
                        : judged ? Outcome.PASSED : Outcome.NOTHING_JUDGED;
        return new GateReport(
                outcome, reasons, warnings, rules, report, found, gravest, baseline, worse, agents,
                input);
    }

    private static boolean judgedAny(Collection<CheckResult> checks) {
        return checks.stream()
                .map(CheckResult::verdict)
                .anyMatch(v -> v != Verdict.INSUFFICIENT_EVIDENCE && v != Verdict.NOT_APPLICABLE);
    }

    private List<Finding> gravest(Viewer viewer, FindingFilter filter) {
        List<Finding> gravest = new ArrayList<>();
        for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
            FindingFilter one =
                    new FindingFilter(
                            filter.from(), filter.to(), null, List.of(severity), null, null, null);
            String after = null;
            do {
                int size =
                        Math.min(
                                PageRequest.MAXIMUM_SIZE,
                                GateReport.MAXIMUM_FINDINGS - gravest.size());
                if (size == 0) {
                    return gravest;
                }
                Page<Finding> page = findings.page(viewer, one, PageRequest.first(size, after));
                page.edges().forEach(edge -> gravest.add(edge.node()));
                after = page.hasNextPage() ? page.edges().getLast().cursor() : null;
            } while (after != null);
        }
        return gravest;
    }
}
