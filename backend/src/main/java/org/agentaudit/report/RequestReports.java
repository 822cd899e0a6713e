package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.CostOptimizations;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.query.CostCounts;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.query.RequestQuery;
import org.agentaudit.query.Tally;
import org.agentaudit.query.UsageCounts;

/// Assembles the reports about model requests for a viewer: usage and cost.
@Singleton
public class RequestReports {

    /// Keys of users that name nobody.
    private static final Set<String> NOBODY =
            Set.of(EventFilter.UNSPECIFIED, Tally.REMOVED, Tally.OTHER);

    private final CountsQuery counts;
    private final RequestQuery requests;
    private final CostOptimizations optimizations;
    private final ReportConfig config;

    RequestReports(
            CountsQuery counts,
            RequestQuery requests,
            CostOptimizations optimizations,
            ReportConfig config) {
        this.counts = counts;
        this.requests = requests;
        this.optimizations = optimizations;
        this.config = config;
    }

    public UsageReport usage(Viewer viewer, Period asked) {
        Period period = counts.countable(asked);
        PeriodCounts all = counts.counts(viewer, period, null);
        UsageCounts usage = requests.usage(viewer, period);
        long decided = usage.successful() + usage.failed();
        return new UsageReport(
                new Period(
                        period.from(),
                        period.to(),
                        all.firstAt(EventType.LLM_RESPONSE),
                        all.lastAt(EventType.LLM_RESPONSE)),
                counts.completeness(viewer, period, null, all, config.timeZone()),
                decided + usage.other(),
                usage.successful(),
                usage.failed(),
                usage.other(),
                decided == 0 ? null : (double) usage.successful() / decided,
                usage.tokens(),
                usage.latency(),
                usage.successLatency(),
                usage.failureLatency(),
                usage.byUser().stream()
                        .map(
                                tally ->
                                        new Tally(
                                                user(tally.key(), viewer),
                                                tally.count(),
                                                tally.share()))
                        .toList(),
                usage.byModel(),
                usage.errorTypes());
    }

    /// @param by what the report has a row for; days are those of the report time zone
    public CostReport cost(Viewer viewer, Period asked, CostDimension by) {
        Period period = counts.countable(asked);
        PeriodCounts all = counts.counts(viewer, period, null);
        CostCounts costs =
                requests.costs(viewer, period, by, config.timeZone(), CostOptimizations.THRESHOLDS);
        return new CostReport(
                costs.period(),
                by,
                counts.completeness(viewer, period, null, all, config.timeZone()),
                costs.total().cost(),
                costs.total().requests(),
                costs.total().unpriced(),
                rows(viewer, costs.rows(), by),
                optimizations.of(costs),
                optimizations.priceTable());
    }

    private static List<CostReport.CostRow> rows(
            Viewer viewer, List<CostCounts.Row> rows, CostDimension by) {
        return rows.stream()
                .map(
                        row ->
                                new CostReport.CostRow(
                                        by == CostDimension.USER
                                                ? user(row.key(), viewer)
                                                : row.key(),
                                        row.sums().cost(),
                                        row.sums().tokens(),
                                        row.sums().requests()))
                .toList();
    }

    /// A user's id is content: masked rows stay apart, so that no number is another than it was.
    private static String user(String key, Viewer viewer) {
        return NOBODY.contains(key) || viewer.mayReadContent() ? key : Disclosure.MASKED;
    }
}
