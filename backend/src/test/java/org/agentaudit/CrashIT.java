package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agentaudit.database.ConnectionInfo;
import org.agentaudit.database.EmbeddedDatabase;
import org.agentaudit.store.StoreOracle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Acknowledged means stored: the portal, its PostgreSQL, or both are killed (SIGKILL) at random
/// moments while clients send. `-Dkills=20` kills each of the two 20 times and both 10 times,
/// `-Dseed=…` repeats a run's choices (IN1, IN2, IN3).
class CrashIT {
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KEY = "aap_key-of-the-crash-test";

    private enum Victim {
        PORTAL,
        DATABASE,
        BOTH
    }

    @TempDir Path folder;
    private final AtomicReference<URI> address = new AtomicReference<>();
    private final AtomicLong acknowledgements = new AtomicLong();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final Map<Victim, List<Long>> recoveryMillis = new TreeMap<>();
    private PortalProcess portal;

    @AfterEach
    void stop() throws InterruptedException {
        enough.set(true);
        if (portal != null) {
            portal.stop();
        }
        assertThat(EmbeddedDatabase.serverProcess(data())).isEmpty();
    }

    @Test
    void kills_atAnyMoment_loseNothingThatWasAcknowledged() throws Exception {
        int kills = Integer.getInteger("kills", 2);
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("CrashIT -Dkills=" + kills + " -Dseed=" + seed);
        Random random = new Random(seed);
        start();
        List<CrashClient.Account> accounts = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            List<Future<CrashClient.Account>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(
                        clients.submit(
                                new CrashClient(
                                        i,
                                        seed,
                                        KEY,
                                        address::get,
                                        enough::get,
                                        acknowledgements::incrementAndGet,
                                        start)));
            }
            try {
                awaitAcknowledgements(20);
                for (Victim victim : victims(kills, random)) {
                    kill(victim, random);
                }
                Thread.sleep(500);
            } finally {
                enough.set(true);
            }
            for (Future<CrashClient.Account> client : running) {
                accounts.add(client.get());
            }
        }
        try (Connection database = connect()) {
            awaitSettled(database);
            report(kills, seed, accounts, database);
            for (CrashClient.Account account : accounts) {
                compare(account, stored(database, account.client()));
            }
            assertThat(StoreOracle.count(database, "SELECT count(*) FROM quarantine")).isZero();
            assertThat(
                            StoreOracle.count(
                                    database,
                                    "SELECT count(*) FROM audit_event e"
                                            + " JOIN event_content c USING (trace_id, occurred_at, event_id)"
                                            + " WHERE c.params IS DISTINCT FROM"
                                            + " '{\"n\":' || e.seq || ',\"password\":\"[REDACTED:password]\"}'"))
                    .as("events whose content is not what was sent")
                    .isZero();
            assertThat(StoreOracle.differences(database)).isEmpty();
            assertSettledOnceMore_changesNothing(database);
        }
    }

    private static List<Victim> victims(int kills, Random random) {
        List<Victim> victims = new ArrayList<>();
        victims.addAll(Collections.nCopies(kills, Victim.PORTAL));
        victims.addAll(Collections.nCopies(kills, Victim.DATABASE));
        victims.addAll(Collections.nCopies(kills / 2, Victim.BOTH));
        Collections.shuffle(victims, random);
        return victims;
    }

    /// Kills, and returns once clients get acknowledgements again.
    private void kill(Victim victim, Random random) throws Exception {
        Thread.sleep(100 + random.nextInt(1_500));
        boolean databaseFirst = random.nextBoolean();
        int between = random.nextInt(300);
        long start = System.nanoTime();
        switch (victim) {
            case PORTAL -> {
                killPortal();
                start();
            }
            case DATABASE -> {
                killDatabase();
                awaitReady();
            }
            case BOTH -> {
                if (databaseFirst) {
                    killDatabase();
                    Thread.sleep(between);
                    killPortal();
                } else {
                    killPortal();
                    Thread.sleep(between);
                    killDatabase();
                }
                start();
            }
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        recoveryMillis.computeIfAbsent(victim, v -> new ArrayList<>()).add(taken.toMillis());
        assertThat(taken).as("ready again after the kill of " + victim).isLessThan(PATIENCE);
        awaitAcknowledgements(5);
    }

    private void start() throws Exception {
        portal = PortalProcess.start(folder, Map.of("PORTAL_INGEST_KEY", KEY));
        address.set(portal.ready());
    }

    private void killPortal() throws InterruptedException {
        portal.process().destroyForcibly();
        portal.process().waitFor();
    }

    /// The server and every process it started, before they can say goodbye.
    private void killDatabase() {
        EmbeddedDatabase.serverProcess(data())
                .flatMap(ProcessHandle::of)
                .ifPresent(
                        server -> {
                            List<ProcessHandle> children = server.descendants().toList();
                            server.destroyForcibly();
                            children.forEach(ProcessHandle::destroyForcibly);
                        });
    }

    private void awaitReady() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(address.get().resolve("/health/readiness")).build();
        Instant limit = Instant.now().plus(PATIENCE);
        try (HttpClient http = HttpClient.newHttpClient()) {
            // the server may be on its way down when it is first asked for
            int ready = 0;
            while (ready < 2) {
                assertThat(Instant.now()).as(portal.errors()).isBefore(limit);
                ready =
                        http.send(request, BodyHandlers.discarding()).statusCode() == 200
                                ? ready + 1
                                : 0;
                Thread.sleep(50);
            }
        }
    }

    private void awaitAcknowledgements(int more) throws Exception {
        long goal = acknowledgements.get() + more;
        Instant limit = Instant.now().plus(PATIENCE);
        while (acknowledgements.get() < goal) {
            assertThat(Instant.now()).as(portal.output() + portal.errors()).isBefore(limit);
            Thread.sleep(20);
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Connection connect() throws SQLException {
        ConnectionInfo info = EmbeddedDatabase.running(data()).orElseThrow();
        return DriverManager.getConnection(info.jdbcUrl(), info.username(), info.password());
    }

    private static BitSet stored(Connection database, int client) throws SQLException {
        BitSet stored = new BitSet();
        try (Statement statement = database.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT event_id, seq FROM audit_event WHERE producer = 'client-"
                                        + client
                                        + "'")) {
            while (rows.next()) {
                int seq = rows.getInt(2);
                assertThat(rows.getString(1)).isEqualTo(CrashClient.id(client, seq).toString());
                assertThat(stored.get(seq)).as("event %d twice", seq).isFalse();
                stored.set(seq);
            }
        }
        return stored;
    }

    private static void compare(CrashClient.Account account, BitSet stored) {
        assertThat(account.problems()).as("client " + account.client()).isEmpty();
        BitSet lost = (BitSet) account.acknowledged().clone();
        lost.andNot(stored);
        assertThat(lost).as("acknowledged and not stored").matches(BitSet::isEmpty);
        assertThat(stored.length()).as("never sent").isLessThanOrEqualTo(account.sent());
        BitSet unknown = (BitSet) stored.clone();
        unknown.andNot(account.acknowledged());
        for (int[] batch : account.abandoned()) {
            assertThat(unknown.get(batch[0], batch[0] + batch[1]).cardinality())
                    .as("batch without an answer: all of it or nothing")
                    .isIn(0, batch[1]);
            unknown.clear(batch[0], batch[0] + batch[1]);
        }
        assertThat(unknown).as("stored and never acknowledged").matches(BitSet::isEmpty);
    }

    private static void awaitSettled(Connection database) throws Exception {
        Instant limit = Instant.now().plus(PATIENCE);
        while (StoreOracle.count(database, "SELECT count(*) FROM trace_touched") > 0) {
            assertThat(Instant.now()).as("traces settled").isBefore(limit);
            Thread.sleep(200);
        }
    }

    /// What was settled step by step equals what comes out when every trace is settled anew.
    private static void assertSettledOnceMore_changesNothing(Connection database) throws Exception {
        List<String> tables = List.of("agent_run", "trace_gap");
        try (Statement statement = database.createStatement()) {
            for (String table : tables) {
                statement.execute("CREATE TEMPORARY TABLE " + table + " AS TABLE public." + table);
            }
            statement.execute("INSERT INTO trace_touched SELECT trace_id, 1 FROM trace");
        }
        awaitSettled(database);
        for (String table : tables) {
            assertThat(
                            StoreOracle.count(
                                    database,
                                    """
                                    SELECT count(*)
                                      FROM ((TABLE pg_temp.%1$s EXCEPT TABLE public.%1$s)
                                            UNION ALL (TABLE public.%1$s EXCEPT TABLE pg_temp.%1$s)) d
                                    """
                                            .formatted(table)))
                    .as(table)
                    .isZero();
            assertThat(StoreOracle.count(database, "SELECT count(*) FROM public." + table))
                    .isPositive();
        }
    }

    private void report(
            int kills, long seed, List<CrashClient.Account> accounts, Connection database)
            throws SQLException {
        Map<Integer, Long> statuses = new TreeMap<>();
        accounts.forEach(
                a -> a.statuses().forEach((code, n) -> statuses.merge(code, n, Long::sum)));
        System.out.printf(
                "CrashIT -Dkills=%d -Dseed=%d: sent %d, acknowledged %d, stored %d; abandoned batches %d, retries %d,"
                        + " sent again after an answer %d, answers %s; ready again after ms %s%n",
                kills,
                seed,
                accounts.stream().mapToLong(CrashClient.Account::sent).sum(),
                accounts.stream().mapToLong(a -> a.acknowledged().cardinality()).sum(),
                StoreOracle.count(database, "SELECT count(*) FROM audit_event"),
                accounts.stream().mapToLong(a -> a.abandoned().size()).sum(),
                accounts.stream().mapToLong(CrashClient.Account::retries).sum(),
                accounts.stream().mapToLong(CrashClient.Account::resent).sum(),
                statuses,
                recoveryMillis);
    }
}
