package org.agentaudit.quarantine;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.IngestPipeline;
import org.agentaudit.query.TraceLife;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Table `quarantine`: reads, notes of tries, removals. Items are added by the store's commits.
@Singleton
class QuarantineRepository {

    private static final String WHERE =
            """
             WHERE (CAST(? AS timestamptz) IS NULL OR q.last_seen_at >= CAST(? AS timestamptz))
               AND (CAST(? AS timestamptz) IS NULL OR q.last_seen_at < CAST(? AS timestamptz))
               AND (CAST(? AS text) IS NULL OR q.reason = CAST(? AS text))
               AND (CAST(? AS text) IS NULL OR q.origin = CAST(? AS text))
            """;
    private static final int PARAMETERS = 8;
    private static final String ITEM =
            """
            SELECT q.id, q.received_at, q.last_seen_at, q.seen, q.origin, q.position, q.event_id, q.reason,
                   char_length(q.body) AS body_length, q.complete, q.tries, q.tried_at
              FROM quarantine q
            """;

    private final TransactionOperations<Connection> transactions;

    QuarantineRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Newest first, of items with a smaller id than `before`.
    List<QuarantinedItem> page(QuarantineFilter filter, long before, int limit) {
        return read(
                ITEM + WHERE + " AND q.id < ? ORDER BY q.id DESC LIMIT ?",
                statement -> {
                    bind(statement, filter);
                    statement.setLong(PARAMETERS + 1, before);
                    statement.setInt(PARAMETERS + 2, limit);
                },
                QuarantineRepository::item);
    }

    Optional<QuarantinedItem> byId(long id) {
        return read(
                        ITEM + " WHERE q.id = ?",
                        statement -> statement.setLong(1, id),
                        QuarantineRepository::item)
                .stream()
                .findFirst();
    }

    Optional<String> body(long id) {
        return read(
                        "SELECT q.body FROM quarantine q WHERE q.id = ?",
                        statement -> statement.setLong(1, id),
                        rows -> rows.getString(1))
                .stream()
                .findFirst();
    }

    long count(QuarantineFilter filter) {
        return number("SELECT count(*) FROM quarantine q" + WHERE, filter);
    }

    /// Items that can be tried again.
    long countRetryable(QuarantineFilter filter) {
        return number("SELECT count(*) FROM quarantine q" + WHERE + " AND q.complete", filter);
    }

    /// Greatest id of all; 0 when quarantine is empty.
    long lastId() {
        return number(
                "SELECT coalesce(max(q.id), 0) FROM quarantine q" + WHERE, QuarantineFilter.ALL);
    }

    /// Largest groups first.
    List<QuarantineGroup> groups(QuarantineFilter filter, int limit) {
        return read(
                "SELECT q.reason, count(*) AS items, max(q.last_seen_at) AS last_seen_at FROM quarantine q"
                        + WHERE
                        + " GROUP BY q.reason ORDER BY items DESC, q.reason LIMIT ?",
                statement -> {
                    bind(statement, filter);
                    statement.setInt(PARAMETERS + 1, limit);
                },
                rows ->
                        new QuarantineGroup(
                                rows.getString("reason"),
                                rows.getLong("items"),
                                EventRow.instant(rows, "last_seen_at")));
    }

    /// The next items that can be tried again, by id; together at most `bytes` long, but at least
    /// one.
    ///
    /// @param after  ids beyond this one
    /// @param upTo   ids up to this one
    List<IngestPipeline.Retry> toRetry(
            QuarantineFilter filter, long after, long upTo, int limit, long bytes) {
        return read(
                """
                SELECT * FROM (
                    SELECT n.*, sum(octet_length(n.body)) OVER (ORDER BY n.id) AS total,
                           row_number() OVER (ORDER BY n.id) AS place
                      FROM (SELECT q.id, q.received_at, q.origin, q.position, q.source_format, q.body
                              FROM quarantine q
                """
                        + WHERE
                        + """
                               AND q.complete AND q.id > ? AND q.id <= ?
                             ORDER BY q.id LIMIT ?) n) s
                 WHERE s.total <= ? OR s.place = 1
                 ORDER BY s.id
                """,
                statement -> {
                    bind(statement, filter);
                    statement.setLong(PARAMETERS + 1, after);
                    statement.setLong(PARAMETERS + 2, upTo);
                    statement.setInt(PARAMETERS + 3, limit);
                    statement.setLong(PARAMETERS + 4, bytes);
                },
                rows -> {
                    String format = rows.getString("source_format");
                    return new IngestPipeline.Retry(
                            rows.getLong("id"),
                            EventRow.instant(rows, "received_at"),
                            rows.getString("origin"),
                            rows.getLong("position"),
                            format == null ? null : SourceFormat.valueOf(format),
                            rows.getString("body"));
                });
    }

    /// Notes that items were tried again without success.
    void noteTries(List<IngestPipeline.Retried> items, Instant at) {
        transactions.executeWrite(
                status -> {
                    try (PreparedStatement statement =
                            status.getConnection()
                                    .prepareStatement(
                                            """
                                            UPDATE quarantine
                                               SET reason = ?, tries = tries + 1, tried_at = CAST(? AS timestamptz)
                                             WHERE id = ?
                                            """)) {
                        for (IngestPipeline.Retried item : items) {
                            statement.setString(1, item.reason());
                            statement.setString(2, at.toString());
                            statement.setLong(3, item.id());
                            statement.addBatch();
                        }
                        return statement.executeBatch();
                    }
                });
    }

    /// False when it is not there, or a legal hold keeps it.
    boolean delete(long id) {
        return delete(List.of(id)) > 0;
    }

    /// Deletes some of the matching items with an id of at most `upTo` that no hold keeps; returns
    /// how many.
    int delete(QuarantineFilter filter, long upTo, int limit) {
        return update(
                "DELETE FROM quarantine WHERE id IN (SELECT q.id FROM quarantine q"
                        + WHERE
                        + " AND q.id <= ? AND NOT "
                        + TraceLife.QUARANTINE_HELD
                        + " ORDER BY q.id LIMIT ?)",
                statement -> {
                    bind(statement, filter);
                    statement.setLong(PARAMETERS + 1, upTo);
                    statement.setInt(PARAMETERS + 2, limit);
                });
    }

    /// Items that no hold keeps and that are no longer within `maxBytes` when those received last
    /// are counted first.
    List<Long> beyond(long maxBytes, int limit) {
        return read(
                """
                SELECT q.id
                  FROM (SELECT q.id, q.received_at, q.last_seen_at, q.body,
                               sum(octet_length(q.body)) OVER (ORDER BY q.last_seen_at DESC, q.id DESC) AS total
                          FROM quarantine q) q
                 WHERE q.total > ?
                   AND NOT
                """
                        + TraceLife.QUARANTINE_HELD
                        + " ORDER BY q.last_seen_at, q.id LIMIT ?",
                statement -> {
                    statement.setLong(1, maxBytes);
                    statement.setInt(2, limit);
                },
                rows -> rows.getLong(1));
    }

    /// Those of the items that no hold keeps.
    int delete(List<Long> ids) {
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    "DELETE FROM quarantine q WHERE q.id = ANY (?) AND NOT "
                                            + TraceLife.QUARANTINE_HELD)) {
                        statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
                        return statement.executeUpdate();
                    }
                });
    }

    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> List<T> read(String sql, Binder binder, Reader<T> reader) {
        return transactions.executeRead(
                status -> {
                    try (PreparedStatement statement =
                            status.getConnection().prepareStatement(sql)) {
                        binder.bind(statement);
                        List<T> found = new ArrayList<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                found.add(reader.read(rows));
                            }
                        }
                        return found;
                    }
                });
    }

    private long number(String sql, QuarantineFilter filter) {
        return read(sql, statement -> bind(statement, filter), rows -> rows.getLong(1)).getFirst();
    }

    private int update(String sql, Binder binder) {
        return transactions.executeWrite(
                status -> {
                    try (PreparedStatement statement =
                            status.getConnection().prepareStatement(sql)) {
                        binder.bind(statement);
                        return statement.executeUpdate();
                    }
                });
    }

    private static void bind(PreparedStatement statement, QuarantineFilter filter)
            throws SQLException {
        String[] values = {
            text(filter.from()), text(filter.to()), filter.reason(), filter.origin()
        };
        for (int i = 0; i < PARAMETERS; i++) {
            statement.setString(i + 1, values[i / 2]);
        }
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static QuarantinedItem item(ResultSet rows) throws SQLException {
        return new QuarantinedItem(
                rows.getLong("id"),
                EventRow.instant(rows, "received_at"),
                EventRow.instant(rows, "last_seen_at"),
                rows.getLong("seen"),
                rows.getString("origin"),
                rows.getLong("position"),
                rows.getString("event_id"),
                rows.getString("reason"),
                rows.getLong("body_length"),
                rows.getBoolean("complete"),
                rows.getInt("tries"),
                EventRow.instantOrNull(rows, "tried_at"));
    }
}
