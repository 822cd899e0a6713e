package org.agentaudit.retention;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.agentaudit.query.TraceLife;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;

/// Finds one person's content; table `erasure`.
@Singleton
class ErasureRepository {

    /// A trace with content of the person.
    record PersonTrace(String traceId, Instant firstAt, Instant lastAt) {}

    /// Numbers of a forecast.
    record Numbers(long contents, long traces, long bytes, long held) {}

    private static final String COLUMNS =
            """
            SELECT id, at, ended_at, username, reason, whole_traces, contents, quarantined, held, later
              FROM erasure
            """;

    /// Events with content in the person's traces, or only their own.
    private static final String CONTENT =
            """
              FROM event_content c
              JOIN audit_event e USING (trace_id, occurred_at, event_id)
              JOIN trace t USING (trace_id)
            """;

    /// A quarantined item names the person when the id stands in quotes in it, or, when it is not
    /// short, anywhere.
    private static final String NAMES_PERSON =
            "(strpos(q.body, ?) > 0 OR strpos(q.body, ?) > 0 OR q.event_id = ?)";

    private static final int SHORT = 8;

    /// Traces with content of the person.
    List<PersonTrace> traces(Connection connection, String userId) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT t.trace_id, t.first_at, t.last_at
                  FROM trace t
                 WHERE t.trace_id IN (SELECT c.trace_id FROM event_content c WHERE c.user_id = ?)
                 ORDER BY t.first_at, t.trace_id
                """,
                row ->
                        new PersonTrace(
                                row.getString("trace_id"),
                                EventRow.instant(row, "first_at"),
                                EventRow.instant(row, "last_at")),
                userId);
    }

    /// Content of the traces that goes. The person's own comes last: while some of it is there,
    /// the trace is still found when an interrupted erasure is repeated.
    ///
    /// @param wholeTraces of everybody in the traces
    List<ExpiryRepository.ContentKey> contents(
            Connection connection,
            List<PersonTrace> traces,
            String userId,
            boolean wholeTraces,
            int limit)
            throws SQLException {
        return Rows.list(
                connection,
                "SELECT c.trace_id, c.occurred_at, c.event_id, e.arrival"
                        + CONTENT
                        + """
                         WHERE c.trace_id = ANY (?) AND c.occurred_at >= ? AND c.occurred_at <= ?
                           AND (CAST(? AS boolean) OR c.user_id = ?)
                         ORDER BY c.user_id IS NOT DISTINCT FROM ?
                         LIMIT ?
                        """,
                row ->
                        new ExpiryRepository.ContentKey(
                                row.getString("trace_id"),
                                EventRow.instant(row, "occurred_at"),
                                row.getObject("event_id", UUID.class),
                                row.getLong("arrival")),
                traces.stream().map(PersonTrace::traceId).toArray(String[]::new),
                traces.stream().map(PersonTrace::firstAt).min(Instant::compareTo).orElseThrow(),
                traces.stream().map(PersonTrace::lastAt).max(Instant::compareTo).orElseThrow(),
                wholeTraces,
                userId,
                userId,
                limit);
    }

    Numbers numbers(Connection connection, String userId, boolean wholeTraces) throws SQLException {
        String which =
                wholeTraces
                        ? """
                           WHERE t.trace_id IN (SELECT p.trace_id FROM event_content p WHERE p.user_id = ?)
                             AND c.occurred_at >= t.first_at AND c.occurred_at <= t.last_at
                          """
                        : " WHERE c.user_id = ?";
        return Rows.list(
                        connection,
                        """
                        SELECT count(*) FILTER (WHERE NOT held) AS contents,
                               count(DISTINCT trace_id) FILTER (WHERE NOT held) AS traces,
                               coalesce(sum(bytes) FILTER (WHERE NOT held), 0) AS bytes,
                               count(*) FILTER (WHERE held) AS held
                          FROM (SELECT t.trace_id, pg_column_size(c.*) AS bytes,
                        """
                                + TraceLife.HELD
                                + " AS held"
                                + CONTENT
                                + which
                                + ") n",
                        row ->
                                new Numbers(
                                        row.getLong("contents"),
                                        row.getLong("traces"),
                                        row.getLong("bytes"),
                                        row.getLong("held")),
                        userId)
                .getFirst();
    }

    /// Numbers of the holds that keep a trace of the person.
    List<Long> holds(Connection connection, String userId) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT h.id
                  FROM retention_hold h
                 WHERE h.released_at IS NULL
                   AND EXISTS (SELECT 1
                                 FROM trace t
                                WHERE t.trace_id IN (SELECT p.trace_id FROM event_content p WHERE p.user_id = ?)
                                  AND
                """
                        + TraceLife.HELD_BY_H
                        + ") ORDER BY h.id",
                row -> row.getLong(1),
                userId);
    }

    long quarantined(Connection connection, String userId) throws SQLException {
        return Rows.number(
                connection,
                "SELECT count(*) FROM quarantine q WHERE "
                        + NAMES_PERSON
                        + " AND NOT "
                        + TraceLife.QUARANTINE_HELD,
                quoted(userId),
                longOrQuoted(userId),
                userId);
    }

    ExpiryRepository.Quarantined removeQuarantined(Connection connection, String userId)
            throws SQLException {
        return Rows.list(
                        connection,
                        "WITH gone AS (DELETE FROM quarantine q WHERE "
                                + NAMES_PERSON
                                + " AND NOT "
                                + TraceLife.QUARANTINE_HELD
                                + """
                                 RETURNING q.received_at)
                                SELECT count(*) AS items, min(received_at) AS earliest, max(received_at) AS latest FROM gone
                                """,
                        row ->
                                new ExpiryRepository.Quarantined(
                                        row.getLong("items"),
                                        EventRow.instantOrNull(row, "earliest"),
                                        EventRow.instantOrNull(row, "latest")),
                        quoted(userId),
                        longOrQuoted(userId),
                        userId)
                .getFirst();
    }

    long start(
            Connection connection,
            byte[] person,
            boolean wholeTraces,
            String reason,
            String actor,
            Instant now)
            throws SQLException {
        return Rows.number(
                connection,
                """
                INSERT INTO erasure (at, username, reason, person, whole_traces)
                VALUES (?, ?, ?, ?, ?)
                RETURNING id
                """,
                now,
                actor,
                reason,
                person,
                wholeTraces);
    }

    void add(Connection connection, long id, long contents, long quarantined, long held)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE erasure SET contents = contents + ?, quarantined = quarantined + ?, held = held + ? WHERE id = ?
                """,
                contents,
                quarantined,
                held,
                id);
    }

    void end(Connection connection, long id, Instant now) throws SQLException {
        Rows.update(connection, "UPDATE erasure SET ended_at = ? WHERE id = ?", now, id);
    }

    /// Newest first.
    List<Erasure> latest(Connection connection, int limit) throws SQLException {
        return Rows.list(
                connection, COLUMNS + " ORDER BY id DESC LIMIT ?", ErasureRepository::read, limit);
    }

    Erasure find(Connection connection, long id) throws SQLException {
        return Rows.list(connection, COLUMNS + " WHERE id = ?", ErasureRepository::read, id)
                .getFirst();
    }

    /// Every person whose content was erased.
    List<byte[]> persons(Connection connection) throws SQLException {
        return Rows.list(connection, "SELECT DISTINCT person FROM erasure", row -> row.getBytes(1));
    }

    /// Tells each user id that content is stored of.
    void eachUser(Connection connection, Consumer<String> reader) throws SQLException {
        Rows.each(
                connection,
                """
                WITH RECURSIVE u AS (
                     (SELECT user_id FROM event_content WHERE user_id IS NOT NULL ORDER BY user_id LIMIT 1)
                     UNION ALL
                     SELECT (SELECT c.user_id FROM event_content c WHERE c.user_id > u.user_id
                              ORDER BY c.user_id LIMIT 1)
                       FROM u
                      WHERE u.user_id IS NOT NULL)
                SELECT user_id FROM u WHERE user_id IS NOT NULL
                """,
                row -> {
                    reader.accept(row.getString(1));
                    return true;
                });
    }

    long contentsOf(Connection connection, String userId) throws SQLException {
        return Rows.number(
                connection, "SELECT count(*) FROM event_content WHERE user_id = ?", userId);
    }

    void noLater(Connection connection) throws SQLException {
        Rows.update(connection, "UPDATE erasure SET later = 0 WHERE later <> 0");
    }

    /// Noted at the person's last erasure.
    void later(Connection connection, byte[] person, long events) throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE erasure SET later = ?
                 WHERE id = (SELECT max(id) FROM erasure WHERE person = ?)
                """,
                events,
                person);
    }

    private static String quoted(String userId) {
        return '"' + userId + '"';
    }

    private static String longOrQuoted(String userId) {
        return userId.length() < SHORT ? quoted(userId) : userId;
    }

    private static Erasure read(ResultSet row) throws SQLException {
        return new Erasure(
                row.getLong("id"),
                EventRow.instant(row, "at"),
                EventRow.instantOrNull(row, "ended_at"),
                row.getString("username"),
                row.getString("reason"),
                row.getBoolean("whole_traces"),
                row.getLong("contents"),
                row.getLong("quarantined"),
                row.getLong("held"),
                row.getLong("later"));
    }
}
