package org.agentaudit.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.event.EventType;
import org.agentaudit.finding.SecretScan;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.CheckCounts;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts.AgentType;
import org.agentaudit.store.EventCounts.Sums;
import org.agentaudit.web.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every check at its limits, and what settings per agent pattern make of it.
class ChecksTest {

    private static final Instant DAY = Instant.parse("2026-03-11T00:00:00Z");

    private Duration length = Duration.ofDays(1);
    private final Map<AgentType, Sums> sums = new HashMap<>();
    private final Map<String, CheckCounts.Runs> runs = new HashMap<>();
    private List<CheckCounts.Calls> calls = List.of();
    private List<CheckCounts.Deep> deep = List.of();
    private Map<String, Long> broken = Map.of();
    private Map<String, Long> overdue = Map.of();
    private SecretScan.Result secrets;

    private void count(String agent, EventType type, Consumer<Sums> change) {
        change.accept(sums.computeIfAbsent(new AgentType(agent, type), key -> new Sums()));
    }

    private void invocations(String agent, long n) {
        count(agent, EventType.INVOCATION, s -> s.events += n);
    }

    private void failed(String agent, long n) {
        runs.put(agent, new CheckCounts.Runs(n, 0, n));
    }

    private CheckResult check(String id, String... settings) {
        return CheckQuery.judge(facts(), settings(settings)).stream()
                .filter(result -> result.check().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private CheckFacts facts() {
        return new CheckFacts(
                Period.of(DAY, DAY.plus(length)),
                sums,
                new CheckCounts(runs, calls, deep, broken),
                overdue,
                secrets);
    }

    /// @param settings name=value
    private static CheckSettings settings(String... settings) {
        Map<String, Object> properties = new HashMap<>();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            properties.put("portal." + parts[0], parts[1]);
        }
        try (ApplicationContext context =
                ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .properties(properties)
                        .build()) {
            context.getEnvironment().start();
            return new CheckSettings(context.getEnvironment());
        }
    }

    /// As variables give them: the framework makes `[1]` of `_1_`.
    @Test
    void groups_fromVariables_areTheSame() {
        PropertySource variables =
                PropertySource.of(
                        "variables",
                        Map.of(
                                "PORTAL_COMPLIANCE_AGENTS_1_PATTERN",
                                "ops/*",
                                "PORTAL_COMPLIANCE_AGENTS_1_LIMIT_ERROR_RATE_FAIL",
                                "0.2"),
                        PropertySource.PropertyConvention.ENVIRONMENT_VARIABLE);
        try (ApplicationContext context =
                ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .propertySources(variables)
                        .build()) {
            context.getEnvironment().start();
            assertThat(new CheckSettings(context.getEnvironment()).inWords(Checks.ALL.getLast()))
                    .isEqualTo("ops/*: warn 0.05, fail 0.2; warn 0.05, fail 0.10");
        }
    }

    private static void assertThatResult(
            CheckResult result, Verdict verdict, Double measured, long population, long except) {
        assertThat(result.verdict()).as(result.statement()).isEqualTo(verdict);
        assertThat(result.measured()).as(result.check()).isEqualTo(measured);
        assertThat(result.population()).as(result.check()).isEqualTo(population);
        assertThat(result.exceptions()).as(result.check()).isEqualTo(except);
        assertThat(result.recommendation() == null)
                .as(result.check())
                .isEqualTo(verdict != Verdict.FAIL && verdict != Verdict.WARN);
    }

    @Test
    void ids_areThoseOfTheContract_inItsOrder() {
        assertThat(Checks.ALL)
                .extracting(Check::id)
                .containsExactly(
                        "human_escalation_rate",
                        "tool_approval_rate",
                        "data_access_audit",
                        "token_budget_compliance",
                        "iteration_limit",
                        "delegation_depth",
                        "trace_completeness",
                        "decision_rationale",
                        "logging_coverage",
                        "secret_exposure",
                        "retention_enforced",
                        "error_rate");
    }

    /// Nothing to judge is never a pass (B-003-17).
    @Test
    void emptyPeriod_passesNothing() {
        Map<String, Verdict> verdicts = new HashMap<>();
        for (CheckResult result : CheckQuery.judge(facts(), settings())) {
            verdicts.put(result.check(), result.verdict());
            assertThat(result.measured()).as(result.check()).isNull();
            assertThat(result.population()).as(result.check()).isZero();
            assertThat(result.recommendation()).as(result.check()).isNull();
        }
        assertThat(new HashSet<>(verdicts.values()))
                .containsExactlyInAnyOrder(Verdict.INSUFFICIENT_EVIDENCE, Verdict.NOT_APPLICABLE);
        assertThat(verdicts.entrySet().stream().filter(e -> e.getValue() == Verdict.NOT_APPLICABLE))
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder(
                        "tool_approval_rate",
                        "data_access_audit",
                        "token_budget_compliance",
                        "delegation_depth",
                        "decision_rationale");
        assertThat(Verdicts.overall(verdicts.values())).isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
    }

    /// 4 % is not above 0.04: shares are compared as fractions.
    @ParameterizedTest
    @CsvSource({
        "4, 100, PASS", "40001, 1000000, WARN", "5, 100, WARN", "50001, 1000000, FAIL",
        "0, 7, PASS", "2, 50, PASS", "3, 75, PASS", "7, 175, PASS"
    })
    void escalations_atTheirLimits(long escalations, long invocations, Verdict verdict) {
        invocations("a", invocations);
        count("b", EventType.HUMAN_INTERVENTION, s -> s.escalations += escalations);
        assertThatResult(
                check("human_escalation_rate"),
                verdict,
                (double) escalations / invocations,
                invocations,
                escalations);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 100, PASS",
        "51, 1000, WARN",
        "1, 10, WARN",
        "3, 30, WARN",
        "7, 70, WARN",
        "29, 290, WARN",
        "101, 1000, FAIL"
    })
    void errorRate_atItsLimits(long failed, long invocations, Verdict verdict) {
        invocations("a", invocations);
        failed("a", failed);
        assertThatResult(
                check("error_rate"), verdict, (double) failed / invocations, invocations, failed);
    }

    @Test
    void errorRate_limitsThatAreSet_replaceTheDefaults() {
        invocations("a", 1000);
        failed("a", 101);
        CheckResult result =
                check("error_rate", "limit.error-rate-fail=0.101", "limit.error-rate-warn=0.0999");
        assertThatResult(result, Verdict.WARN, 0.101, 1000, 101);
        assertThat(result.statement())
                .isEqualTo(
                        "101 of 1,000 invocations failed: 10.1 %, warns above 9.99 %, fails above 10.1 %.");
        assertThat(result.warnAt()).isEqualTo(0.0999);
    }

    @Test
    void approvals_countCallsThatNeedThem() {
        calls =
                List.of(
                        new CheckCounts.Calls("a", true, "drop", 3, 2, 1),
                        new CheckCounts.Calls("a", false, "pay", 5, 5, 5),
                        new CheckCounts.Calls("a", false, "read", 9, 9, 0));
        assertThatResult(check("tool_approval_rate"), Verdict.FAIL, 0.5, 2, 1);
        CheckResult listed = check("tool_approval_rate", "approval-tools=pay");
        assertThatResult(listed, Verdict.FAIL, 6 / 7.0, 7, 1);
        assertThat(listed.statement()).contains("1 call in traces that cannot carry approvals");
        calls = List.of(new CheckCounts.Calls("a", true, "drop", 3, 0, 0));
        assertThatResult(check("tool_approval_rate"), Verdict.INSUFFICIENT_EVIDENCE, null, 0, 0);
        calls = List.of(new CheckCounts.Calls("a", false, "read", 3, 3, 0));
        assertThatResult(check("tool_approval_rate"), Verdict.NOT_APPLICABLE, null, 0, 0);
    }

    @Test
    void dataAccess_oneUnauditedAccess_fails() {
        count("a", EventType.TOOL_CALL, s -> s.sensitive = 3);
        count("a", EventType.TOOL_CALL, s -> s.sensitiveAudited = 3);
        assertThatResult(check("data_access_audit"), Verdict.PASS, 1.0, 3, 0);
        count("b", EventType.EXTERNAL_CALL, s -> s.sensitive = 1);
        assertThatResult(check("data_access_audit"), Verdict.FAIL, 0.75, 4, 1);
    }

    /// A budget holds for the length of the period, in days of 24 hours.
    @Test
    void budget_anyPeriod_growsWithItsLength() {
        count("a", EventType.LLM_RESPONSE, s -> s.inputTokens = 700);
        count("a", EventType.LLM_RESPONSE, s -> s.outputTokens = 100);
        String budget = "token-budget-per-day=1000";
        assertThatResult(check("token_budget_compliance"), Verdict.NOT_APPLICABLE, null, 0, 0);
        assertThatResult(check("token_budget_compliance", budget), Verdict.PASS, 0.8, 800, 0);
        length = Duration.ofHours(23);
        assertThat(check("token_budget_compliance", budget).verdict()).isEqualTo(Verdict.WARN);
        length = Duration.ofMinutes(19 * 60 + 12);
        assertThatResult(check("token_budget_compliance", budget), Verdict.WARN, 1.0, 800, 0);
        length = Duration.ofHours(12);
        assertThatResult(check("token_budget_compliance", budget), Verdict.FAIL, 1.6, 800, 300);
        length = Duration.ofDays(7);
        assertThatResult(
                check("token_budget_compliance", budget), Verdict.PASS, 800 / 7000.0, 800, 0);
    }

    @Test
    void iterationLimit_oneRunOver_fails() {
        runs.put("a", new CheckCounts.Runs(40, 0, 3));
        assertThatResult(check("iteration_limit"), Verdict.PASS, 0.0, 40, 0);
        runs.put("b", new CheckCounts.Runs(10, 1, 0));
        assertThatResult(check("iteration_limit"), Verdict.FAIL, 0.02, 50, 1);
    }

    @Test
    void delegationDepth_sixFails_fivePasses() {
        count("a", EventType.HANDOFF, s -> s.withDepth = 4);
        count("a", EventType.HANDOFF, s -> s.maxDepth = 5);
        assertThatResult(check("delegation_depth"), Verdict.PASS, 5.0, 4, 0);
        count("b", EventType.HANDOFF, s -> s.withDepth = 3);
        count("b", EventType.HANDOFF, s -> s.maxDepth = 7);
        deep = List.of(new CheckCounts.Deep("b", 6, 1), new CheckCounts.Deep("b", 7, 1));
        assertThatResult(check("delegation_depth"), Verdict.FAIL, 7.0, 7, 2);
        assertThat(check("delegation_depth", "limit.delegation-depth-fail=6").exceptions())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"990, PASS", "989, WARN", "950, WARN", "949, FAIL"})
    void traceCompleteness_atItsLimits(long complete, Verdict verdict) {
        count("a", EventType.TOOL_CALL, s -> s.traceExpected = 1000);
        count("a", EventType.TOOL_CALL, s -> s.traceStated = 995);
        broken = Map.of("a", 995 - complete);
        assertThatResult(
                check("trace_completeness"), verdict, complete / 1000.0, 1000, 1000 - complete);
    }

    @ParameterizedTest
    @CsvSource({"10, PASS", "9, WARN", "8, FAIL"})
    void decisionRationale_atItsLimits(long reasoned, Verdict verdict) {
        count("a", EventType.DECISION, s -> s.events = 10);
        count("a", EventType.DECISION, s -> s.reasoned = reasoned);
        assertThatResult(check("decision_rationale"), verdict, reasoned / 10.0, 10, 10 - reasoned);
    }

    @Test
    void loggingCoverage_onlyInvocationsOrOnlyErrors_isNotCovered() {
        invocations("logs", 3);
        count("logs", EventType.TOOL_CALL, s -> s.events = 2);
        count("logs", EventType.TOOL_CALL, s -> s.errors = 1);
        assertThatResult(check("logging_coverage"), Verdict.PASS, 1.0, 1, 0);
        invocations("silent", 1);
        invocations("only-errors", 1);
        count("only-errors", EventType.ERROR, s -> s.events = 2);
        count("only-errors", EventType.ERROR, s -> s.errors = 2);
        count("never-invoked", EventType.REASONING, s -> s.events = 1);
        assertThatResult(check("logging_coverage"), Verdict.WARN, 1 / 3.0, 3, 2);
        assertThat(facts().uncovered()).containsExactly("only-errors", "silent");
    }

    @Test
    void secretExposure_withoutAScan_isNotJudged() {
        invocations("a", 3);
        CheckResult unscanned = check("secret_exposure");
        assertThatResult(unscanned, Verdict.INSUFFICIENT_EVIDENCE, null, 0, 0);
        assertThat(unscanned.statement()).contains("have not been scanned");
        secrets = new SecretScan.Result(DAY, Map.of("a", new SecretScan.Searched(3, 0)));
        assertThatResult(check("secret_exposure"), Verdict.PASS, 0.0, 3, 0);
        secrets = new SecretScan.Result(DAY, Map.of("a", new SecretScan.Searched(3, 1)));
        assertThatResult(check("secret_exposure"), Verdict.FAIL, 1.0, 3, 1);
    }

    @Test
    void retention_oneOverdueEvent_fails() {
        invocations("a", 3);
        assertThatResult(check("retention_enforced"), Verdict.PASS, 0.0, 3, 0);
        overdue = Map.of("a", 1L);
        assertThatResult(check("retention_enforced"), Verdict.FAIL, 1.0, 3, 1);
    }

    /// The worst group that has something to judge decides; its numbers are the result's.
    @Test
    void groups_worstDecides() {
        invocations("ops/a", 100);
        failed("ops/a", 15);
        invocations("web/b", 100);
        failed("web/b", 6);
        invocations("test/c", 10);
        failed("test/c", 10);
        String[] settings = {
            "compliance.agents.1.pattern=ops/*",
            "compliance.agents.1.limit-error-rate-fail=0.20",
            "compliance.agents.1.limit-error-rate-warn=0.15",
            "compliance.agents.2.pattern=test/*",
            "compliance.agents.2.checks-off=error_rate,logging_coverage",
            "compliance.agents.3.pattern=nobody/*",
            "compliance.agents.3.limit-error-rate-fail=0"
        };
        CheckResult result = check("error_rate", settings);
        assertThatResult(result, Verdict.WARN, 0.06, 100, 6);
        assertThat(result.agents()).isNull();
        assertThat(result.statement())
                .isEqualTo(
                        "6 of 100 invocations failed: 6.0 %, warns above 5.0 %, fails above 10.0 %. This is about other"
                                + " agents, the worst of 3 groups with their own settings. The check is switched off for"
                                + " agents test/*.");
        assertThat(result.groups())
                .extracting(CheckResult.Group::agents, CheckResult.Group::verdict)
                .containsExactly(
                        tuple("ops/*", Verdict.PASS),
                        tuple("test/*", null),
                        tuple("nobody/*", Verdict.INSUFFICIENT_EVIDENCE),
                        tuple(null, Verdict.WARN));
        failed("ops/a", 21);
        CheckResult ops = check("error_rate", settings);
        assertThatResult(ops, Verdict.FAIL, 0.21, 100, 21);
        assertThat(ops.agents()).isEqualTo("ops/*");
        // a check that no pattern says anything about is one over all agents
        assertThat(check("human_escalation_rate", settings).groups()).isEmpty();
        assertThat(check("human_escalation_rate", settings).population()).isEqualTo(210);
        assertThat(check("logging_coverage", settings).population()).isEqualTo(2);
    }

    /// For each check the lowest number that says anything about it decides.
    @Test
    void groups_severalPatternsMatch_theFirstThatSetsTheCheckDecides() {
        invocations("ops/a", 100);
        failed("ops/a", 15);
        count("ops/a", EventType.LLM_RESPONSE, s -> s.inputTokens = 900);
        count("b", EventType.LLM_RESPONSE, s -> s.inputTokens = 500);
        String[] settings = {
            "token-budget-per-day=1000",
            "compliance.agents.10.pattern=*",
            "compliance.agents.10.limit-error-rate-fail=0.01",
            "compliance.agents.2.pattern=ops/*",
            "compliance.agents.2.token-budget-per-day=1000",
            "compliance.agents.5.pattern=ops/a",
            "compliance.agents.5.limit-error-rate-fail=0.5",
            "compliance.agents.5.limit-error-rate-warn=0.5"
        };
        assertThat(check("error_rate", settings).verdict()).isEqualTo(Verdict.PASS);
        CheckResult budget = check("token_budget_compliance", settings);
        assertThatResult(budget, Verdict.WARN, 0.9, 900, 0);
        assertThat(budget.agents()).isEqualTo("ops/*");
        assertThat(budget.groups()).hasSize(2);
        assertThat(budget.groups().getLast().measured()).isEqualTo(0.5);
    }

    @Test
    void groups_approvalListsOfTheirOwn() {
        calls =
                List.of(
                        new CheckCounts.Calls("ops/a", false, "deploy", 4, 4, 3),
                        new CheckCounts.Calls("web/b", false, "deploy", 4, 4, 0),
                        new CheckCounts.Calls("web/b", false, "pay", 2, 2, 2));
        CheckResult result =
                check(
                        "tool_approval_rate",
                        "approval-tools=pay",
                        "compliance.agents.0.pattern=ops/*",
                        "compliance.agents.0.approval-tools=deploy");
        assertThatResult(result, Verdict.FAIL, 0.75, 4, 1);
        assertThat(result.groups().getLast().verdict()).isEqualTo(Verdict.PASS);
        assertThat(result.groups().getLast().population()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    limit.error-rate-fail=NaN | PORTAL_LIMIT_ERROR_RATE_FAIL is 'NaN'
                    token-budget-per-day=0 | PORTAL_TOKEN_BUDGET_PER_DAY is '0'
                    compliance.agents.1.limit-error-rate-fail=0.1 | PORTAL_COMPLIANCE_AGENTS_1_PATTERN must say
                    compliance.agents.1.colour=red | PORTAL_COMPLIANCE_AGENTS_1_COLOUR is no setting
                    compliance.agents.1.limit-nonsense-fail=1 | there is no check 'nonsense'
                    compliance.agents.1.checks-off=nonsense | there is no check 'nonsense'
                    compliance.agents.1.limit-token-budget-compliance-fail=1 | PORTAL_COMPLIANCE_AGENTS_1_TOKEN_BUDGET_PER_DAY is missing
                    """)
    void settings_thatCannotBeUnderstood_areNamed(String setting, String message) {
        String[] all =
                setting.contains("pattern") || message.contains("PATTERN")
                        ? new String[] {setting}
                        : new String[] {setting, "compliance.agents.1.pattern=*"};
        assertThatThrownBy(() -> settings(all))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    /// The worst of a control's checks, in one order.
    @Test
    void worst_isTheFirstInTheOrder() {
        assertThat(Verdicts.worst(List.of(Verdict.PASS, Verdict.NOT_APPLICABLE)))
                .isEqualTo(Verdict.PASS);
        assertThat(Verdicts.worst(List.of(Verdict.PASS, Verdict.INSUFFICIENT_EVIDENCE)))
                .isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
        assertThat(Verdicts.worst(List.of(Verdict.WARN, Verdict.INSUFFICIENT_EVIDENCE)))
                .isEqualTo(Verdict.WARN);
        assertThat(Verdicts.worst(List.of())).isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
        assertThat(Verdicts.overall(List.of(Verdict.PASS, Verdict.INSUFFICIENT_EVIDENCE)))
                .isEqualTo(Verdict.PASS);
        assertThat(Verdicts.overall(List.of(Verdict.NOT_APPLICABLE)))
                .isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
    }

    /// 23 of 80 is 28.75 %; multiplied as a double it would be a little less.
    @Test
    void value_ofAShare_roundsAsPagesDo() {
        Format format = new Format(ZoneOffset.UTC);
        assertThat(CheckText.value(23 / 80.0, "share")).isEqualTo("28.8 %");
        for (int part = 0; part <= 400; part++) {
            double share = part / 400.0;
            assertThat(CheckText.value(share, "share"))
                    .isEqualTo(format.percent(share).replace('\u00A0', ' '));
        }
    }
}
