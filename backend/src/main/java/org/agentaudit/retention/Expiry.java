package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.agentaudit.access.AccessLog;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.query.ExpiredCounts;
import org.agentaudit.query.RequestRollups;
import org.agentaudit.query.TraceLife;
import org.agentaudit.store.Deletion;
import org.agentaudit.store.DeletionRepository;
import org.agentaudit.store.TamperedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what has expired (README, decision 14): whole traces whose every event has expired, then
/// content, quarantined items, and the tables of months in which nothing is left. In small
/// transactions, each of which records what it removes, so a run may end at any moment and the next
/// goes on.
@Singleton
public class Expiry {

    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final int TRACES_LOOKED_AT = 1_000;
    private static final int TRACES_TO_ARCHIVE = 5_000;

    /// Traces may take this share of a run's time, so that content is never left out.
    private static final double SHARE_OF_TRACES = 0.7;

    /// A month's table is dropped this long after its end at the earliest: until then, late data is
    /// likely.
    private static final Duration SETTLED_AFTER = Duration.ofDays(7);

    private static final String EVENT_EXPIRY = "event-expiry";
    private static final String CONTENT_EXPIRY = "content-expiry";
    private static final String QUARANTINE_EXPIRY = "quarantine-expiry";
    private static final String ENVELOPES = "audit_event";
    private static final String CONTENTS = "event_content";

    private final TransactionOperations<Connection> transactions;
    private final ExpiryRepository repository;
    private final HoldRepository holds;
    private final RunRepository runs;
    private final ErasedPersons erasedPersons;
    private final ArchiveFiles archives;
    private final DeletionRepository deletions;
    private final ExpiredCounts expiredCounts;
    private final RequestRollups requests;
    private final PolicyRecord policyRecord;
    private final RetentionConfig config;
    private final Clock clock;
    private volatile boolean stopping;

    Expiry(
            TransactionOperations<Connection> transactions,
            ExpiryRepository repository,
            HoldRepository holds,
            RunRepository runs,
            ErasedPersons erasedPersons,
            ArchiveFiles archives,
            DeletionRepository deletions,
            ExpiredCounts expiredCounts,
            RequestRollups requests,
            PolicyRecord policyRecord,
            RetentionConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.holds = holds;
        this.runs = runs;
        this.erasedPersons = erasedPersons;
        this.archives = archives;
        this.deletions = deletions;
        this.expiredCounts = expiredCounts;
        this.requests = requests;
        this.policyRecord = policyRecord;
        this.config = config;
        this.clock = clock;
    }

    /// Lets a run that is under way end after its current step.
    @PreDestroy
    void stop() {
        stopping = true;
    }

    /// Removes what has expired by now.
    ///
    /// @param actor    who orders it; null: the schedule
    /// @param progress told every few seconds how far it is, and at the end
    /// @return how it ended; empty when another portal or command is at it
    public Optional<RetentionRun> run(@Nullable String actor, Consumer<RetentionRun> progress) {
        try (RunRepository.RunLock lock = runs.tryLock().orElse(null)) {
            if (lock == null) {
                return Optional.empty();
            }
            policyRecord.note(actor == null ? AccessLog.PORTAL_START : actor);
            long id =
                    transactions.executeWrite(
                            status -> runs.start(status.getConnection(), actor, clock.instant()));
            return Optional.of(new Run(id, actor, progress).all());
        } catch (SQLException e) {
            throw new IllegalStateException("the lock of retention failed", e);
        }
    }

    /// The state of one run.
    private final class Run {
        private final long id;
        private final @Nullable String actor;
        private final Consumer<RetentionRun> progress;
        private final RetentionPolicy policy = config.policy();
        private final Instant now = clock.instant();
        private final long started = System.nanoTime();
        private long reported = started;
        private int archived;
        private RetentionRun.State ended = RetentionRun.State.DONE;

        Run(long id, @Nullable String actor, Consumer<RetentionRun> progress) {
            this.id = id;
            this.actor = actor;
            this.progress = progress;
        }

        RetentionRun all() {
            try {
                archives.deleteLeftovers();
                expireTraces();
                expireContent();
                expireQuarantine();
                dropMonths();
                erasedPersons.recount();
                return end(ended, null);
            } catch (ArchiveFailedException | TamperedException e) {
                LOG.warn("Retention stops", e);
                return end(RetentionRun.State.FAILED, e.getMessage());
            } catch (Exception e) {
                // also a SQLException, which leaves a transaction undeclared
                if (stopping) {
                    return end(RetentionRun.State.STOPPED, null);
                }
                end(RetentionRun.State.FAILED, e.getClass().getSimpleName());
                throw e;
            }
        }

        private RetentionRun end(RetentionRun.State state, @Nullable String message) {
            RetentionRun run =
                    transactions.executeWrite(
                            status -> {
                                Connection connection = status.getConnection();
                                runs.end(connection, id, state, message, clock.instant());
                                return runs.run(connection, id);
                            });
            progress.accept(run);
            return run;
        }

        private void expireTraces() {
            TraceLife.Cutoffs cutoffs = policy.cutoffs(now);
            for (RetentionTier tier : RetentionTier.values()) {
                ExpiryRepository.Due last = new ExpiryRepository.Due("", 0, Instant.EPOCH, false);
                while (goOn(SHARE_OF_TRACES)) {
                    ExpiryRepository.Due after = last;
                    List<ExpiryRepository.Due> due =
                            transactions.executeRead(
                                    status ->
                                            repository.due(
                                                    status.getConnection(),
                                                    tier.ordinal(),
                                                    after,
                                                    cutoffs,
                                                    config.archive()
                                                            ? TRACES_TO_ARCHIVE
                                                            : TRACES_LOOKED_AT));
                    if (due.isEmpty()) {
                        break;
                    }
                    List<ExpiryRepository.Due> step = upTo(due, config.traceStepEvents());
                    last = step.getLast();
                    List<String> ids =
                            step.stream()
                                    .filter(trace -> !trace.held())
                                    .map(ExpiryRepository.Due::traceId)
                                    .toList();
                    long held = step.size() - ids.size();
                    step(connection -> removeTraces(connection, ids, cutoffs, held));
                }
            }
        }

        private RunRepository.Progress removeTraces(
                Connection connection, List<String> ids, TraceLife.Cutoffs cutoffs, long held)
                throws SQLException {
            holds.lockSteps(connection);
            expiredCounts.lock(connection);
            List<ExpiryRepository.Going> going =
                    ids.isEmpty() ? List.of() : repository.lock(connection, ids, cutoffs);
            if (going.isEmpty()) {
                return new RunRepository.Progress(0, 0, 0, 0, 0, held);
            }
            List<String> traces = going.stream().map(ExpiryRepository.Going::traceId).toList();
            Instant first =
                    going.stream()
                            .map(ExpiryRepository.Going::firstAt)
                            .min(Instant::compareTo)
                            .orElseThrow();
            Instant last =
                    going.stream()
                            .map(ExpiryRepository.Going::lastAt)
                            .max(Instant::compareTo)
                            .orElseThrow();
            expiredCounts.keep(connection, traces, first, last);
            if (config.archive()) {
                // an archive must not keep what is to be kept no longer
                removeContent(
                        connection,
                        repository.contentDue(
                                connection, traces, first, last, policy.contentCutoff(now)));
            }
            deletions.begin(connection);
            long named = repository.name(connection, traces, first, last);
            String archive = config.archive() ? archive(connection, first) : null;
            long events = repository.removeTraces(connection, traces, first, last);
            if (events != named) {
                throw new IllegalStateException(
                        "%d events were to go, %d went".formatted(named, events));
            }
            deletions.record(
                    connection,
                    new Deletion(
                            clock.instant(),
                            Deletion.Kind.EVENT,
                            EVENT_EXPIRY,
                            "all events of their traces older than "
                                    + days(RetentionTier.DEBUG)
                                    + ", "
                                    + days(RetentionTier.INFO)
                                    + ", "
                                    + days(RetentionTier.COMPLIANCE)
                                    + ", "
                                    + days(RetentionTier.CRITICAL)
                                    + " days",
                            actor,
                            archive));
            return new RunRepository.Progress(traces.size(), events, 0, 0, 0, held);
        }

        private @Nullable String archive(Connection connection, Instant first) throws SQLException {
            archived++;
            return archives.write(
                    connection, id, archived, YearMonth.from(first.atOffset(ZoneOffset.UTC)));
        }

        private String days(RetentionTier tier) {
            return tier + " " + policy.days(tier);
        }

        private void expireContent() {
            Instant cutoff = policy.contentCutoff(now);
            for (YearMonth month : months(CONTENTS)) {
                Instant from = start(month);
                if (!from.isBefore(cutoff)) {
                    return;
                }
                Instant to = start(month.plusMonths(1));
                ExpiryRepository.ContentKey last = null;
                while (goOn(1)) {
                    ExpiryRepository.ContentKey after = last;
                    List<ExpiryRepository.ContentKey> due =
                            transactions.executeRead(
                                    status ->
                                            repository.contentDue(
                                                    status.getConnection(),
                                                    from,
                                                    to,
                                                    cutoff,
                                                    after,
                                                    config.stepEvents()));
                    if (due.isEmpty()) {
                        break;
                    }
                    last = due.getLast();
                    step(connection -> expireContent(connection, due));
                }
            }
        }

        private RunRepository.Progress expireContent(
                Connection connection, List<ExpiryRepository.ContentKey> due) throws SQLException {
            holds.lockSteps(connection);
            // a hold may have been placed since they were found
            Set<String> traces =
                    due.stream()
                            .map(ExpiryRepository.ContentKey::traceId)
                            .collect(Collectors.toSet());
            Set<String> held = holds.held(connection, traces);
            List<ExpiryRepository.ContentKey> free =
                    due.stream().filter(key -> !held.contains(key.traceId())).toList();
            ExpiryRepository.ContentKey.forgetUsers(requests, connection, free);
            return new RunRepository.Progress(0, 0, removeContent(connection, free), 0, 0, 0);
        }

        private long removeContent(Connection connection, List<ExpiryRepository.ContentKey> keys)
                throws SQLException {
            deletions.begin(connection);
            long contents = repository.removeContent(connection, keys);
            deletions.record(
                    connection,
                    new Deletion(
                            clock.instant(),
                            Deletion.Kind.CONTENT,
                            CONTENT_EXPIRY,
                            "content older than " + policy.contentDays() + " days",
                            actor,
                            null));
            return contents;
        }

        private void expireQuarantine() {
            Instant cutoff = policy.contentCutoff(now);
            long removed = 1;
            while (removed > 0 && goOn(1)) {
                removed = step(connection -> removeQuarantined(connection, cutoff)).quarantined();
            }
        }

        private RunRepository.Progress removeQuarantined(Connection connection, Instant cutoff)
                throws SQLException {
            holds.lockSteps(connection);
            ExpiryRepository.Quarantined removed =
                    repository.removeQuarantined(connection, cutoff, config.stepEvents());
            if (removed.items() > 0) {
                repository.recordQuarantined(
                        connection,
                        clock.instant(),
                        QUARANTINE_EXPIRY,
                        "received more than " + policy.contentDays() + " days ago",
                        actor,
                        removed);
            }
            return new RunRepository.Progress(0, 0, 0, removed.items(), 0, 0);
        }

        private void dropMonths() {
            for (String parent : List.of(ENVELOPES, CONTENTS)) {
                for (YearMonth month : months(parent)) {
                    boolean settled = start(month.plusMonths(1)).plus(SETTLED_AFTER).isBefore(now);
                    if (settled && goOn(1) && isEmpty(parent, month)) {
                        drop(parent, month);
                    }
                }
            }
        }

        /// A table that cannot be dropped now can be dropped by a later run.
        private void drop(String parent, YearMonth month) {
            try {
                step(
                        connection ->
                                new RunRepository.Progress(
                                        0,
                                        0,
                                        0,
                                        0,
                                        repository.dropIfEmpty(connection, parent, month) ? 1 : 0,
                                        0));
            } catch (Exception e) {
                LOG.info(
                        "The empty table of {} below {} is in use and stays until the next run",
                        month,
                        parent);
                LOG.debug("Dropping a table failed", e);
            }
        }

        private boolean isEmpty(String parent, YearMonth month) {
            return transactions.executeRead(
                    status -> repository.isEmpty(status.getConnection(), parent, month));
        }

        private List<YearMonth> months(String parent) {
            return transactions.executeRead(
                    status -> repository.months(status.getConnection(), parent));
        }

        private interface Step {
            RunRepository.Progress take(Connection connection) throws SQLException;
        }

        private RunRepository.Progress step(Step step) {
            RunRepository.Progress done =
                    transactions.executeWrite(
                            status -> {
                                Connection connection = status.getConnection();
                                RunRepository.Progress taken = step.take(connection);
                                runs.add(connection, id, taken, clock.instant());
                                return taken;
                            });
            report();
            LockSupport.parkNanos(config.pause().toNanos());
            return done;
        }

        private void report() {
            long passed = System.nanoTime();
            if (passed - reported < REPORT_EVERY.toNanos()) {
                return;
            }
            reported = passed;
            RetentionRun run =
                    transactions.executeRead(status -> runs.run(status.getConnection(), id));
            progress.accept(run);
        }

        /// False when the run has to end.
        private boolean goOn(double shareOfTime) {
            if (stopping || Thread.currentThread().isInterrupted()) {
                ended = RetentionRun.State.STOPPED;
                return false;
            }
            if (System.nanoTime() - started > config.longestRun().toNanos() * shareOfTime) {
                ended = RetentionRun.State.OUT_OF_TIME;
                return false;
            }
            return true;
        }
    }

    /// The first traces that hold so many events together; at least one.
    private static List<ExpiryRepository.Due> upTo(List<ExpiryRepository.Due> due, long most) {
        List<ExpiryRepository.Due> step = new ArrayList<>();
        long events = 0;
        for (ExpiryRepository.Due trace : due) {
            if (!step.isEmpty() && events + trace.events() > most) {
                break;
            }
            step.add(trace);
            events += trace.held() ? 0 : trace.events();
        }
        return step;
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
