package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.agentaudit.store.EventRow;

/// Finds messages that are not counted yet; writes tables `trace_message` and `rollup_message`.
@Singleton
class MessageSettleRepository {

    /// An errored event with a message.
    record Message(
            String traceId, UUID eventId, Instant occurredAt, String agentId, String fingerprint) {}

    /// Errored events of the traces whose message is stored and not counted. What came back from an
    /// archive is counted already.
    List<Message> uncounted(Connection connection, List<String> traceIds) throws SQLException {
        String[] ids = traceIds.toArray(String[]::new);
        return QueryRows.list(
                connection,
                """
                SELECT e.trace_id, e.event_id, e.occurred_at, e.agent_id, c.error_message
                  FROM audit_event e
                  JOIN event_content c USING (trace_id, occurred_at, event_id)
                 WHERE e.trace_id = ANY (?)
                   AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                   AND e.occurred_at <= (SELECT max(last_at) FROM trace WHERE trace_id = ANY (?))
                   AND e.errored AND c.error_message IS NOT NULL
                   AND NOT EXISTS (SELECT FROM trace_message m
                                    WHERE m.trace_id = e.trace_id AND m.event_id = e.event_id)
                   AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20)
                """,
                row ->
                        new Message(
                                row.getString("trace_id"),
                                row.getObject("event_id", UUID.class),
                                EventRow.instant(row, "occurred_at"),
                                row.getString("agent_id"),
                                MessageFingerprint.of(row.getString("error_message"))),
                List.of(ids, ids, ids));
    }

    void insert(Connection connection, List<Message> messages) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO trace_message (trace_id, event_id, occurred_at, agent_id, fingerprint)
                        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS uuid[]), CAST(? AS timestamptz[]),
                                             CAST(? AS text[]), CAST(? AS text[]))
                        """)) {
            statement.setArray(1, array(connection, "text", messages, Message::traceId));
            statement.setArray(2, array(connection, "uuid", messages, Message::eventId));
            statement.setArray(
                    3, array(connection, "timestamptz", messages, m -> m.occurredAt().toString()));
            statement.setArray(4, array(connection, "text", messages, Message::agentId));
            statement.setArray(5, array(connection, "text", messages, Message::fingerprint));
            statement.executeUpdate();
        }
    }

    void add(Connection connection, Map<MessageSettler.Key, MessageSettler.Sums> sums)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO rollup_message AS r (span, start, agent_id, fingerprint, errors, last_at)
                        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS text[]),
                                             CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS timestamptz[]))
                        ON CONFLICT (span, start, agent_id, fingerprint) DO UPDATE
                           SET errors = r.errors + excluded.errors, last_at = greatest(r.last_at, excluded.last_at)
                        """)) {
            List<Map.Entry<MessageSettler.Key, MessageSettler.Sums>> rows =
                    List.copyOf(sums.entrySet());
            List<MessageSettler.Key> keys = rows.stream().map(Map.Entry::getKey).toList();
            List<MessageSettler.Sums> values = rows.stream().map(Map.Entry::getValue).toList();
            statement.setArray(1, array(connection, "text", keys, key -> key.span().name()));
            statement.setArray(
                    2, array(connection, "timestamptz", keys, key -> key.start().toString()));
            statement.setArray(3, array(connection, "text", keys, MessageSettler.Key::agentId));
            statement.setArray(4, array(connection, "text", keys, MessageSettler.Key::fingerprint));
            statement.setArray(5, array(connection, "int8", values, MessageSettler.Sums::errors));
            statement.setArray(
                    6, array(connection, "timestamptz", values, s -> s.lastAt().toString()));
            statement.executeUpdate();
        }
    }

    private static <T> Array array(
            Connection connection, String type, Collection<T> rows, Function<T, ?> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }
}
