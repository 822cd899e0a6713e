package org.agentaudit.query;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventType;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// An upgrade keeps the numbers of calls that had expired before, and counts the stored ones.
class CallsMigrationIT {

    private static final String BEFORE = "202611211810";
    private static final Instant AT = Instant.parse("2026-03-10T10:20:00Z");
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());

    @Test
    void upgrade_takesOverExpiredCalls_andSettlesStoredOnes() throws Exception {
        TestDatabase.Fresh database = TestDatabase.create();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.username(), database.password())
                .target(BEFORE)
                .load()
                .migrate();
        try (Connection connection = database.connect()) {
            expired(connection, "2026-03-10T10:15:00Z", false, 3, 40, 20);
            expired(connection, "2026-03-10T10:15:00Z", true, 2, 1000, 1000);
            expired(connection, "2026-03-10T23:45:00Z", true, 1, 5);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT ensure_partition(DATE '2026-03-01')");
                statement.execute(
                        """
                        INSERT INTO audit_event (trace_id, occurred_at, event_id, arrival, received_at, event_type, type_name,
                                                 agent_id, trace_derived, source, action, param_count, outcome, errored,
                                                 tier, summary, source_format)
                        VALUES ('stored', '2026-03-10T10:20:00Z', '00000000-0000-0000-0000-000000000001', 0,
                                '2026-03-10T10:20:00Z', 'TOOL_CALL', 'x', 'a', false, 'AGENT', 'search', 0, 'FAILURE', true,
                                'CRITICAL', 's', 'AUDIT_EVENT');
                        INSERT INTO trace (trace_id, first_at, last_at, derived, events)
                        VALUES ('stored', '2026-03-10T10:20:00Z', '2026-03-10T10:20:00Z', false, 1);
                        """);
            }
        }
        Map<String, Object> settings = new HashMap<>(database.properties());
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            CallQuery calls = context.getBean(CallQuery.class);
            Instant day = Instant.parse("2026-03-10T00:00:00Z");
            Instant quarter = Instant.parse("2026-03-10T10:15:00Z");
            for (int late = 0; late < 2; late++) {
                CallQuery.Tool whole = only(calls, Period.of(day, day.plus(Duration.ofDays(1))));
                assertThat(whole.calls()).isEqualTo(7 + late);
                assertThat(whole.errors()).isEqualTo(4);
                assertThat(whole.latency().n()).isEqualTo(5 + late);
                assertThat(whole.latency().maxMs()).isEqualTo(1000);
                CallQuery.Tool part = only(calls, Period.of(quarter, quarter.plusSeconds(900)));
                assertThat(part.calls()).isEqualTo(6 + late);
                assertThat(part.latency().n()).isEqualTo(4 + late);
                context.getBean(EventStore.class).append(List.of(call("late")), List.of()).get();
            }
            assertThat(calls.outcomes(OFFICER, Period.of(quarter, quarter.plusSeconds(900)), 0))
                    .containsExactly(new CallQuery.Outcomes("a", "search", 0, 1, 0));
        }
    }

    private static NewEvent call(String name) {
        var made = event(name, AT, EventType.TOOL_CALL, "a", "search").trace("t").ms(7).build();
        return new NewEvent(made, RandomEvents.digest(made), 1, new Prover());
    }

    private static CallQuery.Tool only(CallQuery calls, Period period) {
        List<CallQuery.Tool> tools = calls.tools(OFFICER, period, null);
        assertThat(tools).hasSize(1);
        return tools.getFirst();
    }

    /// A row as earlier versions wrote it; every call of the row has one of the durations, one
    /// failed.
    private static void expired(
            Connection connection, String quarter, boolean admin, long calls, double... ms)
            throws SQLException {
        Latencies latencies = new Latencies();
        for (double duration : ms) {
            latencies.add(duration);
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO expired_call (quarter, agent_id, event_type, action, admin, calls, errors, able, approved,
                                                  timed, sum_ms, max_ms, latency)
                        VALUES (CAST(? AS timestamptz), 'a', 'TOOL_CALL', 'search', ?, ?, 1, 0, 0, ?, ?, ?, ?)
                        """)) {
            statement.setString(1, quarter);
            statement.setBoolean(2, admin);
            statement.setLong(3, calls);
            statement.setLong(4, latencies.count());
            statement.setDouble(5, latencies.sum());
            statement.setDouble(6, latencies.max());
            statement.setBytes(7, latencies.bytes());
            statement.executeUpdate();
        }
    }
}
