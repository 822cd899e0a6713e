package org.agentaudit.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// A COPY that is under way, in PostgreSQL's binary format (PostgreSQL documentation, COPY, "Binary
/// Format"): no text to write here and to parse there. Rows are sent while the next ones are made,
/// so that the server works meanwhile and little is held. The type of a value decides how it is
/// written, so it must be the type of its column.
final class CopyRows implements AutoCloseable {
    private static final byte[] SIGNATURE =
            "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int CHUNK = 1 << 16;

    private final PgBinary values = new PgBinary(2 * CHUNK);
    private final CopyIn copy;
    private int row = -1;
    private int fields;

    /// Starts the COPY; until the end the connection can do nothing else.
    ///
    /// @param sql a `COPY … FROM STDIN (FORMAT binary)`
    CopyRows(Connection connection, String sql) throws SQLException {
        copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        values.raw(SIGNATURE);
        values.int4(0);
        values.int4(0);
    }

    /// A `text` column.
    CopyRows add(@Nullable String value) {
        field().text(value);
        return this;
    }

    /// A `text` column that holds the constant's name.
    CopyRows add(@Nullable Enum<?> value) {
        field().text(value == null ? null : value.name());
        return this;
    }

    /// A `uuid` column.
    CopyRows add(@Nullable UUID value) {
        field().uuid(value);
        return this;
    }

    /// A `timestamptz` column.
    CopyRows add(@Nullable Instant value) {
        field().timestamp(value);
        return this;
    }

    /// A `bigint` column.
    CopyRows add(@Nullable Long value) {
        field().bigint(value);
        return this;
    }

    /// An `integer` column.
    CopyRows add(@Nullable Integer value) {
        field().integer(value);
        return this;
    }

    /// A `double precision` column.
    CopyRows add(@Nullable Double value) {
        field().doublePrecision(value);
        return this;
    }

    /// A `boolean` column.
    CopyRows add(@Nullable Boolean value) {
        field().bool(value);
        return this;
    }

    /// A `numeric` column.
    CopyRows add(@Nullable BigDecimal value) {
        field().numeric(value);
        return this;
    }

    /// A `bytea` column.
    CopyRows add(byte @Nullable [] value) {
        field().bytea(value);
        return this;
    }

    /// A `tsvector` column.
    ///
    /// @param words distinct, sorted
    CopyRows words(List<String> words) {
        field().tsvector(words);
        return this;
    }

    void endRow() throws SQLException {
        values.int2At(row, fields);
        row = -1;
        fields = 0;
        if (values.size() >= CHUNK) {
            send();
        }
    }

    /// Ends the COPY.
    ///
    /// @return rows that were stored
    long finish() throws SQLException {
        values.int2(-1);
        send();
        return copy.endCopy();
    }

    /// Gives up the COPY when it was not finished.
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private void send() throws SQLException {
        copy.writeToCopy(values.buffer(), 0, values.size());
        values.clear();
    }

    private PgBinary field() {
        if (row < 0) {
            row = values.size();
            values.int2(0);
        }
        fields++;
        return values;
    }
}
