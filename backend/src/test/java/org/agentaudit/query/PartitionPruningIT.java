package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;
import org.agentaudit.report.ActionReports;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Which partitions the portal's own queries read, and how many pages of them, as PostgreSQL counts
/// it: what was really executed, not what a copy of the statement would plan (issue 3, point 9).
class PartitionPruningIT {
    private static final int CONNECTIONS = 4;
    private static final int MONTHS = 4;
    private static final int EVENTS_A_MONTH = 12_000;
    private static final int EVENTS_A_TRACE = 20;
    private static final int PAGE = 2;
    private static final int DEEP = 10_000;
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Set<String> MARCH_ONLY = Set.of("2026_03");

    private static final TestDatabase.Fresh DATABASE = TestDatabase.create();
    private static ApplicationContext context;

    @BeforeAll
    static void load() throws SQLException {
        Map<String, Object> settings = new HashMap<>(DATABASE.properties());
        // few connections, since each has to be asked for its counters
        settings.put("datasources.default.maximum-pool-size", CONNECTIONS);
        settings.put("portal.background", false);
        context = ApplicationContext.builder().properties(settings).start();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            for (int month = 1; month <= MONTHS; month++) {
                statement.execute("SELECT ensure_partition(DATE '2026-0" + month + "-01')");
            }
            statement.execute(
                    """
                    CREATE TEMP TABLE made AS
                    SELECT i, 'trace-' || (i / %1$d) AS trace_id,
                           CAST(md5('event' || i) AS uuid) AS event_id,
                           make_timestamptz(2026, 1 + i / %2$d, 1, 0, 0, 0, 'UTC')
                               + make_interval(mins => 3 * (i %% %2$d)) AS at
                      FROM generate_series(0, %2$d * %3$d - 1) i;
                    INSERT INTO audit_event (trace_id, occurred_at, event_id, arrival, received_at, event_type, type_name,
                                             agent_id, trace_derived, source, action, param_count, outcome, errored, tier,
                                             summary, source_format)
                    SELECT trace_id, at, event_id, 1048576 + i, at,
                           CASE WHEN i %% 5 = 0 THEN 'TOOL_CALL' ELSE 'REASONING' END, 'agent.reasoning',
                           CASE WHEN i %% 2 = 0 THEN 'ops/planner' ELSE 'ops/runner' END, false, 'AGENT', 'think', 0,
                           'SUCCESS', i / 2 %% 2 = 0, 'INFO', 'thought', 'AUDIT_EVENT'
                      FROM made;
                    INSERT INTO event_content (trace_id, occurred_at, event_id, reasoning, words)
                    SELECT trace_id, at, event_id, 'because ' || i, to_tsvector('simple', 'because rare' || i %% 1000)
                      FROM made;
                    INSERT INTO event_key (event_id, trace_id, occurred_at, digest, redaction_rules)
                    SELECT event_id, trace_id, at, '\\x00', 1 FROM made;
                    INSERT INTO trace (trace_id, first_at, last_at, derived, events)
                    SELECT trace_id, min(at), max(at), false, count(*) FROM made GROUP BY trace_id;
                    INSERT INTO agent (agent_id, first_seen, last_seen)
                    SELECT * FROM (VALUES ('ops/planner', now(), now()), ('ops/runner', now(), now())) a;
                    """
                            .formatted(EVENTS_A_TRACE, EVENTS_A_MONTH, MONTHS));
            // as on a store that has been in use: statistics, and nothing left to tidy up
            statement.execute("VACUUM ANALYZE audit_event, event_content, event_key, trace, agent");
        }
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @TestFactory
    Stream<DynamicTest> queries_readOnlyThePartitionsTheyNeed() {
        EventFilter.Builder march = EventFilter.builder().from(MARCH).to(APRIL);
        EventFilter day =
                EventFilter.builder()
                        .from(MARCH.plusSeconds(40_000))
                        .to(MARCH.plusSeconds(90_000))
                        .build();
        Period broken = Period.of(MARCH.plusSeconds(100), MARCH.plusSeconds(86_400 + 100));
        return Stream.of(
                reads("explorer, a month", () -> find(march.build(), null)),
                reads("explorer, part of a day", () -> find(day, null)),
                reads(
                        "an agent's events",
                        () -> find(march.agentIds(List.of("ops/runner")).build(), null)),
                reads(
                        "failures",
                        () ->
                                find(
                                        EventFilter.builder()
                                                .from(MARCH)
                                                .to(APRIL)
                                                .errored(true)
                                                .build(),
                                        null)),
                reads(
                        "text",
                        () ->
                                find(
                                        EventFilter.builder()
                                                .from(MARCH)
                                                .to(APRIL)
                                                .text("rare7")
                                                .build(),
                                        null)),
                reads("number of matches", () -> events().count(OFFICER, day)),
                reads("an event by its id", () -> events().byId(OFFICER, idIn("2026_03"))),
                reads(
                        "the timeline of a trace",
                        () ->
                                context.getBean(TraceQuery.class)
                                        .timeline(OFFICER, traceIn("2026_03"), 100)),
                reads(
                        "a trace",
                        () -> context.getBean(TraceQuery.class).byId(OFFICER, traceIn("2026_03"))),
                reads(
                        "a day of broken quarter hours",
                        () -> context.getBean(CountsQuery.class).counts(OFFICER, broken, null)));
    }

    private interface Work {
        Object run() throws SQLException;
    }

    private static DynamicTest reads(String name, Work query) {
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    // a statement is planned anew until its plan is kept: both kinds are looked at
                    for (int i = 0; i < 12; i++) {
                        Map<String, Long> before = scans();
                        assertThat(query.run()).isNotNull();
                        Map<String, Long> after = scans();
                        Set<String> months = new HashSet<>();
                        after.forEach(
                                (partition, count) -> {
                                    if (count > before.getOrDefault(partition, 0L)) {
                                        months.add(partition.substring(partition.length() - 7));
                                    }
                                });
                        assertThat(months).as("run %d: %s", i, after).isEqualTo(MARCH_ONLY);
                    }
                });
    }

    /// Reports on whole quarter hours are made of roll-ups alone (issue 4, point 2).
    @Test
    void reportsOnAMonth_readNoEvent() throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO trace_touched SELECT trace_id, 0 FROM trace WHERE first_at < '2026-04-01Z'"
                            + " AND last_at >= '2026-03-01Z'");
        }
        context.getBean(TraceSettler.class).settle(MARCH, APRIL);
        ActionReports reports = context.getBean(ActionReports.class);
        for (Period period :
                List.of(
                        Period.of(MARCH, APRIL),
                        Period.of(MARCH.plusSeconds(900), APRIL.minusSeconds(4500)))) {
            for (int i = 0; i < 7; i++) {
                Map<String, Long> before = scans();
                assertThat(reports.toolUsage(OFFICER, period, null).calls()).isGreaterThan(2_000);
                assertThat(reports.actionOutcomes(OFFICER, period, 10)).hasSize(2);
                assertThat(reports.errorAnalysis(OFFICER, period, null).suggestions()).isEmpty();
                assertThat(scans()).isEqualTo(before);
            }
        }
    }

    @Test
    void keysetPaging_costsTheSameOnEveryPage() throws SQLException {
        same("all", EventFilter.builder().build(), "true");
        same(
                "an agent's",
                EventFilter.builder().agentIds(List.of("ops/runner")).build(),
                "agent_id = 'ops/runner'");
        same("failures", EventFilter.builder().errored(true).build(), "errored");
    }

    /// Compares the pages of tables and indexes that page 1 and page 10,000 read.
    private static void same(String what, EventFilter filter, String condition)
            throws SQLException {
        String deep;
        try (Connection connection = DATABASE.connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT occurred_at, arrival FROM audit_event WHERE "
                                        + condition
                                        + " ORDER BY occurred_at DESC, arrival DESC OFFSET ? LIMIT 1")) {
            statement.setInt(1, PAGE * (DEEP - 1) - 1);
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).as("there are so many pages").isTrue();
                deep =
                        new Cursor(
                                        row.getObject(1, OffsetDateTime.class).toInstant(),
                                        row.getLong(2))
                                .encode();
            }
        }
        long first = 0;
        long last = 0;
        for (int i = 0; i < 8; i++) {
            first = Math.max(first, buffers(filter, null));
            last = Math.max(last, buffers(filter, deep));
        }
        assertThat(first).as(what).isPositive();
        assertThat(last).as("%s: page 1 reads %d", what, first).isLessThanOrEqualTo(first + 12);
    }

    private static long buffers(EventFilter filter, @Nullable String after) throws SQLException {
        long before = read();
        Page<?> page = find(filter, after);
        assertThat(page.edges()).hasSize(PAGE);
        return read() - before;
    }

    private static Page<?> find(EventFilter filter, @Nullable String after) {
        return events().find(
                        OFFICER, filter, EventOrder.NEWEST_FIRST, PageRequest.first(PAGE, after));
    }

    private static EventQuery events() {
        return context.getBean(EventQuery.class);
    }

    private static UUID idIn(String month) throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT min(CAST(event_id AS text)) FROM audit_event_" + month)) {
            row.next();
            return UUID.fromString(row.getString(1));
        }
    }

    private static String traceIn(String month) {
        int number = Integer.parseInt(month.substring(month.length() - 1)) - 1;
        return "trace-" + (number * EVENTS_A_MONTH / EVENTS_A_TRACE + 7);
    }

    /// How often each partition, or an index of it, was read.
    private static Map<String, Long> scans() throws SQLException {
        flush();
        Map<String, Long> scans = new HashMap<>();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                """
                                SELECT relname, seq_scan + coalesce(idx_scan, 0)
                                  FROM pg_stat_user_tables
                                 WHERE relname ~ '^(audit_event|event_content)_[0-9]{4}_[0-9]{2}$'
                                """)) {
            while (rows.next()) {
                scans.put(rows.getString(1), rows.getLong(2));
            }
        }
        return scans;
    }

    /// Pages of partitions and their indexes that were asked for, cached or not.
    private static long read() throws SQLException {
        flush();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)
                                  FROM pg_statio_user_tables
                                 WHERE relname ~ '^(audit_event|event_content)_[0-9]{4}_[0-9]{2}$'
                                """)) {
            row.next();
            return row.getLong(1);
        }
    }

    /// The counters of the portal's connections become visible.
    private static void flush() throws SQLException {
        DataSource pool = DelegatingDataSource.unwrapDataSource(context.getBean(DataSource.class));
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Connection connection = pool.getConnection();
                all.add(connection);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT pg_stat_force_next_flush()");
                }
            }
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }
}
