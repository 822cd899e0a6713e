package org.agentaudit.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Outcome;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.PageRequest;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.Test;

/// Findings that are no rules of thumb equal a recount in plain Java, also when data comes late:
/// then they are those of both recounts, before and after.
class FindingsOracleIT {
    private static final Instant START = Instant.parse("2026-09-07T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-05T12:00:00Z");
    private static final int DAYS = 56;
    private static final List<String> TOOLS = List.of("search", "fetch", "mail", "pay", "rare");
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final FindingFilter ALL =
            new FindingFilter(null, null, null, null, null, null, null);

    /// What is expected of a finding.
    private record Expected(FindingKind kind, String agent, Instant occurredAt) {}

    @Test
    void findings_randomEvents_equalARecountInJava() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed of the findings: " + seed);
        Random random = new Random(seed);
        List<AuditEvent> all = events(random);
        // whole traces and single events come late
        Set<String> lateTraces = new HashSet<>();
        List<AuditEvent> early = new ArrayList<>();
        List<AuditEvent> late = new ArrayList<>();
        for (AuditEvent event : all) {
            if (random.nextInt(400) == 0) {
                lateTraces.add(event.envelope().traceId());
            }
            boolean isLate =
                    lateTraces.contains(event.envelope().traceId()) || random.nextInt(60) == 0;
            (isLate ? late : early).add(event);
        }
        Map<String, Object> properties = new HashMap<>(TestDatabase.create().properties());
        // what is found while only a part is stored stays, so nothing may look early
        properties.put("portal.background", "false");
        try (ApplicationContext context =
                ApplicationContext.builder()
                        .properties(properties)
                        .singletons(Clock.fixed(NOW, ZoneOffset.UTC))
                        .start()) {
            List<AuditEvent> stored = new ArrayList<>(store(context, early, 0));
            Map<UUID, Expected> first = recount(stored);
            assertThat(found(context)).as("seed %d", seed).isEqualTo(first);
            Map<FindingKind, Integer> kinds = new EnumMap<>(FindingKind.class);
            first.values().forEach(e -> kinds.merge(e.kind(), 1, Integer::sum));
            System.out.println("findings compared: " + kinds);
            assertThat(kinds)
                    .as("seed %d", seed)
                    .containsKeys(
                            FindingKind.ITERATION_LIMIT,
                            FindingKind.DELEGATION_DEPTH,
                            FindingKind.EXCESSIVE_RETRIES,
                            FindingKind.DURATION_OUTLIER,
                            FindingKind.UNUSUAL_TOOL,
                            FindingKind.TOKEN_REGRESSION,
                            FindingKind.SUCCESS_REGRESSION);

            stored.addAll(store(context, late, 1L << 40));
            Map<UUID, Expected> both = recount(stored);
            both.putAll(first); // the first detection stays
            assertThat(found(context)).as("seed %d", seed).isEqualTo(both);
            assertThat(context.getBean(Findings.class).count(OFFICER, ALL))
                    .isGreaterThanOrEqualTo(both.size());
        }
    }

    private static Map<UUID, Expected> found(ApplicationContext context) {
        Map<UUID, Expected> found = new LinkedHashMap<>();
        String after = null;
        Findings findings = context.getBean(Findings.class);
        while (true) {
            var page = findings.page(OFFICER, ALL, PageRequest.first(100, after));
            page.nodes().stream()
                    .filter(f -> !f.heuristic())
                    .forEach(
                            f ->
                                    found.put(
                                            f.id(),
                                            new Expected(f.kind(), f.agentId(), f.occurredAt())));
            if (!page.hasNextPage()) {
                return found;
            }
            after = page.endCursor();
        }
    }

    /// Stores in one commit, so that no detector sees a part, in random order.
    private static List<AuditEvent> store(
            ApplicationContext context, List<AuditEvent> events, long arrivals) throws Exception {
        List<NewEvent> batch = new ArrayList<>();
        List<AuditEvent> arrived = new ArrayList<>();
        Prover prover = new Prover();
        for (AuditEvent event : events) {
            batch.add(new NewEvent(event, RandomEvents.digest(event), 1, prover));
            arrived.add(
                    new AuditEvent(
                            arrival(event.envelope(), arrivals + batch.size()), event.content()));
        }
        assertThat(context.getBean(EventStore.class).append(batch, List.of()).get())
                .containsOnly(AppendResult.STORED);
        return arrived;
    }

    private static Envelope arrival(Envelope e, long arrival) {
        return new Envelope(
                e.id(),
                e.occurredAt(),
                e.receivedAt(),
                arrival,
                e.type(),
                e.typeName(),
                e.agentId(),
                e.traceId(),
                e.traceDerived(),
                e.parentEventId(),
                e.sessionId(),
                e.conversationId(),
                e.taskId(),
                e.source(),
                e.action(),
                e.paramCount(),
                e.confidence(),
                e.handoff(),
                e.intervention(),
                e.outcome(),
                e.errored(),
                e.errorType(),
                e.durationMs(),
                e.tokens(),
                e.cost(),
                e.model(),
                e.version(),
                e.permissionLevel(),
                e.resources(),
                e.sensitive(),
                e.tier(),
                e.summary(),
                e.redactions(),
                e.sourceFormat(),
                e.producer(),
                e.seq());
    }

    // ------------------------------------------------------------ random events

    private static List<AuditEvent> events(Random random) {
        List<AuditEvent> events = new ArrayList<>();
        for (int day = 0; day < DAYS; day++) {
            for (int a = 0; a < 2; a++) {
                for (int run = 0; run < 4 + random.nextInt(3); run++) {
                    run(random, day, "agent-" + a, "run-" + day + "-" + a + "-" + run, events);
                }
                tokens(random, day, a, events);
            }
        }
        Collections.shuffle(events, random);
        return events;
    }

    /// Tokens in traces of their own, some in sessions of two days; more of them towards the end.
    private static void tokens(Random random, int day, int agent, List<AuditEvent> events) {
        for (int i = 0; i < 5; i++) {
            String name = "tokens-" + day + "-" + agent + "-" + i;
            String session = i < 2 ? "long-" + day / 2 + "-" + agent + "-" + i : name;
            EventBuilder used =
                    EventBuilder.event(
                                    name,
                                    START.plus(Duration.ofDays(day))
                                            .plusSeconds(random.nextInt(86_000)),
                                    EventType.LLM_RESPONSE,
                                    "agent-" + agent,
                                    "answer")
                            .trace(name)
                            .tokens(
                                    (day < DAYS - 12 ? 800 : 1_050) + random.nextInt(200),
                                    random.nextInt(100),
                                    0);
            // what belongs to no session does not count
            events.add(
                    (random.nextInt(10) == 0 ? used.tokens(90_000, 0, 0) : used.session(session))
                            .build());
        }
    }

    private static void run(
            Random random, int day, String agent, String name, List<AuditEvent> events) {
        Instant at =
                START.plus(Duration.ofDays(day)).plusSeconds(random.nextInt(80_000)).plusMillis(1);
        String trace = random.nextInt(8) == 0 ? name.substring(0, name.length() - 2) : name;
        String session = "session-" + day + "-" + random.nextInt(2);
        EventBuilder invocation =
                EventBuilder.event(name, at, EventType.INVOCATION, agent, "task").session(session);
        double ms =
                1_000 * Math.exp(random.nextGaussian() / 4) * (random.nextInt(40) == 0 ? 20 : 1);
        boolean stated = random.nextInt(4) > 0;
        if (stated) {
            invocation.ms(Math.round(ms));
        }
        events.add(invocation.trace(trace).build());
        int steps = random.nextInt(12) == 0 ? 14 : 3 + random.nextInt(4);
        boolean bad = day >= DAYS - 12 && random.nextInt(4) == 0;
        String call = null;
        String tool = null;
        int n = 0;
        for (int i = 0; i < steps; i++) {
            at = at.plusMillis(1 + (stated ? random.nextInt(40) : Math.round(ms / steps)));
            String id = name + "-" + i;
            events.add(
                    EventBuilder.event(id + "r", at, EventType.LLM_RESPONSE, agent, "answer")
                            .trace(trace)
                            .session(session)
                            .build());
            boolean again = tool != null && random.nextInt(2) == 0;
            if (!again) {
                boolean rare = day > 40 && random.nextInt(60) == 0;
                tool = TOOLS.get(rare ? 4 : random.nextInt(day > 35 ? 4 : 3));
                n = random.nextInt(3);
            }
            if (random.nextInt(6) == 0) {
                events.add(
                        EventBuilder.event(id + "t", at.plusMillis(1), EventType.RETRY, agent, tool)
                                .trace(trace)
                                .session(session)
                                .build());
            }
            call = id + "c";
            boolean failed = random.nextInt(bad ? 2 : 12) == 0;
            boolean byResult = random.nextBoolean();
            EventBuilder toolCall =
                    EventBuilder.event(call, at.plusMillis(2), EventType.TOOL_CALL, agent, tool)
                            .trace(trace)
                            .session(session)
                            .params(
                                    random.nextBoolean()
                                            ? "{\"n\":" + n + ",\"m\":1}"
                                            : "{\"m\":1,\"n\":" + n + "}");
            events.add((failed && !byResult ? toolCall.failed("E", null) : toolCall).build());
            EventBuilder result =
                    EventBuilder.event(
                                    id + "s", at.plusMillis(3), EventType.TOOL_RESULT, agent, tool)
                            .trace(trace)
                            .session(session)
                            .parent(call);
            events.add((failed && byResult ? result.failed("E", null) : result).build());
            if (random.nextInt(40) == 0) {
                events.add(
                        EventBuilder.event(
                                        id + "h", at.plusMillis(4), EventType.HANDOFF, agent, "to")
                                .trace(trace)
                                .session(session)
                                .handoff(agent, "other", random.nextInt(8))
                                .build());
            }
        }
    }

    // ------------------------------------------------------------ the recount

    private static final class Run {
        final List<Envelope> events = new ArrayList<>();
        Envelope invocation;
        Instant start;
        double durationMs;
        boolean failed;

        String name() {
            return invocation == null
                    ? "-"
                    : Long.toString(
                            invocation.occurredAt().getEpochSecond() * 1_000_000
                                    + invocation.occurredAt().getNano() / 1_000);
        }
    }

    private static final Comparator<Envelope> ORDER =
            Comparator.comparing(Envelope::occurredAt).thenComparingLong(Envelope::arrival);

    private static Map<UUID, Expected> recount(Collection<AuditEvent> stored) {
        Map<UUID, Expected> expected = new HashMap<>();
        Map<UUID, String> params = new HashMap<>();
        stored.forEach(e -> params.put(e.envelope().id(), String.valueOf(e.content().params())));
        List<Envelope> ordered = stored.stream().map(AuditEvent::envelope).sorted(ORDER).toList();
        Map<String, List<Run>> runsOfAgent = new HashMap<>();
        Map<String, Run> current = new HashMap<>();
        Map<String, Envelope> deep = new HashMap<>();
        for (Envelope e : ordered) {
            String key = e.traceId() + "|" + e.agentId();
            Run run = current.get(key);
            if (run == null || e.type() == EventType.INVOCATION) {
                run = new Run();
                run.invocation = e.type() == EventType.INVOCATION ? e : null;
                current.put(key, run);
                runsOfAgent.computeIfAbsent(e.agentId(), a -> new ArrayList<>()).add(run);
            }
            run.events.add(e);
            Handoff handoff = e.handoff();
            if (handoff != null && handoff.depth() != null && handoff.depth() > 5) {
                deep.putIfAbsent(e.traceId(), e);
            }
        }
        deep.forEach((trace, e) -> add(expected, FindingKind.DELEGATION_DEPTH, e, List.of(trace)));
        runsOfAgent.forEach(
                (agent, runs) -> {
                    runs.forEach(FindingsOracleIT::finish);
                    runs.sort(Comparator.comparing((Run r) -> r.start));
                    iterations(expected, agent, runs);
                    durations(expected, agent, runs);
                    successes(expected, agent, runs);
                });
        ordered.stream()
                .filter(e -> e.sessionId() != null && e.tokens() != null)
                .collect(Collectors.groupingBy(Envelope::agentId))
                .forEach((agent, events) -> tokens(expected, agent, events));
        retries(expected, ordered, params);
        tools(expected, ordered);
        return expected;
    }

    private static void finish(Run run) {
        run.start = run.events.getFirst().occurredAt();
        run.failed = run.events.stream().anyMatch(Envelope::errored);
        Instant end =
                run.events.stream().map(Envelope::endedAt).max(Instant::compareTo).orElseThrow();
        Double stated = run.invocation == null ? null : run.invocation.durationMs();
        run.durationMs =
                stated != null && stated > 0
                        ? stated
                        : Duration.between(run.start, end).toNanos() / 1e6;
    }

    private static void iterations(Map<UUID, Expected> expected, String agent, List<Run> runs) {
        for (Run run : runs) {
            List<Envelope> responses =
                    run.events.stream().filter(e -> e.type() == EventType.LLM_RESPONSE).toList();
            if (responses.size() > 10) {
                Envelope e = responses.get(10);
                add(
                        expected,
                        FindingKind.ITERATION_LIMIT,
                        e,
                        List.of(e.traceId(), agent, run.name()));
            }
        }
    }

    private static void durations(Map<UUID, Expected> expected, String agent, List<Run> runs) {
        for (Run run : runs) {
            double[] earlier =
                    runs.stream()
                            .filter(r -> r.start.isBefore(run.start) && r.durationMs > 0)
                            .mapToDouble(r -> Math.log(r.durationMs))
                            .toArray();
            if (earlier.length < 20 || run.durationMs <= 0) {
                continue;
            }
            double median = median(earlier);
            double mad = median(Arrays.stream(earlier).map(x -> Math.abs(x - median)).toArray());
            double limit = Math.max(Math.exp(median + 5 * 1.4826 * mad), 2 * Math.exp(median));
            if (run.durationMs > limit) {
                Double stated = run.invocation == null ? null : run.invocation.durationMs();
                Envelope crossing =
                        stated != null && stated > 0
                                ? run.invocation
                                : run.events.stream()
                                        .filter(
                                                e ->
                                                        Duration.between(run.start, e.endedAt())
                                                                                .toNanos()
                                                                        / 1e6
                                                                > limit)
                                        .findFirst()
                                        .orElseThrow();
                add(
                        expected,
                        FindingKind.DURATION_OUTLIER,
                        crossing,
                        List.of(crossing.traceId(), agent, run.name()));
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    private static void successes(Map<UUID, Expected> expected, String agent, List<Run> runs) {
        TreeMap<LocalDate, List<Run>> days = new TreeMap<>();
        for (Run run : runs) {
            if (run.invocation != null) {
                days.computeIfAbsent(
                                run.start.atZone(ZoneOffset.UTC).toLocalDate(),
                                d -> new ArrayList<>())
                        .add(run);
            }
        }
        Set<String> weeks = new HashSet<>();
        for (LocalDate day : days.keySet()) {
            List<Run> now = between(days, day.minusDays(6), day);
            List<Run> before = between(days, day.minusDays(34), day.minusDays(7));
            String week =
                    "%d-W%02d"
                            .formatted(
                                    day.get(IsoFields.WEEK_BASED_YEAR),
                                    day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            if (now.size() >= 20
                    && before.size() >= 20
                    && rate(before) - rate(now) > 0.05 + 1e-9
                    && weeks.add(week)) {
                Envelope last =
                        days.get(day).stream().map(r -> r.invocation).max(ORDER).orElseThrow();
                add(expected, FindingKind.SUCCESS_REGRESSION, last, List.of(agent, week));
            }
        }
    }

    /// @param events of sessions, with tokens, in order
    private static void tokens(Map<UUID, Expected> expected, String agent, List<Envelope> events) {
        TreeMap<LocalDate, List<Envelope>> days = new TreeMap<>();
        for (Envelope e : events) {
            days.computeIfAbsent(
                            e.occurredAt().atZone(ZoneOffset.UTC).toLocalDate(),
                            d -> new ArrayList<>())
                    .add(e);
        }
        for (LocalDate day : days.keySet()) {
            List<Envelope> now = used(days, day.minusDays(6), day);
            List<Envelope> before = used(days, day.minusDays(34), day.minusDays(7));
            long sessionsNow = now.stream().map(Envelope::sessionId).distinct().count();
            long sessionsBefore = before.stream().map(Envelope::sessionId).distinct().count();
            if (sessionsNow >= 20
                    && sessionsBefore >= 20
                    && 5 * total(now) * sessionsBefore > 6 * total(before) * sessionsNow) {
                String week =
                        "%d-W%02d"
                                .formatted(
                                        day.get(IsoFields.WEEK_BASED_YEAR),
                                        day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
                add(
                        expected,
                        FindingKind.TOKEN_REGRESSION,
                        days.get(day).getLast(),
                        List.of(agent, week));
            }
        }
    }

    private static List<Envelope> used(
            TreeMap<LocalDate, List<Envelope>> days, LocalDate from, LocalDate to) {
        return days.subMap(from, true, to, true).values().stream().flatMap(List::stream).toList();
    }

    private static long total(List<Envelope> events) {
        return events.stream().mapToLong(e -> Objects.requireNonNull(e.tokens()).total()).sum();
    }

    private static List<Run> between(
            TreeMap<LocalDate, List<Run>> days, LocalDate from, LocalDate to) {
        return days.subMap(from, true, to, true).values().stream().flatMap(List::stream).toList();
    }

    private static double rate(List<Run> runs) {
        return runs.stream().filter(r -> !r.failed).count() / (double) runs.size();
    }

    private static void retries(
            Map<UUID, Expected> expected, List<Envelope> ordered, Map<UUID, String> params) {
        Set<UUID> failed = new HashSet<>();
        for (Envelope e : ordered) {
            // in these events every result names its call
            if (e.type() == EventType.TOOL_CALL && e.outcome() == Outcome.FAILURE) {
                failed.add(e.id());
            } else if (e.type() == EventType.TOOL_RESULT && e.outcome() == Outcome.FAILURE) {
                failed.add(e.parentEventId());
            }
        }
        Map<String, List<Envelope>> groups =
                ordered.stream()
                        .filter(e -> e.sessionId() != null)
                        .filter(e -> e.type() == EventType.TOOL_CALL || e.type() == EventType.RETRY)
                        .collect(Collectors.groupingBy(e -> e.sessionId() + "|" + e.agentId()));
        for (List<Envelope> group : groups.values()) {
            int retries = 0;
            Envelope call = null;
            boolean announced = false;
            for (Envelope e : group) {
                boolean counts;
                if (e.type() == EventType.RETRY) {
                    counts = true;
                    announced = true;
                } else {
                    counts =
                            !announced
                                    && call != null
                                    && failed.contains(call.id())
                                    && call.action().equals(e.action())
                                    && members(params.get(call.id()))
                                            .equals(members(params.get(e.id())));
                    announced = false;
                    call = e;
                }
                if (counts && ++retries == 4) {
                    add(
                            expected,
                            FindingKind.EXCESSIVE_RETRIES,
                            e,
                            List.of(Objects.requireNonNull(e.sessionId()), e.agentId()));
                }
            }
        }
    }

    private static Set<String> members(String params) {
        return Set.of(params.replaceAll("[{}]", "").split(","));
    }

    private static void tools(Map<UUID, Expected> expected, List<Envelope> ordered) {
        List<Envelope> calls =
                ordered.stream().filter(e -> e.type() == EventType.TOOL_CALL).toList();
        for (Envelope call : calls) {
            List<Envelope> before =
                    calls.stream()
                            .filter(e -> e.agentId().equals(call.agentId()))
                            .filter(
                                    e ->
                                            !e.occurredAt()
                                                    .isBefore(
                                                            call.occurredAt()
                                                                    .minus(Duration.ofDays(30))))
                            .filter(e -> e.occurredAt().isBefore(call.occurredAt()))
                            .toList();
            if (before.size() >= 100
                    && before.stream().noneMatch(e -> e.action().equals(call.action()))) {
                add(
                        expected,
                        FindingKind.UNUSUAL_TOOL,
                        call,
                        List.of(call.agentId(), call.action()));
            }
        }
    }

    private static void add(
            Map<UUID, Expected> expected, FindingKind kind, Envelope e, List<String> subject) {
        UUID id =
                new Detected(
                                kind,
                                Severity.INFO,
                                subject,
                                "",
                                null,
                                null,
                                Instant.EPOCH,
                                null,
                                null,
                                "",
                                null,
                                List.of())
                        .id();
        expected.putIfAbsent(id, new Expected(kind, e.agentId(), e.occurredAt()));
    }
}
