package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.CallQuery;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.MessageQuery;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.jspecify.annotations.Nullable;

/// Assembles the reports on what agents did and how it ended: tool usage, error analysis, action
/// outcomes. Each settles what is still open in its period first.
@Singleton
public class ActionReports {

    private static final int MOST_EVIDENCE = 20;
    private static final BigDecimal DAY = BigDecimal.valueOf(Duration.ofDays(1).toSeconds());

    /// The seed's rules (checklist R4): more than so many errors of a type per day.
    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "TimeoutError",
                            10,
                            "Raise time-outs, or add a fallback that does not wait for the answer."),
                    new Rule(
                            "RateLimitError",
                            5,
                            "Limit the rate of requests more strictly, or put a buffer in front."),
                    new Rule(
                            "ValidationError", 3, "Review how parameters of tools are validated."));

    private final CountsQuery counts;
    private final CallQuery calls;
    private final MessageQuery messages;
    private final EventQuery events;
    private final ReportConfig config;

    ActionReports(
            CountsQuery counts,
            CallQuery calls,
            MessageQuery messages,
            EventQuery events,
            ReportConfig config) {
        this.counts = counts;
        this.calls = calls;
        this.messages = messages;
        this.events = events;
        this.config = config;
    }

    private record Rule(String errorType, int perDay, String text) {}

    /// @param agentId null: all agents in the viewer's scope
    public ToolUsageReport toolUsage(Viewer viewer, Period asked, @Nullable String agentId) {
        Period period = counts.countable(asked);
        PeriodCounts sums = counts.counts(viewer, period, agentId);
        List<CallQuery.Tool> tools = calls.tools(viewer, period, agentId);
        return new ToolUsageReport(
                Reports.counted(period, sums),
                counts.completeness(viewer, period, agentId, sums, config.timeZone()),
                tools.stream().mapToLong(CallQuery.Tool::calls).sum(),
                tools.stream().mapToLong(CallQuery.Tool::unpaired).sum(),
                tools.stream().map(Reports::toolUsage).toList());
    }

    /// @param agentId null: all agents in the viewer's scope
    public ErrorAnalysisReport errorAnalysis(
            Viewer viewer, Period asked, @Nullable String agentId) {
        Period period = counts.countable(asked);
        PeriodCounts sums = counts.counts(viewer, period, agentId);
        long errors = sums.total(s -> s.errors);
        Map<String, Long> byType = new HashMap<>();
        sums.errors().forEach((key, n) -> byType.merge(key.name(), n, Long::sum));
        return new ErrorAnalysisReport(
                Reports.counted(period, sums),
                counts.completeness(viewer, period, agentId, sums, config.timeZone()),
                errors,
                CountsQuery.tallies(byType, errors),
                messages.groups(viewer, period, agentId).stream()
                        .map(group -> message(group, errors))
                        .toList(),
                CountsQuery.tallies(sums.perAgent(s -> s.errors), errors),
                suggestions(viewer, period, agentId, byType));
    }

    /// Groups with more than `minimum` outcomes, lowest success rate first.
    public List<ActionOutcome> actionOutcomes(Viewer viewer, Period asked, long minimum) {
        return calls.outcomes(viewer, counts.countable(asked), minimum).stream()
                .map(ActionReports::outcome)
                .toList();
    }

    private static ActionOutcome outcome(CallQuery.Outcomes outcomes) {
        long total = outcomes.successes() + outcomes.failures() + outcomes.partials();
        return new ActionOutcome(
                outcomes.agentId(),
                outcomes.action(),
                total,
                outcomes.successes(),
                outcomes.failures(),
                (double) outcomes.successes() / total);
    }

    private static ErrorAnalysisReport.MessageTally message(MessageQuery.Group group, long errors) {
        return new ErrorAnalysisReport.MessageTally(
                group.fingerprint(),
                group.sample(),
                group.revealed(),
                group.count(),
                (double) group.count() / errors,
                group.lastSeen());
    }

    private List<ErrorAnalysisReport.Suggestion> suggestions(
            Viewer viewer, Period period, @Nullable String agentId, Map<String, Long> byType) {
        BigDecimal days = days(period);
        List<ErrorAnalysisReport.Suggestion> suggestions = new ArrayList<>();
        for (Rule rule : RULES) {
            long count = byType.getOrDefault(rule.errorType, 0L);
            BigDecimal limit = BigDecimal.valueOf(rule.perDay).multiply(days.max(BigDecimal.ONE));
            if (BigDecimal.valueOf(count).compareTo(limit) > 0) {
                suggestions.add(
                        new ErrorAnalysisReport.Suggestion(
                                rule.text,
                                because(rule, count, limit),
                                rule.errorType,
                                count,
                                evidence(viewer, period, agentId, rule.errorType)));
            }
        }
        return suggestions;
    }

    private static String because(Rule rule, long count, BigDecimal limit) {
        return "%d errors of type %s; the limit is %s, which is %d a day."
                .formatted(
                        count,
                        rule.errorType,
                        limit.setScale(1, RoundingMode.HALF_UP)
                                .stripTrailingZeros()
                                .toPlainString(),
                        rule.perDay);
    }

    /// Length ÷ 24 h.
    private static BigDecimal days(Period period) {
        Duration length = Duration.between(period.from(), period.to());
        return BigDecimal.valueOf(length.toSeconds())
                .add(BigDecimal.valueOf(length.getNano(), 9))
                .divide(DAY, 15, RoundingMode.HALF_UP);
    }

    private List<AuditEvent> evidence(
            Viewer viewer, Period period, @Nullable String agentId, String errorType) {
        EventFilter filter =
                EventFilter.builder()
                        .from(period.from())
                        .to(period.to())
                        .agentIds(agentId == null ? null : List.of(agentId))
                        .errorTypes(List.of(errorType))
                        .errored(true)
                        .build();
        return events.find(
                        viewer,
                        filter,
                        EventOrder.NEWEST_FIRST,
                        PageRequest.first(MOST_EVIDENCE, null))
                .nodes();
    }
}
