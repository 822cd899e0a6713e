package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.store.EventRow;

/// Counts events for the explorer.
@Singleton
class EventTallyRepository {

    private static final String ENVELOPES = " FROM audit_event e";
    private static final String EVENTS =
            ENVELOPES + " LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)";

    private final TransactionOperations<Connection> transactions;

    EventTallyRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    private static String from(EventConditions conditions) {
        return (conditions.needsContent() ? EVENTS : ENVELOPES) + conditions.where();
    }

    /// Events by time in buckets of `step` counted from `origin`; buckets without events are
    /// absent.
    List<EventOverview.Bucket> buckets(EventConditions conditions, Duration step, Instant origin) {
        String sql =
                """
                SELECT b.bucket, count(*) AS events, count(*) FILTER (WHERE b.errored) AS errors
                  FROM (SELECT date_bin(p.step, e.occurred_at, p.origin) AS bucket, e.errored
                          FROM (SELECT e.occurred_at, e.errored"""
                        + from(conditions)
                        + """
                        ) e CROSS JOIN (SELECT make_interval(secs => ?) AS step,
                                               CAST(? AS timestamptz) AS origin) p) b
                 GROUP BY b.bucket
                 ORDER BY b.bucket
                """;
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        int next = conditions.bind(connection, statement);
                        statement.setDouble(next, step.toSeconds());
                        statement.setObject(next + 1, EventConditions.utc(origin));
                        List<EventOverview.Bucket> buckets = new ArrayList<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                Instant start = EventRow.instant(rows, "bucket");
                                buckets.add(
                                        new EventOverview.Bucket(
                                                start,
                                                start.plus(step),
                                                rows.getLong("events"),
                                                rows.getLong("errors")));
                            }
                        }
                        return buckets;
                    }
                });
    }

    /// The newest events by `agent`, `type` and `action`, the most frequent first.
    ///
    /// @param looked events that are looked at, at most
    /// @param most   tallies of each
    Map<String, List<Tally>> tallies(EventConditions conditions, int looked, int most) {
        String sql =
                """
                WITH newest AS MATERIALIZED (SELECT e.agent_id, e.event_type, e.action"""
                        + from(conditions)
                        + """
                 ORDER BY e.occurred_at DESC, e.arrival DESC LIMIT ?),
                counted AS (
                    SELECT CASE WHEN GROUPING(agent_id) = 0 THEN 'agent' WHEN GROUPING(event_type) = 0 THEN 'type'
                                ELSE 'action' END AS field,
                           coalesce(agent_id, event_type, action) AS key, count(*) AS events
                      FROM newest
                     GROUP BY GROUPING SETS ((agent_id), (event_type), (action)))
                SELECT field, key, events, events / sum(events) OVER (PARTITION BY field) AS share
                  FROM counted
                 ORDER BY field, events DESC, key
                """;
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        statement.setInt(conditions.bind(connection, statement), looked);
                        Map<String, List<Tally>> tallies = new HashMap<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                List<Tally> list =
                                        tallies.computeIfAbsent(
                                                rows.getString("field"), f -> new ArrayList<>());
                                if (list.size() < most) {
                                    list.add(
                                            new Tally(
                                                    rows.getString("key"),
                                                    rows.getLong("events"),
                                                    rows.getDouble("share")));
                                }
                            }
                        }
                        return tallies;
                    }
                });
    }
}
