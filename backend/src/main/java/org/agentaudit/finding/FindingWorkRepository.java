package org.agentaudit.finding;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Tables `finding_due` and `finding_agent_due`: what detectors have still to look at.
@Singleton
class FindingWorkRepository {

    /// A trace to look at.
    ///
    /// @param version as read before its events were
    record DueTrace(String traceId, long version, int failures) {}

    /// An agent whose history changed.
    ///
    /// @param since runs and calls before it were compared
    record DueAgent(String agentId, long version, Instant since) {}

    /// One at a time, of all portals on the database.
    void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_advisory_xact_lock(hashtext('agent-audit-portal:findings'))");
        }
    }

    /// Puts traces on the list, or says that they changed again.
    void tracesDue(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO finding_due AS d (trace_id, version, first_at)
                        SELECT trace_id, 0, first_at FROM trace WHERE trace_id = ANY (?) ORDER BY trace_id
                        ON CONFLICT (trace_id) DO UPDATE
                           SET version = d.version + 1, first_at = excluded.first_at, failures = 0, not_before = NULL
                        """)) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            statement.executeUpdate();
        }
    }

    /// The first traces on the list that begin before `to`, or those that are named.
    ///
    /// @param to    null: whenever they begin
    /// @param among null: any
    List<DueTrace> traces(
            Connection connection,
            @Nullable Instant to,
            Instant now,
            @Nullable Collection<String> among,
            int limit)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT trace_id, version, failures
                          FROM finding_due
                         WHERE (CAST(? AS timestamptz) IS NULL OR first_at < ?)
                           AND (not_before IS NULL OR not_before <= ?)
                           AND (CAST(? AS text[]) IS NULL OR trace_id = ANY (?))
                         ORDER BY first_at, trace_id
                         LIMIT ?
                        """)) {
            Object end = to == null ? null : time(to);
            statement.setObject(1, end, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(2, end, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(3, time(now));
            Array names = among == null ? null : connection.createArrayOf("text", among.toArray());
            statement.setArray(4, names);
            statement.setArray(5, names);
            statement.setInt(6, limit);
            List<DueTrace> due = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    due.add(
                            new DueTrace(
                                    row.getString("trace_id"),
                                    row.getLong("version"),
                                    row.getInt("failures")));
                }
            }
            return due;
        }
    }

    /// Takes traces off the list, except those that changed meanwhile. A row that settling holds is
    /// left alone: it is being put on the list again.
    void done(Connection connection, List<DueTrace> traces) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        WITH free AS MATERIALIZED (
                             SELECT d.trace_id
                               FROM finding_due d
                               JOIN unnest(CAST(? AS text[]), CAST(? AS bigint[])) AS s (trace_id, version)
                                 ON d.trace_id = s.trace_id AND d.version = s.version
                                FOR UPDATE OF d SKIP LOCKED)
                        DELETE FROM finding_due d
                         USING free
                         WHERE d.trace_id = free.trace_id
                        """)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", traces.stream().map(DueTrace::traceId).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int8", traces.stream().map(DueTrace::version).toArray()));
            statement.executeUpdate();
        }
    }

    /// Leaves a trace aside for a while.
    void failed(Connection connection, String traceId, Instant notBefore) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "UPDATE finding_due SET failures = failures + 1, not_before = ? WHERE trace_id = ?")) {
            statement.setObject(1, time(notBefore));
            statement.setString(2, traceId);
            statement.executeUpdate();
        }
    }

    /// Agents with a run in the traces, since the first of those runs.
    void agentsOfTracesDue(Connection connection, List<String> traceIds) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO finding_agent_due AS d (agent_id, version, since)
                        SELECT agent_id, 0, min(started_at)
                          FROM agent_run
                         WHERE trace_id = ANY (?)
                         GROUP BY agent_id
                        ON CONFLICT (agent_id) DO UPDATE
                           SET version = d.version + 1, since = least(d.since, excluded.since), not_before = NULL
                        """)) {
            statement.setArray(1, connection.createArrayOf("text", traceIds.toArray()));
            statement.executeUpdate();
        }
    }

    /// Agents on the list whose time has come and whose history changed before `to`.
    List<DueAgent> agents(Connection connection, @Nullable Instant to, Instant now, int limit)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT agent_id, version, since
                          FROM finding_agent_due
                         WHERE (CAST(? AS timestamptz) IS NULL OR since < ?)
                           AND (not_before IS NULL OR not_before <= ?)
                         ORDER BY since, agent_id
                         LIMIT ?
                        """)) {
            Object end = to == null ? null : time(to);
            statement.setObject(1, end, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(2, end, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(3, time(now));
            statement.setInt(4, limit);
            List<DueAgent> due = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    due.add(
                            new DueAgent(
                                    row.getString("agent_id"),
                                    row.getLong("version"),
                                    EventRow.instant(row, "since")));
                }
            }
            return due;
        }
    }

    /// An agent was looked at: it goes off the list, or waits for the end of a day.
    ///
    /// @param since     what is looked at again then; null when nothing is
    /// @param notBefore when
    void done(
            Connection connection,
            DueAgent agent,
            @Nullable Instant since,
            @Nullable Instant notBefore)
            throws SQLException {
        if (since == null || notBefore == null) {
            try (PreparedStatement statement =
                    connection.prepareStatement(
                            "DELETE FROM finding_agent_due WHERE agent_id = ? AND version = ?")) {
                statement.setString(1, agent.agentId());
                statement.setLong(2, agent.version());
                statement.executeUpdate();
            }
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "UPDATE finding_agent_due SET since = ?, not_before = ? WHERE agent_id = ? AND version = ?")) {
            statement.setObject(1, time(since));
            statement.setObject(2, time(notBefore));
            statement.setString(3, agent.agentId());
            statement.setLong(4, agent.version());
            statement.executeUpdate();
        }
    }

    private static Object time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
