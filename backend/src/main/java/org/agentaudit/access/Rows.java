package org.agentaudit.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reading and writing column types that JDBC has no direct words for.
final class Rows {
    private Rows() {}

    static Instant instant(ResultSet rows, String column) throws SQLException {
        return Objects.requireNonNull(instantOrNull(rows, column), column);
    }

    static @Nullable Instant instantOrNull(ResultSet rows, String column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static List<String> texts(ResultSet rows, String column) throws SQLException {
        return Arrays.asList((String[]) rows.getArray(column).getArray());
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static @Nullable OffsetDateTime utcOrNull(@Nullable Instant time) {
        return time == null ? null : utc(time);
    }
}
