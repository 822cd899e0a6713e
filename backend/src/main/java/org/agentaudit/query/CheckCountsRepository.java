package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.store.EventCounts;

/// Statements of [CheckCountsQuery].
@Singleton
class CheckCountsRepository {

    /// A period and its whole quarter hours, which are empty, at its end, when it holds none.
    record Span(Instant from, Instant quartersFrom, Instant quartersTo, Instant to) {
        static Span of(Period period) {
            Quarters quarters = Quarters.of(period);
            return new Span(period.from(), quarters.from(), quarters.to(), period.to());
        }

        boolean hasEdges() {
            return from.isBefore(quartersFrom) || quartersTo.isBefore(to);
        }
    }

    /// Calls that need approval, and deep handoffs.
    record Tallies(List<CheckCounts.Calls> calls, List<CheckCounts.Deep> deep) {}

    private static final String RUNS =
            """
            SELECT agent_id, sum(runs), sum(over_limit), sum(failed)
              FROM (SELECT agent_id, started AS runs, 0 AS over_limit, failed
                      FROM rollup_run
                     WHERE quarter >= ? AND quarter < ?
                    UNION ALL
                    SELECT agent_id, 1, 0, 0
                      FROM agent_run
                     WHERE started_at >= ? AND started_at < ?
                    UNION ALL
                    SELECT agent_id, 1, 0, 0
                      FROM agent_run
                     WHERE started_at >= ? AND started_at < ?
                    UNION ALL
                    SELECT agent_id, 0, 0, 1
                      FROM agent_run
                     WHERE invoked_at >= ? AND invoked_at < ? AND errors > 0
                    UNION ALL
                    SELECT agent_id, 0, 0, 1
                      FROM agent_run
                     WHERE invoked_at >= ? AND invoked_at < ? AND errors > 0
                    UNION ALL
                    SELECT agent_id, 0, 1, 0
                      FROM agent_run
                     WHERE over_limit_at >= ? AND over_limit_at < ?
                    UNION ALL
                    -- under way when the period began
                    SELECT r.agent_id, 1, 0, 0
                      FROM (SELECT trace_id, agent_id, last_at
                              FROM agent_run
                             WHERE started_at < ? AND started_at >= CAST(? AS timestamptz) - interval '1 hour' AND last_at >= ?
                               AND last_at - started_at < interval '1 hour'
                            UNION ALL
                            SELECT trace_id, agent_id, last_at
                              FROM agent_run
                             WHERE tstzrange(started_at, last_at, '[]') @> CAST(? AS timestamptz) AND started_at < ?
                               AND last_at - started_at >= interval '1 hour') r
                     WHERE r.last_at < ?
                        OR EXISTS (SELECT 1
                                     FROM audit_event e
                                    WHERE e.trace_id = r.trace_id AND e.agent_id = r.agent_id
                                      AND e.occurred_at >= ? AND e.occurred_at < ?)
                        OR EXISTS (SELECT 1
                                     FROM expired_run_quarter q
                                    WHERE q.trace_id = r.trace_id AND q.agent_id = r.agent_id
                                      AND q.quarter >= ? AND q.quarter < ?)) parts
             WHERE agent_id LIKE ANY (?)
             GROUP BY agent_id
            """;

    private static final String TALLIES =
            """
            SELECT agent_id, kind, name, sum(things), sum(able), sum(approved)
              FROM rollup_check
             WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
               AND (kind = 'ADMIN_CALL'
                    OR kind = 'CALL' AND name = ANY (?)
                    OR CASE WHEN kind = 'HANDOFF' THEN CAST(name AS integer) > ? END)
             GROUP BY agent_id, kind, name
            """;

    private static final String EDGE_TALLIES =
            """
            SELECT agent_id, kind, name, count(*), count(*) FILTER (WHERE able), count(*) FILTER (WHERE able AND approved)
              FROM (SELECT c.agent_id,
                           CASE WHEN c.event_type = 'HANDOFF' THEN 'HANDOFF'
                                WHEN c.permission_level = 'ADMIN' THEN 'ADMIN_CALL'
                                ELSE 'CALL' END AS kind,
                           CASE WHEN c.event_type = 'HANDOFF' THEN CAST(c.handoff_depth AS text) ELSE c.action END AS name,
                           EXISTS (SELECT 1 FROM audit_event x
                                    WHERE x.trace_id = c.trace_id
                                      AND x.occurred_at >= t.first_at AND x.occurred_at <= t.last_at
                                      AND x.source_format NOT IN ('LOG_ENTRY', 'REQUEST_LOG')) AS able,
                           EXISTS (SELECT 1 FROM audit_event a
                                    WHERE a.trace_id = c.trace_id
                                      AND a.occurred_at >= t.first_at
                                      AND a.occurred_at <= c.occurred_at
                                      AND a.intervention = 'APPROVAL') AS approved
                      FROM audit_event c
                      JOIN trace t USING (trace_id)
                     WHERE (c.occurred_at >= ? AND c.occurred_at < ? OR c.occurred_at >= ? AND c.occurred_at < ?)
                       AND c.agent_id LIKE ANY (?)
                       AND (c.event_type IN ('TOOL_CALL', 'SKILL_CALL', 'EXTERNAL_CALL')
                            AND (c.permission_level = 'ADMIN' OR c.action = ANY (?))
                            OR c.event_type = 'HANDOFF' AND c.handoff_depth > ?)
                       AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = c.arrival >> 20)) n
             GROUP BY agent_id, kind, name
            """;

    private final TransactionOperations<Connection> transactions;

    CheckCountsRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    Map<String, CheckCounts.Runs> runs(Viewer viewer, Span span) {
        Map<String, CheckCounts.Runs> runs = new HashMap<>();
        read(
                RUNS,
                row ->
                        runs.put(
                                row.getString(1),
                                new CheckCounts.Runs(
                                        row.getLong(2), row.getLong(3), row.getLong(4))),
                span.quartersFrom,
                span.quartersTo,
                span.from,
                span.quartersFrom,
                span.quartersTo,
                span.to,
                span.from,
                span.quartersFrom,
                span.quartersTo,
                span.to,
                span.from,
                span.to,
                span.from,
                span.from,
                span.from,
                span.from,
                span.from,
                span.to,
                span.from,
                span.to,
                EventCounts.quarterOf(span.from),
                span.to,
                viewer.scopeLikePatterns());
        return runs;
    }

    /// @param actions    actions whose calls need approval whatever the permission level
    /// @param deeperThan depth above which handoffs are told
    Tallies tallies(Viewer viewer, Span span, Collection<String> actions, double deeperThan) {
        String[] scope = viewer.scopeLikePatterns();
        String[] names = actions.toArray(String[]::new);
        Tallies tallies = new Tallies(new ArrayList<>(), new ArrayList<>());
        read(
                TALLIES,
                row -> add(row, tallies),
                span.quartersFrom,
                span.quartersTo,
                scope,
                names,
                deeperThan);
        if (span.hasEdges()) {
            read(
                    EDGE_TALLIES,
                    row -> add(row, tallies),
                    span.from,
                    span.quartersFrom,
                    span.quartersTo,
                    span.to,
                    scope,
                    names,
                    deeperThan);
        }
        return tallies;
    }

    private static void add(ResultSet row, Tallies tallies) throws SQLException {
        String agent = row.getString(1);
        String kind = row.getString(2);
        String name = row.getString(3);
        if (kind.equals("HANDOFF")) {
            tallies.deep.add(new CheckCounts.Deep(agent, Integer.parseInt(name), row.getLong(4)));
        } else {
            tallies.calls.add(
                    new CheckCounts.Calls(
                            agent,
                            kind.equals("ADMIN_CALL"),
                            name,
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6)));
        }
    }

    /// Events with a producer's trace id whose parent is missing, by agent.
    Map<String, Long> brokenParents(Viewer viewer, Span span) {
        Map<String, Long> broken = new HashMap<>();
        read(
                """
                SELECT agent_id, count(*)
                  FROM trace_gap
                 WHERE occurred_at >= ? AND occurred_at < ? AND agent_id LIKE ANY (?)
                   AND kind = 'MISSING_PARENT' AND trace_stated
                 GROUP BY agent_id
                """,
                row -> broken.put(row.getString(1), row.getLong(2)),
                span.from,
                span.to,
                viewer.scopeLikePatterns());
        return broken;
    }

    private void read(String sql, QueryRows.Reader reader, Object... parameters) {
        transactions.executeRead(
                status -> {
                    QueryRows.each(status.getConnection(), sql, reader, Arrays.asList(parameters));
                    return true;
                });
    }
}
