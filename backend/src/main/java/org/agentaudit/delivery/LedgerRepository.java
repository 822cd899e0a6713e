package org.agentaudit.delivery;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Table `report_delivery` as a ledger.
@Singleton
class LedgerRepository {

    /// @param owner        of the subscriptions; null: everybody's
    /// @param subscription null: of all
    /// @param status       null: of any
    /// @param before       number of the last one already seen
    List<MailRow> list(
            Connection connection,
            @Nullable String owner,
            @Nullable Long subscription,
            @Nullable DeliveryStatus status,
            long before,
            int limit)
            throws SQLException {
        String state = status == null ? null : status.name();
        return Rows.list(
                connection,
                """
                SELECT d.*, s.owner, s.kind, s.agent_id,
                       d.status = 'FAILED' AND s.deleted_at IS NULL AND d.recipient = ANY (s.recipients) AS retryable
                  FROM report_delivery d
                  JOIN report_subscription s ON s.id = d.subscription_id
                 WHERE (CAST(? AS text) IS NULL OR s.owner = ?)
                   AND (CAST(? AS bigint) IS NULL OR d.subscription_id = ?)
                   AND (CAST(? AS text) IS NULL OR d.status = ?)
                   AND d.id < ?
                 ORDER BY d.id DESC
                 LIMIT ?
                """,
                row -> {
                    OffsetDateTime sentAt = row.getObject("sent_at", OffsetDateTime.class);
                    return new MailRow(
                            row.getLong("id"),
                            row.getLong("subscription_id"),
                            row.getString("owner"),
                            ReportKind.valueOf(row.getString("kind")),
                            row.getString("agent_id"),
                            row.getString("recipient"),
                            row.getObject("for_date", LocalDate.class),
                            DeliveryStatus.valueOf(row.getString("status")),
                            row.getInt("attempts"),
                            row.getObject("queued_at", OffsetDateTime.class).toInstant(),
                            row.getString("queued_by"),
                            row.getObject("next_attempt_at", OffsetDateTime.class).toInstant(),
                            sentAt == null ? null : sentAt.toInstant(),
                            row.getString("message_id"),
                            row.getString("error"),
                            row.getBoolean("late"),
                            row.getBoolean("retryable"));
                },
                owner,
                owner,
                subscription,
                subscription,
                state,
                state,
                before,
                limit);
    }

    /// How many mails there are in each state; absent: none.
    ///
    /// @param owner null: everybody's
    Map<DeliveryStatus, Long> counts(Connection connection, @Nullable String owner)
            throws SQLException {
        Map<DeliveryStatus, Long> counts = new EnumMap<>(DeliveryStatus.class);
        Rows.list(
                connection,
                """
                SELECT d.status, count(*) AS n
                  FROM report_delivery d
                  JOIN report_subscription s ON s.id = d.subscription_id
                 WHERE CAST(? AS text) IS NULL OR s.owner = ?
                 GROUP BY d.status
                """,
                row ->
                        counts.put(
                                DeliveryStatus.valueOf(row.getString("status")), row.getLong("n")),
                owner,
                owner);
        return counts;
    }

    /// Puts a mail that failed for good back into the outbox.
    ///
    /// @return false when it did not fail, or goes to nobody any more
    boolean retry(Connection connection, long id, @Nullable String owner, String by, Instant now)
            throws SQLException {
        return Rows.update(
                        connection,
                        """
                        UPDATE report_delivery d
                           SET status = 'PENDING', attempts = 0, queued_at = ?, queued_by = ?, next_attempt_at = ?
                          FROM report_subscription s
                         WHERE d.id = ? AND d.status = 'FAILED' AND s.id = d.subscription_id AND s.deleted_at IS NULL
                           AND d.recipient = ANY (s.recipients) AND (CAST(? AS text) IS NULL OR s.owner = ?)
                        """,
                        now,
                        by,
                        now,
                        id,
                        owner,
                        owner)
                == 1;
    }
}
