package org.agentaudit.graphql;

import graphql.execution.DataFetcherResult;
import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.Check;
import org.agentaudit.compliance.CheckDay;
import org.agentaudit.compliance.CheckHistory;
import org.agentaudit.compliance.CheckQuery;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.Checks;
import org.agentaudit.compliance.ControlCatalogue;
import org.agentaudit.compliance.ControlRef;
import org.agentaudit.compliance.FrameworkCoverage;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Evidence;
import org.agentaudit.query.Period;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.report.ComplianceReports;
import org.agentaudit.report.DailySummary;

/// `complianceReport`, `checkHistory` and the fields of checks, wherever they are shown.
@Singleton
final class ComplianceFields implements FieldSource {

    private final ComplianceReports reports;
    private final CheckQuery checks;
    private final CheckHistory history;
    private final ControlCatalogue catalogue;
    private final EventQuery events;

    ComplianceFields(
            ComplianceReports reports,
            CheckQuery checks,
            CheckHistory history,
            ControlCatalogue catalogue,
            EventQuery events) {
        this.reports = reports;
        this.checks = checks;
        this.history = history;
        this.catalogue = catalogue;
        this.events = events;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "complianceReport", this::complianceReport);
        fields.field("Query", "checkHistory", this::checkHistory);
        fields.record("ComplianceReport", ComplianceReport.class);
        fields.field("ComplianceReport", "checks", ComplianceFields::checksOfReport);
        fields.field("DailySummary", "checks", ComplianceFields::checksOfDay);
        fields.record("CheckResult", CheckResult.class);
        fields.value(
                "CheckResult", "formula", CheckResult.class, check -> of(check.check()).formula());
        fields.value(
                "CheckResult",
                "controls",
                CheckResult.class,
                check -> catalogue.controls(check.check()));
        fields.field("CheckResult", "evidence", this::evidence);
        fields.record("CheckGroup", CheckResult.Group.class);
        fields.record("CheckDay", CheckDay.class);
        fields.record("ControlRef", ControlRef.class);
        fields.record("FrameworkCoverage", FrameworkCoverage.class);
        fields.record("ControlStatus", FrameworkCoverage.ControlStatus.class);
    }

    private static Check of(String id) {
        return Objects.requireNonNull(Checks.byId(id));
    }

    private ComplianceReport complianceReport(DataFetchingEnvironment environment) {
        Period period = Arguments.of(environment).requiredPeriod("period");
        RequestContext context = RequestContext.of(environment);
        ComplianceReport report = reports.of(context.viewer(), period);
        context.disclosed().report("compliance report %s/%s".formatted(period.from(), period.to()));
        return report;
    }

    private List<CheckDay> checkHistory(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        String check = arguments.requiredText("check");
        LocalDate from = arguments.requiredDay("from");
        LocalDate to = arguments.requiredDay("to");
        RequestContext context = RequestContext.of(environment);
        List<CheckDay> days = history.of(context.viewer(), check, from, to);
        context.disclosed().report("check history %s %s/%s".formatted(check, from, to));
        return days;
    }

    private static DataFetcherResult<List<CheckResult>> checksOfDay(
            DataFetchingEnvironment environment) {
        DailySummary day = RequestContext.source(environment);
        return withPeriod(day.checks(), Period.of(day.from(), day.to()));
    }

    private static DataFetcherResult<List<CheckResult>> checksOfReport(
            DataFetchingEnvironment environment) {
        ComplianceReport report = RequestContext.source(environment);
        return withPeriod(report.checks(), report.period());
    }

    /// The checks, with their period for what is asked below them.
    private static DataFetcherResult<List<CheckResult>> withPeriod(
            List<CheckResult> checks, Period period) {
        return DataFetcherResult.<List<CheckResult>>newResult()
                .data(checks)
                .localContext(period)
                .build();
    }

    private Connection<AuditEvent> evidence(DataFetchingEnvironment environment) {
        CheckResult check = RequestContext.source(environment);
        Period period = Objects.requireNonNull(environment.<Period>getLocalContext());
        Viewer viewer = RequestContext.of(environment).viewer();
        Evidence evidence = checks.evidence(viewer, period, check);
        return new Connection<>(
                events.evidence(viewer, period, evidence, Arguments.of(environment).page()),
                () -> events.countEvidence(viewer, period, evidence));
    }
}
