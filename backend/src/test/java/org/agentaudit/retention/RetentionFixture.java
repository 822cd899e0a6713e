package org.agentaudit.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.agentaudit.MovedClock;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;

/// A portal's beans on a fresh database with a clock that can be moved; nothing runs by itself.
final class RetentionFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final Viewer OFFICER = new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());

    final TestDatabase.Fresh database = TestDatabase.create();
    final Path dataDir;
    final ApplicationContext context;
    final MovedClock clock = new MovedClock(NOW);

    RetentionFixture() {
        this(Map.of());
    }

    RetentionFixture(Map<String, Object> settings) {
        try {
            dataDir = Files.createTempDirectory("retention-test");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        context = start(settings);
    }

    /// Another portal on the same database and data folder.
    ApplicationContext start(Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", dataDir.toString());
        properties.put("portal.retention.pause", "0ms");
        properties.putAll(settings);
        return ApplicationContext.builder().properties(properties).singletons(clock).start();
    }

    static Instant daysAgo(double days) {
        return NOW.minus(Duration.ofSeconds(Math.round(days * 86_400)));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /// Stores them in one batch each of at most 100.
    void store(List<AuditEvent> events) {
        for (int i = 0; i < events.size(); i += 100) {
            List<NewEvent> batch =
                    events.subList(i, Math.min(events.size(), i + 100)).stream()
                            .map(
                                    event ->
                                            new NewEvent(
                                                    event,
                                                    RandomEvents.digest(event),
                                                    1,
                                                    new Prover()))
                            .toList();
            try {
                assertThat(bean(EventStore.class).append(batch, List.of()).get())
                        .containsOnly(AppendResult.STORED);
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    void store(AuditEvent... events) {
        store(List.of(events));
    }

    RetentionRun run() {
        return bean(Expiry.class).run("tester", progress -> {}).orElseThrow();
    }

    /// The first column of every row.
    List<String> texts(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    long number(String sql) {
        return Long.parseLong(texts(sql).getFirst());
    }

    void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Set<String> storedTraces() {
        return new TreeSet<>(texts("SELECT DISTINCT trace_id FROM audit_event"));
    }

    Set<String> storedEvents() {
        return new TreeSet<>(texts("SELECT event_id FROM audit_event"));
    }

    Set<String> storedContents() {
        return new TreeSet<>(texts("SELECT event_id FROM event_content"));
    }

    /// Arrivals that deletions of a kind account for; fails when two account for the same.
    Set<Long> recordedArrivals(String kind) {
        Set<Long> arrivals = new TreeSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT l.batch_number, l.positions FROM deletion_leaf l"
                                        + " JOIN deletion d ON d.id = l.deletion_id WHERE d.kind = '"
                                        + kind
                                        + "'")) {
            while (rows.next()) {
                long batch = rows.getLong(1);
                BitSet.valueOf(rows.getBytes(2)).stream()
                        .forEach(
                                position ->
                                        assertThat(arrivals.add((batch << 20) + position))
                                                .isTrue());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return arrivals;
    }

    @Override
    public void close() {
        context.close();
    }
}
