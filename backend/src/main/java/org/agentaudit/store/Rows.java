package org.agentaudit.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Binds the values and reads the rows of statements, for repositories of several packages. Values
/// are text, numbers, times, ids, arrays of these, and null.
public final class Rows {

    /// Makes something of the current row.
    public interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private static final int FETCH_SIZE = 1_000;

    private Rows() {}

    /// Runs a statement that changes rows; returns how many.
    public static int update(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, Arrays.asList(values));
            return statement.executeUpdate();
        }
    }

    /// Every row of a question.
    public static <T> List<T> list(
            Connection connection, String sql, Mapper<T> mapper, @Nullable Object... values)
            throws SQLException {
        return list(connection, sql, mapper, Arrays.asList(values));
    }

    /// Every row of a question whose values are a list.
    public static <T> List<T> list(
            Connection connection,
            String sql,
            Mapper<T> mapper,
            List<? extends @Nullable Object> values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, values);
            List<T> mapped = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    mapped.add(mapper.map(rows));
                }
            }
            return mapped;
        }
    }

    /// Reads every row without holding them all; within a transaction.
    public static void each(Connection connection, String sql, Mapper<?> reader)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.map(rows);
                }
            }
        }
    }

    /// The one number that a statement answers.
    public static long number(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        return list(connection, sql, row -> row.getLong(1), values).getFirst();
    }

    /// A column of type text[] without nulls.
    public static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    /// A column of type uuid[] without nulls.
    public static List<UUID> ids(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((UUID[]) array.getArray());
    }

    /// A column of type double precision.
    public static @Nullable Double decimal(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }

    private static void bind(
            Connection connection,
            PreparedStatement statement,
            List<? extends @Nullable Object> values)
            throws SQLException {
        int parameter = 1;
        for (Object value : values) {
            switch (value) {
                case null -> statement.setNull(parameter, Types.NULL);
                case Instant at -> statement.setObject(parameter, at.atOffset(ZoneOffset.UTC));
                case String[] texts ->
                        statement.setArray(parameter, connection.createArrayOf("text", texts));
                case UUID[] ids ->
                        statement.setArray(parameter, connection.createArrayOf("uuid", ids));
                case Long[] numbers ->
                        statement.setArray(parameter, connection.createArrayOf("int8", numbers));
                case Instant[] times ->
                        statement.setArray(
                                parameter,
                                connection.createArrayOf(
                                        "timestamptz",
                                        Arrays.stream(times).map(Instant::toString).toArray()));
                default -> statement.setObject(parameter, value);
            }
            parameter++;
        }
    }
}
