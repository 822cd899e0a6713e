package org.agentaudit.compliance;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.finding.SecretScan;
import org.agentaudit.query.CheckCountsQuery;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Evidence;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.query.TraceLife;
import org.agentaudit.retention.RetentionPolicy;
import org.jspecify.annotations.Nullable;

/// Evaluates the checks over a period for a viewer, in a constant number of statements.
@Singleton
public class CheckQuery {

    /// What has expired may be there for so long after its last day: the next run removes it.
    private static final Duration RETENTION_GRACE = Duration.ofDays(2);

    /// What a group of agents gives.
    private record Judged(AgentGroup group, Measured measured, Verdict verdict) {
        boolean hasEvidence() {
            return measured.population() > 0;
        }
    }

    private final CountsQuery counts;
    private final CheckCountsQuery checkCounts;
    private final EventQuery events;
    private final RetentionPolicy retention;
    private final CheckSettings settings;
    private final SecretScan scan;
    private final Clock clock;

    CheckQuery(
            CountsQuery counts,
            CheckCountsQuery checkCounts,
            EventQuery events,
            RetentionPolicy retention,
            CheckSettings settings,
            SecretScan scan,
            Clock clock) {
        this.counts = counts;
        this.checkCounts = checkCounts;
        this.events = events;
        this.retention = retention;
        this.settings = settings;
        this.scan = scan;
        this.clock = clock;
    }

    /// Every check, in the order of the contract.
    ///
    /// @param of counters of the same period
    public List<CheckResult> evaluate(Viewer viewer, Period period, PeriodCounts of) {
        return judge(facts(viewer, period, of), settings);
    }

    /// Every check on facts that were read.
    static List<CheckResult> judge(CheckFacts facts, CheckSettings settings) {
        return Checks.ALL.stream()
                .map(check -> judge(check, facts, settings.groups(check)))
                .toList();
    }

    /// The events that the exceptions of a result rest on.
    ///
    /// @param result of the same viewer and period
    public Evidence evidence(Viewer viewer, Period period, CheckResult result) {
        Check check = Checks.byId(result.check());
        if (check == null) {
            throw new IllegalArgumentException("no check " + result.check());
        }
        return settings.groups(check).stream()
                .filter(group -> !group.off())
                .filter(group -> Objects.equals(group.pattern(), result.agents()))
                .findFirst()
                .map(
                        group ->
                                check.evidence()
                                        .of(
                                                new Check.Context(
                                                        () ->
                                                                facts(
                                                                                viewer,
                                                                                period,
                                                                                counts.counts(
                                                                                        viewer,
                                                                                        period,
                                                                                        null))
                                                                        .of(group),
                                                        overdue()),
                                                group)
                                        .of(group.pattern(), group.without()))
                .orElseGet(Evidence::none);
    }

    private CheckFacts facts(Viewer viewer, Period period, PeriodCounts of) {
        Set<String> actions = new HashSet<>();
        double deepest = Double.MAX_VALUE;
        for (Check check : Checks.ALL) {
            for (AgentGroup group : settings.groups(check)) {
                actions.addAll(group.approvalTools());
                if (check.id().equals("delegation_depth")) {
                    deepest = Math.min(deepest, Checks.deepest(group));
                }
            }
        }
        boolean any = of.total(s -> s.events) > 0;
        return new CheckFacts(
                period,
                of.sums(),
                checkCounts.of(viewer, period, actions, deepest),
                any
                        ? events.countEvidenceByAgent(
                                viewer, period, Evidence.pastRetention(overdue()))
                        : Map.of(),
                scan.result(viewer, period.from(), period.to()));
    }

    /// Events that expired on a day that ended more than the grace ago should have gone.
    private TraceLife.Cutoffs overdue() {
        return retention.cutoffs(
                clock.instant()
                        .truncatedTo(ChronoUnit.DAYS)
                        .minus(RETENTION_GRACE)
                        .minus(1, ChronoUnit.MICROS));
    }

    private static CheckResult judge(Check check, CheckFacts facts, List<AgentGroup> groups) {
        List<Judged> judged = new ArrayList<>();
        for (AgentGroup group : groups) {
            if (!group.off()) {
                Measured measured = check.measure().of(facts.of(group), group);
                judged.add(new Judged(group, measured, check.verdict(measured, group)));
            }
        }
        Judged deciding = deciding(judged);
        boolean failing = deciding.verdict() == Verdict.FAIL || deciding.verdict() == Verdict.WARN;
        AgentGroup group = deciding.group();
        Measured measured = deciding.measured();
        return new CheckResult(
                check.id(),
                check.title(),
                deciding.verdict(),
                value(deciding),
                number(group.warnAt()),
                number(group.failAt()),
                check.unit(),
                CheckText.statement(check, group, measured) + about(deciding, groups),
                failing ? check.recommendation() : null,
                measured.population(),
                measured.exceptions(),
                group.pattern(),
                groups.size() == 1 ? List.of() : groups(groups, judged));
    }

    /// The worst of the groups that have something to judge; without any, the worst of all.
    private static Judged deciding(List<Judged> judged) {
        List<Judged> able = judged.stream().filter(Judged::hasEvidence).toList();
        return (able.isEmpty() ? judged : able)
                .stream().min(Comparator.comparing(Judged::verdict, Verdicts.WORST)).orElseThrow();
    }

    /// Which agents the statement is about; nothing where all are treated alike.
    private static String about(Judged deciding, List<AgentGroup> groups) {
        if (groups.size() == 1) {
            return "";
        }
        List<String> off = groups.stream().filter(AgentGroup::off).map(AgentGroup::name).toList();
        return " This is about "
                + deciding.group().name()
                + ", the worst of "
                + CheckText.count(groups.size() - off.size(), "group")
                + " with their own settings."
                + (off.isEmpty()
                        ? ""
                        : " The check is switched off for " + String.join(", ", off) + ".");
    }

    private static List<CheckResult.Group> groups(List<AgentGroup> groups, List<Judged> judged) {
        return groups.stream()
                .map(
                        group ->
                                judged.stream()
                                        .filter(j -> j.group() == group)
                                        .findFirst()
                                        .map(CheckQuery::group)
                                        .orElseGet(
                                                () ->
                                                        new CheckResult.Group(
                                                                group.pattern(),
                                                                null,
                                                                null,
                                                                number(group.warnAt()),
                                                                number(group.failAt()),
                                                                0,
                                                                0)))
                .toList();
    }

    private static CheckResult.Group group(Judged judged) {
        return new CheckResult.Group(
                judged.group().pattern(),
                judged.verdict(),
                value(judged),
                number(judged.group().warnAt()),
                number(judged.group().failAt()),
                judged.measured().population(),
                judged.measured().exceptions());
    }

    private static @Nullable Double value(Judged judged) {
        return judged.hasEvidence() ? judged.measured().value() : null;
    }

    private static @Nullable Double number(@Nullable BigDecimal limit) {
        return limit == null ? null : limit.doubleValue();
    }
}
