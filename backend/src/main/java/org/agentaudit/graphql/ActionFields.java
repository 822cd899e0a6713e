package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.report.ActionOutcome;
import org.agentaudit.report.ActionReports;
import org.agentaudit.report.ErrorAnalysisReport;
import org.agentaudit.report.ToolUsageReport;
import org.jspecify.annotations.Nullable;

/// `toolUsageReport`, `errorAnalysisReport`, `actionOutcomes` and their fields.
@Singleton
final class ActionFields implements FieldSource {
    private final ActionReports reports;

    ActionFields(ActionReports reports) {
        this.reports = reports;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "toolUsageReport", this::toolUsage);
        fields.field("Query", "errorAnalysisReport", this::errorAnalysis);
        fields.field("Query", "actionOutcomes", this::actionOutcomes);
        fields.record("ToolUsageReport", ToolUsageReport.class);
        fields.record("ErrorAnalysisReport", ErrorAnalysisReport.class);
        fields.field("ErrorAnalysisReport", "messages", ActionFields::messages);
        fields.record("ErrorMessageTally", ErrorAnalysisReport.MessageTally.class);
        fields.field("ErrorMessageTally", "sample", ActionFields::sample);
        fields.record("Suggestion", ErrorAnalysisReport.Suggestion.class);
        fields.record("ActionOutcome", ActionOutcome.class);
    }

    private ToolUsageReport toolUsage(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Period period = arguments.requiredPeriod("period");
        String agent = arguments.text("agentId");
        RequestContext context = RequestContext.of(environment);
        ToolUsageReport report = reports.toolUsage(context.viewer(), period, agent);
        context.disclosed().report(target("tool usage", period, agent));
        return report;
    }

    private ErrorAnalysisReport errorAnalysis(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Period period = arguments.requiredPeriod("period");
        String agent = arguments.text("agentId");
        RequestContext context = RequestContext.of(environment);
        ErrorAnalysisReport report = reports.errorAnalysis(context.viewer(), period, agent);
        context.disclosed().report(target("error analysis", period, agent));
        return report;
    }

    private List<ActionOutcome> actionOutcomes(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Period period = arguments.requiredPeriod("period");
        int minimum = arguments.numberBetween("minimum", 0, Integer.MAX_VALUE);
        RequestContext context = RequestContext.of(environment);
        List<ActionOutcome> outcomes = reports.actionOutcomes(context.viewer(), period, minimum);
        context.disclosed().report(target("action outcomes", period, null));
        return outcomes;
    }

    private static List<ErrorAnalysisReport.MessageTally> messages(
            DataFetchingEnvironment environment) {
        ErrorAnalysisReport report = RequestContext.source(environment);
        int first =
                Objects.requireNonNullElse(
                        Arguments.of(environment).page().first(), PageRequest.DEFAULT_SIZE);
        return report.messages().stream().limit(first).toList();
    }

    /// The message, noted as revealed when it is in clear.
    private static String sample(DataFetchingEnvironment environment) {
        ErrorAnalysisReport.MessageTally tally = RequestContext.source(environment);
        UUID event = tally.revealed();
        if (event != null) {
            RequestContext.of(environment).disclosed().content(event);
        }
        return tally.sample();
    }

    private static String target(String name, Period period, @Nullable String agent) {
        return "%s %s%s/%s"
                .formatted(name, agent == null ? "" : agent + " ", period.from(), period.to());
    }
}
