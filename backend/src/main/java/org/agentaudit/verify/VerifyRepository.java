package org.agentaudit.verify;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.proof.ContentParts;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.Arrival;
import org.agentaudit.store.Deletion;
import org.agentaudit.store.EventCounts;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// What verification reads, all in one transaction: events, leaves, deletions. Streams whatever
/// grows with the store.
@Singleton
class VerifyRepository {

    private static final int FETCH_SIZE = 1_000;
    private static final int FETCH_BATCHES = 20;

    /// The size of what is to be verified, and where leaves begin.
    ///
    /// @param firstBatch first batch that must have leaves
    /// @param since      when leaves began
    /// @param lastNumber last batch number given out
    /// @param removedEvents events that deletion records count
    /// @param earliest   earliest occurred_at; null when there is no event
    record Extent(
            long events,
            long contents,
            long keys,
            long firstBatch,
            Instant since,
            long lastNumber,
            long removedEvents,
            @Nullable Instant earliest,
            @Nullable Instant latest) {}

    /// An event with all that belongs to it.
    ///
    /// @param event       null when the row holds what no event can hold
    /// @param regular     columns without meaning in the row are empty
    /// @param parts       null when the content is gone
    /// @param keyFits     null when there is no key
    record Row(
            UUID id,
            long arrival,
            @Nullable AuditEvent event,
            boolean regular,
            byte @Nullable [] commitments,
            byte @Nullable [] salt,
            @Nullable ContentParts parts,
            @Nullable Boolean keyFits) {}

    /// Takes what is read, one after the other.
    interface Each<T> {
        void accept(T row) throws SQLException;
    }

    Extent extent(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT (SELECT count(*) FROM audit_event) AS events,
                                       (SELECT count(*) FROM event_content) AS contents,
                                       (SELECT count(*) FROM event_key) AS keys,
                                       p.batch_number, p.since,
                                       s.last_value - CASE WHEN s.is_called THEN 0 ELSE 1 END AS last_number,
                                       (SELECT coalesce(sum(events), 0) FROM deletion WHERE kind = 'EVENT')
                                           AS removed_events,
                                       (SELECT min(occurred_at) FROM audit_event) AS earliest,
                                       (SELECT max(occurred_at) FROM audit_event) AS latest
                                  FROM ingest_batch_number s
                                  LEFT JOIN proof_start p ON true
                                """)) {
            row.next();
            long firstBatch = row.getLong("batch_number");
            Instant since = EventRow.instantOrNull(row, "since");
            return new Extent(
                    row.getLong("events"),
                    row.getLong("contents"),
                    row.getLong("keys"),
                    // without the row every batch must have leaves
                    since == null ? 1 : firstBatch,
                    since == null ? Instant.EPOCH : since,
                    row.getLong("last_number"),
                    row.getLong("removed_events"),
                    EventRow.instantOrNull(row, "earliest"),
                    EventRow.instantOrNull(row, "latest"));
        }
    }

    /// Events with occurred_at in [from, to), in the order they lie in, which is about that of
    /// arrival.
    void events(Connection connection, Instant from, Instant to, Each<Row> each)
            throws SQLException {
        // Looked up row by row, so that the order is kept and nothing is built in memory or on
        // disk.
        execute(connection, "SET LOCAL enable_hashjoin = off");
        execute(connection, "SET LOCAL enable_mergejoin = off");
        execute(connection, "SET LOCAL jit = off");
        // Doubles come back as they were, whatever the server's setting.
        execute(connection, "SET LOCAL extra_float_digits = 1");
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT "
                                + EventRow.ENVELOPE_COLUMNS
                                + ", "
                                + EventRow.CONTENT_COLUMNS
                                + ", "
                                + EventRow.PROOF_COLUMNS
                                + ", "
                                + EventRow.REGULAR
                                + """
                                       AS regular, c.event_id IS NOT NULL AS has_content,
                                       k.trace_id = e.trace_id AND k.occurred_at = e.occurred_at AS key_fits
                                  FROM audit_event e
                                  LEFT JOIN event_content c
                                    ON c.trace_id = e.trace_id AND c.occurred_at = e.occurred_at
                                   AND c.event_id = e.event_id AND c.occurred_at >= ? AND c.occurred_at < ?
                                  LEFT JOIN event_key k ON k.event_id = e.event_id
                                 WHERE e.occurred_at >= ? AND e.occurred_at < ?
                                """)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setObject(1, utc(from));
            statement.setObject(2, utc(to));
            statement.setObject(3, utc(from));
            statement.setObject(4, utc(to));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(row(rows));
                }
            }
        }
        execute(connection, "SET LOCAL enable_hashjoin = on");
        execute(connection, "SET LOCAL enable_mergejoin = on");
    }

    private static Row row(ResultSet row) throws SQLException {
        ContentParts parts = row.getBoolean("has_content") ? EventRow.readParts(row) : null;
        return new Row(
                row.getObject("event_id", UUID.class),
                row.getLong("arrival"),
                event(row, parts),
                row.getBoolean("regular"),
                row.getBytes("commitments"),
                row.getBytes("salt"),
                parts,
                row.getObject("key_fits", Boolean.class));
    }

    /// Null when a column holds what no event can hold: an unknown word, JSON of another shape, a
    /// number that is none.
    private static @Nullable AuditEvent event(ResultSet row, @Nullable ContentParts parts)
            throws SQLException {
        try {
            return new AuditEvent(
                    EventRow.readEnvelope(row),
                    parts == null ? Content.NONE : EventRow.content(parts));
        } catch (RuntimeException e) {
            return null;
        } catch (SQLException e) {
            String state = e.getSQLState();
            // class 22, data exception: the driver cannot read the value
            if (state != null && state.startsWith("22")) {
                return null;
            }
            throw e;
        }
    }

    /// Loads batches from `first` on, in their order, until `bytes` of leaves are loaded.
    Map<Long, Place> places(Connection connection, long first, long bytes) throws SQLException {
        Map<Long, Place> places = new HashMap<>();
        long last = first;
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT batch_number, leaves
                          FROM leaf_batch
                         WHERE batch_number >= ?
                         ORDER BY batch_number
                         LIMIT 1000
                        """)) {
            statement.setFetchSize(FETCH_BATCHES);
            statement.setLong(1, first);
            long loaded = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (loaded < bytes && rows.next()) {
                    byte[] leaves = rows.getBytes(2);
                    loaded += leaves.length + Prover.LEAF_BYTES;
                    last = rows.getLong(1);
                    places.put(last, new Place(leaves));
                }
            }
        }
        deletions(
                connection,
                first,
                last,
                deleted -> {
                    Place place = places.computeIfAbsent(deleted.batch(), n -> new Place(null));
                    place.gone(deleted.kind()).or(deleted.positions());
                });
        return places;
    }

    /// Positions of a batch that a deletion removed.
    record Deleted(long batch, Deletion.Kind kind, BitSet positions) {}

    /// What deletions removed of the batches first to last, by batch.
    void deletions(Connection connection, long first, long last, Each<Deleted> each)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT l.batch_number, d.kind, l.positions
                          FROM deletion_leaf l
                          JOIN deletion d ON d.id = l.deletion_id
                         WHERE l.batch_number >= ? AND l.batch_number <= ?
                         ORDER BY l.batch_number
                        """)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setLong(1, first);
            statement.setLong(2, last);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(
                            new Deleted(
                                    rows.getLong(1),
                                    Deletion.Kind.valueOf(rows.getString(2)),
                                    BitSet.valueOf(rows.getBytes(3))));
                }
            }
        }
    }

    /// A batch as it is accounted for.
    ///
    /// @param bytes  length of its leaves; null when it has none but stored events or removed ones
    /// @param stored events stored at places of the batch
    record BatchCount(long batch, @Nullable Integer bytes, long stored) {}

    /// All batches that have leaves or stored events, by number.
    void batches(Connection connection, Each<BatchCount> each) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT batch_number, octet_length(b.leaves), coalesce(s.stored, 0)
                          FROM leaf_batch b
                          FULL JOIN (SELECT arrival >> 20 AS batch_number, count(*) AS stored
                                       FROM audit_event GROUP BY arrival >> 20) s USING (batch_number)
                         ORDER BY batch_number
                        """)) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(
                            new BatchCount(
                                    rows.getLong(1),
                                    rows.getObject(2, Integer.class),
                                    rows.getLong(3)));
                }
            }
        }
    }

    /// Positions at which events are stored, for some batches.
    Map<Long, BitSet> stored(Connection connection, Set<Long> batches) throws SQLException {
        Map<Long, BitSet> stored = new HashMap<>();
        if (batches.isEmpty()) {
            return stored; // the question would read all events
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT arrival FROM audit_event WHERE arrival >> 20 = ANY (?)")) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setArray(1, connection.createArrayOf("int8", batches.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long arrival = rows.getLong(1);
                    stored.computeIfAbsent(Arrival.batch(arrival), n -> new BitSet())
                            .set(Arrival.position(arrival));
                }
            }
        }
        return stored;
    }

    /// Ids of contents without their event.
    void contentsAlone(Connection connection, Each<UUID> each) throws SQLException {
        ids(
                connection,
                """
                SELECT c.event_id
                  FROM event_content c
                 WHERE NOT EXISTS (SELECT FROM audit_event e
                                    WHERE e.trace_id = c.trace_id AND e.occurred_at = c.occurred_at
                                      AND e.event_id = c.event_id)
                """,
                each);
    }

    /// Ids of keys without their event.
    void keysAlone(Connection connection, Each<UUID> each) throws SQLException {
        ids(
                connection,
                """
                SELECT k.event_id
                  FROM event_key k
                 WHERE NOT EXISTS (SELECT FROM audit_event e
                                    WHERE e.trace_id = k.trace_id AND e.occurred_at = k.occurred_at
                                      AND e.event_id = k.event_id)
                """,
                each);
    }

    /// Deletions that do not count the events they name: their ids.
    List<Long> unevenDeletions(Connection connection) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT d.id
                                  FROM deletion d
                                  LEFT JOIN deletion_leaf l ON l.deletion_id = d.id
                                 WHERE d.kind IN ('EVENT', 'CONTENT')
                                 GROUP BY d.id, d.events
                                HAVING coalesce(sum(bit_count(l.positions)), 0) <> d.events
                                 ORDER BY d.id
                                """);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    /// Quarter hours of occurred_at that events were removed from: start of the first quarter hour
    /// of a period, last moment of the period; periods do not overlap.
    NavigableMap<Instant, Instant> removedPeriods(Connection connection) throws SQLException {
        NavigableMap<Instant, Instant> periods = new TreeMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT earliest_at, latest_at FROM deletion WHERE kind = 'EVENT' ORDER BY earliest_at
                                """);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Instant from = EventCounts.quarterOf(EventRow.instant(rows, "earliest_at"));
                Instant to = EventRow.instant(rows, "latest_at");
                Map.Entry<Instant, Instant> before = periods.lastEntry();
                if (before == null || from.isAfter(before.getValue())) {
                    periods.put(from, to);
                } else if (to.isAfter(before.getValue())) {
                    periods.put(before.getKey(), to);
                }
            }
        }
        return periods;
    }

    /// Numbers of batches from `first` on that deletions name and that have no leaves.
    void deletionsWithoutLeaves(Connection connection, long first, Each<Long> each)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT DISTINCT l.batch_number
                          FROM deletion_leaf l
                         WHERE l.batch_number >= ?
                           AND NOT EXISTS (SELECT FROM leaf_batch b WHERE b.batch_number = l.batch_number)
                         ORDER BY l.batch_number
                        """)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setLong(1, first);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(rows.getLong(1));
                }
            }
        }
    }

    private static void ids(Connection connection, String sql, Each<UUID> each)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(rows.getObject(1, UUID.class));
                }
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
