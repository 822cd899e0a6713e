package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A query that takes too long, on a real database.
class DeadlineIT {

    @Test
    void deadline_endsTheStatementTooNotOnlyTheWaiting(@TempDir Path dataDir) throws Exception {
        TestDatabase.Fresh database = TestDatabase.create();
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", dataDir.toString());
        properties.put("portal.graphql.deadline", "1s");
        try (ApplicationContext portal = ApplicationContext.run(properties);
                Connection locking = database.connect();
                Statement lock = locking.createStatement();
                Connection watching = database.connect();
                Statement statement = watching.createStatement()) {
            locking.setAutoCommit(false);
            lock.execute("LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE");
            long before = waiting(statement);
            GraphQlEngine.Answer answer =
                    portal.getBean(GraphQlEngine.class)
                            .execute(
                                    new GraphQlRequest(
                                            "{ events { totalCount } }", null, Map.of(), Map.of()),
                                    new Viewer("ann", Set.of(Role.SECURITY_ANALYST), List.of()),
                                    true);
            assertThat(TestPortal.json(answer)).contains("LIMIT_EXCEEDED").contains("1 s");
            Instant until = Instant.now().plus(Duration.ofSeconds(20));
            while (waiting(statement) > before && Instant.now().isBefore(until)) {
                Thread.sleep(200);
            }
            assertThat(waiting(statement)).isEqualTo(before);
        }
    }

    /// Statements that wait for the lock.
    private static int waiting(Statement statement) throws SQLException {
        try (ResultSet rows =
                statement.executeQuery(
                        """
                        SELECT count(*)
                          FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
