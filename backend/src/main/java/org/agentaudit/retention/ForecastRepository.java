package org.agentaudit.retention;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.query.TraceLife;
import org.agentaudit.store.Rows;

/// Counts what would go.
@Singleton
class ForecastRepository {

    private static final String DUE = TraceLife.TOP_EXPIRED + " AND " + TraceLife.EXPIRED;

    /// Numbers under a hold's number.
    record HeldBack(long hold, long traces, long events) {}

    long traces(Connection connection, TraceLife.Cutoffs cutoffs) throws SQLException {
        return Rows.number(
                connection,
                "SELECT count(*) FROM trace t WHERE " + DUE + " AND NOT " + TraceLife.HELD,
                twice(cutoffs));
    }

    /// By month, then tier.
    List<RetentionForecast.Row> rows(
            Connection connection, TraceLife.Cutoffs cutoffs, Instant contentCutoff)
            throws SQLException {
        List<Object> values = new ArrayList<>(List.of(twice(cutoffs)));
        values.add(contentCutoff);
        values.add(contentCutoff);
        values.addAll(cutoffs.values());
        return Rows.list(
                connection,
                """
                SELECT month, tier, sum(events) AS events, sum(contents) AS contents, sum(bytes) AS bytes
                  FROM (SELECT CAST(date_trunc('month', e.occurred_at AT TIME ZONE 'UTC') AS date) AS month, e.tier,
                               count(*) AS events, 0 AS contents,
                               sum(pg_column_size(e.*) + coalesce(pg_column_size(c.*), 0)) AS bytes
                          FROM trace t
                          JOIN audit_event e ON e.trace_id = t.trace_id AND e.occurred_at >= t.first_at
                                            AND e.occurred_at <= t.last_at
                          LEFT JOIN event_content c ON c.trace_id = e.trace_id AND c.occurred_at = e.occurred_at
                                                   AND c.event_id = e.event_id
                         WHERE
                """
                        + DUE
                        + " AND NOT "
                        + TraceLife.HELD
                        + """
                                 GROUP BY 1, 2
                                UNION ALL
                                SELECT CAST(date_trunc('month', e.occurred_at AT TIME ZONE 'UTC') AS date), e.tier,
                                       0, count(*), sum(pg_column_size(c.*))
                                  FROM audit_event e
                                  JOIN event_content c USING (trace_id, occurred_at, event_id)
                                  JOIN trace t USING (trace_id)
                                 WHERE c.occurred_at <= ? AND e.received_at <= ?
                                   AND NOT
                        """
                        + TraceLife.EXPIRED
                        + " AND NOT "
                        + TraceLife.HELD
                        + """
                                 GROUP BY 1, 2) n
                         GROUP BY month, tier
                         ORDER BY month, array_position(ARRAY['DEBUG', 'INFO', 'COMPLIANCE', 'CRITICAL'], tier)
                        """,
                row ->
                        new RetentionForecast.Row(
                                row.getObject("month", LocalDate.class),
                                RetentionTier.valueOf(row.getString("tier")),
                                row.getLong("events"),
                                row.getLong("contents"),
                                row.getLong("bytes")),
                values.toArray());
    }

    List<HeldBack> heldBack(Connection connection, TraceLife.Cutoffs cutoffs) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT h.id, count(*) AS traces, sum(t.events) AS events
                  FROM retention_hold h
                 CROSS JOIN trace t
                 WHERE h.released_at IS NULL AND
                """
                        + DUE
                        + " AND "
                        + TraceLife.HELD_BY_H
                        + " GROUP BY h.id ORDER BY h.id",
                row ->
                        new HeldBack(
                                row.getLong("id"), row.getLong("traces"), row.getLong("events")),
                twice(cutoffs));
    }

    long quarantined(Connection connection, Instant cutoff) throws SQLException {
        return Rows.number(
                connection,
                "SELECT count(*) FROM quarantine q WHERE q.received_at <= ? AND NOT "
                        + TraceLife.QUARANTINE_HELD,
                cutoff);
    }

    private static Object[] twice(TraceLife.Cutoffs cutoffs) {
        List<Object> values = new ArrayList<>(cutoffs.values());
        values.addAll(cutoffs.values());
        return values.toArray();
    }
}
