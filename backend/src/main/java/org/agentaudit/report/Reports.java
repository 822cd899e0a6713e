package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.AgentScope;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckQuery;
import org.agentaudit.event.EventType;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.Findings;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.CallQuery;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.query.Tally;
import org.jspecify.annotations.Nullable;

/// Assembles reports for a viewer. Each settles what is still open in its period first, so that no
/// answer lags behind an acknowledgement.
@Singleton
public class Reports {

    private static final int TOP_AGENTS = 5;
    private static final int COMPARISON_WEEKS = 4;
    /// Ten years: the report has a row per day, which a period of thousands of years would fill the
    /// memory with.
    private static final int MAXIMUM_AUDIT_DAYS = 3_660;

    private static final int FIRST_YEAR = 1999;
    private static final int LAST_YEAR = 2200;

    private final CountsQuery query;
    private final CallQuery calls;
    private final CheckQuery checks;
    private final Findings findings;
    private final DayReviewRepository reviews;
    private final ReportConfig config;

    Reports(
            CountsQuery query,
            CallQuery calls,
            CheckQuery checks,
            Findings findings,
            DayReviewRepository reviews,
            ReportConfig config) {
        this.query = query;
        this.calls = calls;
        this.checks = checks;
        this.findings = findings;
        this.reviews = reviews;
        this.config = config;
    }

    /// The report time zone (setting `PORTAL_TIME_ZONE`).
    public ZoneId timeZone() {
        return config.timeZone();
    }

    /// Day `date` in `zone`.
    public DailySummary daily(Viewer viewer, LocalDate date, ZoneId zone) {
        Period day = day(date, zone);
        PeriodCounts counts = query.counts(viewer, day, null);
        Map<String, CountsQuery.AgentRuns> runs = query.runs(viewer, day, null);
        long invocations = counts.total(EventType.INVOCATION, s -> s.events);
        long failed = runs.values().stream().mapToLong(CountsQuery.AgentRuns::failed).sum();
        long errors = counts.total(s -> s.errors);
        return new DailySummary(
                date,
                zone,
                day.from(),
                day.to(),
                invocations,
                invocations - failed,
                failed,
                invocations == 0 ? null : (double) (invocations - failed) / invocations,
                counts.total(EventType.HANDOFF, s -> s.events),
                counts.total(s -> s.escalations),
                counts.total(s -> s.events),
                errors,
                counts.tokens(),
                counts.cost(),
                topAgents(counts, runs),
                errorTypes(counts, errors),
                checks.evaluate(viewer, day, counts),
                findings.counts(viewer, FindingFilter.of(day.from(), day.to(), null)),
                comparison(viewer, date, zone, counts, invocations, errors),
                query.completeness(viewer, day, null, counts, zone),
                reviews.of(date));
    }

    public SummaryReport summary(Viewer viewer, Period asked) {
        Period period = query.countable(asked);
        PeriodCounts counts = query.counts(viewer, period, null);
        long events = counts.total(s -> s.events);
        long errors = counts.total(s -> s.errors);
        Map<String, Long> perAgent = counts.perAgent(s -> s.events);
        return new SummaryReport(
                counted(period, counts),
                events,
                errors,
                events == 0 ? null : (double) errors / events,
                counts.total(EventType.HANDOFF, s -> s.events),
                perAgent.size(),
                CountsQuery.tallies(perAgent, events, TOP_AGENTS),
                query.completeness(viewer, period, null, counts, config.timeZone()));
    }

    /// Activity of one agent, over [#MAXIMUM_AUDIT_DAYS] days at most; all zero when the agent did
    /// nothing in the period or lies outside the viewer's scope.
    public AgentAudit agent(Viewer viewer, String agentId, Period asked) {
        Period period = query.countable(asked);
        ZoneId zone = config.timeZone();
        if (Duration.between(period.from(), period.to()).toDays() > MAXIMUM_AUDIT_DAYS) {
            throw new BadInputException(
                    "The period must not be longer than " + MAXIMUM_AUDIT_DAYS + " days.");
        }
        PeriodCounts counts = query.counts(viewer, period, agentId);
        CountsQuery.AgentRuns runs = query.runs(viewer, period, agentId).get(agentId);
        long errors = counts.total(s -> s.errors);
        boolean visible = AgentScope.of(viewer).includes(agentId);
        return new AgentAudit(
                agentId,
                counted(period, counts),
                query.completeness(viewer, period, agentId, counts, zone),
                counts.total(EventType.INVOCATION, s -> s.events),
                runs == null ? 0 : runs.failed(),
                counts.total(s -> s.events),
                errors,
                counts.total(EventType.HANDOFF, s -> s.events),
                visible ? query.handoffsTo(viewer, period, agentId) : 0,
                counts.total(EventType.HUMAN_INTERVENTION, s -> s.events),
                counts.total(EventType.DECISION, s -> s.events),
                counts.total(s -> s.sensitive),
                query.runDurations(viewer, period, agentId),
                counts.tokens(),
                counts.cost(),
                calls.tools(viewer, period, agentId).stream().map(Reports::toolUsage).toList(),
                errorTypes(counts, errors),
                query.models(viewer, period, agentId),
                query.resources(viewer, period, agentId),
                query.permissionLevels(viewer, period, agentId),
                daily(viewer, period, agentId, zone));
    }

    private List<AgentAudit.DailyPoint> daily(
            Viewer viewer, Period period, String agentId, ZoneId zone) {
        Map<LocalDate, PeriodCounts> days = query.agentDays(viewer, period, agentId, zone);
        LocalDate last = period.to().minusNanos(1).atZone(zone).toLocalDate();
        List<AgentAudit.DailyPoint> points = new ArrayList<>();
        for (LocalDate day = period.from().atZone(zone).toLocalDate();
                !day.isAfter(last);
                day = day.plusDays(1)) {
            PeriodCounts counts = days.getOrDefault(day, new PeriodCounts());
            points.add(
                    new AgentAudit.DailyPoint(
                            day,
                            counts.total(EventType.INVOCATION, s -> s.events),
                            counts.total(s -> s.events),
                            counts.total(s -> s.errors),
                            counts.tokens().total(),
                            counts.cost()));
        }
        return points;
    }

    static AgentAudit.ToolUsage toolUsage(CallQuery.Tool tool) {
        return new AgentAudit.ToolUsage(
                tool.tool(),
                tool.calls(),
                tool.errors(),
                (double) tool.errors() / tool.calls(),
                tool.latency());
    }

    private static List<DailySummary.AgentDay> topAgents(
            PeriodCounts counts, Map<String, CountsQuery.AgentRuns> runs) {
        Map<String, Long> errors = counts.perAgent(s -> s.errors);
        List<DailySummary.AgentDay> agents = new ArrayList<>();
        counts.sums()
                .forEach(
                        (key, sums) -> {
                            if (key.type() == EventType.INVOCATION && sums.events > 0) {
                                CountsQuery.AgentRuns own = runs.get(key.agentId());
                                agents.add(
                                        new DailySummary.AgentDay(
                                                key.agentId(),
                                                sums.events,
                                                own == null ? 0 : own.failed(),
                                                errors.getOrDefault(key.agentId(), 0L),
                                                own == null ? null : own.meanDurationMs()));
                            }
                        });
        agents.sort(
                Comparator.comparingLong(DailySummary.AgentDay::invocations)
                        .reversed()
                        .thenComparing(DailySummary.AgentDay::agentId, CountsQuery.CODE_POINTS));
        return agents;
    }

    private static List<Tally> errorTypes(PeriodCounts counts, long errors) {
        Map<String, Long> byType = new HashMap<>();
        counts.errors().forEach((key, n) -> byType.merge(key.name(), n, Long::sum));
        return CountsQuery.tallies(byType, errors);
    }

    private DailySummary.@Nullable DayComparison comparison(
            Viewer viewer,
            LocalDate date,
            ZoneId zone,
            PeriodCounts today,
            long invocations,
            long errors) {
        double meanInvocations = 0;
        double meanErrors = 0;
        double meanTokens = 0;
        BigDecimal costs = BigDecimal.ZERO;
        int costed = 0;
        for (int week = 1; week <= COMPARISON_WEEKS; week++) {
            PeriodCounts counts = query.counts(viewer, day(date.minusWeeks(week), zone), null);
            if (counts.total(s -> s.events) == 0) {
                return null;
            }
            meanInvocations +=
                    counts.total(EventType.INVOCATION, s -> s.events) / (double) COMPARISON_WEEKS;
            meanErrors += counts.total(s -> s.errors) / (double) COMPARISON_WEEKS;
            meanTokens += counts.tokens().total() / (double) COMPARISON_WEEKS;
            BigDecimal cost = counts.cost();
            if (cost != null) {
                costs = costs.add(cost);
                costed++;
            }
        }
        BigDecimal cost = today.cost();
        return new DailySummary.DayComparison(
                change(invocations, meanInvocations),
                change(errors, meanErrors),
                change(today.tokens().total(), meanTokens),
                // A day without a cost is left out of the mean, as every missing value is.
                cost == null || costed == 0
                        ? null
                        : change(cost.doubleValue(), costs.doubleValue() / costed));
    }

    private static @Nullable Double change(double today, double mean) {
        return mean == 0 ? null : (today - mean) / mean;
    }

    private static Period day(LocalDate date, ZoneId zone) {
        if (date.getYear() < FIRST_YEAR || date.getYear() > LAST_YEAR) {
            throw new BadInputException(
                    "The date must lie between the years "
                            + FIRST_YEAR
                            + " and "
                            + LAST_YEAR
                            + ".");
        }
        Instant from = date.atStartOfDay(zone).toInstant();
        return Period.of(from, date.plusDays(1).atStartOfDay(zone).toInstant());
    }

    /// The period with the times of its first and last event.
    static Period counted(Period period, PeriodCounts counts) {
        return new Period(period.from(), period.to(), counts.firstAt(), counts.lastAt());
    }
}
