package org.agentaudit.retention;

import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Tables `retention_run` and `retention_policy`, and the lock that lets one portal at a time run.
@Singleton
class RunRepository {

    /// What a step removed.
    record Progress(
            long traces,
            long events,
            long contents,
            long quarantined,
            long partitions,
            long held) {}

    /// Held by the one portal that runs, on a connection of its own; gone when that portal is.
    final class RunLock implements AutoCloseable {
        private final Connection connection;

        private RunLock(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void close() throws SQLException {
            try (connection) {
                Rows.list(
                        connection,
                        "SELECT pg_advisory_unlock(hashtext('agent-audit-portal:retention'))",
                        row -> true);
            }
        }
    }

    private static final String COLUMNS =
            """
            SELECT id, started_at, updated_at, ended_at, username, state, traces, events, contents, quarantined,
                   partitions, held, message
              FROM retention_run
            """;

    private final DataSource dataSource;

    RunRepository(DataSource dataSource) {
        this.dataSource = DelegatingDataSource.unwrapDataSource(dataSource);
    }

    /// The lock; empty while another portal, or another command, has it.
    Optional<RunLock> tryLock() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            connection.setAutoCommit(true);
            boolean locked =
                    Rows.list(
                                    connection,
                                    "SELECT pg_try_advisory_lock(hashtext('agent-audit-portal:retention'))",
                                    row -> row.getBoolean(1))
                            .getFirst();
            if (locked) {
                return Optional.of(new RunLock(connection));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        connection.close();
        return Optional.empty();
    }

    /// Begins a run; one that had begun and never ended was interrupted. Under the lock.
    long start(Connection connection, @Nullable String actor, Instant now) throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE retention_run SET state = 'INTERRUPTED', ended_at = updated_at WHERE state = 'RUNNING'
                """);
        return Rows.number(
                connection,
                """
                INSERT INTO retention_run (started_at, updated_at, username, state)
                VALUES (?, ?, ?, 'RUNNING')
                RETURNING id
                """,
                now,
                now,
                actor);
    }

    void add(Connection connection, long run, Progress step, Instant now) throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE retention_run
                   SET updated_at = ?, traces = traces + ?, events = events + ?, contents = contents + ?,
                       quarantined = quarantined + ?, partitions = partitions + ?, held = held + ?
                 WHERE id = ?
                """,
                now,
                step.traces(),
                step.events(),
                step.contents(),
                step.quarantined(),
                step.partitions(),
                step.held(),
                run);
    }

    void end(
            Connection connection,
            long run,
            RetentionRun.State state,
            @Nullable String message,
            Instant now)
            throws SQLException {
        Rows.update(
                connection,
                """
                UPDATE retention_run SET updated_at = ?, ended_at = ?, state = ?, message = ? WHERE id = ?
                """,
                now,
                now,
                state.name(),
                message,
                run);
    }

    RetentionRun run(Connection connection, long id) throws SQLException {
        return Rows.list(connection, COLUMNS + " WHERE id = ?", RunRepository::read, id).getFirst();
    }

    /// Newest first.
    List<RetentionRun> latest(Connection connection, int limit) throws SQLException {
        return Rows.list(
                connection, COLUMNS + " ORDER BY id DESC LIMIT ?", RunRepository::read, limit);
    }

    /// When the last run ended that had nothing left to do; empty when none did.
    Optional<Instant> lastDone(Connection connection) throws SQLException {
        return Rows.list(
                        connection,
                        "SELECT started_at FROM retention_run WHERE state = 'DONE' ORDER BY id DESC LIMIT 1",
                        row -> EventRow.instant(row, "started_at"))
                .stream()
                .findFirst();
    }

    /// The policy last recorded; empty when none was.
    Optional<RetentionPolicy> lastPolicy(Connection connection) throws SQLException {
        return Rows.list(
                        connection,
                        """
                        SELECT debug_days, info_days, compliance_days, critical_days, content_days
                          FROM retention_policy
                         ORDER BY id DESC
                         LIMIT 1
                        """,
                        row ->
                                new RetentionPolicy(
                                        row.getInt(1),
                                        row.getInt(2),
                                        row.getInt(3),
                                        row.getInt(4),
                                        row.getInt(5)))
                .stream()
                .findFirst();
    }

    /// One portal at a time compares and records.
    void lockPolicy(Connection connection) throws SQLException {
        Rows.list(
                connection,
                "SELECT pg_advisory_xact_lock(hashtext('agent-audit-portal:retention-policy'))",
                row -> true);
    }

    void recordPolicy(Connection connection, RetentionPolicy policy, String sources, Instant now)
            throws SQLException {
        Rows.update(
                connection,
                """
                INSERT INTO retention_policy (since, debug_days, info_days, compliance_days, critical_days,
                                              content_days, sources)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                now,
                policy.debugDays(),
                policy.infoDays(),
                policy.complianceDays(),
                policy.criticalDays(),
                policy.contentDays(),
                sources);
    }

    private static RetentionRun read(ResultSet row) throws SQLException {
        return new RetentionRun(
                row.getLong("id"),
                EventRow.instant(row, "started_at"),
                EventRow.instant(row, "updated_at"),
                EventRow.instantOrNull(row, "ended_at"),
                row.getString("username"),
                RetentionRun.State.valueOf(row.getString("state")),
                row.getLong("traces"),
                row.getLong("events"),
                row.getLong("contents"),
                row.getLong("quarantined"),
                row.getLong("partitions"),
                row.getLong("held"),
                row.getString("message"));
    }
}
