package org.agentaudit.verify;

import io.micronaut.transaction.TransactionDefinition.Isolation;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.Arrival;
import org.agentaudit.store.Deletion;
import org.agentaudit.verify.Difference.Kind;
import org.jspecify.annotations.Nullable;

/// Verifies the whole store: every event against its leaf, every leaf against events and deletion
/// records, keys and contents against events, counters against a recount. Reads one snapshot beside
/// whatever the portal does meanwhile, in memory that does not grow with the store.
@Singleton
public class StoreVerifier {
    /// Rows of counters that are held at once; a period with more is taken in parts.
    private static final int MOST_COUNTERS = 200_000;

    private static final List<Duration> PARTS =
            List.of(Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(15));
    private static final int PROGRESS_EVERY = 1_000;
    private static final double NANOS = 1e9;
    private static final Instant FAR_AWAY = Instant.parse("9999-12-31T00:00:00Z");
    private static final String MISSING =
            "the event is missing, and no deletion record accounts for it";

    private final TransactionOperations<Connection> transactions;
    private final VerifyRepository repository;
    private final CounterRepository counters;
    private final SessionRecountRepository sessions;

    StoreVerifier(
            TransactionOperations<Connection> transactions,
            VerifyRepository repository,
            CounterRepository counters,
            SessionRecountRepository sessions) {
        this.transactions = transactions;
        this.repository = repository;
        this.counters = counters;
        this.sessions = sessions;
    }

    /// Told how far a verification is.
    public interface Progress {
        /// @param events all there are
        /// @param done   those that were compared
        void update(long events, long done);
    }

    /// Verifies everything.
    public Verification verify(Progress progress) {
        DefaultTransactionDefinition snapshot = new DefaultTransactionDefinition();
        snapshot.setIsolationLevel(Isolation.REPEATABLE_READ);
        snapshot.setReadOnly(true);
        return transactions.execute(snapshot, status -> verify(status.getConnection(), progress));
    }

    /// Verifies what a transaction sees.
    Verification verify(Connection connection, Progress progress) throws SQLException {
        return new Run(connection, progress).verify();
    }

    /// The state of one verification.
    private final class Run {
        private final Connection connection;
        private final Progress progress;
        private final Findings findings = new Findings();
        private final VerifyRepository.Extent extent;
        private final Places places;
        private final EventCheck events;
        private final NavigableMap<Instant, Instant> removedPeriods;
        private final long started = System.nanoTime();
        private long done;
        private long batches;
        private long quarters;
        private long skippedQuarters;

        Run(Connection connection, Progress progress) throws SQLException {
            this.connection = connection;
            this.progress = progress;
            this.extent = repository.extent(connection);
            this.places = new Places(repository, connection);
            this.events = new EventCheck(extent, places, findings);
            this.removedPeriods = repository.removedPeriods(connection);
        }

        Verification verify() throws SQLException {
            events();
            batches();
            others();
            return new Verification(
                    batches,
                    events.covered(),
                    events.uncovered(),
                    extent.removedEvents(),
                    events.removedContents(),
                    Math.max(0, extent.lastNumber() - extent.firstBatch() + 1 - batches),
                    quarters,
                    skippedQuarters,
                    (System.nanoTime() - started) / NANOS,
                    findings.counts(),
                    findings.first());
        }

        private void events() throws SQLException {
            progress.update(extent.events(), 0);
            Instant compared = Instant.EPOCH;
            YearMonth last = monthOf(extent.latest());
            for (YearMonth month = monthOf(extent.earliest());
                    month != null && last != null && !month.isAfter(last);
                    month = month.plusMonths(1)) {
                // counters of times without events
                compare(compared, startOf(month), newCheck(), newRequestCheck());
                compared = startOf(month.plusMonths(1));
                period(startOf(month), compared, 0);
            }
            compare(compared, FAR_AWAY, newCheck(), newRequestCheck());
            sessions();
            progress.update(extent.events(), done);
        }

        private void sessions() throws SQLException {
            long sums = sessions.sessions(connection);
            if (sums > 0) {
                findings.elsewhere(
                        Kind.COUNTER_WRONG,
                        null,
                        "sums of %d sessions are not those of their parts".formatted(sums));
            }
            long rows = sessions.rollup(connection);
            if (rows > 0) {
                findings.elsewhere(
                        Kind.COUNTER_WRONG,
                        null,
                        "%d counters of sessions by day are not what the sessions say"
                                .formatted(rows));
            }
        }

        private void period(Instant from, Instant to, int part) throws SQLException {
            if (part < PARTS.size() && counters.moreThan(connection, MOST_COUNTERS, from, to)) {
                Duration step = PARTS.get(part);
                for (Instant start = from; start.isBefore(to); start = start.plus(step)) {
                    period(start, start.plus(step), part + 1);
                }
                return;
            }
            CounterCheck check = newCheck();
            RequestCheck requests = newRequestCheck();
            repository.events(
                    connection,
                    from,
                    to,
                    row -> {
                        events.check(row);
                        AuditEvent event = row.event();
                        if (event != null) {
                            check.add(event, row.parts() != null);
                            requests.add(event, row.parts() != null);
                        }
                        if (++done % PROGRESS_EVERY == 0) {
                            progress.update(extent.events(), done);
                        }
                    });
            compare(from, to, check, requests);
        }

        private CounterCheck newCheck() {
            return new CounterCheck(this::removedFrom, findings);
        }

        private RequestCheck newRequestCheck() {
            return new RequestCheck(this::removedFrom, findings);
        }

        private void compare(Instant from, Instant to, CounterCheck check, RequestCheck requests)
                throws SQLException {
            counters.compare(connection, from, to, check);
            check.end();
            counters.compare(connection, from, to, requests);
            requests.end();
            quarters += check.quarters();
            skippedQuarters += check.skipped();
            sessions.parts(
                    connection,
                    from,
                    to,
                    (quarter, agent) ->
                            findings.elsewhere(
                                    Kind.COUNTER_WRONG,
                                    null,
                                    "a session in the quarter hour %s, agent %s, is counted otherwise than a recount does"
                                            .formatted(quarter, agent)));
        }

        private boolean removedFrom(Instant quarter) {
            Map.Entry<Instant, Instant> period = removedPeriods.floorEntry(quarter);
            return period != null && !period.getValue().isBefore(quarter);
        }

        /// Every leaf is an event's or accounted for.
        private void batches() throws SQLException {
            Map<Long, Integer> uneven = new TreeMap<>();
            repository.batches(connection, batch -> batch(batch, uneven));
            Map<Long, BitSet> stored = repository.stored(connection, uneven.keySet());
            for (Map.Entry<Long, Integer> batch : uneven.entrySet()) {
                BitSet missing = new BitSet();
                missing.set(0, batch.getValue());
                missing.andNot(places.of(batch.getKey()).gone(Deletion.Kind.EVENT));
                missing.andNot(stored.getOrDefault(batch.getKey(), new BitSet()));
                missing.stream()
                        .forEach(
                                position ->
                                        findings.at(
                                                Kind.EVENT_MISSING,
                                                Arrival.of(batch.getKey(), position),
                                                null,
                                                MISSING));
            }
            repository.deletionsWithoutLeaves(
                    connection,
                    extent.firstBatch(),
                    number ->
                            findings.batch(
                                    Kind.DELETION_WRONG,
                                    number,
                                    "a deletion record names places of the batch, but it has no leaves"));
            repository
                    .unevenDeletions(connection)
                    .forEach(
                            id ->
                                    findings.elsewhere(
                                            Kind.DELETION_WRONG,
                                            null,
                                            "deletion record %d counts other events than it names"
                                                    .formatted(id)));
        }

        private void batch(VerifyRepository.BatchCount batch, Map<Long, Integer> uneven)
                throws SQLException {
            Integer bytes = batch.bytes();
            if (bytes == null) {
                // told with each of its events
                return;
            }
            long number = batch.batch();
            batches++;
            if (number < extent.firstBatch()) {
                findings.batch(
                        Kind.LEAVES_DAMAGED,
                        number,
                        "it has leaves, yet leaves are said to begin with a later batch");
            }
            if (bytes % Prover.LEAF_BYTES != 0) {
                findings.batch(Kind.LEAVES_DAMAGED, number, "the row of leaves is cut");
            }
            int size = bytes / Prover.LEAF_BYTES;
            Place place = places.of(number);
            BitSet gone = place.gone(Deletion.Kind.EVENT);
            if (Math.max(gone.length(), place.gone(Deletion.Kind.CONTENT).length()) > size) {
                findings.batch(
                        Kind.DELETION_WRONG,
                        number,
                        "a deletion record names places that the batch does not have");
            }
            long missing = size - gone.get(0, size).cardinality() - batch.stored();
            if (missing != 0) {
                findings.suspect(number);
            }
            if (findings.isSuspect(number)) {
                uneven.put(number, size);
            } else if (missing > 0) {
                findings.add(
                        new Difference(Kind.EVENT_MISSING, number, null, null, MISSING), missing);
            }
        }

        /// Contents and keys whose event is gone, and derived numbers that do not fit each other.
        private void others() throws SQLException {
            counters.unevenSpans(
                    connection,
                    place ->
                            findings.elsewhere(
                                    Kind.COUNTER_WRONG,
                                    null,
                                    "settled counters of the span from %s do not fit each other"
                                            .formatted(place)));
            long uneven = counters.unevenDays(connection);
            if (uneven > 0) {
                findings.elsewhere(
                        Kind.COUNTER_WRONG,
                        null,
                        "%d days of model responses differ from their quarter hours"
                                .formatted(uneven));
            }
            if (extent.contents() != events.contents()) {
                repository.contentsAlone(
                        connection,
                        id ->
                                findings.elsewhere(
                                        Kind.CONTENT_ALONE,
                                        id,
                                        "a content is stored, but not its event"));
            }
            if (extent.keys() != events.fittingKeys()) {
                repository.keysAlone(
                        connection,
                        id ->
                                findings.elsewhere(
                                        Kind.KEY_ALONE, id, "a key is stored, but not its event"));
            }
        }
    }

    private static @Nullable YearMonth monthOf(@Nullable Instant at) {
        return at == null ? null : YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    private static Instant startOf(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
