package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.CostCounts;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.LatencyStats;
import org.agentaudit.query.Period;
import org.agentaudit.query.RequestQuery;
import org.agentaudit.query.Tally;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.agentaudit.store.StoreOracle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Usage and cost reports against a plain fold over the same events, in batches of random size with
/// duplicates and any order, read while some of it is not in the roll-ups yet and after.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestReportsOracleIT implements TestPropertyProvider {

    private static final Instant START = Instant.parse("2026-02-27T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(5);
    private static final ZoneId ZONE = ZoneId.of("Asia/Kathmandu");
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));
    private static final Viewer AUDITOR = new Viewer("auditor", Set.of(Role.AUDITOR), List.of());
    private static final Comparator<String> CODE_POINTS = CountsQuery.CODE_POINTS;

    private final TestDatabase.Fresh database = TestDatabase.create();
    private final List<AuditEvent> stored = new ArrayList<>();
    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Inject EventStore store;
    @Inject RequestReports reports;
    @Inject RequestQuery requests;
    @Inject TransactionOperations<Connection> transactions;

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = new HashMap<>(database.properties());
        properties.put("portal.time-zone", ZONE.getId());
        return properties;
    }

    @BeforeAll
    void load() {
        System.out.println("RequestReportsOracleIT -Dseed=" + seed);
        List<NewEvent> all = RandomEvents.make(random, 5000, START, SPAN);
        Collections.shuffle(all, random);
        append(all.subList(0, 4000));
    }

    private void append(List<NewEvent> events) {
        List<NewEvent> sent = new ArrayList<>(events);
        sent.addAll(events.subList(0, events.size() / 10));
        int from = 0;
        while (from < sent.size()) {
            int to = Math.min(sent.size(), from + 1 + random.nextInt(300));
            store.append(sent.subList(from, to), List.of()).join();
            from = to;
        }
        events.forEach(event -> stored.add(event.event()));
    }

    /// Reports read right behind commits hold them already, whatever has been moved meanwhile.
    @Test
    void reports_atEveryMoment_equalTheFold() throws Exception {
        List<NewEvent> late = RandomEvents.make(random, 600, START, SPAN);
        for (int i = 0; i < 3; i++) {
            append(late.subList(200 * i, 200 * (i + 1)));
            Period whole = Period.of(START, START.plus(SPAN));
            assertCosts(OFFICER, whole);
            assertUsage(OFFICER, whole);
        }
        awaitMoved();
        for (int i = 0; i < 14; i++) {
            Instant from = START.plusSeconds(random.nextInt(200_000)).plusNanos(1000L * i);
            Instant to = from.plusSeconds(1 + random.nextInt(i < 3 ? 600 : 260_000));
            Period period = Period.of(from, to);
            Viewer viewer = i % 2 == 0 ? OFFICER : OPS;
            assertCosts(viewer, period);
            assertUsage(viewer, period);
            assertCandidates(viewer, period);
        }
        Period none = Period.of(START.minusSeconds(900), START.minusSeconds(1));
        assertCosts(OFFICER, none);
        assertUsage(OFFICER, none);
        assertThat(reports.cost(OFFICER, none, CostDimension.DAY).total()).isNull();
        assertThat(reports.usage(OFFICER, none).successRate()).isNull();
        assertThat(reports.usage(OFFICER, none).latency()).isNull();
        countAgainAsAnUpgradeDoes();
        Period cut = Period.of(START.plusSeconds(40_000), START.plusSeconds(333_333));
        for (Viewer viewer : List.of(OFFICER, OPS)) {
            assertCosts(viewer, cut);
            assertUsage(viewer, cut);
        }
        awaitMoved();
        assertCosts(OFFICER, cut);
        assertUsage(OFFICER, cut);
    }

    /// What the migration does with events that were stored before there were such counters.
    private void countAgainAsAnUpgradeDoes() throws Exception {
        String migration;
        try (InputStream in =
                Objects.requireNonNull(
                        getClass()
                                .getResourceAsStream(
                                        "/db/migration/V202611211920__model_requests.sql"))) {
            migration = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE request_open, rollup_request, rollup_response");
            statement.execute(migration.substring(migration.indexOf("INSERT INTO request_open")));
        }
    }

    private void awaitMoved() throws Exception {
        try (Connection connection = database.connect()) {
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (StoreOracle.count(connection, "SELECT count(*) FROM request_open") > 0) {
                assertThat(System.nanoTime()).as("moved in time").isLessThan(deadline);
                Thread.sleep(50);
            }
        }
    }

    private List<AuditEvent> in(Viewer viewer, Period period) {
        return stored.stream()
                .filter(
                        e ->
                                !e.envelope().occurredAt().isBefore(period.from())
                                        && e.envelope().occurredAt().isBefore(period.to()))
                .filter(e -> viewer != OPS || e.envelope().agentId().startsWith("ops/"))
                .toList();
    }

    private static List<AuditEvent> requests(List<AuditEvent> events) {
        return events.stream()
                .filter(e -> e.envelope().tokens() != null || e.envelope().cost() != null)
                .toList();
    }

    private static String name(@Nullable String key) {
        return key == null ? "unspecified" : key;
    }

    private static String key(AuditEvent event, CostDimension by) {
        Envelope e = event.envelope();
        return switch (by) {
            case MODEL -> name(e.model());
            case AGENT -> e.agentId();
            case DAY -> e.occurredAt().atZone(ZONE).toLocalDate().toString();
            case TASK -> name(e.taskId());
            case SESSION -> name(e.sessionId());
            case USER -> name(event.content().userId());
        };
    }

    /// Sums as one line, so that lists compare.
    private static String line(
            String key, @Nullable BigDecimal cost, TokenCounts tokens, long requests) {
        return "%s %s %s %d"
                .formatted(
                        key,
                        cost == null ? "null" : cost.stripTrailingZeros().toPlainString(),
                        tokens,
                        requests);
    }

    private static @Nullable BigDecimal cost(Collection<AuditEvent> events) {
        return events.stream()
                .map(e -> e.envelope().cost())
                .filter(cost -> cost != null)
                .reduce(BigDecimal::add)
                .orElse(null);
    }

    private static TokenCounts tokens(Collection<AuditEvent> events) {
        long[] sums = new long[3];
        for (AuditEvent event : events) {
            TokenCounts tokens = event.envelope().tokens();
            if (tokens != null) {
                sums[0] += tokens.input();
                sums[1] += tokens.output();
                sums[2] += tokens.cached();
            }
        }
        return new TokenCounts(sums[0], sums[1], sums[2]);
    }

    private static String line(String key, Collection<AuditEvent> events) {
        return line(key, cost(events), tokens(events), events.size());
    }

    private void assertCosts(Viewer viewer, Period period) {
        List<AuditEvent> in = requests(in(viewer, period));
        for (CostDimension by : CostDimension.values()) {
            Map<String, List<AuditEvent>> groups =
                    in.stream().collect(Collectors.groupingBy(e -> key(e, by)));
            List<String> expected =
                    groups.keySet().stream()
                            .sorted(
                                    Comparator.comparing(
                                                    (String key) -> cost(groups.get(key)),
                                                    Comparator.nullsLast(Comparator.reverseOrder()))
                                            .thenComparing(CODE_POINTS))
                            .map(key -> line(key, groups.get(key)))
                            .toList();
            CostReport report = reports.cost(viewer, period, by);
            assertThat(
                            report.rows().stream()
                                    .map(
                                            row ->
                                                    line(
                                                            row.key(),
                                                            row.cost(),
                                                            row.tokens(),
                                                            row.requests())))
                    .as("seed %d, %s of %s", seed, by, period)
                    .isEqualTo(expected);
            assertThat(line("", report.total(), TokenCounts.ZERO, report.requests()))
                    .isEqualTo(line("", cost(in), TokenCounts.ZERO, in.size()));
            assertThat(report.unpricedRequests())
                    .isEqualTo(in.stream().filter(e -> e.envelope().cost() == null).count());
            assertThat(report.period().firstEventAt()).isEqualTo(first(in));
            assertThat(report.completeness().events()).isEqualTo(in(viewer, period).size());
        }
    }

    private static @Nullable Instant first(List<AuditEvent> events) {
        return events.stream()
                .map(e -> e.envelope().occurredAt())
                .min(Instant::compareTo)
                .orElse(null);
    }

    /// What optimisations are worked out from, with limits that these events reach.
    private void assertCandidates(Viewer viewer, Period period) {
        BigDecimal above = new BigDecimal("0.01");
        CostCounts counts =
                requests.costs(
                        viewer,
                        period,
                        CostDimension.MODEL,
                        ZONE,
                        new RequestQuery.Thresholds(above, 2_000, 40));
        List<AuditEvent> in = requests(in(viewer, period));
        Map<String, List<AuditEvent>> pairs =
                in.stream()
                        .collect(
                                Collectors.groupingBy(
                                        e ->
                                                e.envelope().agentId()
                                                        + " "
                                                        + name(e.envelope().model())));
        assertThat(
                        counts.small().stream()
                                .map(
                                        small ->
                                                line(
                                                        small.agentId() + " " + small.model(),
                                                        small.sums().cost(),
                                                        small.sums().tokens(),
                                                        small.sums().requests())))
                .as("seed %d, %s", seed, period)
                .containsExactlyInAnyOrderElementsOf(
                        pairs.entrySet().stream()
                                .filter(
                                        pair ->
                                                cost(pair.getValue()) != null
                                                        && cost(pair.getValue()).compareTo(above)
                                                                > 0
                                                        && tokens(pair.getValue()).total()
                                                                < 2_000L * pair.getValue().size())
                                .map(pair -> line(pair.getKey(), pair.getValue()))
                                .toList());
        assertThat(
                        counts.uncached().stream()
                                .map(
                                        model ->
                                                line(
                                                        model.key(),
                                                        model.sums().cost(),
                                                        model.sums().tokens(),
                                                        model.sums().requests())))
                .as("seed %d, %s", seed, period)
                .containsExactlyInAnyOrderElementsOf(
                        in.stream()
                                .collect(Collectors.groupingBy(e -> name(e.envelope().model())))
                                .entrySet()
                                .stream()
                                .filter(model -> model.getValue().size() >= 40)
                                .filter(
                                        model ->
                                                tokens(model.getValue()).cached() * 2
                                                        < tokens(model.getValue()).input())
                                .map(model -> line(model.getKey(), model.getValue()))
                                .toList());
    }

    private void assertUsage(Viewer viewer, Period period) {
        List<AuditEvent> in =
                in(viewer, period).stream()
                        .filter(e -> e.envelope().type() == EventType.LLM_RESPONSE)
                        .toList();
        List<AuditEvent> successful = ended(in, Outcome.SUCCESS);
        List<AuditEvent> failed = ended(in, Outcome.FAILURE);
        UsageReport report = reports.usage(viewer, period);
        String when = "seed %d, %s".formatted(seed, period);
        assertThat(report.requests()).as(when).isEqualTo(in.size());
        assertThat(report.successful()).as(when).isEqualTo(successful.size());
        assertThat(report.failed()).as(when).isEqualTo(failed.size());
        assertThat(report.successful() + report.failed() + report.other())
                .isEqualTo(report.requests());
        int decided = successful.size() + failed.size();
        assertThat(report.successRate())
                .isEqualTo(decided == 0 ? null : (double) successful.size() / decided);
        assertThat(report.tokens()).as(when).isEqualTo(tokens(in));
        assertThat(report.period().firstEventAt()).as(when).isEqualTo(first(in));
        assertLatency(when, report.latency(), in);
        assertLatency(when, report.successLatency(), successful);
        assertLatency(when, report.failureLatency(), failed);
        assertTallies(when, report.byUser(), in, e -> name(e.content().userId()));
        assertTallies(when, report.byModel(), in, e -> name(e.envelope().model()));
        assertTallies(when, report.errorTypes(), failed, e -> name(e.envelope().errorType()));
    }

    private static List<AuditEvent> ended(List<AuditEvent> events, Outcome outcome) {
        return events.stream().filter(e -> e.envelope().outcome() == outcome).toList();
    }

    private static void assertTallies(
            String when,
            List<Tally> tallies,
            List<AuditEvent> events,
            Function<AuditEvent, String> key) {
        Map<String, Long> counts =
                events.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
        assertThat(tallies)
                .as(when)
                .isEqualTo(
                        counts.entrySet().stream()
                                .sorted(
                                        Map.Entry.<String, Long>comparingByValue(
                                                        Comparator.reverseOrder())
                                                .thenComparing(
                                                        Map.Entry.comparingByKey(CODE_POINTS)))
                                .map(
                                        entry ->
                                                new Tally(
                                                        entry.getKey(),
                                                        entry.getValue(),
                                                        (double) entry.getValue() / events.size()))
                                .toList());
    }

    private static void assertLatency(
            String when, @Nullable LatencyStats latency, List<AuditEvent> events) {
        List<Double> durations =
                events.stream()
                        .map(e -> e.envelope().durationMs())
                        .filter(duration -> duration != null && duration > 0)
                        .sorted()
                        .toList();
        if (durations.isEmpty()) {
            assertThat(latency).as(when).isNull();
            return;
        }
        assertThat(latency).as(when).isNotNull();
        assertThat(latency.n()).as(when).isEqualTo(durations.size());
        assertThat(latency.maxMs()).isEqualTo(durations.getLast());
        double mean = durations.stream().mapToDouble(d -> d).average().orElseThrow();
        assertThat(latency.meanMs()).isCloseTo(mean, within(1e-6));
        assertPercentile(when, latency.p50Ms(), durations, 0.5);
        assertPercentile(when, latency.p95Ms(), durations, 0.95);
        assertPercentile(when, latency.p99Ms(), durations, 0.99);
    }

    private static void assertPercentile(
            String when, double reported, List<Double> durations, double p) {
        double exact = durations.get((int) Math.ceil(p * durations.size()) - 1);
        assertThat(reported).as(when).isCloseTo(exact, within(exact * 0.01));
    }

    /// A producer may name as many users and sessions as it likes; what a report holds stays
    /// bounded.
    @Test
    void keysWithoutEnd_areListedToAThousand() {
        Instant at = START.plus(Duration.ofDays(40));
        int users = 1_100;
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            AuditEvent event =
                    EventBuilder.event(
                                    "flood-" + i,
                                    at.plusMillis(i),
                                    EventType.LLM_RESPONSE,
                                    "ops/flood",
                                    "answer")
                            .session("flood-session-" + i)
                            .user("flood-user-" + i)
                            .tokens(10, 5, 0)
                            .cost("0.01")
                            .build();
            events.add(new NewEvent(event, RandomEvents.digest(event), 1, new Prover()));
        }
        store.append(events, List.of()).join();
        Period period = Period.of(at.minusSeconds(7), at.plusSeconds(3_600));
        CostReport costs = reports.cost(OFFICER, period, CostDimension.SESSION);
        assertThat(costs.rows()).hasSize(1_000);
        assertThat(costs.total()).isEqualByComparingTo("11");
        List<Tally> byUser = reports.usage(OFFICER, period).byUser();
        assertThat(byUser).hasSize(1_001);
        assertThat(byUser.getLast()).isEqualTo(new Tally("(other)", 100, 100.0 / users));
    }

    /// Every masked row is one user's, with the numbers it had.
    @Test
    void users_forAnAuditor_areMaskedOneByOne() {
        Period period = Period.of(START, START.plusSeconds(90_000));
        List<CostReport.CostRow> clear = reports.cost(OFFICER, period, CostDimension.USER).rows();
        assertThat(clear).hasSizeGreaterThan(2);
        assertThat(reports.cost(AUDITOR, period, CostDimension.USER).rows())
                .isEqualTo(
                        clear.stream()
                                .map(
                                        row ->
                                                new CostReport.CostRow(
                                                        masked(row.key()),
                                                        row.cost(),
                                                        row.tokens(),
                                                        row.requests()))
                                .toList());
        assertThat(reports.usage(AUDITOR, period).byUser())
                .isEqualTo(
                        reports.usage(OFFICER, period).byUser().stream()
                                .map(t -> new Tally(masked(t.key()), t.count(), t.share()))
                                .toList())
                .anyMatch(tally -> tally.key().equals("[MASKED]"));
        assertThat(reports.cost(AUDITOR, period, CostDimension.SESSION).rows())
                .isEqualTo(reports.cost(OFFICER, period, CostDimension.SESSION).rows());
    }

    private static String masked(String key) {
        return key.equals("unspecified") ? key : "[MASKED]";
    }

    /// The numbers of whole quarter hours come from roll-ups: of events, a report reads no more
    /// than those of the broken quarter hours at its ends.
    @Test
    void report_overDays_readsOnlyTheEventsOfItsBrokenQuarterHours() {
        Instant from = START.plusSeconds(400);
        Instant to = START.plus(SPAN).minusSeconds(500);
        long atEnds =
                in(OFFICER, Period.of(from, START.plusSeconds(900))).size()
                        + in(OFFICER, Period.of(START.plus(SPAN).minusSeconds(900), to)).size();
        for (CostDimension by : CostDimension.values()) {
            // settles what is open, so that only reading is counted
            reports.cost(OFFICER, Period.of(from, to), by);
            assertThat(eventsRead(() -> reports.cost(OFFICER, Period.of(from, to), by)))
                    .as("by %s", by)
                    .isLessThanOrEqualTo(12 * atEnds);
        }
        assertThat(eventsRead(() -> reports.usage(OFFICER, Period.of(from, to))))
                .isLessThanOrEqualTo(12 * atEnds);
        assertThat(eventsRead(() -> reports.usage(OFFICER, Period.of(START, START.plus(SPAN)))))
                .isZero();
    }

    /// Rows of `audit_event` that PostgreSQL fetches for a report.
    private long eventsRead(Runnable report) {
        return transactions.executeWrite(
                status -> {
                    long before = fetched(status.getConnection());
                    report.run();
                    return fetched(status.getConnection()) - before;
                });
    }

    private static long fetched(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)
                                  FROM pg_stat_xact_user_tables
                                 WHERE relname LIKE 'audit_event%'
                                """)) {
            row.next();
            return row.getLong(1);
        }
    }
}
