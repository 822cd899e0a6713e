package org.agentaudit.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.MovedClock;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.TraceSettler;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.report.ComplianceReports;
import org.agentaudit.report.Reports;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Every check against a plain fold over the same events, for any period and scope, while events of
/// the same traces still come in; and the verdicts of past days. One store for all, in order.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChecksOracleIT {

    private static final Instant START = Instant.parse("2026-03-10T00:00:00Z");
    private static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 10);
    private static final Duration SPAN = Duration.ofDays(3);
    private static final int ITERATION_LIMIT = 1;
    private static final String LISTED = "action-1";
    private static final long BUDGET = 300_000;
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));

    private final TestDatabase.Fresh database = TestDatabase.create();
    private final MovedClock clock = new MovedClock(START.plus(Duration.ofDays(3)));
    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final List<AuditEvent> stored = new ArrayList<>();
    private List<NewEvent> later = List.of();
    private ApplicationContext portal;
    private ComplianceReports reports;
    private CheckHistory history;

    private ApplicationContext start(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.background", "false");
        properties.put("portal.limit.iteration-limit", ITERATION_LIMIT);
        properties.put("portal.approval-tools", LISTED);
        properties.put("portal.token-budget-per-day", BUDGET);
        properties.put("portal.limit.delegation-depth-fail", 4);
        properties.putAll(more);
        return ApplicationContext.builder().properties(properties).singletons(clock).start();
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("ChecksOracleIT -Dseed=" + seed);
        portal = start(Map.of());
        reports = portal.getBean(ComplianceReports.class);
        history = portal.getBean(CheckHistory.class);
        List<NewEvent> all = RandomEvents.make(random, 2400, START, SPAN);
        store(all.subList(0, 1600));
        store(approvalsAtTheSameInstant(all.subList(0, 1600)));
        later = all.subList(1600, 2400);
    }

    @AfterAll
    void close() {
        portal.close();
    }

    /// Of every fourth call, stored after it: not later than the call all the same.
    private static List<NewEvent> approvalsAtTheSameInstant(List<NewEvent> events) {
        List<NewEvent> approvals = new ArrayList<>();
        List<Envelope> calls =
                events.stream()
                        .map(event -> event.event().envelope())
                        .filter(ChecksOracleIT::isCall)
                        .toList();
        for (int i = 0; i < calls.size(); i += 4) {
            Envelope call = calls.get(i);
            AuditEvent approval =
                    EventBuilder.event(
                                    "approval-" + i,
                                    call.occurredAt(),
                                    EventType.HUMAN_INTERVENTION,
                                    call.agentId(),
                                    "approve")
                            .trace(call.traceId())
                            .intervention(InterventionKind.APPROVAL)
                            .build();
            approvals.add(new NewEvent(approval, RandomEvents.digest(approval), 1, new Prover()));
        }
        return approvals;
    }

    private void store(List<NewEvent> events) throws ExecutionException, InterruptedException {
        portal.getBean(EventStore.class).append(events, List.of()).get();
        events.forEach(event -> stored.add(event.event()));
    }

    @Test
    @Order(1)
    void anyPeriodAndScope_equalsTheFold() {
        compareAll();
    }

    @Test
    @Order(2)
    void anyPeriodAndScope_afterMoreEventsOfTheSameTraces_equalsTheFold() throws Exception {
        store(later);
        compareAll();
    }

    private void compareAll() {
        List<Period> periods = new ArrayList<>();
        periods.add(Period.of(START, START.plus(SPAN)));
        periods.add(Period.of(START.plus(Duration.ofDays(1)), START.plus(Duration.ofDays(2))));
        periods.add(Period.of(START.minus(SPAN), START));
        for (int i = 0; i < 8; i++) {
            Instant from = START.plusSeconds(random.nextInt(220_000)).plusNanos(1000L * i);
            periods.add(
                    Period.of(from, from.plusSeconds(1 + random.nextInt(i < 3 ? 500 : 90_000))));
        }
        for (Period period : periods) {
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                compare(viewer, period);
            }
        }
    }

    private void compare(Viewer viewer, Period period) {
        ComplianceReport report = reports.of(viewer, period);
        Map<String, CheckResult> results =
                report.checks().stream()
                        .collect(Collectors.toMap(CheckResult::check, result -> result));
        Map<String, long[]> expected = expected(viewer, period);
        expected.forEach(
                (check, numbers) -> {
                    CheckResult result = results.get(check);
                    String what =
                            "seed %d: %s of %s in %s"
                                    .formatted(seed, check, viewer.username(), period);
                    assertThat(result.population()).as(what).isEqualTo(numbers[0]);
                    assertThat(result.exceptions()).as(what).isEqualTo(numbers[1]);
                    if (numbers[0] == 0) {
                        assertThat(result.measured()).as(what).isNull();
                        assertThat(result.verdict())
                                .as(what)
                                .isIn(
                                        CheckResult.Verdict.INSUFFICIENT_EVIDENCE,
                                        CheckResult.Verdict.NOT_APPLICABLE);
                    } else {
                        double share = (double) numbers[2] / numbers[3];
                        assertThat(result.measured()).as(what).isEqualTo(share);
                        boolean bad =
                                check.equals("tool_approval_rate")
                                                || check.equals("data_access_audit")
                                        ? numbers[2] < numbers[3]
                                        : check.equals("delegation_depth") && numbers[2] > 4;
                        if (bad) {
                            assertThat(result.verdict()).isEqualTo(CheckResult.Verdict.FAIL);
                        }
                    }
                });
        assertThat(report.completeness().events()).isEqualTo(in(viewer, period).size());
        assertThat(report.recommendations())
                .hasSameSizeAs(
                        report.checks().stream().filter(c -> c.recommendation() != null).toList());
    }

    /// Population, exceptions, and the measured value as a fraction.
    private Map<String, long[]> expected(Viewer viewer, Period period) {
        List<Envelope> in = in(viewer, period);
        long invocations = count(in, e -> e.type() == EventType.INVOCATION);
        long escalations = count(in, e -> e.intervention() == InterventionKind.ESCALATION);
        Map<String, long[]> all = new HashMap<>();
        all.put("human_escalation_rate", share(escalations, invocations, escalations));
        List<Envelope> calls =
                in.stream()
                        .filter(ChecksOracleIT::isCall)
                        .filter(
                                e ->
                                        e.permissionLevel() == PermissionLevel.ADMIN
                                                || e.action().equals(LISTED))
                        .filter(e -> trace(e).anyMatch(ChecksOracleIT::carriesApprovals))
                        .toList();
        long approved =
                count(
                        calls,
                        c ->
                                trace(c).anyMatch(
                                                a ->
                                                        a.intervention()
                                                                        == InterventionKind.APPROVAL
                                                                && !a.occurredAt()
                                                                        .isAfter(c.occurredAt())));
        all.put("tool_approval_rate", share(approved, calls.size(), calls.size() - approved));
        long sensitive = count(in, e -> Boolean.TRUE.equals(e.sensitive()));
        long audited =
                count(
                        in,
                        e ->
                                Boolean.TRUE.equals(e.sensitive())
                                        && !e.resources().isEmpty()
                                        && e.permissionLevel() != null);
        all.put("data_access_audit", share(audited, sensitive, sensitive - audited));
        runs(viewer, period, all, invocations);
        long deepest = 0;
        long withDepth = 0;
        long tooDeep = 0;
        for (Envelope e : in) {
            if (e.handoff() != null && e.handoff().depth() != null) {
                withDepth++;
                deepest = Math.max(deepest, e.handoff().depth());
                tooDeep += e.handoff().depth() > 4 ? 1 : 0;
            }
        }
        all.put("delegation_depth", new long[] {withDepth, tooDeep, deepest, 1});
        Set<String> places =
                stored.stream()
                        .map(e -> e.envelope().traceId() + e.envelope().id())
                        .collect(Collectors.toSet());
        long expectedToHaveOne =
                count(in, e -> !e.traceDerived() || e.sourceFormat() == SourceFormat.AUDIT_EVENT);
        long complete =
                count(
                        in,
                        e ->
                                !e.traceDerived()
                                        && (e.parentEventId() == null
                                                || places.contains(
                                                        e.traceId() + e.parentEventId())));
        all.put(
                "trace_completeness",
                share(complete, expectedToHaveOne, expectedToHaveOne - complete));
        Set<UUID> reasoned =
                stored.stream()
                        .filter(
                                e ->
                                        e.content().reasoning() != null
                                                || reasons(e.content().decision()))
                        .map(e -> e.envelope().id())
                        .collect(Collectors.toSet());
        long decisions = count(in, e -> e.type() == EventType.DECISION);
        long withReason =
                count(in, e -> e.type() == EventType.DECISION && reasoned.contains(e.id()));
        all.put("decision_rationale", share(withReason, decisions, decisions - withReason));
        Set<String> invoked = new HashSet<>();
        Set<String> logging = new HashSet<>();
        for (Envelope e : in) {
            if (e.type() == EventType.INVOCATION) {
                invoked.add(e.agentId());
            } else if (!e.errored()) {
                logging.add(e.agentId());
            }
        }
        long covered = invoked.stream().filter(logging::contains).count();
        all.put("logging_coverage", share(covered, invoked.size(), invoked.size() - covered));
        all.put("retention_enforced", new long[] {in.size(), 0, 0, 1});
        return all;
    }

    private static boolean reasons(Decision decision) {
        return decision != null
                && decision.options().stream()
                        .anyMatch(
                                o -> o.option().equals(decision.chosen()) && o.reasoning() != null);
    }

    private void runs(Viewer viewer, Period period, Map<String, long[]> all, long invocations) {
        long runs = 0;
        long over = 0;
        long failed = 0;
        Map<String, List<Envelope>> groups =
                stored.stream()
                        .map(AuditEvent::envelope)
                        .filter(e -> viewer == OFFICER || e.agentId().startsWith("ops/"))
                        .sorted(Comparator.comparing(Envelope::occurredAt))
                        .collect(Collectors.groupingBy(e -> e.traceId() + "\n" + e.agentId()));
        for (List<Envelope> group : groups.values()) {
            List<List<Envelope>> split = new ArrayList<>();
            for (Envelope e : group) {
                if (split.isEmpty() || e.type() == EventType.INVOCATION) {
                    split.add(new ArrayList<>());
                }
                split.getLast().add(e);
            }
            for (List<Envelope> run : split) {
                runs += run.stream().anyMatch(e -> isIn(e, period)) ? 1 : 0;
                over +=
                        run.stream()
                                .filter(e -> e.type() == EventType.LLM_RESPONSE)
                                .skip(ITERATION_LIMIT)
                                .limit(1)
                                .filter(e -> isIn(e, period))
                                .count();
                boolean invokedHere =
                        run.getFirst().type() == EventType.INVOCATION
                                && isIn(run.getFirst(), period);
                failed += invokedHere && run.stream().anyMatch(Envelope::errored) ? 1 : 0;
            }
        }
        all.put("iteration_limit", new long[] {runs, over, over, Math.max(1, runs)});
        all.put("error_rate", share(failed, invocations, failed));
    }

    private static long[] share(long part, long whole, long exceptions) {
        return new long[] {whole, exceptions, part, Math.max(1, whole)};
    }

    private static boolean isCall(Envelope e) {
        return e.type() == EventType.TOOL_CALL
                || e.type() == EventType.SKILL_CALL
                || e.type() == EventType.EXTERNAL_CALL;
    }

    private static boolean carriesApprovals(Envelope e) {
        return e.sourceFormat() != SourceFormat.LOG_ENTRY
                && e.sourceFormat() != SourceFormat.REQUEST_LOG;
    }

    private Stream<Envelope> trace(Envelope of) {
        return stored.stream()
                .map(AuditEvent::envelope)
                .filter(e -> e.traceId().equals(of.traceId()));
    }

    private static long count(List<Envelope> events, Predicate<Envelope> condition) {
        return events.stream().filter(condition).count();
    }

    private static boolean isIn(Envelope e, Period period) {
        return !e.occurredAt().isBefore(period.from()) && e.occurredAt().isBefore(period.to());
    }

    private List<Envelope> in(Viewer viewer, Period period) {
        return stored.stream()
                .map(AuditEvent::envelope)
                .filter(e -> isIn(e, period))
                .filter(e -> viewer == OFFICER || e.agentId().startsWith("ops/"))
                .toList();
    }

    /// The same objects on every surface.
    @Test
    @Order(3)
    void dailySummary_hasTheReportsChecks() {
        assertThat(portal.getBean(Reports.class).daily(OFFICER, FIRST_DAY, ZoneOffset.UTC).checks())
                .isEqualTo(
                        reports.of(OFFICER, Period.of(START, START.plus(Duration.ofDays(1))))
                                .checks());
    }

    /// The deciding group's evidence is of that group's agents only.
    @Test
    @Order(4)
    void groups_evidenceIsTheDecidingGroups() {
        Period period = Period.of(START, START.plus(SPAN));
        try (ApplicationContext grouped =
                start(
                        Map.of(
                                "portal.compliance.agents.1.pattern", "ops/*",
                                "portal.compliance.agents.1.limit-error-rate-fail", "0",
                                "portal.compliance.agents.2.pattern", "*",
                                "portal.compliance.agents.2.limit-error-rate-fail", "1"))) {
            List<CheckResult> results =
                    grouped.getBean(ComplianceReports.class).of(OFFICER, period).checks();
            CheckResult errors = results.getLast();
            assertThat(errors.agents()).isEqualTo("ops/*");
            assertThat(errors.exceptions()).isPositive();
            assertThat(errors)
                    .extracting(CheckResult::population, CheckResult::exceptions)
                    .containsExactly(
                            expected(OPS, period).get("error_rate")[0],
                            expected(OPS, period).get("error_rate")[1]);
            assertThat(
                            grouped.getBean(EventQuery.class)
                                    .countEvidence(
                                            OFFICER,
                                            period,
                                            grouped.getBean(CheckQuery.class)
                                                    .evidence(OFFICER, period, errors)))
                    .isEqualTo(errors.exceptions());
        }
    }

    /// Two portals evaluate each day once.
    @Test
    @Order(5)
    void history_endedDays_areEvaluatedOnce() throws Exception {
        try (ApplicationContext other = start(Map.of())) {
            CheckHistory second = other.getBean(CheckHistory.class);
            List<Thread> both =
                    List.of(
                            Thread.startVirtualThread(() -> evaluate(history)),
                            Thread.startVirtualThread(() -> evaluate(second)));
            for (Thread thread : both) {
                thread.join();
            }
        }
        // three days with events; the third ended with the clock's midnight
        assertThat(number("SELECT count(*) FROM check_day")).isEqualTo(3 * Checks.ALL.size());
        Map<String, CheckResult> day =
                reports
                        .of(OFFICER, Period.of(START, START.plus(Duration.ofDays(1))))
                        .checks()
                        .stream()
                        .collect(Collectors.toMap(CheckResult::check, result -> result));
        for (Check check : Checks.ALL) {
            List<CheckDay> days = history.of(OFFICER, check.id(), FIRST_DAY, FIRST_DAY.plusDays(5));
            assertThat(days)
                    .extracting(CheckDay::date)
                    .containsExactly(FIRST_DAY, FIRST_DAY.plusDays(1), FIRST_DAY.plusDays(2));
            assertThat(days).noneMatch(CheckDay::superseded);
            CheckResult live = day.get(check.id());
            assertThat(days.getFirst().verdict()).isEqualTo(live.verdict());
            assertThat(days.getFirst().population()).isEqualTo(live.population());
            assertThat(days.getFirst().measured()).isEqualTo(live.measured());
        }
        evaluate(history);
        assertThat(number("SELECT count(*) FROM check_day")).isEqualTo(3 * Checks.ALL.size());
    }

    /// A late event changes the verdict of its day; what was said before stays.
    @Test
    @Order(6)
    void history_lateData_isAppended() throws Exception {
        List<NewEvent> late =
                RandomEvents.make(random, 40, START.plus(Duration.ofHours(5)), Duration.ofHours(1));
        store(late);
        portal.getBean(TraceSettler.class).settle(null, null);
        clock.now = clock.now.plus(Duration.ofMinutes(30));
        evaluate(history);
        assertThat(number("SELECT count(*) FROM check_day WHERE day = '2026-03-10'"))
                .as("not again within the hour")
                .isEqualTo(Checks.ALL.size());
        clock.now = clock.now.plus(Duration.ofHours(1));
        evaluate(history);
        List<CheckDay> days =
                history.of(OFFICER, "retention_enforced", FIRST_DAY, FIRST_DAY.plusDays(1));
        assertThat(days).hasSize(2);
        assertThat(days).extracting(CheckDay::superseded).containsExactly(true, false);
        assertThat(days.getLast().population())
                .isEqualTo(in(OFFICER, Period.of(START, START.plus(Duration.ofDays(1)))).size());
        assertThat(days.getLast().evaluatedAt()).isEqualTo(clock.now);
        assertThat(days.getLast().settings()).isEqualTo("fail 0");
        // a check whose result is the same is not written again
        assertThat(history.of(OFFICER, "secret_exposure", FIRST_DAY, FIRST_DAY.plusDays(1)))
                .hasSize(1);
    }

    @Test
    @Order(7)
    void history_afterDaysAway_takesTheDaysThatEnded() throws Exception {
        clock.now = clock.now.plus(Duration.ofDays(3));
        evaluate(history);
        assertThat(history.of(OFFICER, "error_rate", FIRST_DAY.plusDays(3), FIRST_DAY.plusDays(30)))
                .extracting(CheckDay::date)
                .containsExactly(
                        FIRST_DAY.plusDays(3), FIRST_DAY.plusDays(4), FIRST_DAY.plusDays(5));
    }

    @Test
    @Order(8)
    void history_ofSomeAgents_isRefused() {
        LocalDate to = FIRST_DAY.plusDays(1);
        assertThatThrownBy(() -> history.of(OPS, "error_rate", FIRST_DAY, to))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> history.of(OFFICER, "no_check", FIRST_DAY, to))
                .isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> history.of(OFFICER, "error_rate", to, FIRST_DAY))
                .isInstanceOf(BadInputException.class);
        assertThatThrownBy(
                        () -> history.of(OFFICER, "error_rate", FIRST_DAY, FIRST_DAY.plusDays(367)))
                .isInstanceOf(BadInputException.class);
    }

    /// Sums that are changed again and again must equal a recount.
    @Test
    @Order(9)
    void rollups_equalARecount() throws Exception {
        reports.of(OFFICER, Period.of(START, START.plus(SPAN)));
        assertThat(
                        number(
                                """
                                SELECT count(*)
                                  FROM (SELECT quarter, agent_id, kind, name, sum(things) AS things, sum(able) AS able,
                                               sum(approved) AS approved
                                          FROM trace_check GROUP BY 1, 2, 3, 4) t
                                  FULL JOIN (SELECT * FROM rollup_check WHERE things <> 0) r USING (quarter, agent_id, kind, name)
                                 WHERE (t.things, t.able, t.approved) IS DISTINCT FROM (r.things, r.able, r.approved)
                                """))
                .isZero();
        assertThat(
                        number(
                                """
                                SELECT count(*)
                                  FROM (SELECT agent_id, sum(started) AS started, sum(failed) AS failed
                                          FROM rollup_run GROUP BY 1) r
                                  FULL JOIN (SELECT agent_id, count(*) AS started,
                                                    count(*) FILTER (WHERE invoked_at IS NOT NULL AND errors > 0) AS failed
                                               FROM agent_run GROUP BY 1) a USING (agent_id)
                                 WHERE (r.started, r.failed) IS DISTINCT FROM (a.started, a.failed)
                                """))
                .isZero();
    }

    private static void evaluate(CheckHistory of) {
        of.notePastDays();
        of.evaluateDue(50);
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return Objects.requireNonNull(row.getObject(1, Long.class));
        }
    }
}
