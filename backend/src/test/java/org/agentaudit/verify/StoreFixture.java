package org.agentaudit.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.HostileEnvelopes;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.Deletion;
import org.agentaudit.store.DeletionRepository;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;

/// A store with events of two months in batches of different sizes, and the statements that tests
/// of verification share.
final class StoreFixture {
    static final Instant START = Instant.parse("2026-03-30T00:00:00Z");
    static final int RANDOM_EVENTS = 700;
    static final int HOSTILE_EVENTS = 100;

    private StoreFixture() {}

    static void fill(EventStore store, Random random) throws Exception {
        List<NewEvent> events =
                new ArrayList<>(
                        RandomEvents.make(random, RANDOM_EVENTS, START, Duration.ofDays(4)));
        HostileEnvelopes hostile = new HostileEnvelopes(random);
        Prover prover = new Prover();
        for (int i = 0; i < HOSTILE_EVENTS; i++) {
            AuditEvent event = hostile.next(START.plus(Duration.ofMinutes(53L * i)));
            events.add(new NewEvent(event, new byte[32], 1, prover));
        }
        int from = 0;
        while (from < events.size()) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(120));
            store.append(events.subList(from, to), List.of()).get();
            from = to;
        }
    }

    /// Removes content as retention does: rows and their record in one transaction.
    ///
    /// @param where condition on an alias `e` of `audit_event`
    static void removeContents(Connection connection, DeletionRepository deletions, String where)
            throws SQLException {
        deletions.begin(connection);
        execute(
                connection,
                """
                WITH gone AS (DELETE FROM event_content c
                               USING audit_event e
                               WHERE e.trace_id = c.trace_id AND e.occurred_at = c.occurred_at
                                 AND e.event_id = c.event_id AND %s
                              RETURNING e.arrival, e.occurred_at, e.event_id),
                     keys AS (UPDATE event_key k SET digest = '', redaction_rules = 0
                                FROM gone g WHERE k.event_id = g.event_id)
                INSERT INTO removed_event (arrival, occurred_at) SELECT arrival, occurred_at FROM gone
                """
                        .formatted(where));
        deletions.record(connection, deletion(Deletion.Kind.CONTENT)).orElseThrow();
    }

    /// Removes events as retention does.
    static void removeEvents(Connection connection, DeletionRepository deletions, String where)
            throws SQLException {
        deletions.begin(connection);
        execute(
                connection,
                """
                WITH gone AS (DELETE FROM audit_event e WHERE %s
                              RETURNING e.arrival, e.occurred_at, e.trace_id, e.event_id),
                     contents AS (DELETE FROM event_content c USING gone g
                                   WHERE c.trace_id = g.trace_id AND c.occurred_at = g.occurred_at
                                     AND c.event_id = g.event_id),
                     keys AS (DELETE FROM event_key k USING gone g WHERE k.event_id = g.event_id)
                INSERT INTO removed_event (arrival, occurred_at) SELECT arrival, occurred_at FROM gone
                """
                        .formatted(where));
        deletions.record(connection, deletion(Deletion.Kind.EVENT)).orElseThrow();
    }

    private static Deletion deletion(Deletion.Kind kind) {
        return new Deletion(START, kind, "test", "a test removes it", null, null);
    }

    static int execute(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    static List<Object> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Object> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getObject(1));
            }
            return values;
        }
    }
}
