package org.agentaudit.delivery;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Sends from table `report_delivery`, and table `unsubscribe_token`.
@Singleton
class DeliveryRepository {

    /// A link to unsubscribe.
    record Unsubscription(long subscription, ReportKind kind, String recipient, boolean there) {}

    /// Subscriptions whose next times to send may have come: all that are enabled.
    List<Long> scheduled(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT id FROM report_subscription
                 WHERE enabled AND deleted_at IS NULL AND cardinality(recipients) > 0
                 ORDER BY id
                """,
                row -> row.getLong("id"));
    }

    /// Up to when times to send are decided on; locks the subscription.
    ///
    /// @return empty when another portal decides right now, or it is gone
    Optional<Instant> scheduledUntil(Connection connection, long subscription) throws SQLException {
        return Rows.list(
                        connection,
                        """
                        SELECT scheduled_until FROM report_subscription
                         WHERE id = ? AND enabled AND deleted_at IS NULL FOR UPDATE SKIP LOCKED
                        """,
                        row ->
                                row.getObject("scheduled_until", java.time.OffsetDateTime.class)
                                        .toInstant(),
                        subscription)
                .stream()
                .findFirst();
    }

    void scheduledUntil(Connection connection, long subscription, Instant until)
            throws SQLException {
        Rows.update(
                connection,
                "UPDATE report_subscription SET scheduled_until = ? WHERE id = ?",
                until,
                subscription);
    }

    /// Mails that are due, each for one portal: they are due again at `until` unless their attempt
    /// ends before.
    List<DueDelivery> claim(Connection connection, Instant now, Instant until, int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                UPDATE report_delivery d
                   SET attempts = attempts + 1, next_attempt_at = ?
                  FROM (SELECT id FROM report_delivery
                         WHERE status = 'PENDING' AND next_attempt_at <= ?
                         ORDER BY next_attempt_at, subscription_id, for_date, id
                         LIMIT ?
                           FOR UPDATE SKIP LOCKED) due,
                       report_subscription s
                 WHERE d.id = due.id AND s.id = d.subscription_id
                RETURNING d.id, d.subscription_id, s.owner, s.kind, s.agent_id, s.attach_pdf, d.recipient, d.for_date,
                          d.message_id, d.late, d.attempts
                """,
                row ->
                        new DueDelivery(
                                row.getLong("id"),
                                row.getLong("subscription_id"),
                                row.getString("owner"),
                                ReportKind.valueOf(row.getString("kind")),
                                row.getString("agent_id"),
                                row.getBoolean("attach_pdf"),
                                row.getString("recipient"),
                                row.getObject("for_date", LocalDate.class),
                                row.getString("message_id"),
                                row.getBoolean("late"),
                                row.getInt("attempts")),
                until,
                now,
                limit);
    }

    /// Keeps a claimed mail for longer.
    ///
    /// @return false when it is no longer to be sent, or another portal took it over
    boolean keep(Connection connection, DueDelivery due, Instant until) throws SQLException {
        return Rows.update(
                        connection,
                        """
                        UPDATE report_delivery SET next_attempt_at = ?
                         WHERE id = ? AND status = 'PENDING' AND attempts = ?
                        """,
                        until,
                        due.id(),
                        due.attempt())
                == 1;
    }

    void sent(Connection connection, DueDelivery due, Instant at) throws SQLException {
        Rows.update(
                connection,
                "UPDATE report_delivery SET status = 'SENT', sent_at = ?, error = NULL WHERE id = ?",
                at,
                due.id());
    }

    /// @param next null when there is no further attempt
    void failed(Connection connection, DueDelivery due, String error, @Nullable Instant next)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE report_delivery
                   SET error = ?, status = CASE WHEN CAST(? AS timestamptz) IS NULL THEN 'FAILED' ELSE status END,
                       next_attempt_at = coalesce(CAST(? AS timestamptz), next_attempt_at)
                 WHERE id = ? AND status = 'PENDING' AND attempts = ?
                """,
                error,
                next,
                next,
                due.id(),
                due.attempt());
    }

    /// Notes on mails that wait why they do, and gives up those queued before `until`.
    void waitInVain(Connection connection, String why, String gaveUp, Instant until)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE report_delivery SET error = ?
                 WHERE status = 'PENDING' AND error IS DISTINCT FROM ? AND queued_at >= ?
                """,
                why,
                why,
                until);
        Rows.update(
                connection,
                """
                UPDATE report_delivery SET status = 'FAILED', error = ?
                 WHERE status = 'PENDING' AND queued_at < ?
                """,
                gaveUp,
                until);
    }

    void insertToken(
            Connection connection, byte[] hash, long subscription, String recipient, Instant at)
            throws SQLException {
        Rows.update(
                connection,
                """
                INSERT INTO unsubscribe_token (token_hash, subscription_id, recipient, made_at) VALUES (?, ?, ?, ?)
                """,
                hash,
                subscription,
                recipient,
                at);
    }

    Optional<Unsubscription> token(Connection connection, byte[] hash) throws SQLException {
        return Rows.list(
                        connection,
                        """
                        SELECT s.id, s.kind, t.recipient,
                               s.deleted_at IS NULL AND EXISTS (SELECT 1 FROM unnest(s.recipients) AS r (recipient)
                                                                 WHERE lower(r.recipient) = lower(t.recipient)) AS there
                          FROM unsubscribe_token t
                          JOIN report_subscription s ON s.id = t.subscription_id
                         WHERE t.token_hash = ?
                        """,
                        row ->
                                new Unsubscription(
                                        row.getLong("id"),
                                        ReportKind.valueOf(row.getString("kind")),
                                        row.getString("recipient"),
                                        row.getBoolean("there")),
                        (Object) hash)
                .stream()
                .findFirst();
    }

    /// Takes a recipient off; mails to them that wait are not sent any more.
    void unsubscribe(Connection connection, byte[] hash, Unsubscription found, Instant at)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE report_subscription s
                   SET changed_at = ?,
                       recipients = ARRAY(SELECT r.recipient FROM unnest(s.recipients) WITH ORDINALITY AS r (recipient, place)
                                           WHERE lower(r.recipient) <> lower(?) ORDER BY r.place)
                 WHERE s.id = ?
                """,
                at,
                found.recipient(),
                found.subscription());
        Rows.update(
                connection,
                """
                DELETE FROM report_delivery
                 WHERE subscription_id = ? AND lower(recipient) = lower(?) AND status = 'PENDING'
                """,
                found.subscription(),
                found.recipient());
        Rows.update(
                connection,
                "UPDATE unsubscribe_token SET used_at = ? WHERE token_hash = ? AND used_at IS NULL",
                at,
                hash);
    }
}
