package org.agentaudit.retention;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.retention.RetentionFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.RetentionTier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Random traces, holds, erasures and runs against a plain model of the policy; and runs that are
/// cut off again and again while events come in.
class RetentionOracleIT {

    private static final EventType[] TYPES = {
        EventType.REASONING,
        EventType.REASONING,
        EventType.TOOL_CALL,
        EventType.INVOCATION,
        EventType.DECISION,
        EventType.ERROR
    };
    private static final String[] AGENTS = {"a", "b", "c"};

    private final RetentionFixture portal =
            new RetentionFixture(Map.of("portal.retention.step-events", 40));
    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Map<UUID, AuditEvent> stored = new HashMap<>();
    private final Set<UUID> withContent = new HashSet<>();
    private final List<Hold> standing = new ArrayList<>();
    private int names;

    @AfterEach
    void close() {
        portal.close();
    }

    /// Events of new and of old traces, some of them received long after they occurred.
    private List<AuditEvent> some(int traces, Instant now) {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < traces; i++) {
            String trace = "t" + random.nextInt(400);
            Instant start = now.minus(Duration.ofHours(random.nextInt(900 * 24)));
            boolean short_lived = random.nextInt(3) > 0;
            int n = 1 + random.nextInt(6);
            for (int k = 0; k < n; k++) {
                EventType type = TYPES[random.nextInt(short_lived ? 4 : TYPES.length)];
                Instant at = start.plusSeconds(random.nextInt(4000));
                Instant received =
                        random.nextInt(4) == 0
                                ? now.minusSeconds(random.nextInt(40 * 86_400))
                                : at.plusSeconds(random.nextInt(7200));
                events.add(
                        event(
                                        "e" + names++,
                                        at.isAfter(now) ? now : at,
                                        type,
                                        AGENTS[random.nextInt(AGENTS.length)],
                                        "act")
                                .trace(trace)
                                .session("s" + random.nextInt(20))
                                .received(received.isAfter(now) ? now : received)
                                .user("user-" + random.nextInt(30))
                                .params("{\"n\":" + names + "}")
                                .build());
            }
        }
        return events;
    }

    private void store(List<AuditEvent> events) {
        portal.store(events);
        for (AuditEvent event : events) {
            stored.put(event.envelope().id(), event);
            withContent.add(event.envelope().id());
        }
    }

    private static Instant basis(Envelope e) {
        return e.receivedAt().isAfter(e.occurredAt()) ? e.receivedAt() : e.occurredAt();
    }

    private boolean held(List<Envelope> trace) {
        Instant first = trace.stream().map(Envelope::occurredAt).min(Instant::compareTo).get();
        Instant last = trace.stream().map(Envelope::occurredAt).max(Instant::compareTo).get();
        return standing.stream()
                .anyMatch(
                        hold ->
                                switch (hold.kind()) {
                                    case TRACE -> trace.getFirst().traceId().equals(hold.target());
                                    case AGENT ->
                                            trace.stream()
                                                    .anyMatch(
                                                            e -> e.agentId().equals(hold.target()));
                                    case PERIOD ->
                                            !hold.from().isAfter(last) && hold.to().isAfter(first);
                                });
    }

    private Map<String, List<Envelope>> traces() {
        return stored.values().stream()
                .map(AuditEvent::envelope)
                .collect(
                        Collectors.groupingBy(
                                Envelope::traceId, TreeMap::new, Collectors.toList()));
    }

    /// What a run at that moment is to do.
    private void expire(Instant now) {
        traces().forEach(
                        (id, trace) -> {
                            if (held(trace)) {
                                return;
                            }
                            boolean over =
                                    trace.stream()
                                            .allMatch(
                                                    e ->
                                                            !basis(e).plus(days(e.tier()))
                                                                    .isAfter(now));
                            for (Envelope e : trace) {
                                if (over) {
                                    stored.remove(e.id());
                                }
                                if (over || !basis(e).plus(Duration.ofDays(30)).isAfter(now)) {
                                    withContent.remove(e.id());
                                }
                            }
                        });
    }

    private static Duration days(RetentionTier tier) {
        return Duration.ofDays(
                switch (tier) {
                    case DEBUG -> 7;
                    case INFO -> 30;
                    case COMPLIANCE -> 365;
                    case CRITICAL -> 730;
                });
    }

    private void erase(String user, boolean wholeTraces) {
        traces().forEach(
                        (id, trace) -> {
                            if (held(trace)) {
                                return;
                            }
                            boolean theirs = trace.stream().anyMatch(e -> isOf(e, user));
                            trace.stream()
                                    .filter(e -> wholeTraces ? theirs : isOf(e, user))
                                    .forEach(e -> withContent.remove(e.id()));
                        });
    }

    private boolean isOf(Envelope e, String user) {
        AuditEvent event = stored.get(e.id());
        return event != null
                && withContent.contains(e.id())
                && user.equals(event.content().userId());
    }

    private void changeHolds() {
        Holds holds = portal.bean(Holds.class);
        if (random.nextBoolean() && !standing.isEmpty()) {
            holds.release("legal", standing.remove(random.nextInt(standing.size())).id(), "over");
        } else {
            Instant from = NOW.minus(Duration.ofDays(random.nextInt(900)));
            long id =
                    switch (random.nextInt(8)) {
                        case 0 -> holds.holdAgent("legal", AGENTS[random.nextInt(3)], "case");
                        case 1 ->
                                holds.holdPeriod(
                                        "legal", from, from.plus(Duration.ofDays(20)), "case");
                        default -> holds.holdTrace("legal", "t" + random.nextInt(400), "case");
                    };
            standing.add(holds.list().stream().filter(hold -> hold.id() == id).findFirst().get());
        }
    }

    private static Set<String> texts(Set<UUID> ids) {
        return ids.stream().map(UUID::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    private void assertStoreIsAsTheModel(String when) {
        assertThat(portal.storedEvents()).as(when).isEqualTo(texts(stored.keySet()));
        assertThat(portal.storedContents()).as(when).isEqualTo(texts(withContent));
        assertConsistent();
    }

    /// What holds at every moment, also after a run was cut off.
    private void assertConsistent() {
        assertThat(
                        portal.number(
                                "SELECT count(*) FROM audit_event e FULL JOIN event_key k USING (event_id)"
                                        + " WHERE e.event_id IS NULL OR k.event_id IS NULL"))
                .isZero();
        assertThat(
                        portal.number(
                                "SELECT count(*) FROM event_content LEFT JOIN audit_event USING (trace_id, occurred_at,"
                                        + " event_id) WHERE arrival IS NULL"))
                .isZero();
        assertThat(
                        portal.number(
                                "SELECT count(*) FROM (SELECT trace_id, count(*) AS n FROM audit_event GROUP BY 1) e"
                                        + " FULL JOIN trace t USING (trace_id) WHERE n IS DISTINCT FROM t.events"))
                .isZero();
        assertThat(
                        portal.number(
                                "SELECT count(*) FROM trace_link LEFT JOIN trace t USING (trace_id) WHERE t.trace_id IS NULL"))
                .isZero();
        // every event ever stored is stored or accounted for, and none is both
        Set<Long> removed = portal.recordedArrivals("EVENT");
        Set<Long> there =
                portal.texts("SELECT arrival FROM audit_event").stream()
                        .map(Long::valueOf)
                        .collect(Collectors.toSet());
        assertThat(removed).doesNotContainAnyElementsOf(there);
        assertThat(removed.size() + there.size()).isEqualTo(names);
        Set<Long> bare =
                portal
                        .texts(
                                "SELECT e.arrival FROM audit_event e LEFT JOIN event_content c USING (trace_id,"
                                        + " occurred_at, event_id) WHERE c.event_id IS NULL")
                        .stream()
                        .map(Long::valueOf)
                        .collect(Collectors.toSet());
        assertThat(portal.recordedArrivals("CONTENT")).containsAll(bare);
        assertThat(
                        portal.number(
                                "SELECT coalesce(sum(events), 0) FROM deletion WHERE kind = 'EVENT'"))
                .isEqualTo(removed.size());
        // counters hold every event ever stored
        assertThat(portal.number("SELECT coalesce(sum(events), 0) FROM rollup_event"))
                .isEqualTo(names);
        assertThat(portal.number("SELECT coalesce(sum(events), 0) FROM expired_quarter"))
                .isEqualTo(removed.size());
    }

    @Test
    void randomLife_equalsTheModel() {
        System.out.println("RetentionOracleIT -Dseed=" + seed);
        Instant now = NOW.minus(Duration.ofDays(30));
        for (int round = 0; round < 14; round++) {
            portal.clock.now = now;
            store(some(40, now));
            for (int i = random.nextInt(4); i > 0; i--) {
                changeHolds();
            }
            if (random.nextInt(3) == 0) {
                String user = "user-" + random.nextInt(30);
                boolean wholeTraces = random.nextBoolean();
                long forecast = portal.bean(Erasures.class).forecast(user, wholeTraces).contents();
                long erased =
                        portal.bean(Erasures.class)
                                .erase("dpo", user, wholeTraces, "why")
                                .contents();
                assertThat(erased).isEqualTo(forecast);
                erase(user, wholeTraces);
                assertStoreIsAsTheModel("seed " + seed + ", erasure in round " + round);
            }
            RetentionForecast forecast = portal.bean(RetentionForecasts.class).at(now);
            RetentionRun run = portal.run();
            assertThat(run.state()).isEqualTo(RetentionRun.State.DONE);
            assertThat(run.events()).isEqualTo(forecast.events());
            assertThat(run.contents()).isEqualTo(forecast.contents());
            assertThat(run.traces()).isEqualTo(forecast.traces());
            expire(now);
            assertStoreIsAsTheModel("seed " + seed + ", round " + round);
            now = now.plus(Duration.ofDays(random.nextInt(12)));
        }
        assertThat(portal.number("SELECT count(*) FROM deletion WHERE rule = 'event-expiry'"))
                .isPositive();
    }

    /// Every connection is cut at random moments while a run is under way and events come in.
    @Test
    void runCutOffAtAnyMoment_leavesAConsistentStore_andTheNextGoesOn() throws Exception {
        System.out.println("RetentionOracleIT -Dseed=" + seed);
        store(some(400, NOW));
        AtomicBoolean over = new AtomicBoolean();
        int cut = 0;
        for (int i = 0; i < 12; i++) {
            Thread run =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    RetentionRun done = portal.run();
                                    over.set(done.state() == RetentionRun.State.DONE);
                                } catch (RuntimeException e) {
                                    over.set(false);
                                }
                            });
            TimeUnit.MILLISECONDS.sleep(random.nextInt(120));
            portal.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            run.join();
            cut += over.get() ? 0 : 1;
            assertConsistent();
        }
        assertThat(cut).isPositive();
        assertThat(portal.run().state()).isEqualTo(RetentionRun.State.DONE);
        expire(NOW);
        assertStoreIsAsTheModel("seed " + seed);
    }

    /// Late data for the very traces and months that are going.
    @Test
    void ingestAtTheSameTime_losesNothing() throws Exception {
        System.out.println("RetentionOracleIT -Dseed=" + seed);
        store(some(300, NOW));
        AtomicBoolean stop = new AtomicBoolean();
        Thread runs =
                Thread.startVirtualThread(
                        () -> {
                            while (!stop.get()) {
                                portal.run();
                            }
                        });
        for (int i = 0; i < 40; i++) {
            store(some(8, NOW));
        }
        stop.set(true);
        runs.join();
        portal.run();
        assertConsistent();
        // a late event may have come before or after its trace had gone, so only what no order
        // changes is compared with the model
        Set<String> left = portal.storedEvents();
        Set<String> mayStay = new TreeSet<>(texts(stored.keySet()));
        assertThat(mayStay).containsAll(left);
        Map<String, List<Envelope>> traces =
                stored.values().stream()
                        .map(AuditEvent::envelope)
                        .filter(e -> left.contains(e.id().toString()))
                        .collect(Collectors.groupingBy(Envelope::traceId));
        traces.values()
                .forEach(
                        trace ->
                                assertThat(trace)
                                        .as("seed " + seed)
                                        .anyMatch(e -> basis(e).plus(days(e.tier())).isAfter(NOW)));
        stored.values().stream()
                .map(AuditEvent::envelope)
                .filter(e -> basis(e).plus(days(e.tier())).isAfter(NOW))
                .forEach(e -> assertThat(left).as("seed " + seed).contains(e.id().toString()));
    }
}
