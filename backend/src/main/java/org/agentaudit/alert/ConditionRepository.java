package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Asks the events what a condition asks for.
@Singleton
class ConditionRepository {

    /// Statements of the transaction that run longer are given up.
    void limitTime(Connection connection, Duration longest) throws SQLException {
        Rows.list(
                connection,
                "SELECT set_config('statement_timeout', ?, true)",
                row -> true,
                Long.toString(Math.max(1, longest.toMillis())));
    }

    /// Groups that fire at some of the points, by time; at each the greatest first measure first.
    List<Match> matches(
            Connection connection,
            Condition condition,
            ConditionSql sql,
            List<Instant> points,
            int limit)
            throws SQLException {
        ConditionSql.Statement statement = sql.matches(points, limit);
        return Rows.list(
                connection, statement.text(), row -> match(condition, row), statement.values());
    }

    List<UUID> evidence(Connection connection, ConditionSql sql, Match match, int limit)
            throws SQLException {
        ConditionSql.Statement statement = sql.evidence(match.at(), match.key().values(), limit);
        // an event may be behind several findings
        return Rows.list(
                        connection,
                        statement.text(),
                        row -> row.getObject("event_id", UUID.class),
                        statement.values())
                .stream()
                .distinct()
                .toList();
    }

    List<String> agents(Connection connection, ConditionSql sql, Match match, int limit)
            throws SQLException {
        ConditionSql.Statement statement = sql.agents(match.at(), match.key().values(), limit);
        return Rows.list(
                connection, statement.text(), row -> row.getString("agent_id"), statement.values());
    }

    private static Match match(Condition condition, ResultSet row) throws SQLException {
        List<@Nullable String> key = new ArrayList<>();
        for (int i = 0; i < condition.keys().size(); i++) {
            key.add(row.getString("k" + i));
        }
        List<@Nullable Double> measures = new ArrayList<>();
        for (int i = 0; i < condition.measures().size(); i++) {
            measures.add(Rows.decimal(row, "m" + i));
        }
        return new Match(
                EventRow.instant(row, "at"),
                new AlertKey(key),
                row.getLong("volume"),
                measures,
                Rows.decimal(row, "usual"));
    }
}
