package org.agentaudit.destination;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.store.Arrivals;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.HorizonRepository;

/// Tables `destination` and `destination_refusal`, and the log in order of arrival.
@Singleton
class DestinationRepository {

    private static final int LOCK_SPACE = 0x0E7E;

    /// An event may hold megabytes.
    private static final int FETCH_SIZE = 25;

    private final HorizonRepository horizon;

    DestinationRepository(HorizonRepository horizon) {
        this.horizon = horizon;
    }

    /// Held by the one portal that sends to the destination, until the transaction ends.
    ///
    /// @return whether this one has it
    boolean lock(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?, hashtext(?))")) {
            statement.setInt(1, LOCK_SPACE);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// A destination that is new begins with what is accepted from now on.
    void ensure(Connection connection, String name, Instant at) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO destination (name, sent_arrival, created_at)
                        VALUES (?, ?, CAST(? AS timestamptz))
                        ON CONFLICT (name) DO NOTHING
                        """)) {
            statement.setString(1, name);
            statement.setLong(2, Arrivals.lastOf(horizon.lastBatch(connection)));
            statement.setString(3, at.toString());
            statement.executeUpdate();
        }
    }

    Optional<DestinationState> state(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT name, sent_arrival, sent, refused, missed, last_sent_at, last_error, last_error_at
                          FROM destination WHERE name = ?
                        """)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new DestinationState(
                                        row.getString("name"),
                                        row.getLong("sent_arrival"),
                                        row.getLong("sent"),
                                        row.getLong("refused"),
                                        row.getLong("missed"),
                                        EventRow.instantOrNull(row, "last_sent_at"),
                                        row.getString("last_error"),
                                        EventRow.instantOrNull(row, "last_error_at")))
                        : Optional.empty();
            }
        }
    }

    /// The first events of a stretch of the log, in order of arrival.
    ///
    /// @param whole nothing of the stretch follows
    record Part(List<AuditEvent> events, boolean whole) {}

    /// Events in order of arrival, fetched a few at a time so that no more than the part is held.
    ///
    /// @param after      exclusive
    /// @param upTo       inclusive
    /// @param limit      events at most
    /// @param characters of content together, roughly; at least one event
    Part events(Connection connection, long after, long upTo, int limit, long characters)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT "
                                + EventRow.ENVELOPE_COLUMNS
                                + ", "
                                + EventRow.CONTENT_COLUMNS
                                + """
                                  FROM audit_event e
                                  LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)
                                 WHERE e.arrival > ? AND e.arrival <= ?
                                 ORDER BY e.arrival
                                 LIMIT ?
                                """)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            statement.setInt(3, limit);
            List<AuditEvent> events = new ArrayList<>();
            long weight = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    AuditEvent event = EventRow.read(rows);
                    events.add(event);
                    weight += event.content().length();
                    if (weight >= characters) {
                        return new Part(events, false);
                    }
                }
            }
            return new Part(events, events.size() < limit);
        }
    }

    /// Arrivals of events that were removed as a whole.
    ///
    /// @param after exclusive
    /// @param upTo  inclusive
    List<Long> removed(Connection connection, long after, long upTo) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT l.batch_number, l.positions
                          FROM deletion_leaf l JOIN deletion d ON d.id = l.deletion_id
                         WHERE d.kind = 'EVENT' AND l.batch_number BETWEEN ? AND ?
                        """)) {
            statement.setLong(1, Arrivals.batchOf(after));
            statement.setLong(2, Arrivals.batchOf(upTo));
            List<Long> removed = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Arrivals.of(rows.getLong(1), rows.getBytes(2))
                            .filter(arrival -> arrival > after && arrival <= upTo)
                            .forEach(removed::add);
                }
            }
            return removed;
        }
    }

    /// The copy has come further.
    void advance(
            Connection connection, String name, long arrival, long sent, long missed, Instant at)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE destination
                           SET sent_arrival = ?, sent = sent + ?, missed = missed + ?, last_error = NULL, last_error_at = NULL,
                               last_sent_at = CASE WHEN ? > 0 THEN CAST(? AS timestamptz) ELSE last_sent_at END
                         WHERE name = ?
                        """)) {
            statement.setLong(1, arrival);
            statement.setLong(2, sent);
            statement.setLong(3, missed);
            statement.setLong(4, sent);
            statement.setString(5, at.toString());
            statement.setString(6, name);
            statement.executeUpdate();
        }
    }

    void failed(Connection connection, String name, String why, Instant at) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE destination SET last_error = ?, last_error_at = CAST(? AS timestamptz) WHERE name = ?
                        """)) {
            statement.setString(1, why);
            statement.setString(2, at.toString());
            statement.setString(3, name);
            statement.executeUpdate();
        }
    }

    /// Sets an event aside.
    void refused(Connection connection, String name, AuditEvent event, String why, Instant at)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH one AS (
                            INSERT INTO destination_refusal (name, arrival, event_id, at, reason)
                            VALUES (?, ?, ?, CAST(? AS timestamptz), ?)
                            ON CONFLICT DO NOTHING RETURNING name)
                        UPDATE destination SET refused = refused + 1 WHERE name IN (SELECT one.name FROM one)
                        """)) {
            statement.setString(1, name);
            statement.setLong(2, event.envelope().arrival());
            statement.setObject(3, event.envelope().id());
            statement.setString(4, at.toString());
            statement.setString(5, why);
            statement.executeUpdate();
        }
    }

    /// Events that wait, counted up to `limit`, and the earliest receipt among them.
    record Waiting(long events, Optional<Instant> since) {}

    Waiting waiting(Connection connection, long after, int limit) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT count(*) AS events, min(s.received_at) AS since
                          FROM (SELECT e.received_at FROM audit_event e WHERE e.arrival > ? LIMIT ?) s
                        """)) {
            statement.setLong(1, after);
            statement.setInt(2, limit);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Waiting(
                        row.getLong("events"),
                        Optional.ofNullable(EventRow.instantOrNull(row, "since")));
            }
        }
    }
}
