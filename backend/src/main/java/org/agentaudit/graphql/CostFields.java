package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import org.agentaudit.analysis.Optimization;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.report.CostReport;
import org.agentaudit.report.RequestReports;
import org.agentaudit.report.UsageReport;

/// `usageReport`, `costReport` and their fields.
@Singleton
final class CostFields implements FieldSource {
    private final RequestReports reports;

    CostFields(RequestReports reports) {
        this.reports = reports;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "usageReport", this::usageReport);
        fields.field("Query", "costReport", this::costReport);
        fields.record("UsageReport", UsageReport.class);
        fields.record("CostReport", CostReport.class);
        fields.field("CostReport", "rows", CostFields::rows);
        fields.record("CostRow", CostReport.CostRow.class);
        fields.record("Optimization", Optimization.class);
    }

    private UsageReport usageReport(DataFetchingEnvironment environment) {
        Period period = Arguments.of(environment).requiredPeriod("period");
        RequestContext context = RequestContext.of(environment);
        UsageReport report = reports.usage(context.viewer(), period);
        context.disclosed().report("usage report %s/%s".formatted(period.from(), period.to()));
        return report;
    }

    private CostReport costReport(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Period period = arguments.requiredPeriod("period");
        CostDimension by = arguments.requiredChoice("by", CostDimension.class);
        RequestContext context = RequestContext.of(environment);
        CostReport report = reports.cost(context.viewer(), period, by);
        context.disclosed()
                .report("cost report by %s %s/%s".formatted(by, period.from(), period.to()));
        return report;
    }

    private static List<CostReport.CostRow> rows(DataFetchingEnvironment environment) {
        CostReport report = RequestContext.source(environment);
        int first =
                Objects.requireNonNullElse(
                        Arguments.of(environment).page().first(), PageRequest.DEFAULT_SIZE);
        return report.rows().stream().limit(first).toList();
    }
}
