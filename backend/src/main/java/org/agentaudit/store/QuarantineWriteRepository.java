package org.agentaudit.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a commit does to quarantine: sets items aside, and lets those go that became events.
final class QuarantineWriteRepository {

    private record Seen(QuarantineItem first, QuarantineItem last, long times) {}

    private QuarantineWriteRepository() {}

    /// Keeps each item once, however often it is sent.
    static void add(Connection connection, List<QuarantineItem> items) throws SQLException {
        if (items.isEmpty()) {
            return;
        }
        // In the order of the key, so that concurrent commits wait for each other.
        SortedMap<String, Seen> once = new TreeMap<>();
        for (QuarantineItem item : items) {
            once.merge(
                    HexFormat.of().formatHex(item.digest()),
                    new Seen(item, item, 1),
                    (before, now) -> new Seen(before.first, now.last, before.times + 1));
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO quarantine AS q (digest, received_at, last_seen_at, origin, position, event_id, reason,
                                                     body, complete, source_format, seen)
                        VALUES (?, CAST(? AS timestamptz), CAST(? AS timestamptz), ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (digest) DO UPDATE
                           SET seen = q.seen + excluded.seen,
                               last_seen_at = greatest(q.last_seen_at, excluded.last_seen_at),
                               reason = excluded.reason
                        """)) {
            for (Map.Entry<String, Seen> entry : once.entrySet()) {
                QuarantineItem item = entry.getValue().first;
                QuarantineItem last = entry.getValue().last;
                statement.setBytes(1, HexFormat.of().parseHex(entry.getKey()));
                statement.setString(2, item.receivedAt().toString());
                statement.setString(3, last.receivedAt().toString());
                statement.setString(4, item.origin());
                statement.setLong(5, item.index());
                statement.setString(6, item.eventId());
                statement.setString(7, last.reason());
                statement.setString(8, item.body());
                statement.setBoolean(9, item.complete());
                statement.setString(10, item.format() == null ? null : item.format().name());
                statement.setLong(11, entry.getValue().times);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// Lets every item go of which all events are in the store now.
    ///
    /// @param results one per event, in the same order
    /// @return ids of items that were still there and are gone
    static Set<Long> settle(
            Connection connection, List<NewEvent> events, List<AppendResult> results)
            throws SQLException {
        Map<Long, Boolean> understood = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            Long id = events.get(i).quarantineId();
            if (id != null) {
                understood.merge(id, results.get(i) != AppendResult.CONFLICT, (a, b) -> a && b);
            }
        }
        understood.values().removeIf(all -> !all);
        return understood.isEmpty() ? Set.of() : delete(connection, understood.keySet());
    }

    private static Set<Long> delete(Connection connection, Collection<Long> ids)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "DELETE FROM quarantine WHERE id = ANY (?) RETURNING id")) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            Set<Long> gone = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    gone.add(rows.getLong(1));
                }
            }
            return gone;
        }
    }
}
