package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckQuery;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Redaction;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Evidence;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.agentaudit.store.StoreOracle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reports against a plain fold over the same events, in batches of random size with duplicates and
/// any order.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportsOracleIT implements TestPropertyProvider {

    private static final Instant START = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(3);
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));

    private final TestDatabase.Fresh database = TestDatabase.create();
    private final List<AuditEvent> stored = new ArrayList<>();

    @Inject EventStore store;
    @Inject EventQuery events;
    @Inject Reports reports;
    @Inject CheckQuery checks;
    @Inject CountsQuery counts;
    @Inject TraceQuery traces;

    @Override
    public Map<String, String> getProperties() {
        return database.properties();
    }

    @BeforeAll
    void load() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("ReportsOracleIT -Dseed=" + seed);
        Random random = new Random(seed);
        List<NewEvent> all = RandomEvents.make(random, 3000, START, SPAN);
        all.forEach(event -> stored.add(event.event()));
        List<NewEvent> sent = new ArrayList<>(all);
        Collections.shuffle(sent, random);
        sent.addAll(sent.subList(0, 400));
        List<CompletableFuture<List<AppendResult>>> answers = new ArrayList<>();
        int from = 0;
        while (from < sent.size()) {
            int to = Math.min(sent.size(), from + 1 + random.nextInt(300));
            answers.add(store.append(sent.subList(from, to), List.of()));
            from = to;
        }
        int storedCount = 0;
        int duplicates = 0;
        for (CompletableFuture<List<AppendResult>> answer : answers) {
            for (AppendResult result : answer.get()) {
                storedCount += result == AppendResult.STORED ? 1 : 0;
                duplicates += result == AppendResult.DUPLICATE ? 1 : 0;
            }
        }
        assertThat(storedCount).isEqualTo(3000);
        assertThat(duplicates).isEqualTo(400);
    }

    @Test
    void store_fitsTogether() throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(StoreOracle.differences(connection)).isEmpty();
        }
    }

    @Test
    void append_sameIdOtherBody_conflictsAndKeepsTheFirst() throws Exception {
        AuditEvent first = stored.getFirst();
        NewEvent other = new NewEvent(first, new byte[32], 1, new Prover());
        NewEvent otherRules = new NewEvent(first, new byte[32], 2, new Prover());
        assertThat(store.append(List.of(other, otherRules), List.of()).get())
                .containsExactly(AppendResult.CONFLICT, AppendResult.DUPLICATE);
        assertThat(events.count(OFFICER, EventFilter.ALL)).isEqualTo(3000);
    }

    @Test
    void event_readBack_equalsWhatWasStored() {
        for (AuditEvent event : stored.subList(0, 200)) {
            AuditEvent read = events.byId(OFFICER, event.envelope().id()).orElseThrow();
            assertThat(read.content()).isEqualTo(event.content());
            assertThat(read.envelope())
                    .usingRecursiveComparison()
                    .ignoringFields("arrival")
                    .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                    .isEqualTo(event.envelope());
        }
    }

    @Test
    void pages_bothDirections_giveEveryEventOnce() {
        EventFilter filter = EventFilter.builder().errored(true).build();
        List<String> forwards = new ArrayList<>();
        String after = null;
        boolean more = true;
        while (more) {
            Page<AuditEvent> page =
                    events.find(
                            OFFICER,
                            filter,
                            EventOrder.NEWEST_FIRST,
                            new PageRequest(37, after, null, null));
            page.nodes().forEach(event -> forwards.add(event.envelope().id().toString()));
            after = page.endCursor();
            more = page.hasNextPage();
        }
        List<String> backwards = new ArrayList<>();
        String before = null;
        more = true;
        while (more) {
            Page<AuditEvent> page =
                    events.find(
                            OFFICER,
                            filter,
                            EventOrder.NEWEST_FIRST,
                            new PageRequest(null, null, 41, before));
            List<AuditEvent> nodes = new ArrayList<>(page.nodes());
            Collections.reverse(nodes);
            nodes.forEach(event -> backwards.add(event.envelope().id().toString()));
            before = page.startCursor();
            more = page.hasPreviousPage();
        }
        Collections.reverse(backwards);
        assertThat(forwards)
                .hasSameSizeAs(stored.stream().filter(e -> e.envelope().errored()).toList())
                .doesNotHaveDuplicates()
                .isEqualTo(backwards);
    }

    @Test
    void summary_anyPeriodAndScope_equalsTheFold() {
        Random random = new Random(7);
        for (int i = 0; i < 12; i++) {
            Instant from = START.plusSeconds(random.nextInt(200_000)).plusNanos(1000L * i);
            Instant to = from.plusSeconds(1 + random.nextInt(i < 3 ? 300 : 90_000));
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                List<Envelope> in = in(viewer, from, to);
                SummaryReport report = reports.summary(viewer, Period.of(from, to));
                assertThat(report.events()).isEqualTo(in.size());
                assertThat(report.errors())
                        .isEqualTo(in.stream().filter(Envelope::errored).count());
                assertThat(report.handoffs()).isEqualTo(count(in, EventType.HANDOFF));
                assertThat(report.agentsActive())
                        .isEqualTo(in.stream().map(Envelope::agentId).distinct().count());
                assertThat(report.completeness().derivedTraces())
                        .isEqualTo(
                                in.stream()
                                        .filter(Envelope::traceDerived)
                                        .map(Envelope::traceId)
                                        .distinct()
                                        .count());
                assertThat(report.completeness().producers())
                        .isEqualTo(
                                in.stream()
                                        .map(e -> e.producer() == null ? e.agentId() : e.producer())
                                        .distinct()
                                        .count());
                Set<String> producers =
                        in.stream()
                                .map(Envelope::producer)
                                .filter(Objects::nonNull)
                                .collect(Collectors.toSet());
                assertThat(report.completeness().gaps())
                        .isEqualTo(missing(producers, in(OFFICER, from, to)));
                assertThat(report.completeness().lateEvents())
                        .isEqualTo(
                                in.stream()
                                        .filter(
                                                e ->
                                                        Duration.between(
                                                                                e.occurredAt(),
                                                                                e.receivedAt())
                                                                        .toSeconds()
                                                                > 3600)
                                        .count());
                assertThat(report.period().firstEventAt())
                        .isEqualTo(
                                in.stream()
                                        .map(Envelope::occurredAt)
                                        .min(Comparator.naturalOrder())
                                        .orElse(null));
            }
        }
    }

    @Test
    void day_inAZoneOffTheHour_equalsTheFold() {
        for (String id : List.of("UTC", "Asia/Kathmandu", "America/New_York")) {
            ZoneId zone = ZoneId.of(id);
            LocalDate date = LocalDate.of(2026, 3, 11);
            Instant from = date.atStartOfDay(zone).toInstant();
            Instant to = date.plusDays(1).atStartOfDay(zone).toInstant();
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                List<Envelope> in = in(viewer, from, to);
                DailySummary day = reports.daily(viewer, date, zone);
                Map<Envelope, Run> runs = runs(in(viewer, Instant.MIN, Instant.MAX));
                List<Run> invoked =
                        runs.entrySet().stream()
                                .filter(
                                        entry ->
                                                !entry.getKey().occurredAt().isBefore(from)
                                                        && entry.getKey().occurredAt().isBefore(to))
                                .map(Map.Entry::getValue)
                                .toList();
                assertThat(day.invocations()).isEqualTo(count(in, EventType.INVOCATION));
                assertThat(day.failed())
                        .isEqualTo(invoked.stream().filter(run -> run.errors > 0).count());
                assertThat(day.successful() + day.failed()).isEqualTo(day.invocations());
                assertThat(day.humanEscalations())
                        .isEqualTo(
                                in.stream()
                                        .filter(
                                                e ->
                                                        e.intervention()
                                                                == InterventionKind.ESCALATION)
                                        .count());
                assertThat(day.tokens().input())
                        .isEqualTo(
                                in.stream()
                                        .filter(e -> e.tokens() != null)
                                        .mapToLong(e -> e.tokens().input())
                                        .sum());
                assertThat(day.cost())
                        .isEqualByComparingTo(
                                in.stream()
                                        .filter(e -> e.cost() != null)
                                        .map(Envelope::cost)
                                        .reduce(BigDecimal.ZERO, BigDecimal::add));
                assertThat(day.errorTypes().stream().mapToLong(Tally::count).sum())
                        .isEqualTo(day.errors());
                for (DailySummary.AgentDay agent : day.topAgents()) {
                    List<Run> own =
                            invoked.stream()
                                    .filter(run -> run.agent.equals(agent.agentId()))
                                    .toList();
                    assertThat(agent.invocations()).isEqualTo(own.size());
                    assertThat(agent.failedInvocations())
                            .isEqualTo(own.stream().filter(run -> run.errors > 0).count());
                    double[] durations =
                            own.stream().mapToDouble(Run::durationMs).filter(d -> d > 0).toArray();
                    if (durations.length == 0) {
                        assertThat(agent.meanDurationMs()).isNull();
                    } else {
                        assertThat(agent.meanDurationMs())
                                .isCloseTo(
                                        Arrays.stream(durations).average().orElseThrow(),
                                        within(0.01));
                    }
                }
            }
        }
    }

    @Test
    void missingParents_equalTheFold() {
        List<Envelope> all = in(OFFICER, Instant.MIN, Instant.MAX);
        Set<String> placed =
                all.stream().map(e -> e.traceId() + e.id()).collect(Collectors.toSet());
        long missing =
                all.stream()
                        .filter(e -> e.parentEventId() != null)
                        .filter(e -> !placed.contains(e.traceId() + e.parentEventId()))
                        .count();
        SummaryReport report =
                reports.summary(OFFICER, Period.of(START, START.plus(SPAN).plusSeconds(1)));
        assertThat(missing).isPositive();
        assertThat(report.completeness().missingParents()).isEqualTo(missing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "+05:45", "UTC-8", "-03:30", "Europe/Zurich", "Etc/GMT+2"})
    void agentDays_inAnyZone_equalTheFold(String id) {
        ZoneId zone = ZoneId.of(id);
        Period period = Period.of(START, START.plus(SPAN).plusSeconds(1));
        String agent = stored.getFirst().envelope().agentId();
        Map<LocalDate, Long> days = new TreeMap<>();
        counts.agentDays(OFFICER, period, agent, zone)
                .forEach((day, sums) -> days.put(day, sums.total(s -> s.events)));
        assertThat(days)
                .isEqualTo(
                        in(OFFICER, period.from(), period.to()).stream()
                                .filter(e -> e.agentId().equals(agent))
                                .collect(
                                        Collectors.groupingBy(
                                                e -> e.occurredAt().atZone(zone).toLocalDate(),
                                                TreeMap::new,
                                                Collectors.counting())));
    }

    /// Numbers missing between the first and the last that a producer gave, about any agent; one
    /// given twice counts once.
    private static BigInteger missing(String producer, List<Envelope> all) {
        NavigableSet<Long> numbers =
                all.stream()
                        .filter(e -> producer.equals(e.producer()))
                        .map(Envelope::seq)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toCollection(TreeSet::new));
        return numbers.isEmpty()
                ? BigInteger.ZERO
                : BigInteger.valueOf(numbers.last())
                        .subtract(BigInteger.valueOf(numbers.first()))
                        .add(BigInteger.valueOf(1L - numbers.size()));
    }

    /// Of all producers; what no long holds is shown as the largest one.
    private static long missing(Collection<String> producers, List<Envelope> all) {
        return producers.stream()
                .map(producer -> missing(producer, all))
                .reduce(BigInteger.ZERO, BigInteger::add)
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }

    /// A number is missing in a trace when it lies between two of the trace and never came.
    @Test
    void gapsOfATrace_equalTheFold() {
        List<String> ids =
                stored.stream().map(e -> e.envelope().traceId()).distinct().limit(60).toList();
        int compared = 0;
        for (Viewer viewer : List.of(OFFICER, OPS)) {
            for (String id : ids) {
                Map<String, List<Envelope>> numbered =
                        in(viewer, Instant.MIN, Instant.MAX).stream()
                                .filter(e -> e.traceId().equals(id))
                                .filter(e -> e.producer() != null && e.seq() != null)
                                .collect(Collectors.groupingBy(Envelope::producer));
                BigInteger expected = BigInteger.ZERO;
                for (Map.Entry<String, List<Envelope>> entry : numbered.entrySet()) {
                    LongSummaryStatistics bounds =
                            entry.getValue().stream().mapToLong(Envelope::seq).summaryStatistics();
                    expected =
                            expected.add(
                                    missing(
                                            entry.getKey(),
                                            in(OFFICER, Instant.MIN, Instant.MAX).stream()
                                                    .filter(e -> e.seq() != null)
                                                    .filter(e -> e.seq() >= bounds.getMin())
                                                    .filter(e -> e.seq() <= bounds.getMax())
                                                    .toList()));
                }
                long gaps = traces.byId(viewer, id).map(t -> t.completeness().gaps()).orElse(0L);
                assertThat(gaps)
                        .as("trace %s for %s", id, viewer.username())
                        .isEqualTo(
                                expected.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact());
                compared += gaps > 0 ? 1 : 0;
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    /// Exceptions are counted from roll-ups and runs, evidence from events.
    @Test
    void evidence_ofEveryCheck_isAsManyEventsAsExceptions() {
        LocalDate date = LocalDate.of(2026, 3, 11);
        DailySummary day = reports.daily(OFFICER, date, ZoneOffset.UTC);
        Period period = Period.of(day.from(), day.to());
        int compared = 0;
        for (CheckResult check : day.checks()) {
            Evidence evidence = checks.evidence(OFFICER, period, check);
            long events = this.events.countEvidence(OFFICER, period, evidence);
            if (check.check().equals("token_budget_compliance")
                    || check.check().equals("secret_exposure")
                    || check.check().equals("logging_coverage")) {
                assertThat(check.exceptions()).as(check.check()).isZero();
            } else {
                assertThat(events).as(check.check()).isEqualTo(check.exceptions());
                compared++;
                assertThat(
                                this.events
                                        .evidence(
                                                OFFICER,
                                                period,
                                                evidence,
                                                PageRequest.first(1000, null))
                                        .nodes())
                        .as(check.check())
                        .hasSize((int) events);
            }
        }
        assertThat(compared).isEqualTo(9);
        assertThat(day.checks()).filteredOn(check -> check.exceptions() > 0).hasSizeGreaterThan(5);
    }

    @Test
    void agentAudit_addsUpToTheAgentsEvents() {
        Period period = Period.of(START, START.plus(SPAN).plusSeconds(1));
        for (String agent : List.of("support", "研究", "böse\\%_agent")) {
            List<Envelope> own =
                    in(OFFICER, Instant.MIN, Instant.MAX).stream()
                            .filter(e -> e.agentId().equals(agent))
                            .toList();
            AgentAudit audit = reports.agent(OFFICER, agent, period);
            assertThat(audit.events()).isEqualTo(own.size());
            assertThat(audit.tools().stream().mapToLong(AgentAudit.ToolUsage::calls).sum())
                    .isEqualTo(count(own, EventType.TOOL_CALL));
            assertThat(audit.daily().stream().mapToLong(AgentAudit.DailyPoint::events).sum())
                    .isEqualTo(own.size());
        }
    }

    @Test
    void redactions_areCountedByReceiptAndInScope() {
        Instant from = START.plus(Duration.ofHours(30));
        Instant to = START.plus(Duration.ofHours(60));
        for (Viewer viewer : List.of(OFFICER, OPS)) {
            Map<String, Long> expected =
                    in(viewer, Instant.MIN, Instant.MAX).stream()
                            .filter(e -> !e.receivedAt().isBefore(from))
                            .filter(e -> e.receivedAt().isBefore(to))
                            .flatMap(e -> e.redactions().stream())
                            .filter(Redaction::removesSecret)
                            .collect(
                                    Collectors.groupingBy(
                                            Redaction::detector, Collectors.counting()));
            assertThat(expected).hasSizeGreaterThan(1).doesNotContainKey(Redaction.MINIMISED);
            Completeness completeness = reports.summary(viewer, Period.of(from, to)).completeness();
            assertThat(completeness.redactions())
                    .isEqualTo(expected.values().stream().mapToLong(n -> n).sum());
            assertThat(completeness.redactionsByDetector())
                    .extracting(Tally::key, Tally::count)
                    .containsExactlyInAnyOrderElementsOf(
                            expected.entrySet().stream()
                                    .map(entry -> tuple(entry.getKey(), entry.getValue()))
                                    .toList());
        }
    }

    @Test
    void agentAudit_anyPeriod_countsToTheMicrosecond() {
        Random random = new Random(11);
        for (int i = 0; i < 8; i++) {
            Instant from = START.plusSeconds(random.nextInt(150_000)).plusNanos(1000L * i);
            Instant to = from.plusSeconds(60 + random.nextInt(100_000));
            List<Envelope> all = in(OFFICER, from, to);
            AgentAudit audit = reports.agent(OFFICER, "support", Period.of(from, to));
            assertThat(audit.daily().stream().mapToLong(AgentAudit.DailyPoint::events).sum())
                    .isEqualTo(audit.events())
                    .isEqualTo(all.stream().filter(e -> e.agentId().equals("support")).count());
            assertThat(audit.handoffsIn())
                    .isEqualTo(
                            all.stream()
                                    .filter(e -> e.handoff() != null)
                                    .filter(e -> "support".equals(e.handoff().to()))
                                    .count());
        }
    }

    private List<Envelope> in(Viewer viewer, Instant from, Instant to) {
        return stored.stream()
                .map(AuditEvent::envelope)
                .filter(e -> !e.occurredAt().isBefore(from) && e.occurredAt().isBefore(to))
                .filter(e -> viewer == OFFICER || e.agentId().startsWith("ops/"))
                .toList();
    }

    private static long count(List<Envelope> events, EventType type) {
        return events.stream().filter(e -> e.type() == type).count();
    }

    private static final class Run {
        private final String agent;
        private final Double stated;
        private final Instant first;
        private Instant end;
        private long errors;

        Run(Envelope invocation) {
            agent = invocation.agentId();
            stated = invocation.durationMs();
            first = invocation.occurredAt();
            end = first;
        }

        double durationMs() {
            return stated != null && stated > 0
                    ? stated
                    : Duration.between(first, end).toNanos() / 1e6;
        }
    }

    /// Runs by their invocation, told by walking each agent's events of each trace in order.
    private static Map<Envelope, Run> runs(List<Envelope> events) {
        Map<Envelope, Run> runs = new HashMap<>();
        Map<String, List<Envelope>> groups =
                events.stream()
                        .collect(Collectors.groupingBy(e -> e.traceId() + "\n" + e.agentId()));
        for (List<Envelope> group : groups.values()) {
            List<Envelope> ordered =
                    group.stream().sorted(Comparator.comparing(Envelope::occurredAt)).toList();
            assertThat(new HashSet<>(ordered.stream().map(Envelope::occurredAt).toList()))
                    .as("times are distinct, so that arrival does not matter")
                    .hasSameSizeAs(ordered);
            Run current = null;
            for (Envelope event : ordered) {
                if (event.type() == EventType.INVOCATION) {
                    current = new Run(event);
                    runs.put(event, current);
                }
                if (current != null) {
                    current.errors += event.errored() ? 1 : 0;
                    current.end =
                            event.endedAt().isAfter(current.end) ? event.endedAt() : current.end;
                }
            }
        }
        return runs;
    }
}
