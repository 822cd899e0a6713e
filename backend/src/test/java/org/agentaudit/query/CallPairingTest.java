package org.agentaudit.query;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.event.EventBuilder.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.query.CallPairing.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallPairingTest {
    private static final Instant START = Instant.parse("2026-03-01T14:23:01Z");

    @Test
    void of_resultNamesCall_pairsAcrossAgentAndAction() {
        CallPairing pairing =
                CallPairing.of(
                        List.of(
                                call("c", 0).envelope(),
                                event("r", at(2), EventType.TOOL_RESULT, "other", "elsewhere")
                                        .parent("c")
                                        .ms(340)
                                        .envelope()));

        Call call = only(pairing);
        assertThat(resultId(call)).isEqualTo(id("r"));
        assertThat(call.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(call.durationMs()).isEqualTo(340);
        assertThat(call.unpaired()).isFalse();
    }

    @Test
    void of_twoResultsNameOneCall_takesTheEarliestAndGivesTheOtherToNobody() {
        CallPairing pairing =
                CallPairing.of(
                        List.of(
                                call("c1", 0).envelope(),
                                call("c2", 1).envelope(),
                                result("late", 3).parent("c1").envelope(),
                                result("early", 2).parent("c1").envelope()));

        assertThat(resultId(pairing, "c1")).isEqualTo(id("early"));
        assertThat(found(pairing, "c2").result()).isNull();
        assertThat(pairing.looseResults()).extracting(Envelope::id).containsExactly(id("late"));
    }

    @Test
    void of_unnamedResults_goToCallsInOrder() {
        CallPairing pairing =
                CallPairing.of(
                        List.of(
                                result("before", 0).envelope(),
                                call("c1", 1).envelope(),
                                call("c2", 2).envelope(),
                                call("c3", 3).envelope(),
                                result("r1", 4).envelope(),
                                result("r2", 5).envelope()));

        assertThat(resultId(pairing, "c1")).isEqualTo(id("r1"));
        assertThat(resultId(pairing, "c2")).isEqualTo(id("r2"));
        assertThat(found(pairing, "c3").result()).isNull();
        assertThat(pairing.looseResults()).extracting(Envelope::id).containsExactly(id("before"));
    }

    @Test
    void of_otherAgentOrAction_isNotPaired() {
        CallPairing pairing =
                CallPairing.of(
                        List.of(
                                call("c", 0).envelope(),
                                event("a", at(1), EventType.TOOL_RESULT, "other", "search")
                                        .envelope(),
                                event("b", at(2), EventType.TOOL_RESULT, "agent", "fetch")
                                        .envelope()));

        assertThat(only(pairing).result()).isNull();
        assertThat(only(pairing).unpaired()).isTrue();
    }

    @Test
    void of_resultNamesAnEventThatIsNoCall_mayBeTakenInOrder() {
        CallPairing pairing =
                CallPairing.of(
                        List.of(
                                event("i", at(0), EventType.INVOCATION, "agent", "task").envelope(),
                                call("c", 1).envelope(),
                                result("r", 2).parent("i").envelope()));

        assertThat(resultId(only(pairing))).isEqualTo(id("r"));
    }

    @Test
    void of_sameTime_arrivalDecides() {
        CallPairing pairing =
                CallPairing.of(
                        List.of(
                                result("r", 0).arrival(8).envelope(),
                                call("c", 0).arrival(7).envelope()));

        assertThat(resultId(only(pairing))).isEqualTo(id("r"));
        assertThat(
                        only(CallPairing.of(
                                        List.of(
                                                result("r", 0).arrival(7).envelope(),
                                                call("c", 0).arrival(8).envelope())))
                                .result())
                .isNull();
    }

    @Test
    void of_ownOutcomeAndDuration_winOverTheResults() {
        Call call =
                only(
                        CallPairing.of(
                                List.of(
                                        call("c", 0).failed("TimeoutError", null).ms(12).envelope(),
                                        result("r", 1).parent("c").ms(99).envelope())));

        assertThat(call.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(call.durationMs()).isEqualTo(12);
    }

    @Test
    void of_pendingCall_isKnown() {
        Call call =
                only(
                        CallPairing.of(
                                List.of(
                                        call("c", 0).outcome(Outcome.PENDING).envelope(),
                                        result("r", 1).parent("c").envelope())));

        assertThat(call.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(
                        only(CallPairing.of(
                                        List.of(call("c", 0).outcome(Outcome.PENDING).envelope())))
                                .unpaired())
                .isFalse();
    }

    @Test
    void of_durationOfZero_countsAsAbsent() {
        assertThat(
                        only(CallPairing.of(
                                        List.of(
                                                call("c", 0).ms(0).envelope(),
                                                result("r", 1).ms(70).envelope())))
                                .durationMs())
                .isEqualTo(70);
        assertThat(
                        only(CallPairing.of(
                                        List.of(
                                                call("c", 0).ms(0).envelope(),
                                                result("r", 9).ms(0).envelope())))
                                .durationMs())
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(SourceFormat.class)
    void of_callWithoutResult_isUnpairedOnlyWhereResultsAreRecorded(SourceFormat format) {
        boolean unpaired =
                only(CallPairing.of(List.of(call("c", 0).format(format).envelope()))).unpaired();

        assertThat(unpaired)
                .isEqualTo(
                        switch (format) {
                            case AUDIT_EVENT,
                                    SESSION_EVENT,
                                    OTLP,
                                    CLAUDE_CODE_HOOK,
                                    CLAUDE_CODE_TRANSCRIPT ->
                                    true;
                            case LOG_ENTRY, REQUEST_LOG, MCP -> false;
                        });
    }

    @Test
    void of_traceWithAShapeWithoutResults_hasNoUnpairedCalls() {
        CallPairing pairing =
                CallPairing.of(
                        List.of(
                                call("c", 0).envelope(),
                                event("l", at(1), EventType.LLM_RESPONSE, "agent", "x")
                                        .format(SourceFormat.REQUEST_LOG)
                                        .envelope()));

        assertThat(only(pairing).unpaired()).isFalse();
    }

    /// Against the rule written down naively, for random traces.
    @Test
    void of_randomTraces_agreesWithTheRuleReadLiterally() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Envelope> events = new ArrayList<>();
            int n = 1 + random.nextInt(14);
            for (int i = 0; i < n; i++) {
                EventType type = random.nextBoolean() ? EventType.TOOL_CALL : EventType.TOOL_RESULT;
                EventBuilder builder =
                        event(
                                        "e" + i,
                                        at(random.nextInt(6)),
                                        type,
                                        "agent" + random.nextInt(2),
                                        "tool" + random.nextInt(2))
                                .arrival(i + 1);
                if (random.nextInt(3) == 0) {
                    builder.parent("e" + random.nextInt(n));
                }
                events.add(builder.envelope());
            }
            List<Envelope> ordered = events.stream().sorted(CallPairing.ORDER).toList();
            List<Envelope> claimed = new ArrayList<>();
            List<Envelope> calls =
                    ordered.stream().filter(e -> e.type() == EventType.TOOL_CALL).toList();
            List<Envelope> results =
                    ordered.stream().filter(e -> e.type() == EventType.TOOL_RESULT).toList();
            CallPairing pairing = CallPairing.of(events);
            for (Envelope call : calls) {
                Envelope expected =
                        results.stream()
                                .filter(r -> call.id().equals(r.parentEventId()))
                                .findFirst()
                                .orElse(null);
                if (expected == null) {
                    expected =
                            results.stream()
                                    .filter(r -> ordered.indexOf(r) > ordered.indexOf(call))
                                    .filter(r -> r.agentId().equals(call.agentId()))
                                    .filter(r -> r.action().equals(call.action()))
                                    .filter(r -> !claimed.contains(r))
                                    .filter(
                                            r ->
                                                    calls.stream()
                                                            .noneMatch(
                                                                    c ->
                                                                            c.id().equals(
                                                                                            r
                                                                                                    .parentEventId())))
                                    .findFirst()
                                    .orElse(null);
                }
                if (expected != null) {
                    claimed.add(expected);
                }
                assertThat(Objects.requireNonNull(pairing.call(call.id())).result())
                        .as("seed %d, call %s", seed, call.action())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void of_manyCallsOfOneTool_staysLinear() {
        List<Envelope> events = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            events.add(call("c" + i, i).envelope());
            events.add(result("r" + i, i + 50_000).envelope());
        }
        CallPairing pairing = CallPairing.of(events);

        assertThat(pairing.calls()).hasSize(50_000).noneMatch(Call::unpaired);
    }

    private static EventBuilder call(String name, int second) {
        return event(name, at(second), EventType.TOOL_CALL, "agent", "search");
    }

    private static EventBuilder result(String name, int second) {
        return event(name, at(second), EventType.TOOL_RESULT, "agent", "search");
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private static Call only(CallPairing pairing) {
        assertThat(pairing.calls()).hasSize(1);
        return pairing.calls().getFirst();
    }

    private static Call found(CallPairing pairing, String name) {
        return Objects.requireNonNull(pairing.call(id(name)));
    }

    private static java.util.UUID resultId(CallPairing pairing, String name) {
        return resultId(found(pairing, name));
    }

    private static java.util.UUID resultId(Call call) {
        return Objects.requireNonNull(call.result()).id();
    }
}
