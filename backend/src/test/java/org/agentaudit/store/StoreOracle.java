package org.agentaudit.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether everything in the store fits together: nothing half stored, nothing twice, and every
/// counter equal to a recount of the events that are there. For stores nothing was removed from.
public final class StoreOracle {

    /// Tables that are filled by the fold over stored events.
    private static final List<String> FOLDED =
            List.of(
                    "rollup_event",
                    "rollup_error",
                    "rollup_producer",
                    "rollup_sequence",
                    "rollup_derived_trace",
                    "rollup_handoff");

    /// What is wrong, and how many rows of it there are.
    private static final Map<String, String> RULES = new LinkedHashMap<>();

    static {
        RULES.put(
                "event stored more than once",
                "SELECT count(*) - count(DISTINCT event_id) FROM audit_event");
        RULES.put(
                "arrival given more than once",
                "SELECT count(*) - count(DISTINCT arrival) FROM audit_event");
        RULES.put(
                "event without content row, or content without event",
                """
                SELECT count(*) FROM audit_event e
                  FULL JOIN event_content c USING (trace_id, occurred_at, event_id)
                 WHERE e.arrival IS NULL OR c.tableoid IS NULL
                """);
        RULES.put(
                "event without key, or key without event",
                """
                SELECT count(*) FROM audit_event e
                  FULL JOIN event_key k USING (trace_id, occurred_at, event_id)
                 WHERE e.arrival IS NULL OR k.digest IS NULL
                """);
        RULES.put(
                "trace that differs from its events",
                difference(
                        """
                        SELECT trace_id, first_at, last_at, derived, events, latest_debug, latest_info,
                               latest_compliance, latest_critical
                          FROM trace
                        """,
                        """
                        SELECT trace_id, min(occurred_at), max(occurred_at), bool_or(trace_derived), count(*),
                               max(greatest(occurred_at, received_at)) FILTER (WHERE tier = 'DEBUG'),
                               max(greatest(occurred_at, received_at)) FILTER (WHERE tier = 'INFO'),
                               max(greatest(occurred_at, received_at)) FILTER (WHERE tier = 'COMPLIANCE'),
                               max(greatest(occurred_at, received_at)) FILTER (WHERE tier = 'CRITICAL')
                          FROM audit_event
                         GROUP BY trace_id
                        """));
        RULES.put(
                "agent that differs from its events",
                difference(
                        "SELECT agent_id, first_seen, last_seen FROM agent",
                        """
                        SELECT agent_id, min(occurred_at), max(occurred_at)
                          FROM audit_event
                         GROUP BY agent_id
                        """));
        RULES.put(
                "link that differs from its events",
                difference(
                        "SELECT kind, value, trace_id FROM trace_link",
                        """
                        SELECT kind, value, trace_id
                          FROM audit_event
                         CROSS JOIN LATERAL (VALUES ('task', task_id), ('session', session_id),
                                                    ('conversation', conversation_id)) l (kind, value)
                         WHERE value IS NOT NULL
                        """));
        RULES.put(
                "quarter hour whose stored items differ from events",
                difference(
                        "SELECT quarter, stored FROM rollup_ingest WHERE stored > 0",
                        """
                        SELECT date_bin('15 minutes', received_at, '2000-01-01Z'), count(*)
                          FROM audit_event
                         GROUP BY 1
                        """));
        RULES.put(
                "rejected items that differ from quarantine",
                difference(
                        "SELECT coalesce(sum(rejected), 0) FROM rollup_ingest",
                        "SELECT coalesce(sum(seen), 0) FROM quarantine"));
        RULES.put(
                "quarter hour whose redactions differ from its events",
                difference(
                        "SELECT quarter, agent_id, redactions FROM rollup_redaction",
                        """
                        SELECT date_bin('15 minutes', received_at, '2000-01-01Z'), agent_id, count(*)
                          FROM audit_event
                         CROSS JOIN LATERAL json_array_elements(CAST(redactions AS json)) AS r (redaction)
                         WHERE redaction ->> 'detector'
                               NOT IN ('minimised', 'truncated', 'unstorable', 'repeated_member')
                         GROUP BY 1, 2
                        """));
        for (String table : FOLDED) {
            RULES.put(
                    table + " that differs from a recount",
                    difference("SELECT * FROM public." + table, "SELECT * FROM pg_temp." + table));
        }
    }

    private StoreOracle() {}

    /// @param connection of the owner of the tables; temporary tables are made in it
    /// @return one line per rule that is broken, empty when the store is whole
    public static List<String> differences(Connection connection) throws SQLException {
        List<String> broken = new ArrayList<>();
        recount(connection);
        for (Map.Entry<String, String> rule : RULES.entrySet()) {
            long rows = count(connection, rule.getValue());
            if (rows > 0) {
                broken.add(rows + " × " + rule.getKey());
            }
        }
        return broken;
    }

    /// A number that a statement gives.
    public static long count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String difference(String kept, String expected) {
        return """
        SELECT count(*)
          FROM ((%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)) AS different
        """
                .formatted(kept, expected);
    }

    /// Folds the stored events once more, into temporary tables of the same form.
    private static void recount(Connection connection) throws SQLException {
        EventCounts counts = new EventCounts();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(1_000);
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT "
                                    + EventRow.ENVELOPE_COLUMNS
                                    + ", "
                                    + EventRow.CONTENT_COLUMNS
                                    + " FROM audit_event e"
                                    + " JOIN event_content c USING (trace_id, occurred_at, event_id)")) {
                while (rows.next()) {
                    counts.add(EventRow.read(rows));
                }
            }
        }
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            for (String table : FOLDED) {
                statement.execute("DROP TABLE IF EXISTS pg_temp." + table);
                statement.execute(
                        "CREATE TEMPORARY TABLE %1$s (LIKE public.%1$s INCLUDING ALL)"
                                .formatted(table));
            }
        }
        RollupWriter.write(connection, counts);
    }
}
