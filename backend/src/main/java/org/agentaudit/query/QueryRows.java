package org.agentaudit.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds the values and reads the rows of repositories of this package.
final class QueryRows {

    /// Makes something of the current row.
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /// Reads the current row.
    interface Reader {
        void read(ResultSet row) throws SQLException;
    }

    private static final int FETCH_SIZE = 1_000;

    private QueryRows() {}

    /// Every row of a question.
    static <T> List<T> list(
            Connection connection,
            String sql,
            Mapper<T> mapper,
            List<? extends @Nullable Object> values)
            throws SQLException {
        List<T> rows = new ArrayList<>();
        each(connection, sql, row -> rows.add(mapper.map(row)), values);
        return rows;
    }

    /// Hands every row to the reader without holding them all; within a transaction.
    static void each(
            Connection connection,
            String sql,
            Reader reader,
            List<? extends @Nullable Object> values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            EventConditions.bind(connection, statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    /// Runs a statement that changes rows.
    static void update(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            EventConditions.bind(connection, statement, Arrays.asList(values));
            statement.executeUpdate();
        }
    }
}
