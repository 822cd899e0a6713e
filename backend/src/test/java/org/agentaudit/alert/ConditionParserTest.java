package org.agentaudit.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.agentaudit.query.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The language of conditions: the three examples of the log's document as they stand there (AL1 to
/// AL3), and what is no condition.
class ConditionParserTest {

    static final String SENSITIVE =
            """
            agent_audit_log
            | sensitive_data_accessed = true
            | count() > 0
            """;
    static final String FAILURES =
            """
            agent_audit_log
            | outcome_status = 'failure'
            | count() by agent_id
            | count > 10
            """;
    static final String UNUSUAL =
            """
            agent_audit_log
            | count() by agent_id
            | count > avg(count) * 3
            """;

    private static final Measure COUNT =
            new Measure("count", Measure.Function.COUNT, null, null, null);

    @Test
    void examplesOfTheDocument_areRead() {
        assertThat(ConditionParser.parse(SENSITIVE))
                .isEqualTo(
                        new Condition(
                                ConditionSource.AGENT_AUDIT_LOG,
                                List.of(
                                        new Filter.Compare(
                                                EventField.SENSITIVE_DATA_ACCESSED,
                                                Comparator.EQUAL,
                                                true)),
                                List.of(COUNT),
                                List.of(),
                                List.of(more(new Expression.Constant(0))),
                                0));
        assertThat(ConditionParser.parse(FAILURES))
                .isEqualTo(
                        new Condition(
                                ConditionSource.AGENT_AUDIT_LOG,
                                List.of(
                                        new Filter.Compare(
                                                EventField.OUTCOME_STATUS,
                                                Comparator.EQUAL,
                                                "FAILURE")),
                                List.of(COUNT),
                                List.of(EventField.AGENT_ID),
                                List.of(more(new Expression.Constant(10))),
                                0));
    }

    /// B-001-13: the agent's own history in place of the mean over agents, and a minimum of events.
    @Test
    void averageOfTheDocument_isTheOwnHistory() {
        Condition unusual = ConditionParser.parse(UNUSUAL);
        Expression.Baseline baseline = Objects.requireNonNull(unusual.firstBaseline());
        assertThat(unusual.minimum()).isEqualTo(30);
        assertThat(baseline.period()).isEqualTo(Duration.ofDays(6));
        assertThat(Baselines.of(baseline, Duration.ofHours(1)))
                .isEqualTo(new Baselines(Duration.ofDays(1), 6));
        assertThat(unusual.tests())
                .containsExactly(
                        more(new Expression.Arithmetic("*", baseline, new Expression.Constant(3))));
    }

    private static Expression.Logical more(Expression.Numeric right) {
        return new Expression.Comparison(Comparator.GREATER, new Expression.Measured(0), right);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent_audit_log | where agent_id in ('a', 'b''c') and not (errored = true or model = null)"
                        + " | stats count() as all, count(outcome_status = \"failure\") as failed by agent_id, action"
                        + " | where failed > 10 and failed / all > 0.2 or not (all < 5) | minimum 20",
                "agent_audit_log | sum(cost_usd) as cost by agent_id | cost > baseline(28d, 7d) * 2 | cost > 1",
                "agent_audit_log | percentile(duration_ms, 95) > 1500.5",
                "agent_audit_log | confidence >= -1 | max(handoff_depth), avg(duration_ms) | (max + avg) * 2 > 3",
                "agent_audit_log|distinct(session_id) by agent_id|distinct>baseline(distinct,3d)"
            })
    void conditions_areRead(String condition) {
        assertThat(ConditionParser.parse(condition).measures()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "`` § line 1, column 1: expected 'agent_audit_log' or 'findings', found the end",
                "agent_audit_log § line 1, column 16: expected a measure such as '| count() by agent_id', found the end",
                "agent_audit_log | count() by agent_id § column 38: expected a test such as '| count > 10'",
                "agent_audit_log | colour = 'red' | count() > 1 § column 19: 'colour' is no field; fields are agent_id,",
                "agent_audit_log | agent_id > 'a' | count() > 1 § column 28: 'agent_id' is compared with = != and in only",
                "agent_audit_log | agent_id = a | count() > 1 § column 30: expected a text in quotes, found 'a'",
                "agent_audit_log | outcome_status = 'failed' | count() > 1 § expected one of, in quotes, success, failure",
                "agent_audit_log | errored = 'true' | count() > 1 § column 29: expected true or false",
                "agent_audit_log | agent_id = 'a | count() > 1 § column 30: the text that starts here has no closing '",
                "agent_audit_log | count() by agent_id | number > 10 § column 41: 'number' was not measured; there is count",
                "agent_audit_log | count() by duration_ms | count > 10 § column 30: 'duration_ms' is a number",
                "agent_audit_log | sum(agent_id) > 10 § column 23: 'agent_id' is no number",
                "agent_audit_log | count() | count § column 29: expected a comparison such as 'count > 10', found a number",
                "agent_audit_log | count() | (count > 1) + 1 > 2 § column 29: expected a number, found a comparison",
                "agent_audit_log | count(), count() | count > 1 § column 28: 'count' is measured already",
                "agent_audit_log | count() > 1; DROP TABLE audit_event § column 30: the character ';' means nothing here",
                "agent_audit_log | count() > 1 -- comment § column 32: expected a number or one of count, found '-'",
                "agent_audit_log | median(cost_usd) > 1 § column 19: expected one of count, sum, avg, max, distinct, percentile",
                "agent_audit_log | count() > baseline(7) § column 38: expected a number or one of count, found '7'",
                "agent_audit_log | percentile(cost_usd, 100) > 1 § column 40: a percentile lies between 0 and 100",
                "agent_audit_log | count() > 1 | minimum 1.5 § column 41: the minimum is a whole number",
                "agent_audit_log | pg_sleep(10) = 1 | count() > 1 § column 19: expected one of count",
                "agent_audit_log | e.agent_id = 'a' | count() > 1 § column 20: the character '.' means nothing here",
                "events | count() > 1 § line 1, column 1: expected 'agent_audit_log' or 'findings', found 'events'",
                "findings | action = 'x' | count() > 1 § column 12: 'action' is no field; fields are agent_id, session_id, kind, severity.",
                "findings | kind = 'crash' | count() > 1 § column 19: expected one of, in quotes, iteration_limit, delegation_depth",
                "findings | severity > 'info' | count() > 1 § column 21: 'severity' is compared with = != and in only",
                "agent_audit_log | kind = 'x' | count() > 1 § column 19: 'kind' is no field; fields are agent_id, event_type",
                "'findings' | count() > 1 § line 1, column 1: expected 'agent_audit_log' or 'findings'"
            })
    void mistakes_areNamedWithTheirPlace(String condition, String message) {
        assertThatThrownBy(() -> ConditionParser.parse(condition))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void place_countsLines() {
        assertThatThrownBy(
                        () ->
                                ConditionParser.parse(
                                        "agent_audit_log\n| errored = true\n  | count() >> 3"))
                .hasMessage(
                        "'condition', line 3, column 14: expected a number or one of count, found '>'.");
    }

    @Test
    void size_isBounded() {
        String deep = "(".repeat(30) + "errored = true" + ")".repeat(30);
        String nots = "not ".repeat(400) + "errored = true";
        String wide = String.join(" + ", Collections.nCopies(300, "1"));
        String many = String.join(" or ", Collections.nCopies(220, "tier=null"));
        assertRefused("agent_audit_log | " + deep + " | count() > 1", "levels of brackets");
        assertRefused("agent_audit_log | " + nots + " | count() > 1", "levels of brackets");
        assertRefused("agent_audit_log | count() > " + wide, "more than 200 parts");
        assertRefused("agent_audit_log | " + many + " | count() > 1", "more than 200 parts");
        assertRefused("agent_audit_log | action = '" + "x".repeat(501) + "'", "500 characters");
        assertRefused("agent_audit_log |" + " ".repeat(5_000), "longer than 4000 characters");
        assertRefused("agent_audit_log | count() > 1234567890123456", "15 characters");
    }

    private static void assertRefused(String condition, String message) {
        assertThatThrownBy(() -> ConditionParser.parse(condition))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void baselines_mustSuitTheWindow() {
        assertBaseline("baseline(2d)", Duration.ofHours(1), "3 to 60 earlier windows");
        assertBaseline("baseline(80d)", Duration.ofHours(1), "3 to 60 earlier windows");
        assertBaseline("baseline(1d, 1h)", Duration.ofHours(2), "not shorter than the window");
        assertBaseline("baseline(200d, 20d)", Duration.ofHours(2), "at most 90d");
    }

    private static void assertBaseline(String baseline, Duration window, String message) {
        Condition condition = ConditionParser.parse("agent_audit_log | count() > " + baseline);
        Expression.Baseline read = Objects.requireNonNull(condition.firstBaseline());
        assertThatThrownBy(() -> Baselines.of(read, window))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("column 29")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "PT5M, PT5M, 300",
        "5m, PT5M, 300",
        "1h, PT1H, 3600",
        "P1D, P1D, 86400",
        "30d, P30D, 2592000",
        "pt1m, PT1M, 60"
    })
    void windows_areRead(String given, String kept, long seconds) {
        AlertWindow window = AlertWindow.of(given);
        assertThat(window.text()).isEqualTo(kept);
        assertThat(window.length()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PT59S",
                "P31D",
                "PT60.5S",
                "P1M",
                "-PT5M",
                "5 minutes",
                "P1W",
                "PT99999999999999H"
            })
    void windowsOutOfBounds_areRefused(String given) {
        assertThatThrownBy(() -> AlertWindow.of(given))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("PT1M to P30D");
    }

    @Test
    void times_followFromTheWindow() {
        Duration every = Duration.ofSeconds(30);
        assertThat(AlertWindow.of("PT5M").interval(every)).isEqualTo(every);
        assertThat(AlertWindow.of("PT1H").interval(every)).isEqualTo(Duration.ofMinutes(1));
        assertThat(AlertWindow.of("P30D").interval(every)).isEqualTo(Duration.ofMinutes(15));
        assertThat(AlertWindow.of("PT5M").calm()).isEqualTo(Duration.ofMinutes(1));
        assertThat(AlertWindow.of("PT1H").calm()).isEqualTo(Duration.ofMinutes(6));
        assertThat(AlertWindow.of("P2D").calm()).isEqualTo(Duration.ofHours(1));
    }
}
