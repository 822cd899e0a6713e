package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.store.EventRow;

/// Reads events.
@Singleton
class EventReadRepository {

    private static final int FETCH_SIZE = 500;

    /// Characters of content after which a part of the log is not read further.
    private static final long ARRIVED_CHARACTERS = 1 << 20;

    /// An event may hold megabytes.
    private static final int ARRIVED_FETCH_SIZE = 25;

    /// Of an arrival, for the position in its batch; the rest is the batch number.
    private static final int POSITION_BITS = 20;

    private static final String EVENTS =
            " FROM audit_event e LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)";
    private static final String COLUMNS =
            "SELECT " + EventRow.ENVELOPE_COLUMNS + ", " + EventRow.CONTENT_COLUMNS;

    /// Characters of each text in a cut row.
    static final int CUT_CHARACTERS = 4_000;

    /// Texts are cut; a decision that would have to be cut is left out, as is what was not mapped.
    private static final String CUT_COLUMNS =
            "SELECT "
                    + EventRow.ENVELOPE_COLUMNS
                    + """
                    , left(c.params, 4000) AS params, left(c.result, 4000) AS result,
                    left(c.reasoning, 4000) AS reasoning,
                    CASE WHEN length(c.decision) <= 4000 THEN c.decision END AS decision,
                    left(c.error_message, 4000) AS error_message, c.user_id,
                    left(c.summary, 4000) AS clear_summary, CAST(NULL AS text) AS unmapped
                    """;

    private final TransactionOperations<Connection> transactions;

    EventReadRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// The first events that meet the conditions.
    List<AuditEvent> find(EventConditions conditions, boolean ascending, int limit) {
        return find(
                COLUMNS + EVENTS + conditions.where() + order(ascending) + " LIMIT ?",
                conditions,
                limit);
    }

    /// The first events that meet the conditions, their texts cut after [#CUT_CHARACTERS]. Content
    /// is looked up for these events alone, so that a long trace's is not sorted.
    ///
    /// @param conditions on envelopes
    List<AuditEvent> findCut(EventConditions conditions, boolean ascending, int limit) {
        return find(
                CUT_COLUMNS
                        + " FROM (SELECT e.* FROM audit_event e"
                        + conditions.where()
                        + order(ascending)
                        + " LIMIT ?) e LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)"
                        + order(ascending),
                conditions,
                limit);
    }

    private static String order(boolean ascending) {
        return ascending
                ? " ORDER BY e.occurred_at, e.arrival"
                : " ORDER BY e.occurred_at DESC, e.arrival DESC";
    }

    private List<AuditEvent> find(String sql, EventConditions conditions, int limit) {
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        int next = conditions.bind(connection, statement);
                        statement.setInt(next, limit);
                        return list(statement);
                    }
                });
    }

    /// The first events of a stretch of the log.
    ///
    /// @param whole nothing of the stretch follows
    record Arrived(List<AuditEvent> events, boolean whole) {}

    /// The first events that meet the conditions, in order of arrival: at most `limit`, and no more
    /// than fit into memory many times over.
    Arrived arrived(EventConditions conditions, int limit) {
        String sql = COLUMNS + EVENTS + conditions.where() + " ORDER BY e.arrival LIMIT ?";
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        int next = conditions.bind(connection, statement);
                        statement.setInt(next, limit);
                        statement.setFetchSize(ARRIVED_FETCH_SIZE);
                        List<AuditEvent> events = new ArrayList<>();
                        long weight = 0;
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                AuditEvent event = EventRow.read(rows);
                                events.add(event);
                                weight += event.content().length();
                                if (weight >= ARRIVED_CHARACTERS) {
                                    return new Arrived(events, false);
                                }
                            }
                        }
                        return new Arrived(events, events.size() < limit);
                    }
                });
    }

    Map<String, Long> countByAgent(EventConditions conditions) {
        String sql =
                "SELECT e.agent_id, count(*)"
                        + (conditions.needsContent() ? EVENTS : " FROM audit_event e")
                        + conditions.where()
                        + " GROUP BY e.agent_id";
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        conditions.bind(connection, statement);
                        Map<String, Long> counts = new HashMap<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                counts.put(rows.getString(1), rows.getLong(2));
                            }
                        }
                        return counts;
                    }
                });
    }

    long count(EventConditions conditions) {
        String sql =
                "SELECT count(*)"
                        + (conditions.needsContent() ? EVENTS : " FROM audit_event e")
                        + conditions.where();
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        conditions.bind(connection, statement);
                        try (ResultSet row = statement.executeQuery()) {
                            row.next();
                            return row.getLong(1);
                        }
                    }
                });
    }

    /// The last deletion that accounts for the content of the event with that arrival.
    Optional<ContentRemoval> contentRemoval(long arrival) {
        return transactions.executeRead(
                status -> {
                    try (PreparedStatement statement =
                            status.getConnection()
                                    .prepareStatement(
                                            """
                                            SELECT d.at, d.rule, d.reason
                                              FROM deletion_leaf l
                                              JOIN deletion d ON d.id = l.deletion_id
                                             WHERE l.batch_number = ? AND d.kind = 'CONTENT'
                                               AND CASE WHEN length(l.positions) > CAST(? AS integer) / 8
                                                        THEN get_bit(l.positions, CAST(? AS bigint)) = 1 END
                                             ORDER BY d.id DESC
                                             LIMIT 1
                                            """)) {
                        int position = (int) (arrival & (1 << POSITION_BITS) - 1);
                        statement.setLong(1, arrival >> POSITION_BITS);
                        statement.setInt(2, position);
                        statement.setInt(3, position);
                        try (ResultSet row = statement.executeQuery()) {
                            return row.next()
                                    ? Optional.of(
                                            new ContentRemoval(
                                                    EventRow.instant(row, "at"),
                                                    row.getString("rule"),
                                                    row.getString("reason")))
                                    : Optional.empty();
                        }
                    }
                });
    }

    List<AuditEvent> byIds(List<UUID> ids) {
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    COLUMNS
                                            + " FROM event_key k"
                                            + " JOIN audit_event e USING (event_id, trace_id, occurred_at)"
                                            + " LEFT JOIN event_content c USING (event_id, trace_id, occurred_at)"
                                            + " WHERE k.event_id = ANY (?)")) {
                        statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
                        return list(statement);
                    }
                });
    }

    /// Hands every event in scope that matches to `each`, without holding them all.
    void stream(Viewer viewer, EventFilter filter, Consumer<AuditEvent> each) {
        EventConditions conditions = EventConditions.of(viewer, filter);
        transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(COLUMNS + EVENTS + conditions.where())) {
                        statement.setFetchSize(FETCH_SIZE);
                        conditions.bind(connection, statement);
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                each.accept(EventRow.read(rows));
                            }
                        }
                        return true;
                    }
                });
    }

    /// Per minute since `from`: minute number from 0, events, errors; minutes without events are
    /// absent.
    List<long[]> perMinute(Viewer viewer, Instant from, Instant to) {
        EventConditions conditions =
                EventConditions.of(viewer, EventFilter.builder().from(from).to(to).build());
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    """
                                    SELECT m.minute, count(*), count(*) FILTER (WHERE m.errored)
                                      FROM (SELECT floor(extract(epoch FROM e.occurred_at - p.start) / 60) AS minute, e.errored
                                              FROM (SELECT e.occurred_at, e.errored FROM audit_event e
                                    """
                                            + conditions.where()
                                            + """
                                            ) e CROSS JOIN (SELECT CAST(? AS timestamptz) AS start) p) m
                                     GROUP BY m.minute
                                     ORDER BY m.minute
                                    """)) {
                        int next = conditions.bind(connection, statement);
                        statement.setObject(next, EventConditions.utc(from));
                        List<long[]> minutes = new ArrayList<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                minutes.add(
                                        new long[] {
                                            rows.getLong(1), rows.getLong(2), rows.getLong(3)
                                        });
                            }
                        }
                        return minutes;
                    }
                });
    }

    long activeAgents(Viewer viewer, Instant from, Instant to) {
        EventConditions conditions =
                EventConditions.of(viewer, EventFilter.builder().from(from).to(to).build());
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    "SELECT count(DISTINCT e.agent_id) FROM audit_event e"
                                            + conditions.where())) {
                        conditions.bind(connection, statement);
                        try (ResultSet row = statement.executeQuery()) {
                            row.next();
                            return row.getLong(1);
                        }
                    }
                });
    }

    private static List<AuditEvent> list(PreparedStatement statement) throws SQLException {
        List<AuditEvent> events = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                events.add(EventRow.read(rows));
            }
        }
        return events;
    }
}
