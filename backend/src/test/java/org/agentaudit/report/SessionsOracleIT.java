package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Regression;
import org.agentaudit.analysis.RegressionQuery;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.graphql.InternalQueries;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.Session;
import org.agentaudit.query.SessionOrder;
import org.agentaudit.query.SessionQuery;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.agentaudit.verify.Difference;
import org.agentaudit.verify.StoreVerifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Sessions, token profile and regressions against a plain fold over the same events, which arrive
/// in batches of random size and in any order, some of them after the sessions were read.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsOracleIT implements TestPropertyProvider {

    private static final Instant START = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(3);
    private static final Period ALL =
            Period.of(START.minus(SPAN), START.plus(SPAN.multipliedBy(3)));
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));

    private final TestDatabase.Fresh database = TestDatabase.create();
    private final List<AuditEvent> stored = new ArrayList<>();
    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Inject EventStore store;
    @Inject EventQuery events;
    @Inject SessionQuery sessions;
    @Inject TokenProfiles profiles;
    @Inject RegressionQuery regressions;
    @Inject StoreVerifier verifier;
    @Inject InternalQueries queries;

    @Override
    public Map<String, String> getProperties() {
        return database.properties();
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("SessionsOracleIT -Dseed=" + seed);
        List<AuditEvent> all = RandomSessions.make(random, 3000, START, SPAN);
        Collections.shuffle(all, random);
        List<AuditEvent> late = all.subList(0, 600);
        store(all.subList(600, all.size()));
        // settles what is there, so that the rest changes sessions that are known
        assertThat(sessions.page(OFFICER, ALL, SessionOrder.NEWEST_FIRST, first(5, null)).edges())
                .hasSize(5);
        store(late);
    }

    private void store(List<AuditEvent> all) throws Exception {
        int from = 0;
        while (from < all.size()) {
            int to = Math.min(all.size(), from + 1 + random.nextInt(300));
            store.append(
                            all.subList(from, to).stream()
                                    .map(
                                            event ->
                                                    new NewEvent(
                                                            event,
                                                            RandomEvents.digest(event),
                                                            1,
                                                            new Prover()))
                                    .toList(),
                            List.of())
                    .get();
            from = to;
        }
        stored.addAll(all);
    }

    private static PageRequest first(int size, @Nullable String after) {
        return PageRequest.first(size, after);
    }

    @Test
    void sessions_inEveryOrder_equalTheFold() {
        for (int i = 0; i < 8; i++) {
            Period period = i == 0 ? ALL : period(i < 3 ? 300 : 100_000);
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                for (SessionOrder order : SessionOrder.values()) {
                    String what = "seed %d, %s, %s, %s".formatted(seed, period, viewer, order);
                    assertThat(read(viewer, period, order, 17))
                            .as(what)
                            .usingRecursiveComparison()
                            .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                            .isEqualTo(expected(viewer, period, order));
                }
            }
        }
    }

    @Test
    void pages_backwards_giveTheSameList() {
        for (SessionOrder order : SessionOrder.values()) {
            List<String> backwards = new ArrayList<>();
            String before = null;
            boolean more = true;
            while (more) {
                Page<Session> page =
                        sessions.page(OFFICER, ALL, order, new PageRequest(null, null, 23, before));
                List<Session> nodes = new ArrayList<>(page.nodes());
                Collections.reverse(nodes);
                nodes.forEach(session -> backwards.add(session.id()));
                before = page.startCursor();
                more = page.hasPreviousPage();
            }
            Collections.reverse(backwards);
            assertThat(backwards)
                    .isEqualTo(read(OFFICER, ALL, order, 1000).stream().map(Session::id).toList());
        }
    }

    @Test
    void page_saysWhatLiesAround() {
        Page<Session> page = sessions.page(OFFICER, ALL, SessionOrder.NEWEST_FIRST, first(1, null));
        assertThat(page.hasPreviousPage()).isFalse();
        assertThat(page.hasNextPage()).isTrue();
        page =
                sessions.page(
                        OFFICER, ALL, SessionOrder.NEWEST_FIRST, first(1000, page.endCursor()));
        assertThat(page.hasPreviousPage()).isTrue();
        assertThat(page.hasNextPage()).isFalse();
        assertThat(sessions.page(OFFICER, ALL, SessionOrder.SLOWEST_FIRST, first(0, null)).edges())
                .isEmpty();
    }

    @Test
    void cursor_survivesSessionsThatCome() throws Exception {
        List<String> before =
                read(OFFICER, ALL, SessionOrder.NEWEST_FIRST, 1000).stream()
                        .map(Session::id)
                        .toList();
        Page<Session> page =
                sessions.page(OFFICER, ALL, SessionOrder.NEWEST_FIRST, first(20, null));
        Set<String> seen = new HashSet<>(page.nodes().stream().map(Session::id).toList());
        Instant now = START.plus(SPAN.multipliedBy(2));
        List<AuditEvent> more = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            more.add(
                    EventBuilder.event("new" + i, now.plusSeconds(i), EventType.ERROR, "new", "x")
                            .trace("new" + i)
                            .session("new " + i)
                            .build());
        }
        store(more);
        while (page.hasNextPage()) {
            page =
                    sessions.page(
                            OFFICER, ALL, SessionOrder.NEWEST_FIRST, first(20, page.endCursor()));
            page.nodes().forEach(session -> assertThat(seen.add(session.id())).isTrue());
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void cursor_thatIsNoneOfThisList_isRefused() {
        String good =
                Objects.requireNonNull(
                        sessions.page(OFFICER, ALL, SessionOrder.NEWEST_FIRST, first(1, null))
                                .endCursor());
        for (String cursor :
                List.of("", "x", "!", "MTox", "A".repeat(5000), good + "A".repeat(1000))) {
            assertThatThrownBy(
                            () ->
                                    sessions.page(
                                            OFFICER,
                                            ALL,
                                            SessionOrder.NEWEST_FIRST,
                                            first(1, cursor)))
                    .as(cursor)
                    .isInstanceOf(BadInputException.class);
        }
        assertThatThrownBy(
                        () ->
                                sessions.page(
                                        OFFICER, ALL, SessionOrder.SLOWEST_FIRST, first(1, good)))
                .isInstanceOf(BadInputException.class);
    }

    @Test
    void session_alone_equalsTheOneOfTheList_andHasItsEvents() {
        for (Viewer viewer : List.of(OFFICER, OPS)) {
            for (Session session :
                    read(viewer, ALL, SessionOrder.MOST_ERRORS_FIRST, 1000).subList(0, 10)) {
                assertThat(sessions.byId(viewer, session.id())).contains(session);
                assertThat(
                                events.find(
                                                viewer,
                                                EventFilter.builder()
                                                        .sessionId(session.id())
                                                        .build(),
                                                EventOrder.OLDEST_FIRST,
                                                first(1000, null))
                                        .edges())
                        .hasSize((int) session.eventCount());
            }
        }
        assertThat(sessions.byId(OFFICER, "nowhere")).isEmpty();
        assertThat(sessions.byId(OFFICER, "n\0ne")).isEmpty();
    }

    @Test
    void tokenProfile_ofAnyPeriodAgentAndScope_equalsTheFold() {
        for (int i = 0; i < 12; i++) {
            Period period = i == 0 ? ALL : period(i < 4 ? 600 : 150_000);
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                for (String agent :
                        Stream.concat(Stream.of("*"), RandomSessions.AGENTS.stream()).toList()) {
                    String agentId = agent.equals("*") ? null : agent;
                    Map<String, List<Envelope>> used = used(viewer, period, agentId);
                    TokenProfile profile = profiles.of(viewer, period, agentId);
                    String what = "seed %d, %s, %s, %s".formatted(seed, period, viewer, agent);
                    assertThat(profile.sessions()).as(what).isEqualTo(used.size());
                    long[] totals = totals(used);
                    if (totals.length == 0) {
                        assertThat(profile.meanTokensPerSession()).as(what).isNull();
                        assertThat(profile.p95TokensPerSession()).as(what).isNull();
                        assertThat(profile.cost()).as(what).isNull();
                        continue;
                    }
                    assertThat(profile.meanTokensPerSession())
                            .as(what)
                            .isCloseTo(mean(totals), within(1e-6));
                    int rank = (95 * totals.length + 99) / 100;
                    double p95 = totals[rank - 1];
                    assertThat(profile.p95TokensPerSession())
                            .as(what)
                            .isCloseTo(p95, within(p95 * 0.01));
                    long input = sum(used, TokenCounts::input);
                    if (input == 0) {
                        assertThat(profile.cacheRate()).as(what).isNull();
                    } else {
                        assertThat(profile.cacheRate())
                                .as(what)
                                .isCloseTo(
                                        (double) sum(used, TokenCounts::cached) / input,
                                        within(1e-9));
                    }
                    assertThat(profile.cost())
                            .as(what)
                            .usingComparator(Comparator.nullsFirst(BigDecimal::compareTo))
                            .isEqualTo(cost(used.values().stream().flatMap(List::stream).toList()));
                }
            }
        }
    }

    @Test
    void regressions_betweenAnyPeriods_equalTheFold() {
        int found = 0;
        for (int i = 0; i < 30; i++) {
            Period baseline = period(200_000);
            Period current = period(200_000);
            for (Viewer viewer : List.of(OFFICER, OPS)) {
                List<Regression> expected = regressions(viewer, baseline, current, null);
                found += expected.size();
                assertSame(
                        regressions.compare(viewer, baseline, current, null),
                        expected,
                        "seed %d, %s, %s".formatted(seed, baseline, current));
                for (String agent : RandomSessions.AGENTS) {
                    List<Regression> ofAgent = regressions(viewer, baseline, current, agent);
                    assertSame(
                            regressions.compare(viewer, baseline, current, agent), ofAgent, agent);
                }
            }
        }
        assertThat(found).isPositive();
    }

    @Test
    void graphQl_answersWhatTheReadSideSays_andRefusesTheRest() {
        String period = "period: {from: \"%s\", to: \"%s\"}".formatted(ALL.from(), ALL.to());
        Session first =
                sessions.page(OFFICER, ALL, SessionOrder.SLOWEST_FIRST, first(1, null))
                        .nodes()
                        .getFirst();
        assertThat(
                        ask(
                                OFFICER,
                                "sessions("
                                        + period
                                        + ", order: SLOWEST_FIRST, first: 1) { pageInfo { hasNextPage } nodes {"
                                        + " id startedAt endedAt agentIds iterations retries cacheRate tokens { total }"
                                        + " events(first: 1) { totalCount } } }"))
                .contains("id=" + first.id(), "totalCount=" + first.eventCount())
                .doesNotContain("errors");
        assertThat(ask(OFFICER, "session(id: \"" + first.id() + "\") { id durationMs cost }"))
                .contains("id=" + first.id());
        assertThat(ask(OFFICER, "session(id: \"nowhere\") { id }")).contains("session=null");
        assertThat(
                        ask(
                                OPS,
                                "tokenProfile("
                                        + period
                                        + ", agentId: \"ops/runner\") { sessions p95TokensPerSession"
                                        + " period { firstEventAt } completeness { events } }"))
                .contains("sessions=" + profiles.of(OPS, ALL, "ops/runner").sessions());
        assertThat(
                        ask(
                                OFFICER,
                                "regressions(baseline: {from: \"2020-01-01T00:00:00Z\", to: \"2020-01-02T00:00:00Z\"}, current: {from: \"%s\", to: \"%s\"}) { metric change }"
                                        .formatted(ALL.from(), ALL.to())))
                .contains("regressions=[]");
        for (String bad :
                List.of(
                        "sessions(" + period + ", after: \"x\") { nodes { id } }",
                        "sessions(" + period + ", first: 1001) { nodes { id } }",
                        "sessions(" + period + ", first: -1) { nodes { id } }",
                        "sessions(period: {from: \"2026-01-02T00:00:00Z\", to: \"2026-01-02T00:00:00Z\"}) { nodes { id } }",
                        "session(id: \"a\\u0000b\") { id }")) {
            assertThat(ask(OFFICER, bad)).as(bad).contains("BAD_USER_INPUT");
        }
        Viewer admin = new Viewer("admin", Set.of(Role.ADMIN), List.of());
        assertThat(ask(admin, "session(id: \"x\") { id }")).contains("FORBIDDEN");
    }

    private String ask(Viewer viewer, String field) {
        return queries.read(viewer, "{ " + field + " }").toString();
    }

    @Test
    void verify_recountsSessions() throws Exception {
        assertThat(verifier.verify((all, done) -> {}).first()).as("seed %d", seed).isEmpty();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String change :
                    List.of(
                            "UPDATE session_part SET errors = errors + 1 WHERE events > 1",
                            "DELETE FROM session_part WHERE events = 1",
                            "UPDATE session_part SET quarter = quarter + interval '900 days'",
                            "UPDATE agent_session SET total_tokens = total_tokens + 1",
                            "DELETE FROM agent_session",
                            "UPDATE rollup_session SET sessions = sessions + 1")) {
                assertThat(statement.executeUpdate(change)).isPositive();
                connection.commit();
                assertThat(verifier.verify((all, done) -> {}).counts())
                        .as(change)
                        .containsOnlyKeys(Difference.Kind.COUNTER_WRONG);
                rebuild(statement);
                connection.commit();
                assertThat(verifier.verify((all, done) -> {}).passed()).as(change).isTrue();
            }
        }
    }

    /// As the migration settles what was stored before it.
    private void rebuild(Statement statement) throws SQLException {
        statement.execute("TRUNCATE session_part, session_run, agent_session, rollup_session");
        statement.execute(
                "INSERT INTO trace_touched (trace_id, version) SELECT trace_id, 1 FROM trace"
                        + " ON CONFLICT DO NOTHING");
        statement.getConnection().commit();
        sessions.page(OFFICER, ALL, SessionOrder.NEWEST_FIRST, first(1, null));
    }

    private static void assertSame(
            List<Regression> actual, List<Regression> expected, String what) {
        assertThat(actual)
                .as(what)
                .usingRecursiveComparison()
                .withComparatorForType(
                        (a, b) -> Math.abs(a - b) < 1e-6 ? 0 : Double.compare(a, b), Double.class)
                .isEqualTo(expected);
    }

    private Period period(int seconds) {
        Instant from =
                START.plusSeconds(random.nextInt(200_000))
                        .plusNanos(1000L * random.nextInt(1_000_000));
        return Period.of(from, from.plusSeconds(1 + random.nextInt(seconds)));
    }

    private List<Session> read(Viewer viewer, Period period, SessionOrder order, int size) {
        List<Session> all = new ArrayList<>();
        String after = null;
        boolean more = true;
        while (more) {
            Page<Session> page = sessions.page(viewer, period, order, first(size, after));
            all.addAll(page.nodes());
            after = page.endCursor();
            more = page.hasNextPage();
        }
        return all;
    }

    private Stream<Envelope> visible(Viewer viewer) {
        return stored.stream()
                .map(AuditEvent::envelope)
                .filter(e -> viewer == OFFICER || e.agentId().startsWith("ops/"))
                .sorted(Comparator.comparing(Envelope::occurredAt));
    }

    private static boolean in(Envelope e, Period period) {
        return !e.occurredAt().isBefore(period.from()) && e.occurredAt().isBefore(period.to());
    }

    private List<Session> expected(Viewer viewer, Period period, SessionOrder order) {
        Map<String, List<Envelope>> bySession =
                visible(viewer)
                        .filter(e -> e.sessionId() != null)
                        .collect(Collectors.groupingBy(e -> Objects.requireNonNull(e.sessionId())));
        Comparator<Session> descending =
                switch (order) {
                    case NEWEST_FIRST -> Comparator.comparing(Session::startedAt);
                    case SLOWEST_FIRST -> Comparator.comparingDouble(Session::durationMs);
                    case MOST_TOKENS_FIRST ->
                            Comparator.comparingLong(session -> session.tokens().total());
                    case MOST_ERRORS_FIRST -> Comparator.comparingLong(Session::errorCount);
                };
        return bySession.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(e -> in(e, period)))
                .map(entry -> session(entry.getKey(), entry.getValue()))
                .sorted(descending.reversed().thenComparing(Session::id))
                .toList();
    }

    private Session session(String id, List<Envelope> own) {
        Instant end =
                own.stream().map(Envelope::endedAt).max(Comparator.naturalOrder()).orElseThrow();
        Instant start = own.getFirst().occurredAt();
        return new Session(
                id,
                start,
                end,
                Duration.between(start, end).toNanos() / 1e6,
                own.stream().map(Envelope::agentId).distinct().toList(),
                own.size(),
                own.stream().filter(Envelope::errored).count(),
                iterations(own),
                retries(own),
                new TokenCounts(
                        tokens(own, TokenCounts::input),
                        tokens(own, TokenCounts::output),
                        tokens(own, TokenCounts::cached)),
                cost(own));
    }

    /// Walks each agent's events of each trace, whatever their session, and counts the responses of
    /// this one between invocations.
    private long iterations(List<Envelope> own) {
        Set<Envelope> mine = new HashSet<>(own);
        long most = 0;
        Map<String, List<Envelope>> runs =
                visible(OFFICER)
                        .collect(Collectors.groupingBy(e -> e.traceId() + "\n" + e.agentId()));
        for (List<Envelope> group : runs.values()) {
            long n = 0;
            for (Envelope e : group) {
                if (e.type() == EventType.INVOCATION) {
                    n = 0;
                } else if (e.type() == EventType.LLM_RESPONSE && mine.contains(e)) {
                    most = Math.max(most, ++n);
                }
            }
        }
        return most;
    }

    private long retries(List<Envelope> own) {
        long retries = 0;
        Map<String, List<Envelope>> groups =
                own.stream().collect(Collectors.groupingBy(Envelope::agentId));
        for (List<Envelope> group : groups.values()) {
            List<Envelope> steps =
                    group.stream()
                            .filter(
                                    e ->
                                            e.type() == EventType.RETRY
                                                    || e.type() == EventType.TOOL_CALL)
                            .toList();
            for (int i = 0; i < steps.size(); i++) {
                Envelope step = steps.get(i);
                Envelope before = i == 0 ? null : steps.get(i - 1);
                if (step.type() == EventType.RETRY
                        || before != null
                                && before.type() == EventType.TOOL_CALL
                                && before.action().equals(step.action())
                                && outcome(before) == Outcome.FAILURE
                                && params(before).equals(params(step))) {
                    retries++;
                }
            }
        }
        return retries;
    }

    /// Own outcome, else that of its result: calls of a trace, agent and action in order each take
    /// the earliest later result that is left.
    private Outcome outcome(Envelope call) {
        if (call.outcome() != Outcome.UNKNOWN) {
            return call.outcome();
        }
        List<Envelope> waiting = new ArrayList<>();
        for (Envelope e : visible(OFFICER).toList()) {
            if (!e.traceId().equals(call.traceId())
                    || !e.agentId().equals(call.agentId())
                    || !e.action().equals(call.action())) {
                continue;
            }
            if (e.type() == EventType.TOOL_CALL) {
                waiting.add(e);
            } else if (e.type() == EventType.TOOL_RESULT && !waiting.isEmpty()) {
                if (waiting.removeFirst().equals(call)) {
                    return e.outcome();
                }
            }
        }
        return Outcome.UNKNOWN;
    }

    private String params(Envelope call) {
        String params =
                stored.stream()
                        .filter(event -> event.envelope().id().equals(call.id()))
                        .findFirst()
                        .orElseThrow()
                        .content()
                        .params();
        return params == null ? "" : params.contains("2") ? "2" : "1";
    }

    /// The period's events of sessions with tokens in it.
    private Map<String, List<Envelope>> used(
            Viewer viewer, Period period, @Nullable String agentId) {
        Map<String, List<Envelope>> used =
                visible(viewer)
                        .filter(e -> e.sessionId() != null && in(e, period))
                        .filter(e -> agentId == null || e.agentId().equals(agentId))
                        .collect(Collectors.groupingBy(e -> Objects.requireNonNull(e.sessionId())));
        used.values().removeIf(own -> own.stream().allMatch(e -> e.tokens() == null));
        return new HashMap<>(used);
    }

    private static long[] totals(Map<String, List<Envelope>> used) {
        return used.values().stream()
                .mapToLong(own -> tokens(own, TokenCounts::total))
                .sorted()
                .toArray();
    }

    private static double mean(long[] totals) {
        return Arrays.stream(totals).average().orElseThrow();
    }

    private static long sum(Map<String, List<Envelope>> used, ToLongFunction<TokenCounts> of) {
        return used.values().stream().mapToLong(own -> tokens(own, of)).sum();
    }

    private static long tokens(List<Envelope> events, ToLongFunction<TokenCounts> of) {
        return events.stream().map(Envelope::tokens).filter(Objects::nonNull).mapToLong(of).sum();
    }

    private static @Nullable BigDecimal cost(List<Envelope> events) {
        return events.stream()
                .map(Envelope::cost)
                .filter(Objects::nonNull)
                .reduce(BigDecimal::add)
                .orElse(null);
    }

    private List<Regression> regressions(
            Viewer viewer, Period baseline, Period current, @Nullable String agentId) {
        List<Regression> found = new ArrayList<>();
        long[] before = totals(used(viewer, baseline, agentId));
        long[] after = totals(used(viewer, current, agentId));
        if (before.length >= 20
                && after.length >= 20
                && mean(before) > 0
                && mean(after) > 1.2 * mean(before)) {
            double change = (mean(after) - mean(before)) / mean(before);
            found.add(
                    new Regression(
                            "token_usage",
                            "performance",
                            Severity.WARNING,
                            mean(before),
                            mean(after),
                            change,
                            "+"
                                    + tenths(
                                            Arrays.stream(after).sum() * before.length
                                                    - Arrays.stream(before).sum() * after.length,
                                            Arrays.stream(before).sum() * after.length)
                                    + " %",
                            before.length,
                            after.length));
        }
        long[] runsBefore = runs(viewer, baseline, agentId);
        long[] runsAfter = runs(viewer, current, agentId);
        if (runsBefore[0] >= 20 && runsAfter[0] >= 20) {
            double rateBefore = 1 - (double) runsBefore[1] / runsBefore[0];
            double rateAfter = 1 - (double) runsAfter[1] / runsAfter[0];
            if (rateAfter < rateBefore - 0.05) {
                double points = 100 * (rateAfter - rateBefore);
                found.add(
                        new Regression(
                                "success_rate",
                                "functionality",
                                Severity.CRITICAL,
                                rateBefore,
                                rateAfter,
                                points,
                                tenths(
                                                runsBefore[1] * runsAfter[0]
                                                        - runsAfter[1] * runsBefore[0],
                                                runsBefore[0] * runsAfter[0])
                                        + " percentage points",
                                runsBefore[0],
                                runsAfter[0]));
            }
        }
        return found;
    }

    /// Hundred times the quotient, one decimal, half up.
    private static String tenths(long dividend, long divisor) {
        return BigDecimal.valueOf(dividend)
                .multiply(BigDecimal.valueOf(100))
                .divide(BigDecimal.valueOf(divisor), 1, RoundingMode.HALF_UP)
                .toPlainString();
    }

    /// Invocations of the period, and how many of them have an errored event before the next.
    private long[] runs(Viewer viewer, Period period, @Nullable String agentId) {
        long[] runs = new long[2];
        visible(viewer)
                .filter(e -> agentId == null || e.agentId().equals(agentId))
                .collect(Collectors.groupingBy(e -> e.traceId() + "\n" + e.agentId()))
                .values()
                .forEach(
                        group -> {
                            boolean counted = false;
                            boolean failed = false;
                            for (Envelope e : group) {
                                if (e.type() == EventType.INVOCATION) {
                                    counted = in(e, period);
                                    failed = false;
                                    runs[0] += counted ? 1 : 0;
                                }
                                if (counted && !failed && e.errored()) {
                                    failed = true;
                                    runs[1]++;
                                }
                            }
                        });
        return runs;
    }
}
