package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Reads messages of errors in a period: whole days and quarter hours from `rollup_message`, the
/// rest from `trace_message`.
@Singleton
class MessageReadRepository {

    /// Errored events with messages of one fingerprint.
    record Group(String fingerprint, long count, Instant lastSeen) {}

    /// A stored message of an event.
    record Sample(UUID eventId, String message) {}

    private static final String ROLLUP =
            """
            SELECT fingerprint, errors, last_at
              FROM rollup_message
             WHERE span = '%s' AND start >= ? AND start < ? AND agent_id LIKE ANY (?)
               AND (CAST(? AS text) IS NULL OR agent_id = ?)
            """;
    private static final String PARTS =
            PeriodParts.with(
                    ROLLUP.formatted(RollupSpan.DAY),
                    ROLLUP.formatted(RollupSpan.QUARTER),
                    """
                    SELECT fingerprint, 1, occurred_at
                      FROM trace_message
                     WHERE occurred_at >= ? AND occurred_at < ? AND agent_id LIKE ANY (?)
                       AND (CAST(? AS text) IS NULL OR agent_id = ?)
                    """);

    private final TransactionOperations<Connection> transactions;

    MessageReadRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// The largest groups, by number of events, descending.
    List<Group> groups(Viewer viewer, PeriodParts parts, @Nullable String agentId, int most) {
        List<@Nullable Object> values = new ArrayList<>(parts.values(viewer, agentId));
        values.add(most);
        return transactions.executeRead(
                status ->
                        QueryRows.list(
                                status.getConnection(),
                                PARTS
                                        + """
                                        SELECT fingerprint, sum(errors) AS errors, max(last_at) AS last_at
                                          FROM part
                                         GROUP BY fingerprint
                                         ORDER BY sum(errors) DESC, fingerprint
                                         LIMIT ?
                                        """,
                                row ->
                                        new Group(
                                                row.getString("fingerprint"),
                                                row.getLong("errors"),
                                                EventRow.instant(row, "last_at")),
                                values));
    }

    /// The last message of each group that is still stored, by fingerprint.
    ///
    /// @param longest characters that are read of a message
    Map<String, Sample> samples(
            Viewer viewer,
            Period period,
            @Nullable String agentId,
            List<String> fingerprints,
            int longest) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(fingerprints.toArray(String[]::new));
        values.add(longest);
        values.add(period.from());
        values.add(period.to());
        values.add(viewer.scopeLikePatterns());
        values.add(agentId);
        values.add(agentId);
        Map<String, Sample> samples = new HashMap<>();
        return transactions.executeRead(
                status -> {
                    QueryRows.each(
                            status.getConnection(),
                            """
                            SELECT f.fingerprint, s.event_id, s.message
                              FROM unnest(CAST(? AS text[])) AS f (fingerprint)
                             CROSS JOIN LATERAL (
                                   SELECT m.event_id, left(c.error_message, ?) AS message
                                     FROM trace_message m
                                     JOIN event_content c USING (trace_id, occurred_at, event_id)
                                    WHERE m.fingerprint = f.fingerprint AND m.occurred_at >= ? AND m.occurred_at < ?
                                      AND m.agent_id LIKE ANY (?) AND (CAST(? AS text) IS NULL OR m.agent_id = ?)
                                      AND c.error_message IS NOT NULL
                                    ORDER BY m.occurred_at DESC, m.event_id
                                    LIMIT 1) s
                            """,
                            row ->
                                    samples.put(
                                            row.getString("fingerprint"),
                                            new Sample(
                                                    row.getObject("event_id", UUID.class),
                                                    row.getString("message"))),
                            values);
                    return samples;
                });
    }
}
