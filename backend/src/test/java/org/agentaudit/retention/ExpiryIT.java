package org.agentaudit.retention;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.retention.RetentionFixture.NOW;
import static org.agentaudit.retention.RetentionFixture.daysAgo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Period;
import org.agentaudit.report.ActionReports;
import org.agentaudit.report.AgentAudit;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What goes when: tiers, traces, content, holds, months.
class ExpiryIT {

    private RetentionFixture portal = new RetentionFixture();

    @AfterEach
    void close() {
        portal.close();
    }

    private void restart(Map<String, Object> settings) {
        portal.close();
        portal = new RetentionFixture(settings);
    }

    private static EventBuilder of(EventType type, String trace, double daysAgo) {
        return event(trace + type + daysAgo, daysAgo(daysAgo), type, "ops/planner", "act")
                .trace(trace)
                .params("{\"q\":\"secret of " + trace + "\"}")
                .summary("Did [MASKED]");
    }

    private void storeOneOfEachTier(double shorter) {
        portal.store(
                of(EventType.REASONING, "debug-old", 7 + shorter).build(),
                of(EventType.REASONING, "debug-young", 7 - shorter).build(),
                of(EventType.TOOL_CALL, "info-old", 30 + shorter).build(),
                of(EventType.TOOL_CALL, "info-young", 30 - shorter).build(),
                of(EventType.DECISION, "compliance-old", 365 + shorter).build(),
                of(EventType.DECISION, "compliance-young", 365 - shorter).build(),
                of(EventType.ERROR, "critical-old", 730 + shorter).build(),
                of(EventType.ERROR, "critical-young", 730 - shorter).build());
    }

    @Test
    void run_removesWhatItsTierLetsGo() {
        storeOneOfEachTier(0.01);
        RetentionRun run = portal.run();
        assertThat(portal.storedTraces())
                .containsExactly("compliance-young", "critical-young", "debug-young", "info-young");
        assertThat(run.state()).isEqualTo(RetentionRun.State.DONE);
        assertThat(run.events()).isEqualTo(4);
        assertThat(run.traces()).isEqualTo(4);
        for (String table : List.of("event_key", "trace")) {
            assertThat(portal.number("SELECT count(*) FROM " + table)).as(table).isEqualTo(4);
        }
        assertThat(
                        portal.texts(
                                "SELECT rule || ' ' || sum(events) FROM deletion GROUP BY rule ORDER BY 1"))
                .containsExactly("content-expiry 2", "event-expiry 4");
        assertThat(portal.run().events()).isZero();
    }

    @Test
    void profile_raisesEveryTierToItsFloor() {
        restart(Map.of("portal.retention.profile", "eu-ai-act"));
        storeOneOfEachTier(0.01);
        portal.store(of(EventType.REASONING, "six-months", 184.01).build());
        portal.run();
        assertThat(portal.storedTraces())
                .containsExactly(
                        "compliance-young",
                        "critical-young",
                        "debug-old",
                        "debug-young",
                        "info-old",
                        "info-young");
    }

    @Test
    void mixedTrace_staysWholeForItsLongestTier() {
        portal.store(
                of(EventType.REASONING, "mixed", 400).build(),
                of(EventType.TOOL_CALL, "mixed", 400).build(),
                of(EventType.ERROR, "mixed", 400).build());
        portal.run();
        assertThat(portal.storedEvents()).hasSize(3);
        portal.clock.now = NOW.plus(Duration.ofDays(331));
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
    }

    @Test
    void lateEvent_prolongsItsTrace() {
        portal.store(
                of(EventType.REASONING, "late", 20).build(),
                event("late-one", daysAgo(20), EventType.REASONING, "ops/planner", "act")
                        .trace("late")
                        .received(daysAgo(3))
                        .build());
        portal.run();
        assertThat(portal.storedEvents()).hasSize(2);
        portal.clock.now = NOW.plus(Duration.ofDays(5));
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
    }

    /// Import of an old log: its life begins when it was received, for events and content alike.
    @Test
    void importOfOldLogs_livesFromItsReceipt() {
        portal.store(
                event("imported", daysAgo(900), EventType.ERROR, "a", "act")
                        .received(daysAgo(29))
                        .params("{}")
                        .build());
        portal.run();
        assertThat(portal.storedEvents()).hasSize(1);
        assertThat(portal.storedContents()).hasSize(1);
        portal.clock.now = NOW.plus(Duration.ofDays(2));
        assertThat(portal.run().contents()).isEqualTo(1);
        assertThat(portal.storedContents()).isEmpty();
        portal.clock.now = NOW.plus(Duration.ofDays(702));
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
    }

    /// A trace that comes back after it had gone is a new one, and its runs come behind the kept.
    @Test
    void eventAfterItsTraceHasGone_leavesTheKeptNumbersAlone() {
        portal.store(
                of(EventType.INVOCATION, "gone", 40).ms(1000).build(),
                of(EventType.TOOL_CALL, "gone", 39.9).build());
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
        portal.store(
                event("after", daysAgo(40), EventType.TOOL_CALL, "ops/planner", "act")
                        .trace("gone")
                        .parent("goneINVOCATION40.0")
                        .received(daysAgo(0))
                        .build());
        portal.bean(org.agentaudit.query.TraceSettler.class).settle(null, null);
        assertThat(
                        portal.texts(
                                "SELECT run_number || ' ' || (invoked_at IS NOT NULL) || ' ' || kept FROM agent_run"
                                        + " ORDER BY 1"))
                .containsExactly("1 true true", "2 false false");
        assertThat(portal.number("SELECT count(*) FROM trace_gap WHERE kind = 'MISSING_PARENT'"))
                .isZero();
    }

    /// As when a folder of logs is imported again after its events have gone.
    @Test
    void sameUnpairedCall_afterItHadGone_isSettledLikeAnyOther() {
        AuditEvent call = of(EventType.TOOL_CALL, "again", 40).build();
        portal.store(call);
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
        assertThat(portal.number("SELECT count(*) FROM trace_gap WHERE kept")).isEqualTo(1);
        portal.store(call);
        portal.bean(org.agentaudit.query.TraceSettler.class).settle(null, null);
        assertThat(portal.number("SELECT count(*) FROM trace_touched")).isZero();
        assertThat(portal.number("SELECT count(*) FROM trace_gap")).isEqualTo(1);
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
    }

    @Test
    void content_goesAndTheEnvelopeStays() {
        portal.store(
                of(EventType.ERROR, "t", 31).failed("E", "card of ann refused").user("ann").build(),
                of(EventType.ERROR, "t", 29)
                        .failed("E", "card of bob refused")
                        .user("bob")
                        .build());
        RetentionRun run = portal.run();
        assertThat(run.contents()).isEqualTo(1);
        EventQuery events = portal.bean(EventQuery.class);
        AuditEvent old =
                events.byId(RetentionFixture.OFFICER, EventBuilder.id("tERROR31.0")).orElseThrow();
        assertThat(old.content()).isEqualTo(org.agentaudit.event.Content.NONE);
        assertThat(old.summary()).isEqualTo("Error: [MASKED]");
        AuditEvent young =
                events.byId(RetentionFixture.OFFICER, EventBuilder.id("tERROR29.0")).orElseThrow();
        assertThat(young.content().errorMessage()).isEqualTo("card of bob refused");
        assertThat(
                        events.count(
                                RetentionFixture.OFFICER,
                                EventFilter.builder().userId("ann").build()))
                .isZero();
        assertThat(portal.recordedArrivals("CONTENT")).containsExactly(old.envelope().arrival());
    }

    /// Afterwards nothing can be tried against the digest; the id alone decides.
    @Test
    void content_takesTheDigestOfItsLineAlong() throws Exception {
        AuditEvent old = of(EventType.ERROR, "t", 31).failed("E", "refused").build();
        AuditEvent young = of(EventType.ERROR, "t", 29).failed("E", "refused").build();
        portal.store(old, young);
        portal.run();
        assertThat(
                        portal.texts(
                                "SELECT octet_length(digest) || ' ' || redaction_rules FROM event_key"
                                        + " ORDER BY occurred_at"))
                .containsExactly("0 0", "32 1");
        for (int rules : List.of(1, 2)) {
            assertThat(resent(old, rules)).isEqualTo(AppendResult.DUPLICATE);
        }
        assertThat(resent(young, 1)).isEqualTo(AppendResult.CONFLICT);
    }

    private AppendResult resent(AuditEvent event, int rules) throws Exception {
        NewEvent other = new NewEvent(event, new byte[32], rules, new Prover());
        return portal.bean(EventStore.class).append(List.of(other), List.of()).get().getFirst();
    }

    @Test
    void holds_keepEventsAndContent_untilReleased() {
        portal.store(
                of(EventType.TOOL_CALL, "held", 100).build(),
                of(EventType.TOOL_CALL, "free", 100).build(),
                event("other", daysAgo(100), EventType.TOOL_CALL, "ops/runner", "act")
                        .trace("two-agents")
                        .build(),
                of(EventType.TOOL_CALL, "two-agents", 99).build(),
                event("in", daysAgo(50), EventType.TOOL_CALL, "x", "act").trace("around").build(),
                event("in2", daysAgo(40), EventType.TOOL_CALL, "x", "act").trace("around").build(),
                event("de", daysAgo(45), EventType.ERROR, "x", "act").trace("within").build());
        Holds holds = portal.bean(Holds.class);
        long trace = holds.holdTrace("legal", "held", "case 1");
        long agent = holds.holdAgent("legal", "ops/runner", "case 2");
        long period = holds.holdPeriod("legal", daysAgo(46), daysAgo(44), "case 3");
        RetentionForecast forecast = portal.bean(RetentionForecasts.class).at(NOW);
        assertThat(forecast.events()).isEqualTo(1);
        assertThat(forecast.contents()).isZero();
        assertThat(forecast.heldBack())
                .extracting(held -> held.hold().id() + ": " + held.traces() + ", " + held.events())
                .containsExactly(trace + ": 1, 1", agent + ": 1, 2", period + ": 1, 2");
        RetentionRun run = portal.run();
        assertThat(portal.storedTraces()).containsExactly("around", "held", "two-agents", "within");
        assertThat(portal.storedContents()).hasSize(6);
        assertThat(run.held()).isEqualTo(3);
        assertThat(run.contents()).isZero();

        holds.release("legal", trace, "case 1 closed");
        holds.release("legal", agent, "case 2 closed");
        holds.release("legal", period, "case 3 closed");
        assertThatThrownBy(() -> holds.release("legal", trace, "again"))
                .isInstanceOf(IllegalArgumentException.class);
        portal.run();
        assertThat(portal.storedTraces()).containsExactly("within");
        assertThat(portal.storedContents()).isEmpty();
        assertThat(
                        portal.texts(
                                "SELECT target FROM access_log WHERE username = 'legal' ORDER BY id"))
                .hasSize(6)
                .first()
                .isEqualTo("hold " + trace + " placed: trace held");
    }

    @Test
    void forecast_equalsWhatTheRunRemoves() {
        storeOneOfEachTier(0.01);
        RetentionForecast forecast = portal.bean(RetentionForecasts.class).at(NOW);
        RetentionRun run = portal.run();
        assertThat(forecast.events()).isEqualTo(run.events()).isEqualTo(4);
        assertThat(forecast.traces()).isEqualTo(run.traces());
        assertThat(forecast.contents()).isEqualTo(run.contents()).isEqualTo(2);
        assertThat(forecast.bytes()).isPositive();
        RetentionForecast later =
                portal.bean(RetentionForecasts.class).at(NOW.plus(Duration.ofDays(1)));
        assertThat(later.events()).isEqualTo(4);
        assertThat(portal.bean(RetentionForecasts.class).at(NOW).rows()).isEmpty();
    }

    /// Its table is made again when late data comes, although the writer knows it as there.
    @Test
    void monthWithNothingLeft_isDropped_andComesBackForLateData() {
        portal.store(of(EventType.TOOL_CALL, "old", 100).build());
        String month = daysAgo(100).toString().substring(0, 7).replace('-', '_');
        String tables =
                "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname LIKE '%"
                        + month
                        + "'";
        assertThat(portal.number(tables)).isEqualTo(2);
        assertThat(portal.run().partitions()).isEqualTo(2);
        assertThat(portal.number(tables)).isZero();
        portal.store(
                event("again", daysAgo(100), EventType.TOOL_CALL, "a", "act")
                        .received(NOW)
                        .build());
        assertThat(portal.number(tables)).isEqualTo(2);
        assertThat(portal.storedEvents()).hasSize(1);
    }

    @Test
    void quarantine_losesItsItemsWithContent_unlessTheyMentionWhatIsHeld() {
        for (String body :
                List.of("{\\\"trace_id\\\":\\\"held\\\"}", "{\\\"trace_id\\\":\\\"free\\\"}")) {
            portal.execute(
                    "INSERT INTO quarantine (received_at, last_seen_at, origin, position, reason, body, digest)"
                            + " SELECT at, at, 'test', 0, 'no', body, sha256(convert_to(body, 'UTF8'))"
                            + "   FROM (VALUES (TIMESTAMPTZ '"
                            + daysAgo(31)
                            + "', '"
                            + body
                            + "')) AS item (at, body)");
        }
        portal.bean(Holds.class).holdTrace("legal", "held", "case");
        assertThat(portal.run().quarantined()).isEqualTo(1);
        assertThat(portal.texts("SELECT body FROM quarantine"))
                .hasSize(1)
                .first()
                .asString()
                .contains("held");
        assertThat(portal.texts("SELECT kind || events FROM deletion"))
                .containsExactly("QUARANTINE1");
    }

    @Test
    void policy_changedBetweenStarts_isInTheAccessLog() {
        portal.run();
        assertThat(portal.texts("SELECT target FROM access_log")).isEmpty();
        portal.start(Map.of("portal.retention.profile", "eu-ai-act"))
                .getBean(Expiry.class)
                .run(null, progress -> {});
        portal.run();
        assertThat(portal.texts("SELECT username || ': ' || target FROM access_log ORDER BY id"))
                .containsExactly(
                        "portal start: retention: DEBUG 7 → 184 days (raised); INFO 30 → 184 days (raised)",
                        "tester: retention: DEBUG 184 → 7 days (lowered); INFO 184 → 30 days (lowered)");
    }

    @Test
    void secondRun_whileOneIsUnderWay_doesNothing() throws Exception {
        RunRepository runs = portal.bean(RunRepository.class);
        try (RunRepository.RunLock lock = runs.tryLock().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(portal.bean(Expiry.class).run(null, progress -> {})).isEmpty();
        }
        assertThat(portal.bean(Expiry.class).run(null, progress -> {})).isPresent();
    }

    @Test
    void runOutOfTime_isContinuedByTheNext() {
        restart(Map.of("portal.retention.step-events", 10, "portal.retention.longest-run", "1ms"));
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            events.add(
                    event("e" + i, daysAgo(100), EventType.TOOL_CALL, "a", "act")
                            .trace("t" + i)
                            .build());
        }
        portal.store(events);
        assertThat(portal.run().state()).isEqualTo(RetentionRun.State.OUT_OF_TIME);
        Instant next = portal.bean(RetentionStatus.class).nextRun();
        assertThat(next).isNull();
        int runs = 0;
        while (!portal.storedEvents().isEmpty()) {
            portal.run();
            assertThat(runs++).isLessThan(1000);
        }
    }

    /// A call that expired was the longest; one that is stored and was as long gets another result.
    @Test
    void toolUsage_longestCallExpiredAndAnotherChanges_keepsTheLongest() {
        Instant at = Instant.parse("2026-10-01T10:00:00Z");
        portal.clock.now = at.plusSeconds(60);
        ActionReports actions = portal.bean(ActionReports.class);
        portal.store(
                event("gone", at, EventType.TOOL_CALL, "solo", "act").trace("old").ms(500).build(),
                event("stays", at, EventType.TOOL_CALL, "solo", "act").trace("held").build(),
                event("late", at.plusSeconds(9), EventType.TOOL_RESULT, "solo", "act")
                        .trace("held")
                        .ms(500)
                        .build());
        Period quarter = Period.of(at, at.plus(Duration.ofMinutes(15)));
        assertThat(
                        actions.toolUsage(RetentionFixture.OFFICER, quarter, "solo")
                                .tools()
                                .getFirst()
                                .latency()
                                .meanMs())
                .isEqualTo(500);
        portal.bean(Holds.class).holdTrace("legal", "held", "case");
        portal.clock.now = at.plus(Duration.ofDays(40));
        portal.run();
        portal.store(
                event("named", at.plusSeconds(20), EventType.TOOL_RESULT, "solo", "act")
                        .trace("held")
                        .parent("stays")
                        .ms(100)
                        .build());
        for (Period period :
                List.of(
                        quarter,
                        Period.of(at.minus(Duration.ofDays(2)), at.plus(Duration.ofDays(2))))) {
            AgentAudit.ToolUsage tool =
                    actions.toolUsage(RetentionFixture.OFFICER, period, "solo").tools().getFirst();
            assertThat(tool.calls()).isEqualTo(2);
            assertThat(tool.latency().maxMs()).isEqualTo(500);
            assertThat(tool.latency().meanMs()).isEqualTo(300);
            assertThat(tool.latency().p50Ms()).isCloseTo(100, within(1.0));
        }
    }
}
