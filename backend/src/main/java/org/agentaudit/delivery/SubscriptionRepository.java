package org.agentaudit.delivery;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tables `report_subscription` and `report_delivery`.
@Singleton
class SubscriptionRepository {

    /// A subscription with the sending that was decided on last.
    private static final String SELECT =
            """
            SELECT s.id, s.owner, s.kind, s.recipients, s.send_at, s.time_zone, s.days, s.agent_id, s.attach_pdf,
                   s.enabled, d.for_date, d.sent_at, d.pending, d.failed, d.attempts, d.error
              FROM report_subscription s
              LEFT JOIN LATERAL (
                   SELECT a.for_date, max(a.sent_at) AS sent_at, bool_or(a.status = 'PENDING') AS pending,
                          bool_or(a.status = 'FAILED') AS failed, max(a.attempts) AS attempts, min(a.error) AS error
                     FROM report_delivery a
                    WHERE a.subscription_id = s.id
                      AND a.for_date = (SELECT b.for_date FROM report_delivery b
                                         WHERE b.subscription_id = s.id
                                         ORDER BY b.queued_at DESC, b.for_date DESC LIMIT 1)
                    GROUP BY a.for_date) d ON true
             WHERE s.deleted_at IS NULL
            """;

    /// @param owner null: everybody's
    List<ReportSubscription> list(Connection connection, @Nullable String owner)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        SELECT + " AND (CAST(? AS text) IS NULL OR s.owner = ?) ORDER BY s.id")) {
            statement.setString(1, owner);
            statement.setString(2, owner);
            return read(statement);
        }
    }

    /// @param owner null: whoever made it
    /// @param lock  nobody else changes it, or queues its mails, until the transaction ends
    Optional<ReportSubscription> byId(
            Connection connection, long id, @Nullable String owner, boolean lock)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        SELECT
                                + " AND s.id = ? AND (CAST(? AS text) IS NULL OR s.owner = ?)"
                                + (lock ? " FOR UPDATE OF s" : ""))) {
            statement.setLong(1, id);
            statement.setString(2, owner);
            statement.setString(3, owner);
            return read(statement).stream().findFirst();
        }
    }

    long count(Connection connection, String owner) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT count(*) FROM report_subscription WHERE owner = ? AND deleted_at IS NULL
                        """)) {
            statement.setString(1, owner);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// @return the id
    long insert(Connection connection, String owner, SubscriptionInput input, Instant at)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO report_subscription
                               (kind, recipients, send_at, time_zone, days, agent_id, attach_pdf, enabled,
                                changed_at, scheduled_until, owner, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        RETURNING id
                        """)) {
            int next = bind(connection, statement, input, at);
            statement.setString(next, owner);
            statement.setObject(next + 1, utc(at));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// The owner stays; mails that wait for a recipient who is not among them any more go.
    void update(Connection connection, long id, SubscriptionInput input, Instant at)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE report_subscription
                           SET kind = ?, recipients = ?, send_at = ?, time_zone = ?, days = ?, agent_id = ?,
                               attach_pdf = ?, enabled = ?, changed_at = ?,
                               scheduled_until = greatest(scheduled_until, ?)
                         WHERE id = ?
                        """)) {
            int next = bind(connection, statement, input, at);
            statement.setLong(next, id);
            statement.executeUpdate();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        DELETE FROM report_delivery
                         WHERE subscription_id = ? AND status = 'PENDING' AND recipient <> ALL (?)
                        """)) {
            statement.setLong(1, id);
            statement.setArray(2, connection.createArrayOf("text", input.recipients().toArray()));
            statement.executeUpdate();
        }
    }

    /// Times to send that passed while it was disabled are not made up.
    void enable(Connection connection, long id, boolean enabled, Instant at) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE report_subscription
                           SET enabled = ?, changed_at = ?, scheduled_until = greatest(scheduled_until, ?)
                         WHERE id = ?
                        """)) {
            statement.setBoolean(1, enabled);
            statement.setObject(2, utc(at));
            statement.setObject(3, utc(at));
            statement.setLong(4, id);
            statement.executeUpdate();
        }
    }

    /// The row stays for the deliveries there were; mails that wait are not sent any more.
    void delete(Connection connection, long id, Instant at) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "UPDATE report_subscription SET deleted_at = ?, changed_at = ? WHERE id = ?")) {
            statement.setObject(1, utc(at));
            statement.setObject(2, utc(at));
            statement.setLong(3, id);
            statement.executeUpdate();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "DELETE FROM report_delivery WHERE subscription_id = ? AND status = 'PENDING'")) {
            statement.setLong(1, id);
            statement.executeUpdate();
        }
    }

    /// Puts a mail per recipient into the outbox. One that was sent, or waits, stays as it is; one
    /// that failed is tried anew when somebody asks for it.
    ///
    /// @param by     null: the schedule
    /// @param domain of the message id
    void queue(
            Connection connection,
            long subscription,
            List<String> recipients,
            LocalDate forDate,
            @Nullable String by,
            boolean late,
            String domain,
            Instant at)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO report_delivery AS d
                               (subscription_id, recipient, for_date, status, queued_at, next_attempt_at, queued_by, late,
                                message_id)
                        SELECT ?, r.recipient, a.day, 'PENDING', a.at, a.at, ?, ?,
                               'report.' || a.day || '.' || gen_random_uuid() || '@' || ?
                          FROM unnest(?) AS r (recipient),
                               (SELECT CAST(? AS date) AS day, CAST(? AS timestamptz) AS at) a
                        ON CONFLICT (subscription_id, recipient, for_date) DO UPDATE
                           SET status = 'PENDING', attempts = 0, queued_at = excluded.queued_at,
                               next_attempt_at = excluded.next_attempt_at, queued_by = excluded.queued_by, error = NULL
                         WHERE d.status = 'FAILED' AND excluded.queued_by IS NOT NULL
                        """)) {
            statement.setLong(1, subscription);
            statement.setString(2, by);
            statement.setBoolean(3, late);
            statement.setString(4, domain);
            statement.setArray(5, connection.createArrayOf("text", recipients.toArray()));
            statement.setObject(6, forDate);
            statement.setObject(7, utc(at));
            statement.executeUpdate();
        }
    }

    /// The sending for one day; empty when there was none.
    Optional<Delivery> delivery(Connection connection, long subscription, LocalDate forDate)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT a.for_date, max(a.sent_at) AS sent_at, bool_or(a.status = 'PENDING') AS pending,
                               bool_or(a.status = 'FAILED') AS failed, max(a.attempts) AS attempts, min(a.error) AS error
                          FROM report_delivery a
                         WHERE a.subscription_id = ? AND a.for_date = ?
                         GROUP BY a.for_date
                        """)) {
            statement.setLong(1, subscription);
            statement.setObject(2, forDate);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(delivery(row)) : Optional.empty();
            }
        }
    }

    private static int bind(
            Connection connection, PreparedStatement statement, SubscriptionInput input, Instant at)
            throws SQLException {
        statement.setString(1, input.kind().name());
        statement.setArray(2, connection.createArrayOf("text", input.recipients().toArray()));
        statement.setObject(3, input.sendAt());
        statement.setString(4, input.timeZone().getId());
        statement.setArray(5, connection.createArrayOf("smallint", input.days().toArray()));
        if (input.agentId() == null) {
            statement.setNull(6, Types.VARCHAR);
        } else {
            statement.setString(6, input.agentId());
        }
        statement.setBoolean(7, input.attachPdf());
        statement.setBoolean(8, input.enabled());
        statement.setObject(9, utc(at));
        statement.setObject(10, utc(at));
        return 11;
    }

    private static List<ReportSubscription> read(PreparedStatement statement) throws SQLException {
        List<ReportSubscription> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(
                        new ReportSubscription(
                                rows.getLong("id"),
                                rows.getString("owner"),
                                ReportKind.valueOf(rows.getString("kind")),
                                Arrays.asList((String[]) rows.getArray("recipients").getArray()),
                                rows.getObject("send_at", LocalTime.class),
                                ZoneId.of(rows.getString("time_zone")),
                                Arrays.stream((Object[]) rows.getArray("days").getArray())
                                        .map(day -> ((Number) day).intValue())
                                        .toList(),
                                rows.getString("agent_id"),
                                rows.getBoolean("attach_pdf"),
                                rows.getBoolean("enabled"),
                                delivery(rows)));
            }
        }
        return found;
    }

    private static @Nullable Delivery delivery(ResultSet row) throws SQLException {
        LocalDate forDate = row.getObject("for_date", LocalDate.class);
        if (forDate == null) {
            return null;
        }
        DeliveryStatus status = DeliveryStatus.SENT;
        if (row.getBoolean("pending")) {
            status = DeliveryStatus.PENDING;
        } else if (row.getBoolean("failed")) {
            status = DeliveryStatus.FAILED;
        }
        OffsetDateTime sentAt = row.getObject("sent_at", OffsetDateTime.class);
        return new Delivery(
                forDate,
                status == DeliveryStatus.SENT && sentAt != null ? sentAt.toInstant() : null,
                status,
                row.getInt("attempts"),
                row.getString("error"));
    }

    private static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
