package org.agentaudit.verify;

import static org.agentaudit.verify.StoreFixture.column;
import static org.agentaudit.verify.StoreFixture.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agentaudit.TestDatabase;
import org.agentaudit.store.DeletionRepository;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is done to a store rightfully never fails its verification (TE7, ER2).
class FalseAlarmIT {

    /// Removed events leave whole quarter hours behind whose counters are compared.
    private static final String EARLY = " AND e.occurred_at < '2026-04-02'";

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final TestDatabase.Fresh database = TestDatabase.create();
    private ApplicationContext context;

    @BeforeEach
    void start() {
        context = ApplicationContext.run(settings());
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void emptyStore_isVerified() {
        Verification result = green("empty");
        assertThat(result.events()).isZero();
    }

    @Test
    void removalsMaintenanceAndRestart_keepTheStoreVerified() throws Exception {
        StoreFixture.fill(context.getBean(EventStore.class), random);
        int all = StoreFixture.RANDOM_EVENTS + StoreFixture.HOSTILE_EVENTS;
        assertThat(green("filled").events()).isEqualTo(all);

        DeletionRepository deletions = context.getBean(DeletionRepository.class);
        write(c -> StoreFixture.removeContents(c, deletions, "e.arrival % 3 = 0"));
        Verification erased = green("contents of a third");
        assertThat(erased.removedContents()).isPositive();
        assertThat(erased.skippedQuarters()).isZero();

        // content of an event goes first, then the event itself; a trace is cut in two steps
        write(c -> StoreFixture.removeEvents(c, deletions, "e.arrival % 7 = 0" + EARLY));
        write(
                c ->
                        StoreFixture.removeEvents(
                                c, deletions, "e.trace_id IN ('trace-1', 'trace-2')" + EARLY));
        Verification removed = green("some events");
        assertThat(removed.events() + removed.removedEvents()).isEqualTo(all);

        // a whole month
        write(c -> StoreFixture.removeEvents(c, deletions, "e.occurred_at < '2026-04-01'"));
        try (Connection connection = database.connect()) {
            execute(connection, "DROP TABLE audit_event_2026_03, event_content_2026_03");
        }
        Verification month = green("a month");
        assertThat(month.quarters()).isPositive();
        assertThat(month.skippedQuarters()).isPositive();

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            String name = (String) column(connection, "SELECT current_database()").getFirst();
            statement.execute("VACUUM FULL");
            statement.execute("REINDEX DATABASE " + name);
            statement.execute("ALTER DATABASE " + name + " SET timezone = 'Asia/Kathmandu'");
            statement.execute("ALTER DATABASE " + name + " SET datestyle = 'SQL, DMY'");
            statement.execute("ALTER DATABASE " + name + " SET extra_float_digits = 0");
        }
        context.close();
        context = ApplicationContext.run(settings());
        green("maintenance, another time zone, a restart");

        // late events come into the month that was dropped
        context.getBean(EventStore.class)
                .append(
                        RandomEvents.make(random, 200, StoreFixture.START, Duration.ofDays(4)),
                        List.of())
                .get();
        assertThat(green("late events").events()).isEqualTo(month.events() + 200);
    }

    @Test
    void verifying_whileEventsComeIn_seesOneMoment() throws Exception {
        EventStore store = context.getBean(EventStore.class);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    Random own = new Random(seed);
                                    while (!done.get()) {
                                        store.append(
                                                        RandomEvents.make(
                                                                own,
                                                                40,
                                                                StoreFixture.START,
                                                                Duration.ofDays(40)),
                                                        List.of())
                                                .join();
                                    }
                                });
        for (int i = 0; i < 5; i++) {
            green("run " + i);
        }
        done.set(true);
        writer.join();
        assertThat(green("at the end").events()).isPositive();
    }

    @Test
    void storeFromBeforeLeaves_isReportedAsNotCovered() throws Exception {
        EventStore store = context.getBean(EventStore.class);
        store.append(
                        RandomEvents.make(random, 50, StoreFixture.START, Duration.ofDays(1)),
                        List.of())
                .get();
        // as an earlier version left it, and as the migration then finds it
        try (Connection connection = database.connect()) {
            execute(connection, "DELETE FROM leaf_batch");
            execute(connection, "UPDATE audit_event SET commitments = NULL");
            execute(connection, "UPDATE event_content SET salt = NULL");
            execute(
                    connection,
                    "UPDATE proof_start SET batch_number = (SELECT last_value + 1 FROM ingest_batch_number),"
                            + " since = now()");
        }
        store.append(
                        RandomEvents.make(random, 30, StoreFixture.START, Duration.ofDays(1)),
                        List.of())
                .get();
        Verification result = green("old events");
        assertThat(result.uncovered()).isEqualTo(50);
        assertThat(result.events()).isEqualTo(30);

        // events that came in later cannot hide among them
        try (Connection connection = database.connect()) {
            execute(
                    connection,
                    "UPDATE proof_start SET since = CAST(? AS timestamptz)",
                    Instant.parse("2026-01-01T00:00:00Z").toString());
        }
        Verification hidden = context.getBean(StoreVerifier.class).verify((events, n) -> {});
        assertThat(hidden.counts()).containsEntry(Difference.Kind.EVENT_ADDED, 50L);
    }

    private Verification green(String when) {
        Verification result = context.getBean(StoreVerifier.class).verify((events, done) -> {});
        assertThat(result.first()).as("seed %d, %s", seed, when).isEmpty();
        assertThat(result.passed()).isTrue();
        return result;
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private void write(Work work) {
        @SuppressWarnings("unchecked")
        TransactionOperations<Connection> transactions =
                context.getBean(TransactionOperations.class);
        transactions.executeWrite(
                status -> {
                    work.on(status.getConnection());
                    return true;
                });
    }

    private Map<String, Object> settings() {
        return new HashMap<>(database.properties());
    }
}
