package org.agentaudit.analysis;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.event.EventBuilder.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Decision;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.TestTraces;
import org.agentaudit.query.TraceWindow;
import org.junit.jupiter.api.Test;

/// Conversations of several agents, and what history and decisions add.
class ForensicsOfMessagesTest {
    private static final Instant START = Instant.parse("2026-03-01T14:23:01Z");
    private static final String TASK = "How many towns lie on the lake?";

    @Test
    void of_codeThatFailed_pointsAtTheMessageThatWroteIt() {
        Statement cause =
                cause(
                        List.of(
                                task(),
                                says("m1", 1, "Ann", "Let me count. ```print(x)```").build(),
                                runs("c1", 2, "Ann", "m1").failed("NameError", "x").build(),
                                says("m2", 3, "Bob", "The count is done.").build()));

        assertThat(cause.text())
                .isEqualTo(
                        "It most likely went wrong first with a message of Ann: the execute_code it"
                                + " led to failed (NameError).");
        assertThat(cause.hypothesis()).isTrue();
        assertThat(ids(cause)).containsExactly(id("m1"), id("c1"));
    }

    @Test
    void of_resultThatReadsAsFailure_isAContradictionAndPointsAtTheMessage() {
        List<AuditEvent> events =
                List.of(
                        task(),
                        says("m1", 1, "Ann", "Let me count. ```print(x)```").build(),
                        runs("c1", 2, "Ann", "m1").outcome(Outcome.SUCCESS).build(),
                        result("r1", 3, "Ann", "c1", "exitcode: 1 (execution failed)").build(),
                        says("m2", 4, "Bob", "Thanks.").build());

        assertThat(ids(cause(events))).startsWith(id("m1"), id("c1"), id("r1"));
        assertThat(of(events).contradictions())
                .extracting(Statement::text)
                .contains(
                        "1 result begins with a failed exit status or an exception, while no record"
                                + " marks the step as failed.");
    }

    @Test
    void of_emptyResultThatOthersBuildOn_pointsAtTheMessageThatAskedForIt() {
        List<AuditEvent> events =
                List.of(
                        task(),
                        says("m1", 1, "Ann", "I look it up. ```find()```").build(),
                        runs("c1", 2, "Ann", "m1").build(),
                        result("r1", 3, "Ann", "c1", "exitcode: 0 (done)\\nCode output: No results")
                                .build(),
                        says("m2", 4, "Bob", "So the answer is none.").build());

        assertThat(cause(events).text())
                .startsWith("No record says that anything failed; if the outcome is wrong, look")
                .endsWith("brought nothing, and the messages after it build on that.");
        assertThat(ids(cause(events))).containsExactly(id("m1"), id("c1"), id("r1"), id("m2"));
        assertThat(of(events).contributingFactors())
                .extracting(Statement::text)
                .contains(
                        "A message of Bob: it ends the conversation although the last call before"
                                + " it, execute_code, brought nothing.");
    }

    @Test
    void of_supposition_isCitedUnlessTheTaskItselfSaysSo() {
        List<AuditEvent> events =
                List.of(
                        task(),
                        says("m1", 1, "Ann", "Task: " + TASK + " You may assume nothing.").build(),
                        says("m2", 2, "Bob", "I work with sample data then.").build());

        assertThat(cause(events).text())
                .contains(
                        "a message of Bob: it speaks of something not looked up (\"sample data\")");
        assertThat(ids(cause(events))).containsExactly(id("m2"));
    }

    @Test
    void of_figuresWithoutACall_areUnbackedUnlessTheTaskGivesThem() {
        assertThat(
                        cause(
                                        List.of(
                                                task(),
                                                says("m1", 1, "Ann", "Well then.").build(),
                                                says("m2", 2, "Bob", "North 17, south 25.")
                                                        .build()))
                                .text())
                .endsWith("of Bob: it states 2 figures before any call has brought one.");
        assertThat(
                        of(List.of(
                                        says("m1", 1, "Ann", "1. Go\\n2. Step 3 comes").build(),
                                        says("m2", 2, "Bob", "Agreed.").build()))
                                .rootCause())
                .isNull();
    }

    @Test
    void of_conversationWhoseTaskSucceeded_orWithOneSpeaker_pointsNowhere() {
        AuditEvent done =
                event("t", START, EventType.INVOCATION, "team", "task")
                        .outcome(Outcome.SUCCESS)
                        .arrival(1)
                        .build();
        List<AuditEvent> said =
                List.of(
                        says("m1", 1, "Ann", "We assume 4 and 5 then.").build(),
                        says("m2", 2, "Bob", "North 17, south 25.").build());

        assertThat(of(List.of(done, said.get(0), said.get(1))).rootCause()).isNull();
        assertThat(of(List.of(task(), said.get(0))).rootCause()).isNull();
        assertThat(of(List.of(task(), said.get(0), said.get(1))).rootCause()).isNotNull();
    }

    /// The service was away: no message is to blame for that.
    @Test
    void of_calledServiceAway_blamesTheCallNotTheMessage() {
        Statement cause =
                cause(
                        List.of(
                                task(),
                                says("m1", 1, "Ann", "Assume it is up.").build(),
                                runs("c1", 2, "Ann", "m1").failed("TimeoutError", "x").build(),
                                says("m2", 3, "Bob", "No answer.").build()));

        assertThat(cause.hypothesis()).isFalse();
        assertThat(ids(cause)).containsExactly(id("c1"));
    }

    @Test
    void of_repeatedWords_corrections_andBrokenOffWork_areTold() {
        String same = "I will now look through the whole list of towns again, one by one, slowly.";
        Forensics forensics =
                of(
                        List.of(
                                task(),
                                says("m1", 1, "Ann", "Assume there are some.").build(),
                                says("m2", 2, "Bob", same + same).build(),
                                says("m3", 3, "Bob", same + same).build(),
                                says("m4", 4, "Ann", "The previous count was wrong.").build(),
                                says("m5", 5, "Bob", "Again: ```count()```").build()));

        assertThat(forensics.contributingFactors())
                .extracting(Statement::text)
                .contains(
                        "A message of Bob: it says the same as an earlier one of that agent, word"
                                + " for word.");
        assertThat(forensics.contradictions())
                .extracting(Statement::text)
                .containsExactly(
                        "A message of Ann: it takes back or contradicts what was said before.");
        assertThat(forensics.gaps())
                .extracting(Statement::text)
                .contains(
                        "A message of Bob: the conversation breaks off with it: it holds code of"
                                + " which no run is recorded.");
        assertThat(forensics.recommendations()).allMatch(Statement::hypothesis);
    }

    @Test
    void of_slowCallBeforeTheFailure_isComparedWithTheAgentsOwnHistory() {
        List<Double> usual = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            usual.add(100.0 + i);
        }
        List<AuditEvent> events =
                List.of(
                        event("s", START, EventType.TOOL_CALL, "Ann", "search")
                                .arrival(1)
                                .ms(9_000)
                                .build(),
                        event("w", START.plusSeconds(10), EventType.TOOL_CALL, "Ann", "write")
                                .arrival(2)
                                .failed("DiskError", null)
                                .build());

        assertThat(factors(events, Map.of(new History.Work("Ann", "search"), usual)))
                .containsExactly(
                        "search of Ann took 9.0 s; its 30 calls before this trace took 114 ms in the"
                                + " median.");
        assertThat(factors(events, Map.of(new History.Work("Ann", "search"), usual.subList(0, 19))))
                .isEmpty();
        assertThat(factors(events, Map.of(new History.Work("Bob", "search"), usual))).isEmpty();
    }

    @Test
    void of_decisionAgainstItsOwnScores_standsOut() {
        Decision decision =
                new Decision(
                        "Which way?",
                        List.of(
                                new Decision.DecisionOption("left", null, 0.9),
                                new Decision.DecisionOption("right", null, 0.2)),
                        "right",
                        0.9);
        List<AuditEvent> events =
                List.of(
                        event("d", START, EventType.DECISION, "Ann", "way")
                                .decision(decision)
                                .arrival(1)
                                .build(),
                        event("c", START.plusSeconds(1), EventType.TOOL_CALL, "Ann", "go")
                                .parent("d")
                                .arrival(2)
                                .failed("RoadError", null)
                                .build());

        assertThat(of(events).contributingFactors())
                .extracting(Statement::text)
                .containsExactly(
                        "The decision way of Ann, from which the failing step follows, took an"
                                + " option that was scored lower than another.");
    }

    @Test
    void of_failedTaskAroundTheFailure_tellsHowFarItWent() {
        List<AuditEvent> events =
                List.of(
                        event("i", START, EventType.INVOCATION, "Router", "task")
                                .failed("TaskError", null)
                                .arrival(1)
                                .build(),
                        event("c", START.plusSeconds(1), EventType.TOOL_CALL, "Ann", "go")
                                .parent("i")
                                .arrival(2)
                                .failed("RoadError", null)
                                .build());

        assertThat(of(events).contributingFactors())
                .extracting(Statement::text)
                .containsExactly(
                        "The failure went up to task of Router, recorded as failed around it.");
    }

    @Test
    void of_firstAndLastEvents_saysWhatLiesBetween() {
        List<AuditEvent> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(
                    event("e" + i, START.plusSeconds(i), EventType.REASONING, "Ann", "think")
                            .arrival(i + 1)
                            .build());
        }
        List<AuditEvent> read = new ArrayList<>(all.subList(0, 4));
        read.addAll(all.subList(8, 10));

        Statement gap =
                ForensicsAnalysis.of(
                                TestTraces.trace(all),
                                new TraceWindow(TestTraces.timeline(read), 4),
                                History.none(),
                                false)
                        .gaps()
                        .getFirst();

        assertThat(gap.text())
                .isEqualTo(
                        "Only the first 4 and the last 2 of 10 events were analysed; what lies"
                                + " between is not in this account.");
        assertThat(ids(gap)).containsExactly(id("e3"), id("e8"));
    }

    private static List<String> factors(
            List<AuditEvent> events, Map<History.Work, List<Double>> durations) {
        return ForensicsAnalysis.of(
                        TestTraces.trace(events),
                        TraceWindow.whole(TestTraces.timeline(events)),
                        new History(durations),
                        false)
                .contributingFactors()
                .stream()
                .map(Statement::text)
                .toList();
    }

    private static AuditEvent task() {
        return event("t", START, EventType.INVOCATION, "team", "task")
                .params("{\"task\":\"" + TASK + "\"}")
                .arrival(1)
                .build();
    }

    private static EventBuilder says(String name, int second, String agent, String text) {
        return event(name, START.plusSeconds(second), EventType.LLM_RESPONSE, agent, "llm_response")
                .arrival(second + 1)
                .result("\"" + text + "\"");
    }

    private static EventBuilder runs(String name, int second, String agent, String parent) {
        return event(name, START.plusSeconds(second), EventType.TOOL_CALL, agent, "execute_code")
                .arrival(second + 1)
                .parent(parent);
    }

    private static EventBuilder result(
            String name, int second, String agent, String parent, String text) {
        return event(name, START.plusSeconds(second), EventType.TOOL_RESULT, agent, "execute_code")
                .arrival(second + 1)
                .parent(parent)
                .result("\"" + text + "\"");
    }

    private static Forensics of(List<AuditEvent> events) {
        return ForensicsAnalysis.of(TestTraces.trace(events), TestTraces.timeline(events), false);
    }

    private static Statement cause(List<AuditEvent> events) {
        return Objects.requireNonNull(of(events).rootCause());
    }

    private static List<UUID> ids(Statement statement) {
        return statement.evidence().stream().map(event -> event.envelope().id()).toList();
    }
}
