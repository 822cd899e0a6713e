package org.agentaudit.store;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Rows in the binary format of PostgreSQL's COPY (PostgreSQL documentation, COPY, "Binary
/// Format"): no text to write here and to parse there. The type of a value decides how it is
/// written, so it must be the type of its column.
final class CopyRows {
    private static final byte[] SIGNATURE =
            "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int EXPECTED = 1 << 18;

    private final PgBinary values = new PgBinary(EXPECTED);
    private int row = -1;
    private int fields;

    CopyRows() {
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

    void endRow() {
        values.int2At(row, fields);
        row = -1;
        fields = 0;
    }

    /// All rows; none may be added afterwards.
    InputStream stream() {
        values.int2(-1);
        return new ByteArrayInputStream(values.buffer(), 0, values.size());
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
