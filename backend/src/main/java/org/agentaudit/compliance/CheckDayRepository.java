package org.agentaudit.compliance;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.jspecify.annotations.Nullable;

/// Verdicts of past days, and which days have to be evaluated.
@Singleton
class CheckDayRepository {

    private static final String COLUMNS =
            "day, time_zone, check_id, agents, verdict, measured, warn_at, fail_at, population, exceptions, settings, evaluated_at";

    /// A day to evaluate.
    ///
    /// @param version of its data, read before the data are
    record Due(LocalDate day, long version) {}

    /// Quarter hours before `end` in which one of the traces has an event.
    List<Instant> quarters(Connection connection, List<String> traceIds, Instant end)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT DISTINCT date_bin('15 minutes', e.occurred_at, '2000-01-01 00:00:00+00')
                          FROM audit_event e
                         WHERE e.trace_id = ANY (?)
                           AND e.occurred_at >= (SELECT min(first_at) FROM trace WHERE trace_id = ANY (?))
                           AND e.occurred_at < ?
                        """)) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            statement.setArray(2, connection.createArrayOf("text", traceIds.toArray()));
            statement.setObject(3, end.atOffset(ZoneOffset.UTC));
            List<Instant> quarters = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    quarters.add(rows.getObject(1, OffsetDateTime.class).toInstant());
                }
            }
            return quarters;
        }
    }

    /// Notes that the data of the days changed.
    void touch(Connection connection, Collection<LocalDate> days) throws SQLException {
        execute(
                connection,
                """
                INSERT INTO check_day_state AS s (day, version)
                SELECT day, 1 FROM unnest(CAST(? AS date[])) AS d (day)
                    ON CONFLICT (day) DO UPDATE SET version = s.version + 1
                """,
                days);
    }

    /// Makes the days known, if they are not yet.
    void addDays(Connection connection, Collection<LocalDate> days) throws SQLException {
        execute(
                connection,
                """
                INSERT INTO check_day_state (day, version)
                SELECT day, 1 FROM unnest(CAST(? AS date[])) AS d (day)
                    ON CONFLICT (day) DO NOTHING
                """,
                days);
    }

    private static void execute(Connection connection, String sql, Collection<LocalDate> days)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", days.stream().sorted().map(LocalDate::toString).toArray()));
            statement.executeUpdate();
        }
    }

    /// The last day that was evaluated; null when none was.
    @Nullable LocalDate lastEvaluated(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT max(day) FROM check_day_state WHERE evaluated_version IS NOT NULL");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getObject(1, LocalDate.class);
        }
    }

    /// Days before `today` to evaluate, latest first.
    ///
    /// @param notSince those that were evaluated after it are left for later
    List<Due> due(Connection connection, LocalDate today, Instant notSince, int limit)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT day, version
                          FROM check_day_state
                         WHERE (evaluated_version IS NULL OR evaluated_version < version)
                           AND day < ? AND (evaluated_at IS NULL OR evaluated_at <= ?)
                         ORDER BY day DESC
                         LIMIT ?
                        """)) {
            statement.setObject(1, today);
            statement.setObject(2, notSince.atOffset(ZoneOffset.UTC));
            statement.setInt(3, limit);
            List<Due> due = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    due.add(new Due(rows.getObject(1, LocalDate.class), rows.getLong(2)));
                }
            }
            return due;
        }
    }

    /// Notes that a day was evaluated; false when another portal was first.
    boolean noteEvaluated(Connection connection, Due due, Instant at) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        UPDATE check_day_state
                           SET evaluated_version = ?, evaluated_at = ?
                         WHERE day = ? AND (evaluated_version IS NULL OR evaluated_version < ?)
                        """)) {
            statement.setLong(1, due.version());
            statement.setObject(2, at.atOffset(ZoneOffset.UTC));
            statement.setObject(3, due.day());
            statement.setLong(4, due.version());
            return statement.executeUpdate() == 1;
        }
    }

    /// The valid verdicts of a day, by check.
    Map<String, CheckDay> latest(Connection connection, LocalDate day, String zone)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT DISTINCT ON (check_id) "
                                + COLUMNS
                                + ", false AS superseded FROM check_day WHERE day = ? AND time_zone = ? ORDER BY check_id, id DESC")) {
            statement.setObject(1, day);
            statement.setString(2, zone);
            Map<String, CheckDay> latest = new HashMap<>();
            for (CheckDay row : read(statement)) {
                latest.put(row.check(), row);
            }
            return latest;
        }
    }

    /// The valid verdicts of the days of [from, to), by day and check.
    List<CheckDay> valid(Connection connection, LocalDate from, LocalDate to, String zone)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT DISTINCT ON (day, check_id) "
                                + COLUMNS
                                + """
                                , false AS superseded
                                  FROM check_day
                                 WHERE day >= ? AND day < ? AND time_zone = ?
                                 ORDER BY day, check_id, id DESC
                                """)) {
            statement.setObject(1, from);
            statement.setObject(2, to);
            statement.setString(3, zone);
            return read(statement);
        }
    }

    void append(Connection connection, CheckDay day) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT INTO check_day ("
                                + COLUMNS
                                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            statement.setObject(1, day.date());
            statement.setString(2, day.timeZone());
            statement.setString(3, day.check());
            statement.setString(4, day.agents());
            statement.setString(5, day.verdict().name());
            statement.setObject(6, day.measured(), Types.DOUBLE);
            statement.setObject(7, day.warnAt(), Types.DOUBLE);
            statement.setObject(8, day.failAt(), Types.DOUBLE);
            statement.setLong(9, day.population());
            statement.setLong(10, day.exceptions());
            statement.setString(11, day.settings());
            statement.setObject(12, day.evaluatedAt().atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    /// Verdicts of a check on the days of [from, to), by day, then as they were evaluated.
    List<CheckDay> history(Connection connection, String check, LocalDate from, LocalDate to)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT "
                                + COLUMNS
                                + """
                                , lead(id) OVER (PARTITION BY day ORDER BY id) IS NOT NULL AS superseded
                                  FROM check_day
                                 WHERE check_id = ? AND day >= ? AND day < ?
                                 ORDER BY day, id
                                """)) {
            statement.setString(1, check);
            statement.setObject(2, from);
            statement.setObject(3, to);
            return read(statement);
        }
    }

    private static List<CheckDay> read(PreparedStatement statement) throws SQLException {
        List<CheckDay> days = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                days.add(
                        new CheckDay(
                                row.getObject("day", LocalDate.class),
                                row.getString("time_zone"),
                                row.getString("check_id"),
                                row.getString("agents"),
                                Verdict.valueOf(row.getString("verdict")),
                                row.getObject("measured", Double.class),
                                row.getObject("warn_at", Double.class),
                                row.getObject("fail_at", Double.class),
                                row.getLong("population"),
                                row.getLong("exceptions"),
                                row.getString("settings"),
                                row.getObject("evaluated_at", OffsetDateTime.class).toInstant(),
                                row.getBoolean("superseded")));
            }
        }
        return days;
    }
}
