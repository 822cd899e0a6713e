package org.agentaudit.finding;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.Tally;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Table `finding`.
@Singleton
class FindingRepository {

    /// Place of a finding in the order by `occurredAt`, then id.
    record Place(Instant occurredAt, UUID id) {}

    private final TransactionOperations<Connection> transactions;

    FindingRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Stores those that are new; the first detection stays.
    void add(Connection connection, Collection<Detected> detected, Instant now)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO finding (finding_id, kind, severity, agent_id, session_id, trace_id, occurred_at,
                                             detected_at, measured, limit_value, description, suggestion, evidence)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (finding_id) DO NOTHING
                        """)) {
            for (Detected finding : detected) {
                statement.setObject(1, finding.id());
                statement.setString(2, finding.kind().name());
                statement.setString(3, finding.severity().name());
                statement.setString(4, finding.agentId());
                statement.setString(5, finding.sessionId());
                statement.setString(6, finding.traceId());
                statement.setObject(7, StoryRepository.time(finding.occurredAt()));
                statement.setObject(8, StoryRepository.time(now));
                statement.setObject(9, finding.measured());
                statement.setObject(10, finding.limit());
                statement.setString(11, finding.description());
                statement.setString(12, finding.suggestion());
                statement.setArray(
                        13, connection.createArrayOf("uuid", finding.evidence().toArray()));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// The first findings that match beyond a place, newest first or oldest first.
    List<Finding> find(
            Viewer viewer,
            FindingFilter filter,
            @Nullable Place place,
            boolean newestFirst,
            int limit) {
        Conditions conditions = new Conditions(viewer, filter);
        if (place != null) {
            conditions.add(
                    "(f.occurred_at, f.finding_id) " + (newestFirst ? "<" : ">") + " (?, ?)",
                    StoryRepository.time(place.occurredAt()),
                    place.id());
        }
        String order = newestFirst ? " DESC" : "";
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    "SELECT f.* FROM finding f"
                                            + conditions.where()
                                            + " ORDER BY f.occurred_at"
                                            + order
                                            + ", f.finding_id"
                                            + order
                                            + " LIMIT ?")) {
                        statement.setInt(conditions.bind(connection, statement), limit);
                        List<Finding> findings = new ArrayList<>();
                        try (ResultSet row = statement.executeQuery()) {
                            while (row.next()) {
                                findings.add(read(row));
                            }
                        }
                        return findings;
                    }
                });
    }

    Optional<Finding> byId(Viewer viewer, UUID id) {
        return transactions.executeRead(
                status ->
                        Rows.list(
                                        status.getConnection(),
                                        "SELECT f.* FROM finding f WHERE f.finding_id = CAST(? AS uuid) AND f.agent_id LIKE ANY (?)",
                                        FindingRepository::read,
                                        id,
                                        viewer.scopeLikePatterns())
                                .stream()
                                .findFirst());
    }

    long count(Viewer viewer, FindingFilter filter) {
        return counts(viewer, filter).stream().mapToLong(FindingCount::count).sum();
    }

    List<FindingCount> counts(Viewer viewer, FindingFilter filter) {
        Conditions conditions = new Conditions(viewer, filter);
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    "SELECT f.kind, f.severity, count(*) AS n FROM finding f"
                                            + conditions.where()
                                            + " GROUP BY f.kind, f.severity")) {
                        conditions.bind(connection, statement);
                        List<FindingCount> counts = new ArrayList<>();
                        try (ResultSet row = statement.executeQuery()) {
                            while (row.next()) {
                                counts.add(
                                        new FindingCount(
                                                FindingKind.valueOf(row.getString("kind")),
                                                Severity.valueOf(row.getString("severity")),
                                                row.getLong("n")));
                            }
                        }
                        return counts;
                    }
                });
    }

    /// Agents with the most findings that match, by name where they have as many.
    List<Tally> agents(Viewer viewer, FindingFilter filter, int most) {
        Conditions conditions = new Conditions(viewer, filter);
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement =
                            connection.prepareStatement(
                                    "SELECT f.agent_id, count(*) AS n, count(*) / sum(count(*)) OVER () AS share FROM finding f"
                                            + conditions.where()
                                            + " GROUP BY f.agent_id ORDER BY n DESC, f.agent_id LIMIT ?")) {
                        statement.setInt(conditions.bind(connection, statement), most);
                        List<Tally> agents = new ArrayList<>();
                        try (ResultSet row = statement.executeQuery()) {
                            while (row.next()) {
                                agents.add(
                                        new Tally(
                                                row.getString("agent_id"),
                                                row.getLong("n"),
                                                row.getDouble("share")));
                            }
                        }
                        return agents;
                    }
                });
    }

    private static Finding read(ResultSet row) throws SQLException {
        return new Finding(
                row.getObject("finding_id", UUID.class),
                FindingKind.valueOf(row.getString("kind")),
                Severity.valueOf(row.getString("severity")),
                row.getString("agent_id"),
                row.getString("session_id"),
                row.getString("trace_id"),
                EventRow.instant(row, "detected_at"),
                EventRow.instant(row, "occurred_at"),
                row.getString("description"),
                row.getString("suggestion"),
                row.getObject("measured", Double.class),
                row.getObject("limit_value", Double.class),
                List.of((UUID[]) row.getArray("evidence").getArray()));
    }

    /// A filter and a viewer's scope as constant fragments with bound values.
    private static final class Conditions {
        private final List<String> fragments = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        Conditions(Viewer viewer, FindingFilter filter) {
            if (!viewer.agentScope().isEmpty()) {
                add("f.agent_id LIKE ANY (?)", (Object) viewer.scopeLikePatterns());
            }
            Instant from = filter.from();
            if (from != null) {
                add("f.occurred_at >= ?", StoryRepository.time(from));
            }
            Instant to = filter.to();
            if (to != null) {
                add("f.occurred_at < ?", StoryRepository.time(to));
            }
            addNames("f.kind = ANY (?)", filter.kinds());
            addNames("f.severity = ANY (?)", filter.severities());
            List<String> agents = filter.agentIds();
            if (agents != null) {
                add("f.agent_id = ANY (?)", (Object) agents.toArray(String[]::new));
            }
            String session = filter.sessionId();
            if (session != null) {
                add("f.session_id = ?", session);
            }
            String trace = filter.traceId();
            if (trace != null) {
                add("f.trace_id = ?", trace);
            }
        }

        void add(String fragment, Object... bound) {
            fragments.add(fragment);
            values.addAll(List.of(bound));
        }

        private void addNames(String fragment, @Nullable List<? extends Enum<?>> names) {
            if (names != null) {
                add(fragment, (Object) names.stream().map(Enum::name).toArray(String[]::new));
            }
        }

        String where() {
            return fragments.isEmpty() ? "" : " WHERE " + String.join(" AND ", fragments);
        }

        /// Binds from parameter 1 on; returns the next free parameter.
        int bind(Connection connection, PreparedStatement statement) throws SQLException {
            int parameter = 1;
            for (Object value : values) {
                if (value instanceof String[] texts) {
                    statement.setArray(parameter, connection.createArrayOf("text", texts));
                } else {
                    statement.setObject(parameter, value);
                }
                parameter++;
            }
            return parameter;
        }
    }
}
