package org.agentaudit.bench;

import com.sun.management.OperatingSystemMXBean;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.agentaudit.bench.CopyRepository.Copied;
import org.agentaudit.bench.CopyRepository.Counters;
import org.jspecify.annotations.Nullable;

/// Measures ingest over HTTP against plain COPY of the very rows that came of it, round by round on
/// growing tables. Everything that is sent or loaded is prepared beforehand in files.
@Singleton
public final class IngestBench {
    private static final long SETTLE_LIMIT_MILLIS = 120_000;
    private static final double NANOS_PER_MICRO = 1_000;

    private final TransactionOperations<Connection> transactions;
    private final CopyRepository repository;

    IngestBench(TransactionOperations<Connection> transactions, CopyRepository repository) {
        this.transactions = transactions;
        this.repository = repository;
    }

    /// What to measure.
    ///
    /// @param portal  address
    /// @param own     whether the portal runs in this JVM
    /// @param warmUp  events sent before anything is measured, so that a portal that has just been
    ///     started is compiled
    /// @param file    lines to send instead of generated events; null: generated
    /// @param singles requests of one event; 0: none
    /// @param rate    of these, requests a second; 0: as many as are answered
    /// @param folder  for prepared data
    public record Plan(
            URI portal,
            String key,
            boolean own,
            long seed,
            int events,
            int batch,
            int clients,
            int copyConnections,
            int rounds,
            int warmUp,
            @Nullable Path file,
            int singles,
            int connections,
            double rate,
            Path folder) {}

    /// Whether the store holds no event yet.
    public boolean storeIsEmpty() {
        return transactions.executeRead(status -> repository.isEmpty(status.getConnection()));
    }

    /// @param progress told in a few words what is being done
    public BenchReport run(Plan plan, Consumer<String> progress)
            throws IOException, InterruptedException {
        HttpLoad load = new HttpLoad(plan.portal, plan.key);
        List<BenchReport.Round> rounds = new ArrayList<>();
        BenchReport.Singles singles = null;
        double bytes = 0;
        int sent = 0;
        try (HeapWatch heap = new HeapWatch()) {
            write(
                    connection -> {
                        repository.create(connection);
                        return true;
                    });
            try (BufferedReader file =
                    plan.file == null ? null : Files.newBufferedReader(plan.file)) {
                if (plan.warmUp > 0) {
                    progress.accept("Warming up with " + plan.warmUp + " events");
                    try (PieceFile bodies = new PieceFile(plan.folder)) {
                        prepare(bodies, plan, plan.rounds + 1, plan.warmUp, plan.batch, file);
                        load.send(bodies, plan.clients, 0);
                        settle();
                    }
                }
                for (int i = 0; i < plan.rounds; i++) {
                    progress.accept("Round " + (i + 1) + " of " + plan.rounds);
                    try (PieceFile bodies = new PieceFile(plan.folder)) {
                        int events = prepare(bodies, plan, i, plan.events, plan.batch, file);
                        if (events == 0) {
                            throw new IllegalArgumentException(
                                    "The file has too few lines for so many rounds.");
                        }
                        bytes += bodies.bytes();
                        sent += events;
                        rounds.add(round(load, plan, bodies));
                    }
                }
                if (plan.singles > 0) {
                    progress.accept("Single events over " + plan.connections + " connections");
                    try (PieceFile bodies = new PieceFile(plan.folder)) {
                        prepare(bodies, plan, plan.rounds, plan.singles, 1, file);
                        singles = singles(load, plan, bodies);
                    }
                }
            } finally {
                write(
                        connection -> {
                            repository.drop(connection);
                            return true;
                        });
            }
            return new BenchReport(
                    plan.seed,
                    plan.file == null ? EventGenerator.DESCRIPTION : "lines of a file",
                    plan.warmUp,
                    plan.events,
                    plan.batch,
                    plan.clients,
                    plan.copyConnections,
                    bytes / sent,
                    rounds,
                    median(rounds, BenchReport.Round::ingest),
                    median(rounds, BenchReport.Round::copy),
                    median(rounds, BenchReport.Round::ratio),
                    singles,
                    heap.peak(),
                    Runtime.getRuntime().maxMemory());
        }
    }

    private static int prepare(
            PieceFile bodies,
            Plan plan,
            int round,
            int events,
            int batch,
            @Nullable BufferedReader file)
            throws IOException {
        EventGenerator generator = new EventGenerator(plan.seed + round, round, events);
        int made = 0;
        while (made < events) {
            byte[] event;
            if (file == null) {
                event = generator.next();
            } else {
                String line = file.readLine();
                if (line == null) {
                    break;
                }
                event = line.getBytes(StandardCharsets.UTF_8);
            }
            bodies.write(event, 0, event.length);
            bodies.write(new byte[] {'\n'}, 0, 1);
            if (++made % batch == 0) {
                bodies.cut();
            }
        }
        if (made % batch != 0) {
            bodies.cut();
        }
        bodies.done();
        return made;
    }

    private BenchReport.Round round(HttpLoad load, Plan plan, PieceFile bodies)
            throws IOException, InterruptedException {
        long before = read(repository::lastArrival);
        ServerCpu server = ServerCpu.of(read(repository::backend));
        Counters counters = read(repository::counters);
        Cpu cpu = Cpu.now(server);
        HttpLoad.Result sent = load.send(bodies, plan.clients, 0);
        Cpu ingestCpu = Cpu.now(server).minus(cpu);
        Counters ingested = read(repository::counters);
        long stored = read(connection -> repository.arrivedAfter(connection, before));
        if (stored != sent.accepted()) {
            throw new IllegalStateException(
                    "The portal accepted %d events and %d are in the database; is it the portal's?"
                            .formatted(sent.accepted(), stored));
        }
        double settled = settle();
        Map<Copied, PieceFile> rows = new EnumMap<>(Copied.class);
        try {
            write(
                    connection -> {
                        repository.analyze(connection);
                        repository.partition(connection);
                        return true;
                    });
            for (Copied copied : Copied.values()) {
                PieceFile file = new PieceFile(plan.folder);
                rows.put(copied, file);
                write(
                        connection -> {
                            try {
                                repository.read(connection, copied, before, plan.batch, file);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                            return true;
                        });
            }
            Counters beforeCopy = read(repository::counters);
            Cpu copyStart = Cpu.now(server);
            double copyNanos = copy(rows, plan.copyConnections);
            Cpu copyCpu = Cpu.now(server).minus(copyStart);
            Counters copied = read(repository::counters);
            double copy = stored * 1e9 / copyNanos;
            return new BenchReport.Round(
                    sent.perSecond(),
                    copy,
                    sent.perSecond() / copy,
                    sent.refused(),
                    sent.errors(),
                    sent.failures(),
                    sent.millis(0.5),
                    sent.millis(0.99),
                    sent.millis(1),
                    ingested.commits() - counters.commits(),
                    settled,
                    plan.own ? micros(ingestCpu.own - sent.clientCpu(), stored) : null,
                    micros(sent.clientCpu(), stored),
                    server == null ? null : micros(ingestCpu.server, stored),
                    server == null ? null : micros(copyCpu.server, stored),
                    (double) (ingested.walBytes() - counters.walBytes()) / stored,
                    (double) (copied.walBytes() - beforeCopy.walBytes()) / stored);
        } finally {
            for (PieceFile file : rows.values()) {
                file.close();
            }
        }
    }

    /// Loads the prepared rows, a commit for each piece of all tables.
    ///
    /// @return nanoseconds
    private double copy(Map<Copied, PieceFile> rows, int connections) throws InterruptedException {
        int pieces = rows.values().iterator().next().pieces();
        AtomicInteger next = new AtomicInteger();
        List<RuntimeException> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .name("bench-copy-" + i)
                            .start(
                                    () -> {
                                        try {
                                            for (int piece = next.getAndIncrement();
                                                    piece < pieces;
                                                    piece = next.getAndIncrement()) {
                                                load(rows, piece);
                                            }
                                        } catch (RuntimeException e) {
                                            synchronized (failures) {
                                                failures.add(e);
                                            }
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long nanos = System.nanoTime() - start;
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return nanos;
    }

    private void load(Map<Copied, PieceFile> rows, int piece) {
        write(
                connection -> {
                    try {
                        for (Map.Entry<Copied, PieceFile> table : rows.entrySet()) {
                            repository.load(
                                    connection, table.getKey(), table.getValue().read(piece));
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return true;
                });
    }

    private double settle() throws InterruptedException {
        long start = System.nanoTime();
        while (read(repository::unsettled) > 0
                && System.nanoTime() - start < SETTLE_LIMIT_MILLIS * 1_000_000) {
            Thread.sleep(100);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private BenchReport.Singles singles(HttpLoad load, Plan plan, PieceFile bodies)
            throws InterruptedException {
        long commits = read(repository::counters).commits();
        HttpLoad.Result sent = load.send(bodies, plan.connections, plan.rate);
        return new BenchReport.Singles(
                bodies.pieces(),
                plan.connections,
                plan.rate,
                sent.perSecond(),
                sent.refused(),
                sent.errors(),
                sent.failures(),
                sent.millis(0.5),
                sent.millis(0.99),
                sent.millis(1),
                read(repository::counters).commits() - commits);
    }

    private static double micros(long nanos, long events) {
        return nanos / NANOS_PER_MICRO / Math.max(1, events);
    }

    private static double median(
            List<BenchReport.Round> rounds, ToDoubleFunction<BenchReport.Round> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// A piece of work on a connection.
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T read(Work<T> work) {
        return transactions.executeRead(status -> work.on(status.getConnection()));
    }

    private <T> T write(Work<T> work) {
        return transactions.executeWrite(status -> work.on(status.getConnection()));
    }

    /// Processor time, nanoseconds.
    private record Cpu(long own, long server) {
        static Cpu now(@Nullable ServerCpu server) {
            return new Cpu(
                    ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                            .getProcessCpuTime(),
                    server == null ? 0 : server.nanos());
        }

        Cpu minus(Cpu before) {
            return new Cpu(own - before.own, server - before.server);
        }
    }
}
