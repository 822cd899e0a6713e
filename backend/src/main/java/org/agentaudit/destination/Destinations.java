package org.agentaudit.destination;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.transaction.TransactionOperations;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.agentaudit.retention.RetentionPolicy;
import org.agentaudit.store.HorizonRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The destinations of the settings, each followed by a thread of its own. Ingest knows nothing of
/// them: they read the log behind it.
@Context
@Requires(property = "portal.background", notEquals = "false")
class Destinations {
    private static final Logger LOG = LoggerFactory.getLogger(Destinations.class);
    private static final int FILE_BATCH = 500;
    static final int COUNTED = 100_000;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final DestinationRepository repository;
    private final HorizonRepository commits;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;
    private final Duration idle;
    private final Duration longestWait;
    private final List<DestinationSender> senders = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /// @param idle        wait when there is nothing to send
    /// @param longestWait between two attempts while a destination is away
    Destinations(
            DestinationRepository repository,
            HorizonRepository commits,
            TransactionOperations<Connection> transactions,
            Clock clock,
            RetentionPolicy retention,
            FileConfig file,
            VictoriaLogsConfig victoriaLogs,
            @Value("${portal.destinations.idle:1s}") Duration idle,
            @Value("${portal.destinations.longest-wait:60s}") Duration longestWait) {
        this.repository = repository;
        this.commits = commits;
        this.transactions = transactions;
        this.clock = clock;
        this.idle = idle;
        this.longestWait = longestWait;
        String folder = file.folder();
        if (folder != null && !folder.isBlank()) {
            RotatingFile destination = new RotatingFile(Path.of(folder), file, retention);
            open.add(destination);
            add(destination, FILE_BATCH);
        }
        String url = victoriaLogs.url();
        if (url != null && !url.isBlank()) {
            add(new VictoriaLogs(url, victoriaLogs, retention), victoriaLogs.batchEvents());
        }
    }

    private void add(Destination destination, int batchEvents) {
        senders.add(
                new DestinationSender(
                        destination, repository, commits, transactions, clock, batchEvents));
    }

    @PostConstruct
    void start() {
        for (DestinationSender sender : senders) {
            String name = sender.destination().name();
            transactions.executeWrite(
                    status -> {
                        repository.ensure(status.getConnection(), name, clock.instant());
                        return true;
                    });
            threads.add(Thread.ofVirtual().name("destination-" + name).start(() -> follow(sender)));
        }
    }

    /// What is not sent yet is sent after the next start.
    @PreDestroy
    void stop() throws Exception {
        stopping = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join(CLOSE);
        }
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    List<DestinationStatus> shown() {
        return senders.stream().map(this::shown).toList();
    }

    private DestinationStatus shown(DestinationSender sender) {
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    Destination destination = sender.destination();
                    DestinationState state =
                            repository.state(connection, destination.name()).orElseThrow();
                    DestinationRepository.Waiting waiting =
                            repository.waiting(connection, state.sentArrival(), COUNTED);
                    return new DestinationStatus(
                            state,
                            destination.place(),
                            waiting.events(),
                            waiting.since().orElse(null));
                });
    }

    private void follow(DestinationSender sender) {
        String name = sender.destination().name();
        int failures = 0;
        while (!stopping) {
            Duration pause;
            try {
                switch (sender.step()) {
                    case DestinationSender.Advanced() -> {
                        if (failures > 0) {
                            LOG.info("Destination {} takes events again", name);
                        }
                        failures = 0;
                        pause = Duration.ZERO;
                    }
                    case DestinationSender.Idle() -> pause = idle;
                    case DestinationSender.Failed(String reason, Duration asked) -> {
                        failures++;
                        if (failures == 1 && !stopping) {
                            LOG.warn("Destination {} fails, events wait: {}", name, reason);
                        }
                        pause = asked == null ? backOff(failures) : asked;
                    }
                }
            } catch (Exception e) {
                // also a SQLException, which leaves a transaction undeclared
                failures++;
                if (failures == 1 && !stopping) {
                    LOG.warn("Destination {} cannot be followed: {}", name, e.toString());
                }
                pause = backOff(failures);
            }
            if (!sleep(pause)) {
                return;
            }
        }
    }

    /// Doubles with each failure; half of it is chance, so that many portals do not come at once.
    private Duration backOff(int failures) {
        long longest = longestWait.toMillis();
        long full = Math.min(longest, idle.toMillis() << Math.min(failures, 16));
        return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
