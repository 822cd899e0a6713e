package org.agentaudit.compliance;

import static org.agentaudit.compliance.Check.SHARE;
import static org.agentaudit.compliance.CheckText.count;
import static org.agentaudit.compliance.CheckText.number;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.event.EventType;
import org.agentaudit.finding.SecretScan;
import org.agentaudit.query.CheckCounts;
import org.agentaudit.query.Evidence;
import org.jspecify.annotations.Nullable;

/// The checks, one row each, in the order of the contract (metrics "Compliance checks").
public final class Checks {

    static final String TOOL_APPROVAL = "tool_approval_rate";
    static final String TOKEN_BUDGET = "token_budget_compliance";
    static final String RETENTION = "retention_enforced";

    private static final BigDecimal NANOS_PER_DAY =
            BigDecimal.valueOf(Duration.ofDays(1).toNanos());

    /// Every check.
    public static final List<Check> ALL =
            List.of(
                    new Check(
                            "human_escalation_rate",
                            "Human escalation rate",
                            "Human escalations divided by invocations.",
                            SHARE,
                            false,
                            limit("0.04"),
                            limit("0.05"),
                            "Look at why agents hand work to people, starting with the escalations of this period.",
                            Checks::escalations,
                            (context, group) -> Evidence.escalations()),
                    new Check(
                            TOOL_APPROVAL,
                            "Tool approval rate",
                            "Calls that need approval (permission level ADMIN, or an action on the approval list) with an"
                                    + " approval in their trace not later than the call, divided by those calls; traces"
                                    + " whose format cannot carry approvals are left out.",
                            SHARE,
                            true,
                            null,
                            limit("1.0"),
                            "Require an approval before the calls listed as exceptions.",
                            Checks::approvals,
                            (context, group) -> Evidence.unapprovedCalls(group.approvalTools())),
                    new Check(
                            "data_access_audit",
                            "Data access audit",
                            "Events with sensitive access that name a resource and a permission level, divided by events"
                                    + " with sensitive access.",
                            SHARE,
                            true,
                            null,
                            limit("1.0"),
                            "Have the agents name the resource and the permission level of every sensitive access.",
                            Checks::dataAccess,
                            (context, group) -> Evidence.unauditedAccesses()),
                    new Check(
                            TOKEN_BUDGET,
                            "Token budget compliance",
                            "Tokens divided by the budget per day times the days of the period, of 24 hours each.",
                            SHARE,
                            false,
                            limit("0.80"),
                            limit("1.0"),
                            "Review which agents use the most tokens, or raise the budget.",
                            Checks::budget,
                            (context, group) -> Evidence.tokenUse()),
                    new Check(
                            "iteration_limit",
                            "Iteration limit",
                            "Runs that went over the limit of model responses in the period, divided by runs with an"
                                    + " event in it.",
                            SHARE,
                            false,
                            null,
                            limit("0"),
                            "Give the agents a stop condition, and look at the runs that went over.",
                            Checks::iterations,
                            (context, group) -> Evidence.iterationsOverLimit()),
                    new Check(
                            "delegation_depth",
                            "Delegation depth",
                            "The deepest handoff among those that state a depth.",
                            "levels",
                            false,
                            null,
                            limit("5"),
                            "Limit how often agents delegate work they were delegated.",
                            Checks::depth,
                            (context, group) -> Evidence.deeperHandoffs(deepest(group))),
                    new Check(
                            "trace_completeness",
                            "Trace completeness",
                            "Events with a producer's trace id whose parent, if they name one, is in the same trace, divided"
                                    + " by events; lines of formats without trace ids are left out when they name none.",
                            SHARE,
                            true,
                            limit("0.99"),
                            limit("0.95"),
                            "Pass the trace id and the parent id on at every step.",
                            Checks::traces,
                            (context, group) -> Evidence.brokenTraces()),
                    new Check(
                            "decision_rationale",
                            "Decision rationale",
                            "Decisions with reasoning of their own or of the chosen option, divided by decisions.",
                            SHARE,
                            true,
                            limit("1.0"),
                            limit("0.9"),
                            "Have the agents record the reason with every decision.",
                            Checks::decisions,
                            (context, group) -> Evidence.unreasonedDecisions()),
                    new Check(
                            "logging_coverage",
                            "Logging coverage",
                            "Agents with invocations that logged at least one event other than an invocation, not all of"
                                    + " them errored, divided by agents with invocations.",
                            SHARE,
                            true,
                            limit("1.0"),
                            null,
                            "Have the agents log their steps, not only that they ran or failed.",
                            Checks::coverage,
                            (context, group) ->
                                    Evidence.invocationsOf(context.facts().get().uncovered())),
                    new Check(
                            "secret_exposure",
                            "Secret exposure",
                            "Stored events in which a secret detector fires, as of the last scan.",
                            "events",
                            false,
                            null,
                            limit("0"),
                            "Replace the secrets that were exposed, and add a redaction rule for what let them through.",
                            Checks::secrets,
                            (context, group) -> Evidence.exposedSecrets()),
                    new Check(
                            RETENTION,
                            "Retention enforced",
                            "Stored events more than two days past the end of their trace's last expiry, without a hold.",
                            "events",
                            false,
                            null,
                            limit("0"),
                            "See the last runs of retention, and why they did not get to them.",
                            Checks::retention,
                            (context, group) -> Evidence.pastRetention(context.overdue())),
                    new Check(
                            "error_rate",
                            "Error rate",
                            "Failed invocations divided by invocations.",
                            SHARE,
                            false,
                            limit("0.05"),
                            limit("0.10"),
                            "Start with the most frequent error type.",
                            Checks::errors,
                            (context, group) -> Evidence.failedInvocations()));

    private static final Map<String, Check> BY_ID =
            ALL.stream().collect(Collectors.toMap(Check::id, check -> check));

    private Checks() {}

    /// A check by its id; null when there is none.
    public static @Nullable Check byId(String id) {
        return BY_ID.get(id);
    }

    private static BigDecimal limit(String limit) {
        return new BigDecimal(limit);
    }

    private static Measured escalations(CheckFacts facts, AgentGroup group) {
        long escalations = facts.total(s -> s.escalations);
        long invocations = facts.invocations();
        return Measured.share(
                escalations,
                invocations,
                escalations,
                Verdict.INSUFFICIENT_EVIDENCE,
                count(escalations, "human escalation") + " in " + count(invocations, "invocation"));
    }

    private static Measured approvals(CheckFacts facts, AgentGroup group) {
        long calls = facts.calls(group, CheckCounts.Calls::able);
        long approved = facts.calls(group, CheckCounts.Calls::approved);
        long unprovable = facts.calls(group, CheckCounts.Calls::calls) - calls;
        String leftOut =
                unprovable == 0
                        ? ""
                        : " (%s in traces that cannot carry approvals left out)"
                                .formatted(count(unprovable, "call"));
        Measured measured =
                Measured.share(
                        approved,
                        calls,
                        calls - approved,
                        Verdict.NOT_APPLICABLE,
                        number(approved)
                                + " of "
                                + count(calls, "call")
                                + " that need approval have one"
                                + leftOut);
        return unprovable == 0
                ? measured
                : measured.whenEmpty(
                        Verdict.INSUFFICIENT_EVIDENCE,
                        "All %s that need approval are in traces that cannot carry approvals."
                                .formatted(count(unprovable, "call")));
    }

    private static Measured dataAccess(CheckFacts facts, AgentGroup group) {
        long sensitive = facts.total(s -> s.sensitive);
        long audited = facts.total(s -> s.sensitiveAudited);
        return Measured.share(
                audited,
                sensitive,
                sensitive - audited,
                Verdict.NOT_APPLICABLE,
                number(audited)
                        + " of "
                        + count(sensitive, "sensitive access", "sensitive accesses")
                        + " name a resource and a permission level");
    }

    private static Measured budget(CheckFacts facts, AgentGroup group) {
        Long perDay = group.tokenBudget();
        if (perDay == null) {
            return Measured.nothing(
                    Verdict.NOT_APPLICABLE,
                    "No token budget is set (PORTAL_TOKEN_BUDGET_PER_DAY).");
        }
        long tokens = facts.tokens();
        Duration length = Duration.between(facts.period().from(), facts.period().to());
        BigDecimal nanos =
                BigDecimal.valueOf(length.toSeconds())
                        .movePointRight(9)
                        .add(BigDecimal.valueOf(length.getNano()));
        BigDecimal used = BigDecimal.valueOf(tokens);
        BigDecimal allowed = BigDecimal.valueOf(perDay).multiply(nanos);
        BigDecimal budget = allowed.divide(NANOS_PER_DAY, 0, RoundingMode.HALF_UP);
        return new Measured(
                used.multiply(NANOS_PER_DAY),
                allowed,
                tokens,
                used.subtract(budget).max(BigDecimal.ZERO).longValueExact(),
                number(tokens) + " tokens used of a budget of " + number(budget),
                Verdict.NOT_APPLICABLE,
                null);
    }

    private static Measured iterations(CheckFacts facts, AgentGroup group) {
        long over = facts.runs(CheckCounts.Runs::overLimit);
        long runs = facts.runs(CheckCounts.Runs::runs);
        return Measured.share(
                over,
                runs,
                over,
                Verdict.INSUFFICIENT_EVIDENCE,
                number(over)
                        + " of "
                        + count(runs, "run")
                        + " went over the limit of model responses");
    }

    private static Measured depth(CheckFacts facts, AgentGroup group) {
        long handoffs = facts.total(s -> s.withDepth);
        return Measured.number(
                facts.maxDepth(),
                handoffs,
                facts.deeperThan(deepest(group)),
                Verdict.NOT_APPLICABLE,
                "The deepest delegation among "
                        + count(handoffs, "handoff")
                        + " with a stated depth");
    }

    /// The depth above which a handoff is an exception.
    static double deepest(AgentGroup group) {
        BigDecimal failAt = group.failAt();
        return failAt == null ? Double.MAX_VALUE : failAt.doubleValue();
    }

    private static Measured traces(CheckFacts facts, AgentGroup group) {
        long expected = facts.total(s -> s.traceExpected);
        long broken =
                facts.counts().brokenParents().values().stream().mapToLong(Long::longValue).sum();
        long complete = Math.max(0, facts.total(s -> s.traceStated) - broken);
        return Measured.share(
                complete,
                expected,
                expected - complete,
                Verdict.INSUFFICIENT_EVIDENCE,
                number(complete)
                        + " of "
                        + count(expected, "event")
                        + " carry a trace id and have their parent in the same trace");
    }

    private static Measured decisions(CheckFacts facts, AgentGroup group) {
        long decisions = facts.total(EventType.DECISION, s -> s.events);
        long reasoned = facts.total(EventType.DECISION, s -> s.reasoned);
        return Measured.share(
                reasoned,
                decisions,
                decisions - reasoned,
                Verdict.NOT_APPLICABLE,
                number(reasoned) + " of " + count(decisions, "decision") + " say why");
    }

    private static Measured coverage(CheckFacts facts, AgentGroup group) {
        long invoked = facts.invoked();
        long uncovered = facts.uncovered().size();
        return Measured.share(
                invoked - uncovered,
                invoked,
                uncovered,
                Verdict.INSUFFICIENT_EVIDENCE,
                number(invoked - uncovered)
                        + " of "
                        + count(invoked, "agent")
                        + " with invocations log more than invocations and errors");
    }

    private static Measured secrets(CheckFacts facts, AgentGroup group) {
        SecretScan.Result scan = facts.secrets();
        if (scan == null) {
            return Measured.nothing(
                    Verdict.INSUFFICIENT_EVIDENCE,
                    "Stored events have not been scanned for secrets.");
        }
        long events = 0;
        long exposed = 0;
        for (SecretScan.Searched agent : scan.agents().values()) {
            events += agent.events();
            exposed += agent.exposed();
        }
        return Measured.number(
                exposed,
                events,
                exposed,
                Verdict.INSUFFICIENT_EVIDENCE,
                "Of "
                        + count(events, "event")
                        + " stored and scanned by "
                        + scan.searchedUpTo()
                        + ", those in which a secret detector fires");
    }

    private static Measured retention(CheckFacts facts, AgentGroup group) {
        long counted = facts.total(s -> s.events);
        long overdue = facts.overdue().values().stream().mapToLong(Long::longValue).sum();
        return Measured.number(
                overdue,
                counted,
                overdue,
                Verdict.INSUFFICIENT_EVIDENCE,
                "Of "
                        + count(counted, "event")
                        + ", stored past the end of their retention and without a hold");
    }

    private static Measured errors(CheckFacts facts, AgentGroup group) {
        long failed = facts.runs(CheckCounts.Runs::failed);
        long invocations = facts.invocations();
        return Measured.share(
                failed,
                invocations,
                failed,
                Verdict.INSUFFICIENT_EVIDENCE,
                number(failed) + " of " + count(invocations, "invocation") + " failed");
    }
}
