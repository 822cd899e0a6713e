package org.agentaudit.finding;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.agentaudit.store.EventRow;

/// What an agent used of tokens in its sessions over a long time. Outlives events.
@Singleton
class TokenHistoryRepository {

    /// The days of [from, to) on which the agent used tokens in a session, with the last event of
    /// the last quarter hour in which it did.
    NavigableMap<LocalDate, Instant> days(
            Connection connection, String agentId, Instant from, Instant to, ZoneId zone)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT CAST(quarter AT TIME ZONE ? AS date) AS day, max(last_at) AS last
                          FROM session_part
                         WHERE agent_id = ? AND quarter >= ? AND quarter < ? AND token_events > 0
                         GROUP BY 1
                        """)) {
            statement.setString(1, zone.getId());
            statement.setString(2, agentId);
            statement.setObject(3, StoryRepository.time(from));
            statement.setObject(4, StoryRepository.time(to));
            NavigableMap<LocalDate, Instant> days = new TreeMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    days.put(row.getObject("day", LocalDate.class), EventRow.instant(row, "last"));
                }
            }
            return days;
        }
    }

    /// The sessions in which the agent used tokens in the quarter hours of [from, to), each once,
    /// and its tokens in them, input plus output.
    RegressionDetector.Sum use(Connection connection, String agentId, Instant from, Instant to)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT count(DISTINCT session_id) AS n,
                               coalesce(sum(CAST(input_tokens AS numeric) + output_tokens), 0) AS tokens
                          FROM session_part
                         WHERE agent_id = ? AND quarter >= ? AND quarter < ? AND token_events > 0
                        """)) {
            statement.setString(1, agentId);
            statement.setObject(2, StoryRepository.time(from));
            statement.setObject(3, StoryRepository.time(to));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                BigDecimal tokens = row.getBigDecimal("tokens");
                return new RegressionDetector.Sum(row.getLong("n"), tokens.toBigIntegerExact());
            }
        }
    }

    /// The agent's events of [from, to) in sessions that used the most tokens and are still stored,
    /// most first.
    List<UUID> greatest(Connection connection, String agentId, Instant from, Instant to, int limit)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT event_id
                          FROM audit_event
                         WHERE agent_id = ? AND occurred_at >= ? AND occurred_at < ?
                           AND session_id IS NOT NULL AND input_tokens IS NOT NULL
                         ORDER BY CAST(input_tokens AS numeric) + output_tokens DESC, occurred_at, arrival
                         LIMIT ?
                        """)) {
            statement.setString(1, agentId);
            statement.setObject(2, StoryRepository.time(from));
            statement.setObject(3, StoryRepository.time(to));
            statement.setInt(4, limit);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return ids;
        }
    }
}
