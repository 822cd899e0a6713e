package org.agentaudit.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/// Arrays of parameters in binary form: the driver's own are texts, written here and parsed there.
final class PgArrays {
    private static final int EXPECTED_ELEMENT = 40;

    private PgArrays() {}

    static <T> Array texts(
            Connection connection, Collection<T> rows, Function<T, @Nullable String> column)
            throws SQLException {
        return array(
                connection,
                Oid.TEXT_ARRAY,
                Oid.TEXT,
                rows,
                (to, row) -> to.text(column.apply(row)));
    }

    static <T> Array times(
            Connection connection, Collection<T> rows, Function<T, @Nullable Instant> column)
            throws SQLException {
        return array(
                connection,
                Oid.TIMESTAMPTZ_ARRAY,
                Oid.TIMESTAMPTZ,
                rows,
                (to, row) -> to.timestamp(column.apply(row)));
    }

    static <T> Array longs(
            Connection connection, Collection<T> rows, Function<T, @Nullable Long> column)
            throws SQLException {
        return array(
                connection,
                Oid.INT8_ARRAY,
                Oid.INT8,
                rows,
                (to, row) -> to.bigint(column.apply(row)));
    }

    static <T> Array smallints(
            Connection connection, Collection<T> rows, Function<T, Integer> column)
            throws SQLException {
        return array(
                connection,
                Oid.INT2_ARRAY,
                Oid.INT2,
                rows,
                (to, row) -> to.smallint(column.apply(row)));
    }

    static <T> Array booleans(
            Connection connection, Collection<T> rows, Function<T, Boolean> column)
            throws SQLException {
        return array(
                connection,
                Oid.BOOL_ARRAY,
                Oid.BOOL,
                rows,
                (to, row) -> to.bool(column.apply(row)));
    }

    static <T> Array uuids(Connection connection, Collection<T> rows, Function<T, UUID> column)
            throws SQLException {
        return array(
                connection,
                Oid.UUID_ARRAY,
                Oid.UUID,
                rows,
                (to, row) -> to.uuid(column.apply(row)));
    }

    static <T> Array bytes(Connection connection, Collection<T> rows, Function<T, byte[]> column)
            throws SQLException {
        return array(
                connection,
                Oid.BYTEA_ARRAY,
                Oid.BYTEA,
                rows,
                (to, row) -> to.bytea(column.apply(row)));
    }

    private static <T> Array array(
            Connection connection,
            int arrayType,
            int type,
            Collection<T> rows,
            BiConsumer<PgBinary, T> element)
            throws SQLException {
        PgBinary values = new PgBinary(EXPECTED_ELEMENT * (1 + rows.size()));
        values.int4(rows.isEmpty() ? 0 : 1); // dimensions
        values.int4(1); // may hold nulls
        values.int4(type);
        if (!rows.isEmpty()) {
            values.int4(rows.size());
            values.int4(1); // first index
            rows.forEach(row -> element.accept(values, row));
        }
        return new PgArray(connection.unwrap(BaseConnection.class), arrayType, values.bytes());
    }
}
