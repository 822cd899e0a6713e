package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Table `alert_delivery`.
@Singleton
class AlertDeliveryRepository {

    /// What a message says of an alert.
    record Told(
            String ruleName,
            String severity,
            String state,
            @Nullable String key,
            double value,
            String description,
            Instant firedAt,
            @Nullable Instant resolvedAt) {}

    /// A webhook that is to be sent now.
    ///
    /// @param attempt from 1
    record Due(long id, String target, String body, int attempt) {}

    Told told(Connection connection, long alertId) throws SQLException {
        return Rows.list(
                        connection,
                        """
                        SELECT rule_name, severity, state, key, value, description, fired_at, resolved_at
                          FROM alert
                         WHERE id = ?
                        """,
                        row ->
                                new Told(
                                        row.getString("rule_name"),
                                        row.getString("severity"),
                                        row.getString("state"),
                                        row.getString("key"),
                                        row.getDouble("value"),
                                        row.getString("description"),
                                        EventRow.instant(row, "fired_at"),
                                        EventRow.instantOrNull(row, "resolved_at")),
                        alertId)
                .getFirst();
    }

    void insert(
            Connection connection,
            long alertId,
            AlertDelivery.Transition transition,
            AlertTargets.Target target,
            String body,
            Instant now)
            throws SQLException {
        Rows.update(
                connection,
                """
                INSERT INTO alert_delivery (alert_id, transition, channel, target, body, created_at, next_attempt_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                alertId,
                transition.name(),
                target.channel().name(),
                target.address(),
                body,
                now,
                now);
    }

    /// Webhooks that are due, each for one portal: they are due again at `until` unless their
    /// attempt ends before.
    List<Due> claim(Connection connection, Instant now, Instant until, int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                UPDATE alert_delivery d
                   SET attempts = attempts + 1, next_attempt_at = ?
                  FROM (SELECT id FROM alert_delivery
                         WHERE channel = 'WEBHOOK' AND state = 'PENDING' AND next_attempt_at <= ?
                         ORDER BY next_attempt_at, id
                         LIMIT ?
                           FOR UPDATE SKIP LOCKED) due
                 WHERE d.id = due.id
                RETURNING d.id, d.target, d.body, d.attempts
                """,
                row ->
                        new Due(
                                row.getLong("id"),
                                row.getString("target"),
                                row.getString("body"),
                                row.getInt("attempts")),
                until,
                now,
                limit);
    }

    void sent(Connection connection, Due due, Instant at) throws SQLException {
        Rows.update(
                connection,
                "UPDATE alert_delivery SET state = 'SENT', sent_at = ?, last_error = NULL WHERE id = ?",
                at,
                due.id());
    }

    /// @param next null when there is no further attempt
    void failed(Connection connection, Due due, String error, @Nullable Instant next)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE alert_delivery
                   SET last_error = ?, state = CASE WHEN CAST(? AS timestamptz) IS NULL THEN 'FAILED' ELSE state END,
                       next_attempt_at = coalesce(CAST(? AS timestamptz), next_attempt_at)
                 WHERE id = ? AND state = 'PENDING' AND attempts = ?
                """,
                error,
                next,
                next,
                due.id(),
                due.attempt());
    }
}
