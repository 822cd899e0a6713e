package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

    /// What is to be sent now.
    ///
    /// @param messageId of a mail; null: it has none yet, or is a webhook
    /// @param attempt   from 1
    record Due(
            long id,
            long alertId,
            String target,
            String body,
            Instant createdAt,
            @Nullable String messageId,
            int attempt) {}

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

    /// What is due on a channel, each for one portal: it is due again at `until` unless its attempt
    /// ends before.
    List<Due> claim(
            Connection connection,
            AlertDelivery.Channel channel,
            Instant now,
            Instant until,
            int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                UPDATE alert_delivery d
                   SET attempts = attempts + 1, next_attempt_at = ?
                  FROM (SELECT id FROM alert_delivery
                         WHERE channel = ? AND state = 'PENDING' AND next_attempt_at <= ?
                         ORDER BY next_attempt_at, id
                         LIMIT ?
                           FOR UPDATE SKIP LOCKED) due
                 WHERE d.id = due.id
                RETURNING d.id, d.alert_id, d.target, d.body, d.created_at, d.message_id, d.attempts
                """,
                row ->
                        new Due(
                                row.getLong("id"),
                                row.getLong("alert_id"),
                                row.getString("target"),
                                row.getString("body"),
                                EventRow.instant(row, "created_at"),
                                row.getString("message_id"),
                                row.getInt("attempts")),
                until,
                channel.name(),
                now,
                limit);
    }

    /// Keeps a claimed mail for longer and gives it its id.
    ///
    /// @return false when it is no longer to be sent, or another portal took it over
    boolean keep(Connection connection, Due due, String messageId, Instant until)
            throws SQLException {
        return Rows.update(
                        connection,
                        """
                        UPDATE alert_delivery SET next_attempt_at = ?, message_id = coalesce(message_id, ?)
                         WHERE id = ? AND state = 'PENDING' AND attempts = ?
                        """,
                        until,
                        messageId,
                        due.id(),
                        due.attempt())
                == 1;
    }

    /// Notes on mails that wait why they do, and gives up those made before `until`.
    void waitInVain(Connection connection, String why, String gaveUp, Instant until)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE alert_delivery
                   SET last_error = CASE WHEN created_at < ? THEN ? ELSE ? END,
                       state = CASE WHEN created_at < ? THEN 'FAILED' ELSE state END
                 WHERE channel = 'MAIL' AND state = 'PENDING' AND (created_at < ? OR last_error IS DISTINCT FROM ?)
                """,
                until,
                gaveUp,
                why,
                until,
                until,
                why);
    }

    /// Messages about alerts, newest first.
    ///
    /// @param state  null for any
    /// @param before number of the last one already seen; null: from the newest
    List<AlertMessage> list(
            Connection connection,
            AlertDelivery.@Nullable State state,
            @Nullable Long before,
            int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT d.*, a.rule_name FROM alert_delivery d JOIN alert a ON a.id = d.alert_id
                 WHERE (CAST(? AS text) IS NULL OR d.state = ?) AND d.id < ?
                 ORDER BY d.id DESC LIMIT ?
                """,
                row -> {
                    AlertDelivery.Channel channel =
                            AlertDelivery.Channel.valueOf(row.getString("channel"));
                    return new AlertMessage(
                            row.getLong("id"),
                            row.getLong("alert_id"),
                            row.getString("rule_name"),
                            AlertDelivery.Transition.valueOf(row.getString("transition")),
                            channel,
                            AlertTargets.shown(channel, row.getString("target")),
                            AlertDelivery.State.valueOf(row.getString("state")),
                            row.getInt("attempts"),
                            EventRow.instant(row, "created_at"),
                            EventRow.instant(row, "next_attempt_at"),
                            EventRow.instantOrNull(row, "sent_at"),
                            row.getString("message_id"),
                            row.getString("last_error"));
                },
                state == null ? null : state.name(),
                state == null ? null : state.name(),
                before == null ? Long.MAX_VALUE : before,
                limit);
    }

    /// How many wait, or failed, of both channels.
    Map<AlertDelivery.State, Long> unsent(Connection connection) throws SQLException {
        Map<AlertDelivery.State, Long> counts = new EnumMap<>(AlertDelivery.State.class);
        Rows.list(
                connection,
                "SELECT state, count(*) AS n FROM alert_delivery WHERE state <> 'SENT' GROUP BY state",
                row ->
                        counts.put(
                                AlertDelivery.State.valueOf(row.getString("state")),
                                row.getLong("n")));
        return counts;
    }

    /// Tries one that failed for good anew.
    ///
    /// @return false when it did not fail
    boolean retry(Connection connection, long id, Instant now) throws SQLException {
        return Rows.update(
                        connection,
                        """
                        UPDATE alert_delivery SET state = 'PENDING', attempts = 0, next_attempt_at = ?
                         WHERE id = ? AND state = 'FAILED'
                        """,
                        now,
                        id)
                == 1;
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
