package org.agentaudit.retention;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.agentaudit.query.TraceLife;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Table `retention_hold`.
@Singleton
class HoldRepository {

    private static final String COLUMNS =
            """
            SELECT id, kind, target, period_from, period_to, reason, placed_by, placed_at, release_reason,
                   released_by, released_at
              FROM retention_hold
            """;

    /// Lets the steps that remove something and the changes of holds follow one another, so that
    /// nothing under a hold goes once placing it was answered. Ends with the transaction.
    void lockSteps(Connection connection) throws SQLException {
        Rows.list(
                connection,
                "SELECT pg_advisory_xact_lock(hashtext('agent-audit-portal:retention-step'))",
                row -> true);
    }

    long insert(
            Connection connection,
            Hold.Kind kind,
            @Nullable String target,
            @Nullable Instant from,
            @Nullable Instant to,
            String reason,
            String actor,
            Instant now)
            throws SQLException {
        return Rows.number(
                connection,
                """
                INSERT INTO retention_hold (kind, target, period_from, period_to, reason, placed_by, placed_at)
                VALUES (?, ?, CAST(? AS timestamptz), CAST(? AS timestamptz), ?, ?, ?)
                RETURNING id
                """,
                kind.name(),
                target,
                from,
                to,
                reason,
                actor,
                now);
    }

    /// False when there is no such hold or it was released before.
    boolean release(Connection connection, long id, String reason, String actor, Instant now)
            throws SQLException {
        return Rows.update(
                        connection,
                        """
                        UPDATE retention_hold SET release_reason = ?, released_by = ?, released_at = ?
                         WHERE id = ? AND released_at IS NULL
                        """,
                        reason,
                        actor,
                        now,
                        id)
                == 1;
    }

    Optional<Hold> find(Connection connection, long id) throws SQLException {
        return Rows.list(connection, COLUMNS + " WHERE id = ?", HoldRepository::read, id).stream()
                .findFirst();
    }

    /// Those that stand first, then the newest.
    List<Hold> list(Connection connection, int limit) throws SQLException {
        return Rows.list(
                connection,
                COLUMNS + " ORDER BY released_at IS NOT NULL, id DESC LIMIT ?",
                HoldRepository::read,
                limit);
    }

    boolean isStored(Connection connection, String traceId) throws SQLException {
        return Rows.number(connection, "SELECT count(*) FROM trace WHERE trace_id = ?", traceId)
                > 0;
    }

    /// Those of the traces that a hold keeps.
    Set<String> held(Connection connection, Set<String> traceIds) throws SQLException {
        return new HashSet<>(
                Rows.list(
                        connection,
                        "SELECT t.trace_id FROM trace t WHERE t.trace_id = ANY (?) AND "
                                + TraceLife.HELD,
                        row -> row.getString(1),
                        (Object) traceIds.toArray(String[]::new)));
    }

    private static Hold read(ResultSet row) throws SQLException {
        return new Hold(
                row.getLong("id"),
                Hold.Kind.valueOf(row.getString("kind")),
                row.getString("target"),
                EventRow.instantOrNull(row, "period_from"),
                EventRow.instantOrNull(row, "period_to"),
                row.getString("reason"),
                row.getString("placed_by"),
                Objects.requireNonNull(EventRow.instantOrNull(row, "placed_at")),
                row.getString("release_reason"),
                row.getString("released_by"),
                EventRow.instantOrNull(row, "released_at"));
    }
}
