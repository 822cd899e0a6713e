package org.agentaudit.analysis;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.event.EventBuilder.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.TestTraces;
import org.junit.jupiter.api.Test;

class ForensicsAnalysisTest {
    private static final Instant START = Instant.parse("2026-03-01T14:23:01Z");

    @Test
    void of_refundIncident_rootCauseIsTheTimedOutCallAndWhatFollowed() {
        Statement cause = rootCause(of(TestTraces.refundIncident()));

        assertThat(cause.text())
                .isEqualTo(
                        "process_refund, called by Billing, failed first: TimeoutError after 12.3"
                                + " s; repeated, it failed again: TimeoutError after 12.1 s. After that"
                                + " the circuit breaker opened after 2 failures, the work went on by a"
                                + " fallback and a human was called in.");
        assertThat(cause.hypothesis()).isFalse();
        assertThat(ids(cause)).containsExactly(id("e6"), id("e7"), id("e8"), id("e9"), id("e10"));
    }

    @Test
    void of_refundIncident_namesWhatContributedAndFollowed() {
        assertThat(of(TestTraces.refundIncident()).contributingFactors())
                .extracting(Statement::text, Statement::hypothesis)
                .containsExactly(
                        tuple(
                                "Billing had taken over from Support 1.0 s before its failing step"
                                        + " began.",
                                false),
                        tuple(
                                "Billing tried process_refund again 700 ms after the failure and it"
                                        + " failed: TimeoutError after 12.1 s.",
                                false),
                        tuple(
                                "The failed waits are nearly equal (12.3 s and 12.1 s), as when a"
                                        + " time limit ends them and not an answer.",
                                true),
                        tuple(
                                "The circuit breaker of Billing opened after 2 failures, 1.9 s"
                                        + " after the last of them.",
                                false),
                        tuple("Billing went on by a fallback (degraded).", false),
                        tuple(
                                "Billing called in a human (escalation) 29.0 s after the first"
                                        + " failing step began.",
                                false));
    }

    /// B-003-28: the story of the seed says 503, its rows say time-out.
    @Test
    void of_refundIncident_listsWhatDoesNotFitTogether() {
        List<Statement> contradictions = of(TestTraces.refundIncident()).contradictions();

        assertThat(contradictions).hasSize(1);
        assertThat(contradictions.getFirst().text())
                .isEqualTo(
                        "The records of the failure give TimeoutError, while a text speaks of"
                                + " status 503: both cannot be the reason.");
        assertThat(ids(contradictions.getFirst())).containsExactly(id("e6"), id("e7"), id("e10"));
    }

    /// B-003-28: the breaker opens at 14:23:33, the retry ended at 14:23:31.
    @Test
    void of_refundIncident_listsWhatIsMissing() {
        List<Statement> gaps = of(TestTraces.refundIncident()).gaps();

        assertThat(gaps)
                .extracting(Statement::text)
                .containsExactly(
                        "Nothing is recorded for 1.9 s between the end of 'process_refund' (retry)"
                                + " and 'open' (circuit breaker), longer than usual in this trace.",
                        "All times are whole seconds, while steps are timed more finely: order and"
                                + " silences within a second are uncertain.",
                        "Why process_refund gave no answer in time is not recorded: the trace holds"
                                + " the waits, nothing from the side that was called.");
        assertThat(ids(gaps.getFirst())).containsExactly(id("e7"), id("e8"));
    }

    @Test
    void of_refundIncident_recommendationsAreHypothesesWithEvidence() {
        List<Statement> recommendations = of(TestTraces.refundIncident()).recommendations();

        assertThat(recommendations).allMatch(Statement::hypothesis);
        assertThat(recommendations).noneMatch(statement -> statement.evidence().isEmpty());
        assertThat(recommendations)
                .extracting(Statement::text)
                .containsExactly(
                        "Raise the time limit of process_refund only if it is known to answer late"
                                + " rather than not at all: the waits (12.3 s and 12.1 s) look ended by"
                                + " a limit, yet no record shows that an answer would have come.",
                        "Keep a cached answer for status questions to process_refund, so that work"
                                + " can go on while it fails; the fallback that ran did not spare"
                                + " calling in a human.",
                        "Alert a person on repeated failures of process_refund: 2 in 25.1 s here.",
                        "Wait longer, and longer each time, before process_refund is tried again:"
                                + " the second attempt began 700 ms after the first had failed.");
    }

    @Test
    void of_everyStatement_citesEventsOfTheTrace() {
        List<AuditEvent> events = TestTraces.refundIncident();

        assertThat(statements(of(events)))
                .allSatisfy(
                        statement ->
                                assertThat(statement.evidence()).isNotEmpty().isSubsetOf(events));
    }

    @Test
    void of_maskedEvents_saysNothingOfTheirContent() {
        Forensics forensics = ofMasked(TestTraces.refundIncident());

        assertThat(rootCause(forensics).text())
                .isEqualTo(rootCause(of(TestTraces.refundIncident())).text());
        assertThat(statements(forensics))
                .noneMatch(statement -> statement.text().contains("503"))
                .noneMatch(statement -> statement.text().contains("4711"));
    }

    /// No statement would say that nothing contradicts the records, which nobody looked for.
    @Test
    void of_maskedEvents_saysThatTextsWereNotCompared() {
        List<Statement> contradictions = ofMasked(TestTraces.refundIncident()).contradictions();

        assertThat(contradictions)
                .extracting(Statement::text)
                .containsExactly(
                        "Contradictions between records and texts were not looked for, because"
                                + " content is masked for this viewer.");
        assertThat(ids(contradictions.getFirst())).containsExactly(id("e6"), id("e7"));
        assertThat(ofMasked(TestTraces.refundIncident().subList(0, 5)).contradictions()).isEmpty();
    }

    @Test
    void of_cleanTrace_hasNoRootCauseAndNoRecommendation() {
        Forensics forensics = of(TestTraces.refundIncident().subList(0, 5));

        assertThat(forensics.rootCause()).isNull();
        assertThat(forensics.contributingFactors()).isEmpty();
        assertThat(forensics.contradictions()).isEmpty();
        assertThat(forensics.recommendations()).isEmpty();
    }

    @Test
    void of_noEventAtAll_isEmpty() {
        Forensics forensics =
                ForensicsAnalysis.of(
                        TestTraces.trace(TestTraces.refundIncident()), List.of(), false);

        assertThat(forensics.rootCause()).isNull();
    }

    @Test
    void of_failedInvocationAroundAFailedCall_blamesTheCall() {
        Forensics forensics =
                of(
                        List.of(
                                step("i", 0, EventType.INVOCATION, "a", "task")
                                        .failed("TaskError", null)
                                        .build(),
                                step("c", 3, EventType.TOOL_CALL, "a", "search")
                                        .parent("i")
                                        .failed("HttpError", null)
                                        .ms(40)
                                        .build()));

        assertThat(rootCause(forensics).text())
                .isEqualTo("search, called by a, failed first: HttpError after 40 ms.");
    }

    @Test
    void of_callFailsBecauseOfAnInnerCall_blamesTheInner() {
        Forensics forensics =
                of(
                        List.of(
                                step("outer", 0, EventType.TOOL_CALL, "a", "delegate")
                                        .failed("ToolError", null)
                                        .build(),
                                step("inner", 3, EventType.TOOL_CALL, "b", "query")
                                        .parent("outer")
                                        .failed("SqlError", null)
                                        .build()));

        assertThat(rootCause(forensics).text()).startsWith("query, called by b, failed first");
        assertThat(forensics.contributingFactors())
                .extracting(Statement::text)
                .containsExactly("delegate, called by a, failed around it: ToolError.");
    }

    @Test
    void of_failureThatWasMadeGood_yieldsToOneThatWasNot() {
        Forensics forensics =
                of(
                        List.of(
                                step("s1", 0, EventType.TOOL_CALL, "a", "search")
                                        .failed("HttpError", null)
                                        .build(),
                                step("s2", 1, EventType.TOOL_CALL, "a", "search")
                                        .outcome(Outcome.SUCCESS)
                                        .build(),
                                step("w", 2, EventType.TOOL_CALL, "a", "write")
                                        .failed("DiskError", null)
                                        .build()));

        assertThat(rootCause(forensics).text()).startsWith("write, called by a, failed first");
        assertThat(forensics.contributingFactors())
                .extracting(Statement::text)
                .containsExactly(
                        "search, called by a, failed earlier: HttpError; it succeeded afterwards.");
    }

    @Test
    void of_errorEventThatNamesItsCall_isOneFailureWithTheCall() {
        Forensics forensics =
                of(
                        List.of(
                                step("c", 0, EventType.TOOL_CALL, "a", "search").ms(5_000).build(),
                                step("e", 5, EventType.ERROR, "a", "error")
                                        .parent("c")
                                        .failed("TimeoutError", "x")
                                        .build()));

        assertThat(rootCause(forensics).text())
                .isEqualTo("search, called by a, failed first: TimeoutError after 5.0 s.");
        assertThat(ids(rootCause(forensics))).containsExactly(id("c"), id("e"));
    }

    @Test
    void of_failedResult_isOneFailureWithItsCall() {
        Forensics forensics =
                of(
                        List.of(
                                step("c", 0, EventType.TOOL_CALL, "a", "search").build(),
                                step("r", 5, EventType.TOOL_RESULT, "a", "search")
                                        .failed("HttpError", "x")
                                        .ms(700)
                                        .build()));

        assertThat(rootCause(forensics).text())
                .isEqualTo("search, called by a, failed first: HttpError after 700 ms.");
        assertThat(ids(rootCause(forensics))).containsExactly(id("c"), id("r"));
    }

    @Test
    void of_successStatedOnAnErroredStep_isAContradiction() {
        AuditEvent good = step("c", 0, EventType.TOOL_CALL, "a", "search").build();
        AuditEvent stated =
                step("d", 1, EventType.TOOL_CALL, "a", "save")
                        .failed("HttpError", null)
                        .outcome(Outcome.SUCCESS)
                        .build();

        assertThat(of(List.of(good, stated)).contradictions())
                .extracting(Statement::text)
                .containsExactly("save of a is stated a success and carries an error.");
    }

    @Test
    void of_breakerOpenBeforeTheFailure_isAContradiction() {
        Forensics forensics =
                of(
                        List.of(
                                step("b", 0, EventType.CIRCUIT_BREAKER, "a", "open").build(),
                                step("c", 2, EventType.TOOL_CALL, "a", "pay")
                                        .failed("HttpError", null)
                                        .ms(500)
                                        .build()));

        assertThat(forensics.contradictions())
                .extracting(Statement::text)
                .containsExactly(
                        "A circuit breaker of a is recorded as open 2.5 s before the first"
                                + " failure.");
    }

    @Test
    void of_childBeforeItsParent_isAContradiction() {
        assertThat(
                        of(List.of(
                                        step("p", 5, EventType.REASONING, "a", "r").build(),
                                        step("c", 1, EventType.DECISION, "a", "d")
                                                .parent("p")
                                                .build()))
                                .contradictions())
                .hasSize(1);
    }

    @Test
    void of_unpairedCallsLooseResultsAndMissingParents_areGaps() {
        Forensics forensics =
                of(
                        List.of(
                                step("r", 0, EventType.TOOL_RESULT, "a", "fetch").build(),
                                step("c", 1, EventType.TOOL_CALL, "a", "search")
                                        .parent("gone")
                                        .build(),
                                step("t", 2, EventType.RETRY, "a", "search").build()));

        assertThat(forensics.gaps())
                .extracting(Statement::text)
                .containsExactly(
                        "1 tool call has no result event and states no outcome.",
                        "1 tool result belongs to no recorded call.",
                        "1 event names a parent that is not among these events.",
                        "1 retry has no failed attempt recorded before it.");
    }

    @Test
    void of_partOfALongTrace_saysSo() {
        List<AuditEvent> events = TestTraces.refundIncident();
        Forensics forensics =
                ForensicsAnalysis.of(
                        TestTraces.trace(events), TestTraces.timeline(events.subList(0, 6)), false);

        assertThat(forensics.gaps().getFirst().text())
                .startsWith("Only the first 6 of 10 events were analysed");
    }

    @Test
    void of_parentsInACircle_ends() {
        Forensics forensics =
                of(
                        List.of(
                                step("a", 0, EventType.TOOL_CALL, "x", "one")
                                        .parent("b")
                                        .failed("E", null)
                                        .build(),
                                step("b", 1, EventType.TOOL_CALL, "x", "two")
                                        .parent("a")
                                        .failed("E", null)
                                        .build()));

        assertThat(forensics.contributingFactors()).isNotNull();
        assertThat(forensics.rootCause()).isNotNull();
    }

    @Test
    void of_thousandsOfFailures_staysFast() {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            events.add(
                    step("e" + i, i, EventType.TOOL_CALL, "a", "tool" + i)
                            .failed("HttpError", null)
                            .ms(10)
                            .build());
        }
        Forensics forensics = of(events);

        assertThat(rootCause(forensics).text()).startsWith("tool0");
        assertThat(statements(forensics)).hasSizeLessThan(100);
    }

    private static Forensics of(List<AuditEvent> events) {
        return ForensicsAnalysis.of(TestTraces.trace(events), TestTraces.timeline(events), false);
    }

    private static Forensics ofMasked(List<AuditEvent> events) {
        Viewer auditor = new Viewer("ann", Set.of(Role.AUDITOR), List.of());
        List<AuditEvent> masked =
                events.stream().map(event -> Disclosure.of(event, auditor)).toList();
        return ForensicsAnalysis.of(TestTraces.trace(masked), TestTraces.timeline(masked), true);
    }

    private static Statement rootCause(Forensics forensics) {
        return Objects.requireNonNull(forensics.rootCause());
    }

    private static List<Statement> statements(Forensics forensics) {
        return Stream.of(
                        Stream.ofNullable(forensics.rootCause()),
                        forensics.contributingFactors().stream(),
                        forensics.contradictions().stream(),
                        forensics.gaps().stream(),
                        forensics.recommendations().stream())
                .flatMap(stream -> stream)
                .toList();
    }

    private static List<UUID> ids(Statement statement) {
        return statement.evidence().stream().map(event -> event.envelope().id()).toList();
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.api.Assertions.tuple(values);
    }

    private static EventBuilder step(
            String name, int second, EventType type, String agent, String action) {
        return event(name, START.plusSeconds(second), type, agent, action).arrival(second + 1);
    }
}
