package org.agentaudit.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.Findings;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// From a condition to an alert that is resolved, with a clock that is moved. Each test has agents
/// of its own and a time of its own, later than those before it would disturb.
class AlertIT {

    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer AUDITOR = new Viewer("auditor", Set.of(Role.AUDITOR), List.of());

    private static AlertFixture portal;
    private static Instant time = AlertFixture.NOW;
    private static int made;

    @BeforeAll
    static void start() {
        portal = new AlertFixture(Map.of());
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    /// A time that no other test comes near.
    private static Instant fresh() {
        time = time.plus(Duration.ofDays(60));
        portal.clock.now = time;
        portal.execute("UPDATE alert_rule SET enabled = false");
        return time;
    }

    private static List<AuditEvent> failures(String agent, Instant from, int count) {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(
                    EventBuilder.event(
                                    "alert-" + made++,
                                    from.plusMillis(i),
                                    EventType.TOOL_RESULT,
                                    agent,
                                    "pay")
                            .trace("trace-" + agent)
                            .failed("TimeoutError", "card refused")
                            .build());
        }
        return events;
    }

    private static String failuresOf(String agents, int limit) {
        return """
               agent_audit_log
               | outcome_status = 'failure' and agent_id in (%s)
               | count() by agent_id
               | count > %d
               """
                .formatted(agents, limit);
    }

    @Test
    void settings_areBound() {
        assertThat(portal.bean(AlertConfig.class))
                .isEqualTo(
                        new AlertConfig(
                                Duration.ofSeconds(30),
                                Duration.ofHours(1),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(20),
                                "",
                                "",
                                false,
                                "",
                                Duration.ofSeconds(10)));
    }

    @Test
    void tenFailures_areNotMoreThanTen_andTheWindowIsHalfOpen() {
        Instant now = fresh();
        AlertRule rule =
                portal.rule("limit", failuresOf("'limit/a', 'limit/b'", 10), "PT15M", "page");
        Instant opens = now.minus(Duration.ofMinutes(15));
        portal.store(failures("limit/a", opens, 10));
        // the first lies before the window, the last at its end
        portal.store(failures("limit/b", opens.minusMillis(1), 11));
        portal.store(failures("limit/b", now, 1));
        assertThat(portal.evaluateAt(now)).isEqualTo(1);
        assertThat(portal.alerts("limit")).isEmpty();
        portal.store(failures("limit/a", now.minusMillis(1), 1));
        assertThat(portal.evaluateAt(now)).as("not due yet").isZero();
        portal.clock.now = now.plusSeconds(30);
        assertThat(portal.ruleNow(rule.id()).lastEvaluatedAt()).isEqualTo(now);
        // the first ten are gone by then, but one
        portal.evaluateAt(now.plusSeconds(30));
        assertThat(portal.alerts("limit")).isEmpty();
    }

    @Test
    void alert_firesOnce_isAcknowledged_andRecovers() {
        Instant now = fresh();
        portal.rule("life", failuresOf("'life/a'", 10), "PT5M", "page");
        portal.store(failures("life/a", now.minusSeconds(60), 11));
        portal.evaluateUntil(now, now.plusSeconds(120));
        Alert alert = portal.alerts("life").getFirst();
        assertThat(portal.alerts("life")).hasSize(1);
        assertThat(alert.state()).isEqualTo(AlertState.FIRING);
        assertThat(alert.key()).isEqualTo("life/a");
        assertThat(alert.value()).isEqualTo(11);
        assertThat(alert.firedAt()).isEqualTo(now);
        assertThat(alert.evidenceIds()).hasSize(11);
        assertThat(alert.description())
                .isEqualTo("life for life/a: count 11 in the 5 minutes before " + now)
                .doesNotContain("card");

        Alerts alerts = portal.bean(Alerts.class);
        assertThatThrownBy(() -> alerts.acknowledge(AUDITOR, alert.id(), null))
                .isInstanceOf(AccessDeniedException.class);
        Alert seen = alerts.acknowledge(OFFICER, alert.id(), "looking").orElseThrow();
        assertThat(seen.state()).isEqualTo(AlertState.ACKNOWLEDGED);
        assertThat(seen.acknowledgedBy()).isEqualTo("officer");
        assertThat(seen.note()).isEqualTo("looking");
        assertThatThrownBy(() -> alerts.acknowledge(AlertFixture.ANALYST, alert.id(), null))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("acknowledged by officer");
        assertThat(portal.texts("SELECT target FROM access_log WHERE action = 'SETTINGS_CHANGED'"))
                .contains("alert " + alert.id() + " acknowledged: FIRING -> ACKNOWLEDGED");

        // the window is empty of failures from four minutes on, and calm a minute later
        Instant clear = now.plusSeconds(270);
        portal.evaluateUntil(now.plusSeconds(150), clear.plusSeconds(30));
        assertThat(portal.alerts("life").getFirst().state()).isEqualTo(AlertState.ACKNOWLEDGED);
        // once more within that minute: it goes on
        portal.store(failures("life/a", clear.plusSeconds(30), 11));
        portal.evaluateUntil(clear.plusSeconds(60), clear.plusSeconds(300));
        assertThat(portal.alerts("life")).hasSize(1);
        portal.evaluateUntil(clear.plusSeconds(330), clear.plusSeconds(480));
        Alert over = portal.alerts("life").getFirst();
        assertThat(over.state()).isEqualTo(AlertState.RESOLVED);
        assertThat(over.resolvedAt()).isEqualTo(clear.plusSeconds(420));
        assertThat(over.acknowledgedBy()).isEqualTo("officer");

        // and fires anew
        portal.store(failures("life/a", clear.plusSeconds(490), 11));
        portal.evaluateAt(clear.plusSeconds(510));
        assertThat(portal.alerts("life")).hasSize(2);
        List<AlertChanges.Change> changes =
                portal.bean(AlertChanges.class).between(0, Long.MAX_VALUE, 1000);
        assertThat(changes.stream().filter(c -> c.alertId() == alert.id())).hasSize(3);
        assertThat(changes.getLast().number())
                .isEqualTo(portal.bean(AlertChanges.class).lastNumber());
    }

    @Test
    void ruleThatFails_saysSo_andHoldsUpNoOther() {
        Instant now = fresh();
        AlertRule broken =
                portal.rule(
                        "broken",
                        "agent_audit_log | count() > 1" + " * 999999999999999".repeat(22),
                        "PT5M",
                        "page");
        AlertRule stale = portal.rule("stale", failuresOf("'x'", 1), "PT5M", "page");
        portal.execute(
                "UPDATE alert_rule SET condition = 'agent_audit_log | nonsense' WHERE id = "
                        + stale.id());
        portal.rule("sound", failuresOf("'sound/a'", 2), "PT5M", "page");
        portal.store(failures("sound/a", now.minusSeconds(60), 3));
        portal.evaluateAt(now);
        assertThat(portal.ruleNow(broken.id()).lastError())
                .isEqualTo("the evaluation failed: SQLSTATE 22003");
        assertThat(portal.ruleNow(stale.id()).lastError()).contains("column 19");
        assertThat(portal.alerts("sound")).hasSize(1);
        // mended, the error goes
        portal.bean(AlertRules.class)
                .save(
                        AlertFixture.ANALYST,
                        stale.id(),
                        new AlertRuleDraft(
                                "stale",
                                failuresOf("'x'", 1),
                                "PT5M",
                                "page",
                                true,
                                Severity.INFO));
        portal.evaluateAt(now);
        assertThat(portal.ruleNow(stale.id()).lastError()).isNull();
        assertThat(portal.ruleNow(stale.id()).severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void severalPortals_evaluateEachRuleOnce() throws Exception {
        Instant now = fresh();
        for (int i = 0; i < 8; i++) {
            portal.rule("both-" + i, failuresOf("'both/a'", 2), "PT5M", "page");
        }
        portal.store(failures("both/a", now.minusSeconds(60), 3));
        try (ApplicationContext other = portal.start(Map.of());
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Integer>> rounds = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                AlertEvaluation evaluation =
                        (i % 2 == 0 ? other : portal.context).getBean(AlertEvaluation.class);
                rounds.add(evaluation::evaluateDue);
            }
            int evaluated = 0;
            for (var round : threads.invokeAll(rounds)) {
                evaluated += round.get();
            }
            assertThat(evaluated).isEqualTo(8);
        }
        assertThat(
                        portal.texts(
                                "SELECT rule_name FROM alert WHERE rule_name LIKE 'both-%' ORDER BY 1"))
                .hasSize(8)
                .doesNotHaveDuplicates();
    }

    @Test
    void lateEvents_areFoundOnce() {
        Instant now = fresh();
        portal.rule("late", failuresOf("'late/a', 'late/b'", 10), "PT5M", "page");
        portal.evaluateUntil(now, now.plusSeconds(600));
        // ten minutes late: the window is over, the second look is to come
        portal.store(failures("late/a", now.plusSeconds(60), 11));
        portal.evaluateUntil(now.plusSeconds(630), now.plusSeconds(660));
        assertThat(portal.alerts("late")).isEmpty();
        portal.evaluateUntil(now.plusSeconds(690), now.plusSeconds(5_400));
        Alert found = portal.alerts("late").getFirst();
        assertThat(portal.alerts("late")).hasSize(1);
        assertThat(found.state()).isEqualTo(AlertState.RESOLVED);
        assertThat(found.firedAt()).isEqualTo(now.plusSeconds(90));
        assertThat(found.resolvedAt()).isEqualTo(now.plusSeconds(450));
        assertThat(found.description()).contains("late events");
        // what fired in time is not found again
        portal.store(failures("late/b", now.plusSeconds(5_400), 11));
        portal.evaluateUntil(now.plusSeconds(5_430), now.plusSeconds(10_000));
        assertThat(portal.alerts("late")).hasSize(2);
        assertThat(portal.alerts("late").getLast().description()).doesNotContain("late events");
        assertThat(portal.texts("SELECT last_error FROM alert_rule WHERE name = 'late'"))
                .containsExactly((String) null);
    }

    /// Senders wait while the portal is away: what they send afterwards is looked at.
    @Test
    void downtime_isMadeUpFor() {
        Instant now = fresh();
        portal.rule("away", failuresOf("'away/a'", 10), "PT5M", "page");
        portal.evaluateAt(now);
        Instant back = now.plusSeconds(6 * 3_600);
        portal.evaluateAt(back);
        portal.store(failures("away/a", now.plusSeconds(7_200), 11));
        portal.evaluateUntil(back.plusSeconds(30), back.plusSeconds(3_500));
        assertThat(portal.alerts("away")).isEmpty();
        portal.evaluateUntil(back.plusSeconds(3_530), back.plusSeconds(3_900));
        assertThat(portal.alerts("away")).hasSize(1);
        assertThat(portal.alerts("away").getFirst().firedAt())
                .isBetween(now.plusSeconds(7_200), now.plusSeconds(7_231));
    }

    @Test
    void scope_limitsRulesAndAlerts() {
        Instant now = fresh();
        Viewer left = scoped("left", "left/*");
        Viewer right = scoped("right", "right/*");
        portal.store(failures("left/a", now.minusSeconds(60), 5));
        portal.store(failures("right/a", now.minusSeconds(60), 5));
        AlertRule all =
                portal.rule(
                        "scope-all",
                        "agent_audit_log | errored = true | count() > 2",
                        "PT5M",
                        "page");
        portal.rule(
                "scope-keyed",
                "agent_audit_log | errored = true | count() by agent_id | count > 2",
                "PT5M",
                "page");
        AlertRule own =
                portal.rule(
                        left,
                        "scope-left",
                        "agent_audit_log | errored = true | count() > 2",
                        "PT5M",
                        "page");
        portal.evaluateAt(now);
        assertThat(own.agentScope()).containsExactly("left/*");
        assertThat(portal.alerts("scope-all").getFirst().value()).isEqualTo(10);
        assertThat(portal.alerts("scope-left").getFirst().value()).isEqualTo(5);
        assertThat(portal.alerts(left, "scope-all")).isEmpty();
        assertThat(portal.alerts(left, "scope-keyed"))
                .extracting(Alert::key)
                .containsExactly("left/a");
        assertThat(portal.alerts(left, "scope-left")).hasSize(1);
        assertThat(portal.alerts(right, "scope-left")).isEmpty();
        long hidden = portal.alerts("scope-all").getFirst().id();
        assertThat(portal.bean(Alerts.class).acknowledge(left, hidden, null)).isEmpty();

        AlertRules rules = portal.bean(AlertRules.class);
        assertThat(rules.list(right)).extracting(AlertRule::name).doesNotContain("scope-left");
        assertThat(rules.delete(right, own.id())).isFalse();
        assertThatThrownBy(() -> rules.delete(left, all.id()))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> rules.list(OFFICER)).isInstanceOf(AccessDeniedException.class);
        // an analyst without limits changes the rule, which keeps its own
        AlertRule changed =
                rules.save(
                                AlertFixture.ANALYST,
                                own.id(),
                                new AlertRuleDraft(
                                        "scope-left",
                                        own.condition(),
                                        "PT6M",
                                        "page",
                                        true,
                                        Severity.INFO))
                        .orElseThrow();
        assertThat(changed.agentScope()).containsExactly("left/*");
        assertThat(changed.window()).isEqualTo("PT6M");
        assertThat(rules.delete(left, own.id())).isTrue();
        Alert orphan = portal.alerts("scope-left").getFirst();
        assertThat(orphan.rule()).isNull();
        assertThat(orphan.state()).isEqualTo(AlertState.RESOLVED);
        assertThat(portal.texts("SELECT target FROM access_log"))
                .anyMatch(entry -> entry.startsWith("alert rule " + own.id() + " deleted: "))
                .anyMatch(
                        entry ->
                                entry.contains("| PT5M |")
                                        && entry.contains("-> scope-left | PT6M"));
    }

    private static Viewer scoped(String name, String scope) {
        return new Viewer(name, Set.of(Role.SECURITY_ANALYST), List.of(scope));
    }

    /// AL3 with B-001-13: alone in the store, an agent that does more than thrice its usual fires.
    @Test
    void baseline_isTheOwnHistory() {
        Instant now = fresh();
        String condition =
                "agent_audit_log | agent_id in ('usual/a', 'usual/b', 'usual/new') | count() by agent_id"
                        + " | count > avg(count) * 3";
        portal.rule("usual", condition, "PT1H", "page");
        for (int day = 1; day <= 6; day++) {
            Instant then = now.minus(Duration.ofDays(day)).minusSeconds(600);
            portal.store(failures("usual/a", then, 10));
            portal.store(failures("usual/b", then, 11));
        }
        portal.store(failures("usual/a", now.minusSeconds(600), 31));
        portal.store(failures("usual/b", now.minusSeconds(600), 33));
        portal.store(failures("usual/new", now.minusSeconds(600), 500));
        portal.evaluateAt(now);
        assertThat(portal.alerts("usual")).extracting(Alert::key).containsExactly("usual/a");
        assertThat(portal.alerts("usual").getFirst().description())
                .contains("count 31 (usually 10)");
    }

    @Test
    void dryRun_showsWhatWouldHaveHappened() {
        Instant now = fresh();
        Instant noon = now.minus(Duration.ofHours(5));
        portal.store(failures("dry/a", noon, 11));
        portal.store(failures("dry/b", noon, 10));
        AlertRuleDraft draft =
                new AlertRuleDraft(
                        "dry",
                        failuresOf("'dry/a', 'dry/b'", 10),
                        "PT15M",
                        "page",
                        true,
                        Severity.WARNING);
        DryRuns dryRuns = portal.bean(DryRuns.class);
        AlertDryRun run =
                dryRuns.run(
                        AlertFixture.ANALYST,
                        draft,
                        Period.of(noon.minusSeconds(3_600), noon.plusSeconds(7_200)));
        assertThat(run.stepSeconds()).isEqualTo(30);
        assertThat(run.evaluations()).isEqualTo(360);
        assertThat(run.complete()).isTrue();
        assertThat(run.episodes())
                .containsExactly(
                        new AlertDryRun.Episode(
                                "dry/a",
                                noon.plusSeconds(30),
                                noon.plusSeconds(900 + 30 + 90),
                                11,
                                "dry for dry/a: count 11 in the 15 minutes before "
                                        + noon.plusSeconds(30)));
        assertThat(
                        dryRuns.run(
                                        scoped("b", "dry/b"),
                                        draft,
                                        Period.of(noon.minusSeconds(3_600), noon.plusSeconds(60)))
                                .episodes())
                .isEmpty();
        AlertDryRun month =
                dryRuns.run(
                        AlertFixture.ANALYST,
                        draft,
                        Period.of(now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(1))));
        assertThat(month.evaluations()).isLessThanOrEqualTo(1_000);
        assertThat(month.evaluatedTo()).isBeforeOrEqualTo(now);
        assertThatThrownBy(
                        () ->
                                dryRuns.run(
                                        AlertFixture.ANALYST,
                                        draft,
                                        Period.of(now.minus(Duration.ofDays(93)), now)))
                .isInstanceOf(BadInputException.class);
        assertThat(portal.alerts("dry")).isEmpty();
    }

    @Test
    void builtInRules_areMadeOnce() {
        fresh();
        DefaultAlertRules defaults = portal.bean(DefaultAlertRules.class);
        defaults.ensure();
        AlertRules rules = portal.bean(AlertRules.class);
        List<AlertRule> builtIn =
                rules.list(AlertFixture.ANALYST).stream().filter(AlertRule::builtIn).toList();
        assertThat(builtIn)
                .extracting(AlertRule::name)
                .containsExactly(
                        "sensitive_data_accessed",
                        "agent_failure_spike",
                        "unusual_agent_activity",
                        "safety_findings");
        assertThat(builtIn)
                .extracting(AlertRule::condition)
                .startsWith(
                        ConditionParserTest.SENSITIVE,
                        ConditionParserTest.FAILURES,
                        ConditionParserTest.UNUSUAL);
        assertThat(builtIn)
                .extracting(AlertRule::window)
                .containsExactly("PT5M", "PT15M", "PT1H", "PT6H");
        findings_fireByKindAndAgent(builtIn.getLast());
        builtIn.forEach(rule -> rules.delete(AlertFixture.ANALYST, rule.id()));
        defaults.ensure();
        assertThat(rules.list(AlertFixture.ANALYST)).noneMatch(AlertRule::builtIn);
    }

    /// A run with 11 model responses is over the limit of safety (AL4); 10 are not.
    private void findings_fireByKindAndAgent(AlertRule rule) {
        Instant now = portal.clock.now;
        for (String agent : List.of("safe/over", "safe/within")) {
            List<AuditEvent> events = new ArrayList<>();
            for (int i = 0; i < (agent.equals("safe/over") ? 11 : 10); i++) {
                events.add(
                        EventBuilder.event(
                                        agent + i,
                                        now.minus(Duration.ofDays(3)).plusSeconds(i),
                                        EventType.LLM_RESPONSE,
                                        agent,
                                        "answer")
                                .trace("trace-" + agent)
                                .build());
            }
            portal.store(events);
        }
        // detected now, whenever it occurred
        long found =
                portal.bean(Findings.class)
                        .count(
                                AlertFixture.ANALYST,
                                new FindingFilter(
                                        null, null, null, null, List.of("safe/over"), null, null));
        assertThat(found).isEqualTo(1);
        portal.evaluateAt(now);
        Instant later = now.plus(Duration.ofMinutes(10));
        portal.evaluateAt(later);
        Alert alert =
                portal.alerts("safety_findings").stream()
                        .filter(a -> String.valueOf(a.key()).contains("safe/"))
                        .findFirst()
                        .orElseThrow();
        assertThat(alert.key()).isEqualTo("kind=ITERATION_LIMIT, agent_id=safe/over");
        assertThat(alert.value()).isEqualTo(1);
        assertThat(alert.evidenceIds()).contains(EventBuilder.id("safe/over10"));
        Viewer others = new Viewer("others", Set.of(Role.SECURITY_ANALYST), List.of("safe/within"));
        assertThat(portal.alerts(others, "safety_findings")).isEmpty();
        AlertDryRun run =
                portal.bean(DryRuns.class)
                        .run(
                                AlertFixture.ANALYST,
                                new AlertRuleDraft(
                                        "dry findings",
                                        rule.condition(),
                                        "1h",
                                        "page",
                                        true,
                                        Severity.CRITICAL),
                                Period.of(now.minusSeconds(600), later));
        assertThat(run.episodes())
                .extracting(AlertDryRun.Episode::key)
                .contains("kind=ITERATION_LIMIT, agent_id=safe/over");
    }

    @Test
    void pages_readEverythingOnce() {
        Instant now = fresh();
        portal.rule(
                "pages",
                "agent_audit_log | agent_id != 'x' and errored = true | count() by agent_id | count > 0",
                "PT5M",
                "page");
        for (int i = 0; i < 7; i++) {
            portal.store(failures("pages/" + i, now.minusSeconds(60), 1));
        }
        portal.evaluateAt(now);
        Alerts alerts = portal.bean(Alerts.class);
        List<Long> read = new ArrayList<>();
        String after = null;
        Page<Alert> page;
        do {
            page = alerts.page(AUDITOR, AlertState.FIRING, PageRequest.first(3, after));
            page.nodes().forEach(alert -> read.add(alert.id()));
            after = page.endCursor();
        } while (page.hasNextPage());
        assertThat(read).hasSizeGreaterThanOrEqualTo(7).doesNotHaveDuplicates();
        assertThatThrownBy(() -> alerts.page(AUDITOR, null, PageRequest.first(3, "bm9uc2Vuc2U")))
                .isInstanceOf(BadInputException.class);
    }

    /// Values of a condition are bound: what looks like SQL finds what is named like it.
    @Test
    void hostileNames_areValues() {
        Instant now = fresh();
        String hostile = "x'); DROP TABLE alert; --%_\\$1?";
        portal.store(failures(hostile, now.minusSeconds(60), 3));
        portal.rule(
                "hostile",
                "agent_audit_log | agent_id = '%s' | count() by agent_id, action, error_type | count > 2"
                        .formatted(hostile.replace("'", "''")),
                "PT5M",
                "page");
        portal.evaluateAt(now);
        assertThat(portal.alerts("hostile"))
                .extracting(Alert::key)
                .containsExactly("agent_id=" + hostile + ", action=pay, error_type=TimeoutError");
        assertThat(portal.ruleNow(portal.alerts("hostile").getFirst().rule().id()).lastError())
                .isNull();
    }
}
