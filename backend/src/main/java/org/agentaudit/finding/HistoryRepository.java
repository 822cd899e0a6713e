package org.agentaudit.finding;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.agentaudit.event.Envelope;
import org.agentaudit.store.EventCounts;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// What is known of an agent over a long time: its runs, successes and tools. Outlives events.
@Singleton
class HistoryRepository {
    private static final int FETCH_SIZE = 1_000;

    /// A spell in which an agent used a tool.
    record Spell(
            String agentId,
            String tool,
            Instant firstAt,
            Instant lastAt,
            UUID firstEventId,
            String firstTraceId) {}

    /// The event that crossed a limit.
    record Crossing(UUID eventId, Instant occurredAt, @Nullable String sessionId) {}

    /// Tells the agent's runs by their start: the latest `earlier` that started before `since`,
    /// then those since.
    void runs(
            Connection connection,
            String agentId,
            Instant since,
            int earlier,
            Consumer<RunPoint> reader)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT trace_id, invoked_at, started_at, last_at, duration_ms
                          FROM ((SELECT trace_id, invoked_at, started_at, last_at, duration_ms, run_number
                                   FROM agent_run
                                  WHERE agent_id = ? AND started_at < ?
                                  ORDER BY started_at DESC LIMIT ?)
                                UNION ALL
                                SELECT trace_id, invoked_at, started_at, last_at, duration_ms, run_number
                                  FROM agent_run
                                 WHERE agent_id = ? AND started_at >= ?) r
                         ORDER BY started_at, trace_id, run_number
                        """)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setString(1, agentId);
            statement.setObject(2, StoryRepository.time(since));
            statement.setInt(3, earlier);
            statement.setString(4, agentId);
            statement.setObject(5, StoryRepository.time(since));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.accept(
                            new RunPoint(
                                    row.getString("trace_id"),
                                    EventRow.instantOrNull(row, "invoked_at"),
                                    EventRow.instant(row, "started_at"),
                                    EventRow.instant(row, "last_at"),
                                    row.getObject("duration_ms", Double.class)));
                }
            }
        }
    }

    /// The event with which the run went above the limit: its invocation when that states the
    /// duration, else the first whose end lies beyond; null when the events have expired.
    @Nullable Crossing crossing(Connection connection, String agentId, RunPoint run, double limitMs)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT e.event_id, e.occurred_at, e.session_id
                          FROM audit_event e
                         WHERE e.trace_id = ? AND e.agent_id = ? AND e.occurred_at >= ? AND e.occurred_at <= ?
                           AND (e.event_type = 'INVOCATION' AND e.duration_ms > 0
                                OR extract(epoch FROM e.occurred_at - ?) * 1000 + coalesce(e.duration_ms, 0) > ?)
                         ORDER BY (e.event_type = 'INVOCATION' AND e.duration_ms > 0) DESC, e.occurred_at, e.arrival
                         LIMIT 1
                        """)) {
            statement.setString(1, run.traceId());
            statement.setString(2, agentId);
            statement.setObject(3, StoryRepository.time(run.startedAt()));
            statement.setObject(4, StoryRepository.time(run.lastAt()));
            statement.setObject(5, StoryRepository.time(run.startedAt()));
            statement.setDouble(6, limitMs);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Crossing(
                                row.getObject("event_id", UUID.class),
                                EventRow.instant(row, "occurred_at"),
                                row.getString("session_id"))
                        : null;
            }
        }
    }

    /// Invocations of the agent and how many succeeded, by calendar day.
    NavigableMap<LocalDate, RegressionDetector.Sum> successes(
            Connection connection, String agentId, Instant from, ZoneId zone) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT CAST(invoked_at AT TIME ZONE ? AS date) AS day, count(*) AS n,
                               count(*) FILTER (WHERE errors = 0) AS successes
                          FROM agent_run
                         WHERE agent_id = ? AND started_at >= ? AND invoked_at IS NOT NULL
                         GROUP BY 1
                        """)) {
            statement.setString(1, zone.getId());
            statement.setString(2, agentId);
            statement.setObject(3, StoryRepository.time(from));
            NavigableMap<LocalDate, RegressionDetector.Sum> days = new TreeMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    days.put(
                            row.getObject("day", LocalDate.class),
                            new RegressionDetector.Sum(row.getLong("n"), row.getLong("successes")));
                }
            }
            return days;
        }
    }

    /// When the agent was last invoked in [from, to); null when it was not.
    @Nullable Instant lastInvocation(
            Connection connection, String agentId, Instant from, Instant to) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT max(invoked_at) AS last
                          FROM agent_run
                         WHERE agent_id = ? AND started_at >= ? AND started_at < ? AND invoked_at IS NOT NULL
                        """)) {
            statement.setString(1, agentId);
            statement.setObject(2, StoryRepository.time(from));
            statement.setObject(3, StoryRepository.time(to));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return EventRow.instantOrNull(row, "last");
            }
        }
    }

    /// The latest failed invocations of the agent in [from, to) that are still stored.
    List<UUID> failedInvocations(
            Connection connection, String agentId, Instant from, Instant to, int limit)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT e.event_id
                          FROM agent_run r
                          JOIN audit_event e ON e.trace_id = r.trace_id AND e.occurred_at = r.invoked_at
                                            AND e.agent_id = r.agent_id AND e.event_type = 'INVOCATION'
                         WHERE r.agent_id = ? AND r.started_at >= ? AND r.started_at < ? AND r.errors > 0
                           AND e.occurred_at >= ? AND e.occurred_at < ?
                         ORDER BY e.occurred_at DESC, e.arrival DESC
                         LIMIT ?
                        """)) {
            statement.setString(1, agentId);
            statement.setObject(2, StoryRepository.time(from));
            statement.setObject(3, StoryRepository.time(to));
            statement.setObject(4, StoryRepository.time(from));
            statement.setObject(5, StoryRepository.time(to));
            statement.setInt(6, limit);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return ids;
        }
    }

    /// Stored spells of the agents with the tools.
    List<Spell> spells(Connection connection, Collection<Envelope> calls) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT s.* FROM finding_agent_tool s
                         WHERE (s.agent_id, s.tool) IN (SELECT k.agent_id, k.tool
                                FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS k (agent_id, tool))
                        """)) {
            List<List<String>> keys =
                    calls.stream().map(c -> List.of(c.agentId(), c.action())).distinct().toList();
            statement.setArray(
                    1,
                    connection.createArrayOf("text", keys.stream().map(List::getFirst).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf("text", keys.stream().map(List::getLast).toArray()));
            return readSpells(statement);
        }
    }

    /// Spells of the agent that began since a moment, by their beginning.
    List<Spell> spellsSince(Connection connection, String agentId, Instant since)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT s.* FROM finding_agent_tool s
                         WHERE s.agent_id = ? AND s.first_at >= ?
                         ORDER BY s.first_at, s.tool
                        """)) {
            statement.setString(1, agentId);
            statement.setObject(2, StoryRepository.time(since));
            return readSpells(statement);
        }
    }

    private static List<Spell> readSpells(PreparedStatement statement) throws SQLException {
        List<Spell> spells = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                spells.add(
                        new Spell(
                                row.getString("agent_id"),
                                row.getString("tool"),
                                EventRow.instant(row, "first_at"),
                                EventRow.instant(row, "last_at"),
                                row.getObject("first_event_id", UUID.class),
                                row.getString("first_trace_id")));
            }
        }
        return spells;
    }

    void replaceSpells(Connection connection, List<Spell> gone, List<Spell> added)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "DELETE FROM finding_agent_tool WHERE agent_id = ? AND tool = ? AND first_at = ?")) {
            for (Spell spell : gone) {
                statement.setString(1, spell.agentId());
                statement.setString(2, spell.tool());
                statement.setObject(3, StoryRepository.time(spell.firstAt()));
                statement.addBatch();
            }
            statement.executeBatch();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO finding_agent_tool (agent_id, tool, first_at, last_at, first_event_id, first_trace_id)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)) {
            for (Spell spell : added) {
                statement.setString(1, spell.agentId());
                statement.setString(2, spell.tool());
                statement.setObject(3, StoryRepository.time(spell.firstAt()));
                statement.setObject(4, StoryRepository.time(spell.lastAt()));
                statement.setObject(5, spell.firstEventId());
                statement.setString(6, spell.firstTraceId());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// Tool calls of the agent in the time before `to`: from roll-ups, which outlive events, and at
    /// both ends from events.
    long calls(Connection connection, String agentId, Instant to, Duration before)
            throws SQLException {
        Instant from = to.minus(before);
        Instant quarter = EventCounts.quarterOf(from);
        Instant firstQuarter = quarter.equals(from) ? from : quarter.plus(Duration.ofMinutes(15));
        Instant lastQuarter = EventCounts.quarterOf(to);
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT (SELECT coalesce(sum(r.events), 0) FROM rollup_event r
                                 WHERE r.agent_id = ? AND r.event_type = 'TOOL_CALL' AND r.quarter >= ? AND r.quarter < ?)
                             + (SELECT count(*) FROM audit_event e
                                 WHERE e.agent_id = ? AND e.event_type = 'TOOL_CALL'
                                   AND e.occurred_at >= ? AND e.occurred_at < ?)
                             + (SELECT count(*) FROM audit_event e
                                 WHERE e.agent_id = ? AND e.event_type = 'TOOL_CALL'
                                   AND e.occurred_at >= ? AND e.occurred_at < ?)
                        """)) {
            statement.setString(1, agentId);
            statement.setObject(2, StoryRepository.time(firstQuarter));
            statement.setObject(3, StoryRepository.time(lastQuarter));
            statement.setString(4, agentId);
            statement.setObject(5, StoryRepository.time(from));
            statement.setObject(6, StoryRepository.time(firstQuarter));
            statement.setString(7, agentId);
            statement.setObject(8, StoryRepository.time(lastQuarter));
            statement.setObject(9, StoryRepository.time(to));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
