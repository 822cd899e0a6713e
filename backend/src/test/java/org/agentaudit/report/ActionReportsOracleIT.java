package org.agentaudit.report;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.LatencyStats;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.agentaudit.store.StoreOracle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Tool usage, error analysis and action outcomes against a plain fold over the same events, which
/// come in random batches and any order, with reports read in between: a result may come before or
/// long after its call, and change what was settled. Checklist R2 to R4, Y2, Y5, K15; B-003-09,
/// B-003-10, B-003-14, B-003-15, B-003-16, B-002-01.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ActionReportsOracleIT implements TestPropertyProvider {

    private static final int EVENTS = 4_000;
    private static final int TRACES = 220;
    private static final Instant START = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(4);
    private static final String[] AGENTS = {
        "ops/planner", "ops/runner", "support", "研究", "a\uD83D\uDE00"
    };
    private static final String[] ACTIONS = {
        "search", "read", "böse\\%_", "\uFF5A", "\uD83D\uDE00"
    };
    private static final EventType[] TYPES = {
        EventType.TOOL_CALL,
        EventType.TOOL_CALL,
        EventType.TOOL_CALL,
        EventType.TOOL_RESULT,
        EventType.TOOL_RESULT,
        EventType.SKILL_CALL,
        EventType.EXTERNAL_CALL,
        EventType.DECISION,
        EventType.ERROR,
        EventType.LLM_RESPONSE
    };
    private static final String[] ERRORS = {
        "TimeoutError", "TimeoutError", "RateLimitError", "ValidationError", "OtherError", null
    };
    private static final Set<SourceFormat> WITHOUT_RESULTS =
            Set.of(SourceFormat.LOG_ENTRY, SourceFormat.REQUEST_LOG);

    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));
    private static final Viewer AUDITOR = new Viewer("auditor", Set.of(Role.AUDITOR), List.of());
    private static final Comparator<String> CODE_POINTS =
            (a, b) -> java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private final TestDatabase.Fresh database = TestDatabase.create();
    private final List<AuditEvent> stored = new ArrayList<>();
    private final Map<UUID, Integer> templates = new HashMap<>();
    private Random random = new Random();

    @Inject EventStore store;
    @Inject ActionReports reports;
    @Inject Reports others;

    @Override
    public Map<String, String> getProperties() {
        return database.properties();
    }

    @BeforeAll
    void load() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("ActionReportsOracleIT -Dseed=" + seed);
        random = new Random(seed);
        make();
        List<NewEvent> sent = new ArrayList<>();
        stored.forEach(e -> sent.add(new NewEvent(e, RandomEvents.digest(e), 1, new Prover())));
        Collections.shuffle(sent, random);
        int from = 0;
        while (from < sent.size()) {
            int to = Math.min(sent.size(), from + 1 + random.nextInt(400));
            store.append(sent.subList(from, to), List.of()).get();
            if (random.nextBoolean()) {
                reports.toolUsage(OFFICER, whole(), null);
            }
            from = to;
        }
    }

    private static Period whole() {
        return Period.of(START, START.plus(SPAN).plusSeconds(1));
    }

    /// Times are distinct, so that arrival decides nothing.
    private void make() {
        Set<Long> micros = new TreeSet<>();
        while (micros.size() < EVENTS) {
            micros.add((long) (random.nextDouble() * SPAN.toNanos() / 1000));
        }
        // traces are short in time, or a call would rarely find its result
        List<Long> times = new ArrayList<>(micros);
        List<List<String>> calls = new ArrayList<>();
        List<SourceFormat> formats = new ArrayList<>();
        for (int i = 0; i < TRACES; i++) {
            calls.add(new ArrayList<>());
            formats.add(i % 5 == 0 ? SourceFormat.LOG_ENTRY : SourceFormat.AUDIT_EVENT);
        }
        for (int i = 0; i < EVENTS; i++) {
            int trace = (i * TRACES / EVENTS + random.nextInt(3)) % TRACES;
            EventType type = TYPES[random.nextInt(TYPES.length)];
            String name = "e" + i;
            EventBuilder made =
                    event(
                                    name,
                                    START.plusNanos(1000 * times.get(i)),
                                    type,
                                    AGENTS[
                                            trace % 4 == 0
                                                    ? random.nextInt(2)
                                                    : trace % AGENTS.length],
                                    ACTIONS[random.nextInt(random.nextInt(4) == 0 ? 5 : 2)])
                            .trace("t" + trace)
                            .format(
                                    random.nextInt(60) == 0
                                            ? SourceFormat.REQUEST_LOG
                                            : formats.get(trace));
            List<String> earlier = calls.get(trace);
            if (random.nextInt(3) == 0 && !earlier.isEmpty()) {
                made.parent(earlier.get(random.nextInt(earlier.size())));
            }
            if (random.nextInt(3) == 0) {
                made.ms(random.nextInt(8) == 0 ? 0 : Math.exp(random.nextDouble() * 12));
            }
            if (type == EventType.ERROR || random.nextInt(6) == 0) {
                int template = random.nextInt(8);
                made.failed(ERRORS[random.nextInt(ERRORS.length)], message(template));
                templates.put(EventBuilder.id(name), template);
            } else if (random.nextInt(3) > 0 && type != EventType.TOOL_RESULT) {
                made.outcome(
                        random.nextInt(3) > 0
                                ? Outcome.UNKNOWN
                                : Outcome.values()[random.nextInt(Outcome.values().length)]);
            }
            stored.add(made.build());
            if (type == EventType.TOOL_CALL) {
                earlier.add(name);
            }
        }
    }

    private String message(int template) {
        int n = random.nextInt(1_000_000);
        return switch (template) {
            case 0 ->
                    "Timed out after %d ms calling https://h%d.example/x?id=%d".formatted(n, n, n);
            case 1 -> "No such file: /tmp/run-%d/out.log".formatted(n);
            case 2 ->
                    "Order %s not found".formatted(new UUID(random.nextLong(), random.nextLong()));
            case 3 -> "Cannot parse \"%s\" at line %d".formatted("x y ".repeat(n % 4), n);
            case 4 -> "Connection refused";
            case 5 -> "Session 0x%x expired".formatted(n);
            default -> null;
        };
    }

    private record Call(Envelope event, Outcome outcome, Double ms, boolean unpaired) {}

    /// Calls with what became of them, said as metrics.md says it and no faster.
    private List<Call> calls() {
        Map<String, List<Envelope>> traces =
                stored.stream()
                        .map(AuditEvent::envelope)
                        .sorted(Comparator.comparing(Envelope::occurredAt))
                        .collect(Collectors.groupingBy(Envelope::traceId));
        List<Call> calls = new ArrayList<>();
        for (List<Envelope> trace : traces.values()) {
            List<Envelope> toolCalls = ofType(trace, EventType.TOOL_CALL);
            List<Envelope> results = ofType(trace, EventType.TOOL_RESULT);
            Set<UUID> ids = toolCalls.stream().map(Envelope::id).collect(Collectors.toSet());
            Map<UUID, Envelope> resultOf = new HashMap<>();
            for (Envelope call : toolCalls) {
                results.stream()
                        .filter(r -> call.id().equals(r.parentEventId()))
                        .findFirst()
                        .ifPresent(r -> resultOf.put(call.id(), r));
            }
            List<Envelope> free = new ArrayList<>(results);
            free.removeIf(r -> r.parentEventId() != null && ids.contains(r.parentEventId()));
            for (Envelope call : toolCalls) {
                if (resultOf.containsKey(call.id())) {
                    continue;
                }
                free.stream()
                        .filter(r -> r.occurredAt().isAfter(call.occurredAt()))
                        .filter(r -> r.agentId().equals(call.agentId()))
                        .filter(r -> r.action().equals(call.action()))
                        .findFirst()
                        .ifPresent(
                                r -> {
                                    resultOf.put(call.id(), r);
                                    free.remove(r);
                                });
            }
            boolean recorded =
                    trace.stream().noneMatch(e -> WITHOUT_RESULTS.contains(e.sourceFormat()));
            for (Envelope e : trace) {
                Envelope result = resultOf.get(e.id());
                boolean own = e.outcome() != Outcome.UNKNOWN;
                boolean timed = e.durationMs() != null && e.durationMs() > 0;
                Double resultMs =
                        result == null || result.durationMs() == null || result.durationMs() == 0
                                ? null
                                : result.durationMs();
                calls.add(
                        new Call(
                                e,
                                own || result == null ? e.outcome() : result.outcome(),
                                timed ? e.durationMs() : resultMs,
                                e.type() == EventType.TOOL_CALL
                                        && recorded
                                        && result == null
                                        && !own));
            }
        }
        return calls;
    }

    private static List<Envelope> ofType(List<Envelope> events, EventType type) {
        return events.stream().filter(e -> e.type() == type).toList();
    }

    private static boolean in(Envelope e, Viewer viewer, Period period, String agent) {
        return !e.occurredAt().isBefore(period.from())
                && e.occurredAt().isBefore(period.to())
                && (viewer != OPS || e.agentId().startsWith("ops/"))
                && (agent == null || e.agentId().equals(agent));
    }

    /// Periods of every kind: within a quarter hour, over some, over whole days.
    private List<Period> periods() {
        List<Period> periods = new ArrayList<>(List.of(whole()));
        periods.add(Period.of(START.plus(Duration.ofDays(1)), START.plus(Duration.ofDays(3))));
        periods.add(Period.of(START.plusSeconds(900), START.plusSeconds(2700)));
        for (int i = 0; i < 12; i++) {
            Instant from =
                    START.plusNanos(1000L * random.nextInt(1_500_000_000))
                            .plusSeconds(random.nextInt(250_000));
            periods.add(
                    Period.of(from, from.plusSeconds(1 + random.nextInt(i < 4 ? 1_500 : 250_000))));
        }
        return periods;
    }

    @Test
    void toolUsage_equalsTheFold() {
        List<Call> all = calls();
        long compared = 0;
        for (Period period : periods()) {
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                for (String agent : java.util.Arrays.asList(null, "ops/runner", "研究")) {
                    List<Call> calls =
                            all.stream()
                                    .filter(c -> c.event.type() == EventType.TOOL_CALL)
                                    .filter(c -> in(c.event, viewer, period, agent))
                                    .toList();
                    ToolUsageReport report = reports.toolUsage(viewer, period, agent);
                    String about = viewer.username() + " " + agent + " " + period;
                    assertThat(report.calls()).as(about).isEqualTo(calls.size());
                    assertThat(report.unpairedCalls())
                            .as(about)
                            .isEqualTo(calls.stream().filter(Call::unpaired).count())
                            .isEqualTo(report.completeness().unpairedCalls());
                    assertTools(about, report.tools(), calls);
                    if (agent != null) {
                        assertThat(others.agent(viewer, agent, period).tools())
                                .isEqualTo(report.tools());
                    }
                    compared += calls.size();
                }
            }
        }
        assertThat(compared).isGreaterThan(5_000);
        assertThat(all).anyMatch(Call::unpaired).anyMatch(c -> c.event.outcome() != c.outcome);
    }

    private static void assertTools(
            String about, List<AgentAudit.ToolUsage> tools, List<Call> calls) {
        Map<String, List<Call>> byTool =
                calls.stream().collect(Collectors.groupingBy(c -> c.event.action()));
        List<String> order =
                byTool.keySet().stream()
                        .sorted(
                                Comparator.<String>comparingInt(t -> -byTool.get(t).size())
                                        .thenComparing(CODE_POINTS))
                        .toList();
        assertThat(tools).as(about).extracting(AgentAudit.ToolUsage::tool).isEqualTo(order);
        for (AgentAudit.ToolUsage tool : tools) {
            List<Call> own = byTool.get(tool.tool());
            long errors = own.stream().filter(c -> c.outcome == Outcome.FAILURE).count();
            assertThat(tool.calls()).as(about).isEqualTo(own.size());
            assertThat(tool.errors()).as(about).isEqualTo(errors);
            assertThat(tool.errorRate()).isEqualTo((double) errors / own.size());
            double[] ms =
                    own.stream().filter(c -> c.ms != null).mapToDouble(Call::ms).sorted().toArray();
            LatencyStats latency = tool.latency();
            if (ms.length == 0) {
                assertThat(latency).as(about).isNull();
                continue;
            }
            assertThat(latency.n()).as(about).isEqualTo(ms.length);
            double mean = java.util.Arrays.stream(ms).average().orElseThrow();
            assertThat(latency.meanMs()).as(about).isCloseTo(mean, within(mean * 1e-9));
            assertThat(latency.maxMs()).as(about).isEqualTo(ms[ms.length - 1]);
            assertPercentile(about, ms, 0.5, latency.p50Ms());
            assertPercentile(about, ms, 0.95, latency.p95Ms());
            assertPercentile(about, ms, 0.99, latency.p99Ms());
        }
    }

    private static void assertPercentile(String about, double[] sorted, double p, double reported) {
        double exact = sorted[(int) Math.ceil(p * sorted.length) - 1];
        assertThat(reported).as(about + " p" + p).isCloseTo(exact, within(exact * 0.01));
    }

    @Test
    void actionOutcomes_equalTheFold() {
        Set<EventType> types =
                Set.of(
                        EventType.TOOL_CALL,
                        EventType.SKILL_CALL,
                        EventType.EXTERNAL_CALL,
                        EventType.DECISION);
        List<Call> all = calls();
        long compared = 0;
        for (Period period : periods()) {
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                int minimum = random.nextInt(3) == 0 ? 0 : random.nextInt(12);
                Map<List<String>, List<Outcome>> groups =
                        all.stream()
                                .filter(c -> types.contains(c.event.type()))
                                .filter(c -> in(c.event, viewer, period, null))
                                .filter(
                                        c ->
                                                c.outcome != Outcome.UNKNOWN
                                                        && c.outcome != Outcome.PENDING)
                                .collect(
                                        Collectors.groupingBy(
                                                c -> List.of(c.event.agentId(), c.event.action()),
                                                Collectors.mapping(
                                                        Call::outcome, Collectors.toList())));
                List<ActionOutcome> expected =
                        groups.entrySet().stream()
                                .filter(group -> group.getValue().size() > minimum)
                                .map(group -> outcome(group.getKey(), group.getValue()))
                                .sorted(
                                        Comparator.comparingDouble(ActionOutcome::successRate)
                                                .thenComparing(ActionOutcome::agentId, CODE_POINTS)
                                                .thenComparing(ActionOutcome::action, CODE_POINTS))
                                .toList();
                assertThat(reports.actionOutcomes(viewer, period, minimum))
                        .as("%s %s > %d", viewer.username(), period, minimum)
                        .isEqualTo(expected);
                compared += expected.size();
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    private static ActionOutcome outcome(List<String> key, List<Outcome> outcomes) {
        long successes = Collections.frequency(outcomes, Outcome.SUCCESS);
        return new ActionOutcome(
                key.get(0),
                key.get(1),
                outcomes.size(),
                successes,
                Collections.frequency(outcomes, Outcome.FAILURE),
                (double) successes / outcomes.size());
    }

    @Test
    void errorAnalysis_equalsTheFold() {
        int suggested = 0;
        for (Period period : periods()) {
            for (Viewer viewer : List.of(OFFICER, OPS, AUDITOR)) {
                for (String agent : java.util.Arrays.asList(null, "ops/runner")) {
                    List<AuditEvent> errors =
                            stored.stream()
                                    .filter(e -> e.envelope().errored())
                                    .filter(e -> in(e.envelope(), viewer, period, agent))
                                    .toList();
                    ErrorAnalysisReport report = reports.errorAnalysis(viewer, period, agent);
                    String about = viewer.username() + " " + agent + " " + period;
                    assertThat(report.errors()).as(about).isEqualTo(errors.size());
                    Map<String, Long> types =
                            counts(
                                    errors,
                                    e ->
                                            java.util.Objects.requireNonNullElse(
                                                    e.errorType(), "unspecified"));
                    assertThat(report.errorTypes())
                            .as(about)
                            .isEqualTo(tallies(types, errors.size()));
                    assertThat(report.byAgent())
                            .as(about)
                            .isEqualTo(tallies(counts(errors, Envelope::agentId), errors.size()));
                    assertMessages(about, report, errors, viewer);
                    suggested += suggestions(about, report, types, period, errors);
                }
            }
        }
        assertThat(suggested).isPositive();
    }

    private static Map<String, Long> counts(
            List<AuditEvent> events, java.util.function.Function<Envelope, String> key) {
        return events.stream()
                .map(AuditEvent::envelope)
                .collect(Collectors.groupingBy(key, Collectors.counting()));
    }

    private static List<Tally> tallies(Map<String, Long> counts, long whole) {
        return counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey(CODE_POINTS)))
                .map(e -> new Tally(e.getKey(), e.getValue(), (double) e.getValue() / whole))
                .toList();
    }

    /// Groups are told apart by how their messages were made, whatever their fingerprint is.
    private void assertMessages(
            String about, ErrorAnalysisReport report, List<AuditEvent> errors, Viewer viewer) {
        Map<Integer, List<AuditEvent>> groups =
                errors.stream()
                        .filter(e -> e.content().errorMessage() != null)
                        .collect(Collectors.groupingBy(e -> templates.get(e.envelope().id())));
        assertThat(report.messages())
                .as(about)
                .extracting(m -> m.count() + " " + m.lastSeen() + " " + m.share())
                .containsExactlyInAnyOrderElementsOf(
                        groups.values().stream()
                                .map(
                                        group ->
                                                group.size()
                                                        + " "
                                                        + group.stream()
                                                                .map(e -> e.envelope().occurredAt())
                                                                .max(Instant::compareTo)
                                                                .orElseThrow()
                                                        + " "
                                                        + (double) group.size() / errors.size())
                                .toList());
        assertThat(report.messages())
                .extracting(ErrorAnalysisReport.MessageTally::count)
                .isSortedAccordingTo(Comparator.reverseOrder());
        for (ErrorAnalysisReport.MessageTally tally : report.messages()) {
            if (viewer == AUDITOR) {
                assertThat(tally.sample()).isEqualTo(Disclosure.MASKED);
                assertThat(tally.fingerprint()).isEqualTo(Disclosure.MASKED);
                assertThat(tally.revealed()).isNull();
                continue;
            }
            List<AuditEvent> group =
                    groups.values().stream()
                            .filter(
                                    events ->
                                            events.stream()
                                                    .anyMatch(
                                                            e ->
                                                                    e.envelope()
                                                                            .id()
                                                                            .equals(
                                                                                    tally
                                                                                            .revealed())))
                            .findFirst()
                            .orElseThrow();
            assertThat(group).hasSize((int) tally.count());
            assertThat(group)
                    .anyMatch(
                            e ->
                                    e.envelope().id().equals(tally.revealed())
                                            && tally.sample().equals(e.content().errorMessage()));
        }
    }

    private static int suggestions(
            String about,
            ErrorAnalysisReport report,
            Map<String, Long> types,
            Period period,
            List<AuditEvent> errors) {
        double days =
                Math.max(1, Duration.between(period.from(), period.to()).toNanos() / 86_400e9);
        Map<String, Integer> limits = new java.util.LinkedHashMap<>();
        limits.put("TimeoutError", 10);
        limits.put("RateLimitError", 5);
        limits.put("ValidationError", 3);
        limits.entrySet().removeIf(e -> types.getOrDefault(e.getKey(), 0L) <= e.getValue() * days);
        assertThat(report.suggestions())
                .as(about)
                .extracting(ErrorAnalysisReport.Suggestion::errorType)
                .containsExactlyElementsOf(limits.keySet());
        for (ErrorAnalysisReport.Suggestion suggestion : report.suggestions()) {
            assertThat(suggestion.count()).isEqualTo(types.get(suggestion.errorType()));
            assertThat(suggestion.because())
                    .contains(String.format(Locale.ROOT, "%d errors", suggestion.count()));
            assertThat(suggestion.evidence())
                    .hasSize((int) Math.min(20, suggestion.count()))
                    .allMatch(e -> suggestion.errorType().equals(e.envelope().errorType()));
            assertThat(errors.stream().map(e -> e.envelope().id()).toList())
                    .containsAll(
                            suggestion.evidence().stream().map(e -> e.envelope().id()).toList());
        }
        return report.suggestions().size();
    }

    /// A hostile agent invents names: lists stay bounded, and nothing is lost from their sums.
    @Test
    void moreThan1000Names_areSummedUnderOther() throws Exception {
        Instant early = Instant.parse("2025-01-05T10:00:00Z");
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < 1010; i++) {
            for (int k = 0; k < (i < 7 ? 2 : 1); k++) {
                AuditEvent made =
                        event(
                                        "many" + i + "-" + k,
                                        early.plusMillis(i * 10L + k),
                                        EventType.TOOL_CALL,
                                        "hostile",
                                        "tool-%04d".formatted(i))
                                .trace("many" + i % 3)
                                .ms(i + 1)
                                .failed(null, "Cannot " + word(i))
                                .build();
                events.add(new NewEvent(made, RandomEvents.digest(made), 1, new Prover()));
            }
        }
        store.append(events, List.of()).get();
        for (Period period :
                List.of(
                        Period.of(early, early.plusSeconds(60)),
                        Period.of(early.minusSeconds(36_000), early.plusSeconds(50_400)))) {
            ToolUsageReport report = reports.toolUsage(OFFICER, period, null);
            assertThat(report.calls()).isEqualTo(1017);
            assertThat(report.tools()).hasSize(1001);
            AgentAudit.ToolUsage rest = report.tools().getLast();
            assertThat(rest.tool()).isEqualTo("(other)");
            assertThat(rest.calls()).isEqualTo(10);
            assertThat(rest.errors()).isEqualTo(10);
            assertThat(rest.latency().meanMs()).isEqualTo(1005.5);
            assertThat(rest.latency().maxMs()).isEqualTo(1010);
            assertThat(rest.latency().p50Ms()).isCloseTo(1005, within(10.0));
            List<ActionOutcome> outcomes = reports.actionOutcomes(OFFICER, period, 0);
            assertThat(outcomes).hasSize(1001);
            assertThat(outcomes.getLast())
                    .isEqualTo(new ActionOutcome("(other)", "(other)", 10, 0, 10, 0));
            assertThat(reports.errorAnalysis(OFFICER, period, null).messages()).hasSize(1000);
        }
    }

    /// A word of its own for each number, without digits.
    private static String word(int i) {
        StringBuilder word = new StringBuilder();
        for (int rest = i + 1; rest > 0; rest /= 10) {
            word.append("ghijklmnop".charAt(rest % 10));
        }
        return word.toString();
    }

    /// What was changed by differences, hundreds of times, equals what a count from scratch gives.
    @Test
    void rollups_equalTheirRows() throws Exception {
        reports.toolUsage(OFFICER, whole(), null);
        String calls =
                """
                SELECT agent_id, event_type, action, start, calls, errors, successes, failures, partials, unpaired,
                       timed, round(sum_ms, 3), max_ms
                """;
        String counted =
                """
                SELECT agent_id, event_type, action,
                       date_bin('%s', occurred_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS start,
                       count(*) AS calls,
                       count(*) FILTER (WHERE outcome = 'FAILURE' AND event_type = 'TOOL_CALL') AS errors,
                       count(*) FILTER (WHERE outcome = 'SUCCESS') AS successes,
                       count(*) FILTER (WHERE outcome = 'FAILURE') AS failures,
                       count(*) FILTER (WHERE outcome = 'PARTIAL') AS partials,
                       count(*) FILTER (WHERE unpaired) AS unpaired,
                       count(duration_ms) AS timed,
                       coalesce(sum(CAST(CAST(duration_ms AS text) AS numeric)), 0) AS sum_ms,
                       coalesce(max(duration_ms), 0) AS max_ms
                  FROM trace_call
                 GROUP BY 1, 2, 3, 4
                """;
        try (Connection connection = database.connect()) {
            for (String[] span : new String[][] {{"QUARTER", "15 minutes"}, {"DAY", "1 day"}}) {
                String kept = calls + " FROM rollup_call WHERE span = '" + span[0] + "'";
                String recount = calls + " FROM (" + counted.formatted(span[1]) + ") c";
                assertThat(
                                StoreOracle.count(
                                        connection,
                                        "SELECT count(*) FROM ((%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)) d"
                                                .formatted(kept, recount)))
                        .as(span[0])
                        .isZero();
            }
            assertThat(StoreOracle.count(connection, "SELECT count(*) FROM trace_touched"))
                    .isZero();
        }
    }
}
