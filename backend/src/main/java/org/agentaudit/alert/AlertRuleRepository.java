package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.agentaudit.analysis.Severity;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Tables `alert_rule` and `alert_rule_default`.
@Singleton
class AlertRuleRepository {

    /// Of an alias `r`, renamed so that they can stand beside those of an alert.
    static final String COLUMNS =
            """
            r.id AS r_id, r.name AS r_name, r.condition AS r_condition, r.time_window AS r_window,
            r.action AS r_action, r.enabled AS r_enabled, r.severity AS r_severity,
            r.last_evaluated_at AS r_last_evaluated_at, r.last_error AS r_last_error,
            r.built_in AS r_built_in, r.agent_scope AS r_agent_scope
            """;

    /// A rule whose row is held until the transaction ends.
    ///
    /// @param lookedUntil windows that ended up to here were looked at a second time
    /// @param resumedAt   since when it has been evaluated without a long gap
    record Held(AlertRule rule, Instant lookedUntil, Instant resumedAt) {}

    /// The rules of one scope and those for all agents, or all rules, by number.
    ///
    /// @param scope sorted; null for all rules
    List<AlertRule> list(Connection connection, String @Nullable [] scope) throws SQLException {
        return Rows.list(
                connection,
                "SELECT "
                        + COLUMNS
                        + """
                          FROM alert_rule r
                         WHERE CAST(? AS text[]) IS NULL OR r.agent_scope = ? OR cardinality(r.agent_scope) = 0
                         ORDER BY r.id
                        """,
                AlertRuleRepository::read,
                scope,
                scope);
    }

    long count(Connection connection) throws SQLException {
        return Rows.number(connection, "SELECT count(*) FROM alert_rule");
    }

    /// The rule, held for a change; waits for an evaluation that holds it.
    Optional<AlertRule> hold(Connection connection, long id) throws SQLException {
        return Rows.list(
                        connection,
                        "SELECT " + COLUMNS + " FROM alert_rule r WHERE r.id = ? FOR UPDATE",
                        AlertRuleRepository::read,
                        id)
                .stream()
                .findFirst();
    }

    /// Rules that are due, those that waited longest first.
    List<Long> due(Connection connection, Instant now) throws SQLException {
        return Rows.list(
                connection,
                "SELECT id FROM alert_rule WHERE enabled AND next_at <= ? ORDER BY next_at, id",
                row -> row.getLong(1),
                now);
    }

    /// The rule if it is still due, held for its evaluation; empty also when another portal holds
    /// it.
    Optional<Held> holdDue(Connection connection, long id, Instant now) throws SQLException {
        return Rows.list(
                        connection,
                        "SELECT "
                                + COLUMNS
                                + """
                                , r.looked_until, r.resumed_at
                                  FROM alert_rule r
                                 WHERE r.id = ? AND r.enabled AND r.next_at <= ?
                                   FOR UPDATE SKIP LOCKED
                                """,
                        row ->
                                new Held(
                                        read(row),
                                        EventRow.instant(row, "looked_until"),
                                        EventRow.instant(row, "resumed_at")),
                        id,
                        now)
                .stream()
                .findFirst();
    }

    /// @param error null when the evaluation was complete
    void evaluated(
            Connection connection, Held held, Instant now, Instant next, @Nullable String error)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE alert_rule
                   SET last_evaluated_at = ?, next_at = ?, looked_until = ?, resumed_at = ?, last_error = ?
                 WHERE id = ?
                """,
                now,
                next,
                held.lookedUntil(),
                held.resumedAt(),
                error,
                held.rule().id());
    }

    void failed(Connection connection, long id, Instant now, Instant next, String error)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE alert_rule SET last_evaluated_at = ?, next_at = ?, last_error = ?
                 WHERE id = ? AND next_at <= ?
                """,
                now,
                next,
                error,
                id,
                now);
    }

    long insert(
            Connection connection,
            AlertRuleDraft draft,
            String window,
            String[] scope,
            boolean builtIn,
            String actor,
            Instant now)
            throws SQLException {
        return Rows.number(
                connection,
                """
                INSERT INTO alert_rule (name, condition, time_window, action, enabled, severity, built_in, agent_scope,
                                        changed_by, changed_at, next_at, looked_until, resumed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                RETURNING id
                """,
                draft.name(),
                draft.condition(),
                window,
                draft.action(),
                draft.enabled(),
                draft.severity().name(),
                builtIn,
                scope,
                actor,
                now,
                now,
                now,
                now);
    }

    /// Past windows are not looked at again with the new settings.
    void update(
            Connection connection,
            long id,
            AlertRuleDraft draft,
            String window,
            String actor,
            Instant now)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE alert_rule
                   SET name = ?, condition = ?, time_window = ?, action = ?, enabled = ?, severity = ?, changed_by = ?,
                       changed_at = ?, next_at = ?, looked_until = ?, resumed_at = ?, last_error = NULL
                 WHERE id = ?
                """,
                draft.name(),
                draft.condition(),
                window,
                draft.action(),
                draft.enabled(),
                draft.severity().name(),
                actor,
                now,
                now,
                now,
                now,
                id);
    }

    void delete(Connection connection, long id) throws SQLException {
        Rows.update(connection, "DELETE FROM alert_rule WHERE id = ?", id);
    }

    /// Whether the built-in rule was not made yet; it is noted as made.
    boolean noteDefault(Connection connection, String name, Instant now) throws SQLException {
        return Rows.update(
                        connection,
                        """
                        INSERT INTO alert_rule_default (name, made_at) VALUES (?, ?) ON CONFLICT DO NOTHING
                        """,
                        name,
                        now)
                == 1;
    }

    static AlertRule read(ResultSet row) throws SQLException {
        return new AlertRule(
                row.getLong("r_id"),
                row.getString("r_name"),
                row.getString("r_condition"),
                row.getString("r_window"),
                row.getString("r_action"),
                row.getBoolean("r_enabled"),
                Severity.valueOf(row.getString("r_severity")),
                EventRow.instantOrNull(row, "r_last_evaluated_at"),
                row.getString("r_last_error"),
                row.getBoolean("r_built_in"),
                Rows.texts(row, "r_agent_scope"));
    }
}
