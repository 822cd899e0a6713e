package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Alerts as the pages list them.
@Singleton
class AlertListRepository {

    /// FIRING first, then ACKNOWLEDGED, then RESOLVED; newest first among these.
    private static final String PLACE =
            """
            (CASE a.state WHEN 'FIRING' THEN 2 WHEN 'ACKNOWLEDGED' THEN 1 ELSE 0 END * 100000000000000000
             + CAST(extract(epoch FROM a.fired_at) * 1000000 AS bigint))""";

    private static final String WORDS =
            """
             AND (CAST(? AS text) IS NULL OR a.state = ?)
             AND (CAST(? AS text) IS NULL OR a.severity = ?)
             AND (CAST(? AS text) IS NULL OR a.rule_name = ?)
            """;

    /// An alert in the list.
    ///
    /// @param times how often its rule fired for its key, this time included, since the time asked
    ///     for
    /// @param place along the list
    record Listed(Alert alert, long times, long place) {}

    /// @param after null for the first part
    List<Listed> page(
            Connection connection,
            Viewer viewer,
            AlertQuery query,
            Instant since,
            @Nullable Long after,
            @Nullable Long afterId,
            int limit)
            throws SQLException {
        return Rows.list(
                connection,
                "SELECT a.*, "
                        + AlertRuleRepository.COLUMNS
                        + ", "
                        + PLACE
                        + """
                           AS place,
                          (SELECT count(*) FROM alert b
                            WHERE b.rule_id = a.rule_id AND b.key_id = a.key_id AND b.fired_at >= ?) AS times
                          FROM alert a LEFT JOIN alert_rule r ON r.id = a.rule_id
                         WHERE\s"""
                        + AlertRepository.VISIBLE
                        + WORDS
                        + " AND (CAST(? AS bigint) IS NULL OR ("
                        + PLACE
                        + ", a.id) < (?, ?)) ORDER BY place DESC, a.id DESC LIMIT ?",
                row ->
                        new Listed(
                                AlertRepository.read(row),
                                row.getLong("times"),
                                row.getLong("place")),
                values(viewer, query, since, after, after, afterId, limit));
    }

    private static List<@Nullable Object> values(
            Viewer viewer, AlertQuery query, Instant since, @Nullable Object... rest) {
        String[] scope = AlertRules.scope(viewer);
        List<@Nullable Object> values = new ArrayList<>();
        values.add(since);
        values.add(scope);
        values.add(scope);
        values.add(viewer.scopeLikePatterns());
        for (String word :
                new @Nullable String[] {
                    query.stateName(), query.severityName(), query.ruleName()
                }) {
            values.add(word);
            values.add(word);
        }
        values.addAll(Arrays.asList(rest));
        return values;
    }

    /// Alerts that the viewer sees, by state.
    record Count(AlertState state, long alerts) {}

    List<Count> counts(Connection connection, Viewer viewer) throws SQLException {
        String[] scope = AlertRules.scope(viewer);
        return Rows.list(
                connection,
                "SELECT a.state, count(*) FROM alert a WHERE "
                        + AlertRepository.VISIBLE
                        + " GROUP BY a.state",
                row -> new Count(AlertState.valueOf(row.getString(1)), row.getLong(2)),
                scope,
                scope,
                viewer.scopeLikePatterns());
    }

    /// Alerts that fired on a day.
    record Day(LocalDate date, long alerts, long critical) {}

    /// Days on which an alert fired, ascending.
    List<Day> days(Connection connection, Viewer viewer, Instant since, ZoneId zone)
            throws SQLException {
        String[] scope = AlertRules.scope(viewer);
        return Rows.list(
                connection,
                """
                SELECT CAST(a.fired_at AT TIME ZONE ? AS date) AS day, count(*) AS alerts,
                       count(*) FILTER (WHERE a.severity = 'CRITICAL') AS critical
                  FROM alert a
                 WHERE a.fired_at >= ? AND\s"""
                        + AlertRepository.VISIBLE
                        + " GROUP BY day ORDER BY day",
                row ->
                        new Day(
                                row.getObject("day", LocalDate.class),
                                row.getLong("alerts"),
                                row.getLong("critical")),
                zone.getId(),
                since,
                scope,
                scope,
                viewer.scopeLikePatterns());
    }

    /// Alerts of the same rule and key that the viewer sees, newest first, this one included.
    List<Alert> history(Connection connection, Viewer viewer, long id, int limit)
            throws SQLException {
        String[] scope = AlertRules.scope(viewer);
        return Rows.list(
                connection,
                "SELECT a.*, "
                        + AlertRuleRepository.COLUMNS
                        + """
                          FROM alert a
                          JOIN alert o ON o.id = ? AND o.rule_id = a.rule_id AND o.key_id = a.key_id
                          LEFT JOIN alert_rule r ON r.id = a.rule_id
                         WHERE\s"""
                        + AlertRepository.VISIBLE
                        + " ORDER BY a.fired_at DESC, a.id DESC LIMIT ?",
                AlertRepository::read,
                id,
                scope,
                scope,
                viewer.scopeLikePatterns(),
                limit);
    }

    /// The last that was to be sent to each target of each of the rules.
    List<TargetState> lastDeliveries(Connection connection, List<Long> rules) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT DISTINCT ON (a.rule_id, d.channel, d.target)
                       a.rule_id, d.alert_id, d.channel, d.target, d.state, d.attempts, d.sent_at,
                       d.next_attempt_at, d.last_error
                  FROM alert_delivery d JOIN alert a ON a.id = d.alert_id
                 WHERE a.rule_id = ANY (?)
                 ORDER BY a.rule_id, d.channel, d.target, d.id DESC
                """,
                row -> {
                    AlertDelivery.Channel channel =
                            AlertDelivery.Channel.valueOf(row.getString("channel"));
                    return new TargetState(
                            row.getLong("rule_id"),
                            row.getLong("alert_id"),
                            channel,
                            AlertTargets.shown(channel, row.getString("target")),
                            AlertDelivery.State.valueOf(row.getString("state")),
                            row.getInt("attempts"),
                            EventRow.instantOrNull(row, "sent_at"),
                            EventRow.instant(row, "next_attempt_at"),
                            row.getString("last_error"));
                },
                (Object) rules.toArray(Long[]::new));
    }
}
