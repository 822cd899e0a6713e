package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agentaudit.TestDatabase;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The settler beside writers.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TraceSettlerIT implements TestPropertyProvider {

    private final TestDatabase.Fresh database = TestDatabase.create();

    @Inject EventStore store;
    @Inject TraceSettler settler;

    @Override
    public Map<String, String> getProperties() {
        return database.properties();
    }

    /// A settler that waited for a writer's trace while it holds others would dead-lock with it.
    @Test
    void traceThatAWriterIsAddingTo_isNotWaitedFor_andStaysOpen() throws Exception {
        Instant start = Instant.parse("2026-03-30T00:00:00Z");
        store.append(RandomEvents.make(new Random(1), 200, start, Duration.ofHours(1)), List.of())
                .get();
        try (Connection other = database.connect();
                Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            String touch =
                    """
                    INSERT INTO trace_touched AS t (trace_id, version) SELECT max(trace_id), 1 FROM trace
                    ON CONFLICT (trace_id) DO UPDATE SET version = t.version + 1
                    """;
            // until it is a row that the settler in the background has not settled in between
            do {
                update(other, touch);
            } while (update(
                            writer,
                            "UPDATE trace_touched SET version = version + 1"
                                    + " WHERE trace_id = (SELECT max(trace_id) FROM trace)")
                    == 0);

            CompletableFuture<Void> settling =
                    CompletableFuture.runAsync(() -> settler.settle(null, null));

            assertThatCode(() -> settling.get(10, TimeUnit.SECONDS)).doesNotThrowAnyException();
            assertThat(open(writer)).isEqualTo(1);
            writer.commit();
            settler.settle(null, null);
            assertThat(open(other)).isZero();
        }
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static long open(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM trace_touched")) {
            row.next();
            return row.getLong(1);
        }
    }
}
