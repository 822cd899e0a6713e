package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts the messages of errored events by what they have in common (metrics "Error analysis"). A
/// message never changes, so an event is counted once and for good: also when its content goes,
/// which takes its row in `trace_message` along.
@Singleton
class MessageSettler implements SettleStep {

    /// What `rollup_message` counts by.
    record Key(RollupSpan span, Instant start, String agentId, String fingerprint) {}

    /// Events with such a message, and when the last occurred.
    record Sums(long errors, Instant lastAt) {
        Sums plus(Sums other) {
            return new Sums(
                    errors + other.errors, lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
        }
    }

    private final MessageSettleRepository repository;

    MessageSettler(MessageSettleRepository repository) {
        this.repository = repository;
    }

    @Override
    public void settle(Connection connection, List<String> traceIds) throws SQLException {
        List<MessageSettleRepository.Message> messages = repository.uncounted(connection, traceIds);
        if (messages.isEmpty()) {
            return;
        }
        Map<Key, Sums> sums = new HashMap<>();
        for (MessageSettleRepository.Message message : messages) {
            for (RollupSpan span : RollupSpan.values()) {
                sums.merge(
                        new Key(
                                span,
                                span.startOf(message.occurredAt()),
                                message.agentId(),
                                message.fingerprint()),
                        new Sums(1, message.occurredAt()),
                        Sums::plus);
            }
        }
        repository.insert(connection, messages);
        repository.add(connection, sums);
    }
}
