package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Tables `alert` and `alert_change`.
@Singleton
class AlertRepository {

    private static final String ALERTS =
            "SELECT a.*, "
                    + AlertRuleRepository.COLUMNS
                    + " FROM alert a LEFT JOIN alert_rule r ON r.id = a.rule_id";

    /// An alert limited to agents is for who may see all of them; a number over further agents is
    /// not.
    static final String VISIBLE =
            """
             (CAST(? AS text[]) IS NULL OR a.rule_scope = ?
              OR a.agents_complete AND cardinality(a.agents) > 0
                 AND NOT EXISTS (SELECT FROM unnest(a.agents) AS g (agent) WHERE NOT g.agent LIKE ANY (?)))
            """;

    /// An alert that fires.
    record Open(long id, Episode episode) {}

    /// What is known of an alert when it fires.
    ///
    /// @param agentsComplete whether `agents` are all
    record Fired(
            AlertRule rule,
            String keyId,
            @Nullable String key,
            double value,
            String description,
            List<UUID> evidence,
            List<String> agents,
            boolean agentsComplete) {}

    /// Newest first, after a place.
    ///
    /// @param state null for any
    List<Alert> find(
            Connection connection,
            Viewer viewer,
            @Nullable AlertState state,
            @Nullable AlertCursor after,
            int limit)
            throws SQLException {
        String[] scope = AlertRules.scope(viewer);
        Instant firedAt = after == null ? null : after.firedAt();
        return Rows.list(
                connection,
                ALERTS
                        + " WHERE "
                        + VISIBLE
                        + """
                           AND (CAST(? AS text) IS NULL OR a.state = ?)
                           AND (CAST(? AS timestamptz) IS NULL OR (a.fired_at, a.id) < (?, ?))
                         ORDER BY a.fired_at DESC, a.id DESC
                         LIMIT ?
                        """,
                AlertRepository::read,
                scope,
                scope,
                viewer.scopeLikePatterns(),
                state == null ? null : state.name(),
                state == null ? null : state.name(),
                firedAt,
                firedAt,
                after == null ? null : after.id(),
                limit);
    }

    /// Newest first, fired in [from, to).
    List<Alert> firedIn(Connection connection, Viewer viewer, Instant from, Instant to, int limit)
            throws SQLException {
        String[] scope = AlertRules.scope(viewer);
        return Rows.list(
                connection,
                ALERTS
                        + " WHERE "
                        + VISIBLE
                        + """
                           AND a.fired_at >= ? AND a.fired_at < ?
                         ORDER BY a.fired_at DESC, a.id DESC
                         LIMIT ?
                        """,
                AlertRepository::read,
                scope,
                scope,
                viewer.scopeLikePatterns(),
                from,
                to,
                limit);
    }

    /// The alerts of these numbers that exist and are for the viewer, by number.
    List<Alert> byIds(Connection connection, Viewer viewer, List<Long> ids) throws SQLException {
        String[] scope = AlertRules.scope(viewer);
        return Rows.list(
                connection,
                ALERTS + " WHERE a.id = ANY (?) AND " + VISIBLE + " ORDER BY a.id",
                AlertRepository::read,
                ids.toArray(Long[]::new),
                scope,
                scope,
                viewer.scopeLikePatterns());
    }

    /// What is to be sent about alerts, by alert and in order.
    Map<Long, List<AlertDelivery>> deliveries(Connection connection, List<Long> ids)
            throws SQLException {
        Map<Long, List<AlertDelivery>> deliveries = new HashMap<>();
        Rows.list(
                connection,
                """
                SELECT alert_id, transition, channel, target, state, attempts, sent_at, last_error
                  FROM alert_delivery
                 WHERE alert_id = ANY (?)
                 ORDER BY id
                """,
                row ->
                        deliveries
                                .computeIfAbsent(row.getLong("alert_id"), _ -> new ArrayList<>())
                                .add(delivery(row)),
                (Object) ids.toArray(Long[]::new));
        return deliveries;
    }

    /// Alerts of the rule that fire, by key.
    Map<String, Open> open(Connection connection, long ruleId) throws SQLException {
        Map<String, Open> open = new HashMap<>();
        Rows.list(
                connection,
                """
                SELECT id, key_id, fired_at, clear_since FROM alert WHERE rule_id = ? AND state <> 'RESOLVED'
                """,
                row ->
                        open.put(
                                row.getString("key_id"),
                                new Open(
                                        row.getLong("id"),
                                        new Episode(
                                                EventRow.instant(row, "fired_at"),
                                                EventRow.instantOrNull(row, "clear_since"),
                                                null))),
                ruleId);
        return open;
    }

    /// Whether an alert of the rule and key fired at some time between the two.
    boolean firedBetween(Connection connection, long ruleId, String keyId, Instant from, Instant to)
            throws SQLException {
        return Rows.number(
                        connection,
                        """
                        SELECT count(*) FROM alert
                         WHERE rule_id = ? AND key_id = ? AND fired_at <= ?
                           AND coalesce(resolved_at, 'infinity') >= ?
                        """,
                        ruleId,
                        keyId,
                        to,
                        from)
                > 0;
    }

    long insert(Connection connection, Fired fired, Episode episode, Instant now)
            throws SQLException {
        lockChanges(connection);
        AlertRule rule = fired.rule();
        Instant resolvedAt = episode.resolvedAt();
        long id =
                Rows.number(
                        connection,
                        """
                        INSERT INTO alert (rule_id, rule_name, rule_scope, severity, key_id, key, state, fired_at,
                                           resolved_at, value, description, evidence, agents, agents_complete)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS timestamptz), ?, ?, ?, ?, ?)
                        RETURNING id
                        """,
                        rule.id(),
                        rule.name(),
                        rule.agentScope().toArray(String[]::new),
                        rule.severity().name(),
                        fired.keyId(),
                        fired.key(),
                        (resolvedAt == null ? AlertState.FIRING : AlertState.RESOLVED).name(),
                        episode.firedAt(),
                        resolvedAt,
                        fired.value(),
                        fired.description(),
                        fired.evidence().toArray(UUID[]::new),
                        fired.agents().toArray(String[]::new),
                        fired.agentsComplete());
        changed(connection, id, now);
        return id;
    }

    /// Notes when the condition stopped to be true, or that it is true again.
    void clear(Connection connection, long id, @Nullable Instant since) throws SQLException {
        lockChanges(connection);
        Rows.update(
                connection,
                "UPDATE alert SET clear_since = CAST(? AS timestamptz) WHERE id = ?",
                since,
                id);
    }

    void resolve(Connection connection, long id, Instant at, Instant now) throws SQLException {
        lockChanges(connection);
        Rows.update(
                connection,
                "UPDATE alert SET state = 'RESOLVED', resolved_at = ? WHERE id = ?",
                at,
                id);
        changed(connection, id, now);
    }

    /// Who acknowledged the alert is kept; what fires becomes ACKNOWLEDGED, what is RESOLVED stays.
    void acknowledge(
            Connection connection, long id, String username, @Nullable String note, Instant now)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE alert
                   SET state = CASE state WHEN 'FIRING' THEN 'ACKNOWLEDGED' ELSE state END,
                       acknowledged_by = ?, acknowledged_at = ?, note = ?
                 WHERE id = ?
                """,
                username,
                now,
                note,
                id);
        changed(connection, id, now);
    }

    /// Holds the alert's row.
    void hold(Connection connection, long id) throws SQLException {
        lockChanges(connection);
        Rows.list(connection, "SELECT id FROM alert WHERE id = ? FOR UPDATE", row -> true, id);
    }

    /// Taken before any alert is touched, so that nobody waits for a row with the lock in hand
    /// while the row's holder waits for the lock. Ends with the transaction.
    private static void lockChanges(Connection connection) throws SQLException {
        Rows.list(
                connection,
                "SELECT pg_advisory_xact_lock(hashtext('agent-audit-portal:alert-change'))",
                row -> true);
    }

    private static void changed(Connection connection, long id, Instant now) throws SQLException {
        Rows.update(
                connection,
                "INSERT INTO alert_change (alert_id, changed_at) VALUES (?, ?)",
                id,
                now);
    }

    long lastChange(Connection connection) throws SQLException {
        return Rows.number(connection, "SELECT coalesce(max(change_number), 0) FROM alert_change");
    }

    List<AlertChanges.Change> changes(Connection connection, long after, long upTo, int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT change_number, alert_id, changed_at FROM alert_change
                 WHERE change_number > ? AND change_number <= ?
                 ORDER BY change_number
                 LIMIT ?
                """,
                row ->
                        new AlertChanges.Change(
                                row.getLong("change_number"),
                                row.getLong("alert_id"),
                                EventRow.instant(row, "changed_at")),
                after,
                upTo,
                limit);
    }

    static Alert read(ResultSet row) throws SQLException {
        row.getLong("r_id");
        boolean deleted = row.wasNull();
        return new Alert(
                row.getLong("id"),
                deleted ? null : AlertRuleRepository.read(row),
                row.getString("rule_name"),
                Severity.valueOf(row.getString("severity")),
                AlertState.valueOf(row.getString("state")),
                EventRow.instant(row, "fired_at"),
                EventRow.instantOrNull(row, "resolved_at"),
                row.getString("acknowledged_by"),
                EventRow.instantOrNull(row, "acknowledged_at"),
                row.getString("note"),
                row.getString("key"),
                row.getDouble("value"),
                row.getString("description"),
                Rows.ids(row, "evidence"),
                List.of());
    }

    private static AlertDelivery delivery(ResultSet row) throws SQLException {
        AlertDelivery.Channel channel = AlertDelivery.Channel.valueOf(row.getString("channel"));
        return new AlertDelivery(
                AlertDelivery.Transition.valueOf(row.getString("transition")),
                channel,
                AlertTargets.shown(channel, row.getString("target")),
                AlertDelivery.State.valueOf(row.getString("state")),
                row.getInt("attempts"),
                EventRow.instantOrNull(row, "sent_at"),
                row.getString("last_error"));
    }
}
