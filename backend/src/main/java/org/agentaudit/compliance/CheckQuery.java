package org.agentaudit.compliance;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.event.EventType;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Evidence;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.retention.RetentionPolicy;
import org.jspecify.annotations.Nullable;

/// Evaluates the named checks over a period (metrics "Compliance checks"). `secret_exposure` needs
/// a scan of the store and is not evaluated yet.
@Singleton
public class CheckQuery {

    private static final String SHARE = "share";
    private static final String RETENTION = "retention_enforced";
    private static final double SECONDS_PER_DAY = 86_400;

    /// What has expired may be there for this long: the next run removes it.
    private static final Duration RETENTION_GRACE = Duration.ofDays(2);

    /// What was measured, before it is held against limits.
    ///
    /// @param emptyVerdict verdict when the population is 0
    /// @param below        whether small values are the bad ones
    private record Measurement(
            String check,
            String title,
            double measured,
            @Nullable Double warnAt,
            @Nullable Double failAt,
            boolean below,
            String unit,
            Verdict emptyVerdict,
            long population,
            long exceptions,
            String what,
            String recommendation) {}

    private final CountsQuery query;
    private final EventQuery events;
    private final RetentionPolicy retention;
    private final CheckLimits limits;
    private final Clock clock;

    CheckQuery(
            CountsQuery query,
            EventQuery events,
            RetentionPolicy retention,
            CheckLimits limits,
            Clock clock) {
        this.query = query;
        this.events = events;
        this.retention = retention;
        this.limits = limits;
        this.clock = clock;
    }

    /// Every check that this version evaluates, in the order of the contract.
    ///
    /// @param counts counters of the same period
    /// @param failed failed invocations of the period
    public List<CheckResult> evaluate(
            Viewer viewer, Period period, PeriodCounts counts, long failed) {
        long invocations = counts.total(EventType.INVOCATION, s -> s.events);
        List<CheckResult> results = new ArrayList<>();
        long escalations = counts.total(s -> s.escalations);
        results.add(
                result(
                        above(
                                "human_escalation_rate",
                                "Human escalation rate",
                                ratio(escalations, invocations),
                                0.04,
                                0.05,
                                Verdict.INSUFFICIENT_EVIDENCE,
                                invocations,
                                escalations,
                                count(escalations, "human escalation")
                                        + " in "
                                        + count(invocations, "invocation"),
                                "Look at why agents hand work to people, starting with the escalations of"
                                        + " this period.")));
        results.add(approvals(viewer, period));
        long sensitive = counts.total(s -> s.sensitive);
        long audited = counts.total(s -> s.sensitiveAudited);
        results.add(
                result(
                        below(
                                "data_access_audit",
                                "Data access audit",
                                ratio(audited, sensitive),
                                null,
                                1.0,
                                Verdict.NOT_APPLICABLE,
                                sensitive,
                                sensitive - audited,
                                number(audited)
                                        + " of "
                                        + count(sensitive, "sensitive access", "sensitive accesses")
                                        + " name a resource and a permission level",
                                "Have the agents name the resource and the permission level of every"
                                        + " sensitive access.")));
        results.add(budget(period, counts));
        CountsQuery.RunLimits runs = query.runLimits(viewer, period);
        results.add(
                result(
                        above(
                                "iteration_limit",
                                "Iteration limit",
                                ratio(runs.overLimit(), runs.runs()),
                                null,
                                0.0,
                                Verdict.INSUFFICIENT_EVIDENCE,
                                runs.runs(),
                                runs.overLimit(),
                                number(runs.overLimit())
                                        + " of "
                                        + count(runs.runs(), "run")
                                        + " went over the limit of model responses",
                                "Give the agents a stop condition, and look at the runs that went over.")));
        long withDepth = counts.total(s -> s.withDepth);
        long depth = counts.sums().values().stream().mapToLong(s -> s.maxDepth).max().orElse(0);
        double deepest = failAtOr("delegation_depth", 5.0);
        Measurement delegation =
                above(
                        "delegation_depth",
                        "Delegation depth",
                        depth,
                        null,
                        5.0,
                        Verdict.NOT_APPLICABLE,
                        withDepth,
                        depth > deepest ? query.handoffsDeeperThan(viewer, period, deepest) : 0,
                        "The deepest delegation among "
                                + count(withDepth, "handoff")
                                + " with a stated depth",
                        "Limit how often agents delegate work they were delegated.");
        results.add(result(withUnit(delegation, "levels")));
        long expected = counts.total(s -> s.traceExpected);
        long complete =
                Math.max(0, counts.total(s -> s.traceStated) - query.brokenParents(viewer, period));
        results.add(
                result(
                        below(
                                "trace_completeness",
                                "Trace completeness",
                                ratio(complete, expected),
                                0.99,
                                0.95,
                                Verdict.INSUFFICIENT_EVIDENCE,
                                expected,
                                expected - complete,
                                number(complete)
                                        + " of "
                                        + count(expected, "event")
                                        + " carry a trace id and have their parent in the same trace",
                                "Pass the trace id and the parent id on at every step.")));
        long decisions = counts.total(EventType.DECISION, s -> s.events);
        long reasoned = counts.total(EventType.DECISION, s -> s.reasoned);
        results.add(
                result(
                        below(
                                "decision_rationale",
                                "Decision rationale",
                                ratio(reasoned, decisions),
                                1.0,
                                0.9,
                                Verdict.NOT_APPLICABLE,
                                decisions,
                                decisions - reasoned,
                                number(reasoned)
                                        + " of "
                                        + count(decisions, "decision")
                                        + " say why",
                                "Have the agents record the reason with every decision.")));
        results.add(coverage(counts));
        results.add(retention(viewer, period, counts));
        results.add(
                result(
                        above(
                                "error_rate",
                                "Error rate",
                                ratio(failed, invocations),
                                0.05,
                                0.10,
                                Verdict.INSUFFICIENT_EVIDENCE,
                                invocations,
                                failed,
                                number(failed)
                                        + " of "
                                        + count(invocations, "invocation")
                                        + " failed",
                                "Start with the most frequent error type.")));
        return results;
    }

    /// The events a check's exceptions rest on; empty for a check this version does not evaluate.
    public Optional<Evidence> evidence(Viewer viewer, Period period, String check) {
        return Optional.ofNullable(
                switch (check) {
                    case "human_escalation_rate" -> Evidence.escalations();
                    case "tool_approval_rate" -> Evidence.unapprovedCalls(limits.approvalTools());
                    case "data_access_audit" -> Evidence.unauditedAccesses();
                    case "token_budget_compliance" -> Evidence.tokenUse();
                    case "iteration_limit" -> Evidence.iterationsOverLimit();
                    case "delegation_depth" ->
                            Evidence.deeperHandoffs(failAtOr("delegation_depth", 5.0));
                    case "trace_completeness" -> Evidence.brokenTraces();
                    case "decision_rationale" -> Evidence.unreasonedDecisions();
                    case "logging_coverage" ->
                            Evidence.invocationsOf(uncovered(query.counts(viewer, period, null)));
                    case RETENTION -> pastRetention();
                    case "error_rate" -> Evidence.failedInvocations();
                    default -> null;
                });
    }

    private CheckResult approvals(Viewer viewer, Period period) {
        CountsQuery.Approvals approvals = query.approvals(viewer, period, limits.approvalTools());
        return result(
                below(
                        "tool_approval_rate",
                        "Tool approval rate",
                        ratio(approvals.approved(), approvals.calls()),
                        null,
                        1.0,
                        approvals.unprovable() > 0
                                ? Verdict.INSUFFICIENT_EVIDENCE
                                : Verdict.NOT_APPLICABLE,
                        approvals.calls(),
                        approvals.calls() - approvals.approved(),
                        number(approvals.approved())
                                + " of "
                                + count(approvals.calls(), "call")
                                + " that need approval have one"
                                + (approvals.unprovable() == 0
                                        ? ""
                                        : " ("
                                                + count(approvals.unprovable(), "call")
                                                + " in traces that cannot carry approvals left out)"),
                        "Require an approval before the calls listed as exceptions."));
    }

    private CheckResult budget(Period period, PeriodCounts counts) {
        long tokens = counts.tokens().total();
        Long perDay = limits.tokenBudgetPerDay().orElse(null);
        Duration length = Duration.between(period.from(), period.to());
        double days = (length.toSeconds() + length.getNano() / 1e9) / SECONDS_PER_DAY;
        double budget = perDay == null ? 0 : perDay * days;
        String title = "Token budget compliance";
        Double warnAt = limits.warnAt("token_budget_compliance", 0.80);
        Double failAt = limits.failAt("token_budget_compliance", 1.0);
        if (perDay == null) {
            return new CheckResult(
                    "token_budget_compliance",
                    title,
                    Verdict.NOT_APPLICABLE,
                    null,
                    warnAt,
                    failAt,
                    SHARE,
                    "No token budget is set (PORTAL_TOKEN_BUDGET_PER_DAY).",
                    null,
                    0,
                    0);
        }
        return result(
                above(
                        "token_budget_compliance",
                        title,
                        tokens / budget,
                        0.80,
                        1.0,
                        Verdict.NOT_APPLICABLE,
                        tokens,
                        Math.max(0, tokens - Math.round(budget)),
                        number(tokens)
                                + " tokens used of a budget of "
                                + number(Math.round(budget)),
                        "Review which agents use the most tokens, or raise the budget."));
    }

    private CheckResult coverage(PeriodCounts counts) {
        long invoked =
                counts.sums().keySet().stream()
                        .filter(key -> key.type() == EventType.INVOCATION)
                        .map(PeriodCounts.AgentType::agentId)
                        .distinct()
                        .count();
        long covered = invoked - uncovered(counts).size();
        return result(
                below(
                        "logging_coverage",
                        "Logging coverage",
                        ratio(covered, invoked),
                        1.0,
                        null,
                        Verdict.INSUFFICIENT_EVIDENCE,
                        invoked,
                        invoked - covered,
                        number(covered)
                                + " of "
                                + count(invoked, "agent")
                                + " with invocations log more than invocations and errors",
                        "Have the agents log their steps, not only that they ran or failed."));
    }

    /// Of the events that the period counts, those that are still stored though they should have
    /// gone; found by the index of traces that may go, so events are not looked at.
    private CheckResult retention(Viewer viewer, Period period, PeriodCounts counts) {
        long counted = counts.total(s -> s.events);
        long overdue = counted == 0 ? 0 : events.countEvidence(viewer, period, pastRetention());
        return result(
                withUnit(
                        above(
                                RETENTION,
                                "Retention enforced",
                                overdue,
                                null,
                                0.0,
                                Verdict.INSUFFICIENT_EVIDENCE,
                                counted,
                                overdue,
                                "Of "
                                        + count(counted, "event")
                                        + ", stored past the end of their retention and without a hold",
                                "See the last runs of retention, and why they did not get to them."),
                        "events"));
    }

    private Evidence pastRetention() {
        return Evidence.pastRetention(retention.cutoffs(clock.instant().minus(RETENTION_GRACE)));
    }

    /// Agents with invocations that logged nothing but invocations and errors.
    private static List<String> uncovered(PeriodCounts counts) {
        Map<String, long[]> agents = new HashMap<>();
        counts.sums()
                .forEach(
                        (key, sums) -> {
                            long[] n = agents.computeIfAbsent(key.agentId(), a -> new long[3]);
                            if (key.type() == EventType.INVOCATION) {
                                n[0] += sums.events;
                            } else {
                                n[1] += sums.events;
                                n[2] += sums.errors;
                            }
                        });
        return agents.entrySet().stream()
                .filter(agent -> agent.getValue()[0] > 0)
                .filter(agent -> agent.getValue()[2] == agent.getValue()[1])
                .map(Map.Entry::getKey)
                .toList();
    }

    private Measurement above(
            String check,
            String title,
            double measured,
            @Nullable Double warnAt,
            @Nullable Double failAt,
            Verdict emptyVerdict,
            long population,
            long exceptions,
            String what,
            String recommendation) {
        return new Measurement(
                check,
                title,
                measured,
                limits.warnAt(check, warnAt),
                limits.failAt(check, failAt),
                false,
                SHARE,
                emptyVerdict,
                population,
                exceptions,
                what,
                recommendation);
    }

    private Measurement below(
            String check,
            String title,
            double measured,
            @Nullable Double warnAt,
            @Nullable Double failAt,
            Verdict emptyVerdict,
            long population,
            long exceptions,
            String what,
            String recommendation) {
        Measurement above =
                above(
                        check,
                        title,
                        measured,
                        warnAt,
                        failAt,
                        emptyVerdict,
                        population,
                        exceptions,
                        what,
                        recommendation);
        return new Measurement(
                above.check,
                above.title,
                above.measured,
                above.warnAt,
                above.failAt,
                true,
                above.unit,
                above.emptyVerdict,
                above.population,
                above.exceptions,
                above.what,
                above.recommendation);
    }

    private static Measurement withUnit(Measurement m, String unit) {
        return new Measurement(
                m.check,
                m.title,
                m.measured,
                m.warnAt,
                m.failAt,
                m.below,
                unit,
                m.emptyVerdict,
                m.population,
                m.exceptions,
                m.what,
                m.recommendation);
    }

    private double failAtOr(String check, double byDefault) {
        Double failAt = limits.failAt(check, byDefault);
        return failAt == null ? byDefault : failAt;
    }

    /// The one verdict function.
    private static CheckResult result(Measurement m) {
        if (m.population == 0) {
            return new CheckResult(
                    m.check,
                    m.title,
                    m.emptyVerdict,
                    null,
                    m.warnAt,
                    m.failAt,
                    m.unit,
                    m.emptyVerdict == Verdict.NOT_APPLICABLE
                            ? "Nothing in the period falls under this check."
                            : m.what + ": nothing to judge by.",
                    null,
                    0,
                    m.exceptions);
        }
        Verdict verdict = Verdict.PASS;
        if (beyond(m, m.failAt)) {
            verdict = Verdict.FAIL;
        } else if (beyond(m, m.warnAt)) {
            verdict = Verdict.WARN;
        }
        return new CheckResult(
                m.check,
                m.title,
                verdict,
                m.measured,
                m.warnAt,
                m.failAt,
                m.unit,
                m.what + ": " + value(m.measured, m.unit) + ", " + limitText(m) + ".",
                verdict == Verdict.PASS ? null : m.recommendation,
                m.population,
                m.exceptions);
    }

    private static boolean beyond(Measurement m, @Nullable Double limit) {
        return limit != null && (m.below ? m.measured < limit : m.measured > limit);
    }

    private static String limitText(Measurement m) {
        String side = m.below ? "below " : "above ";
        List<String> parts = new ArrayList<>();
        if (m.warnAt != null) {
            parts.add("warns " + side + value(m.warnAt, m.unit));
        }
        if (m.failAt != null) {
            parts.add("fails " + side + value(m.failAt, m.unit));
        }
        return parts.isEmpty() ? "no limit is set" : String.join(", ", parts);
    }

    static String value(double value, String unit) {
        return unit.equals(SHARE)
                ? BigDecimal.valueOf(value)
                                .movePointRight(2)
                                .setScale(1, RoundingMode.HALF_UP)
                                .toPlainString()
                        + " %"
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString() + " " + unit;
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String count(long n, String noun) {
        return count(n, noun, noun + "s");
    }

    private static String count(long n, String one, String many) {
        return number(n) + " " + (n == 1 ? one : many);
    }
}
