package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Pseudonyms;
import org.agentaudit.query.RequestRollups;
import org.agentaudit.store.Deletion;
import org.agentaudit.store.DeletionRepository;

/// Erases one person's content on request: every event that names their user id loses its content,
/// the envelope stays. Nothing under a hold goes. Afterwards the person is named nowhere; a keyed
/// hash ([Pseudonyms]) tells whether later events are theirs.
@Singleton
public class Erasures {

    private static final String RULE = "erasure";
    private static final int TRACES_PER_STEP = 200;
    private static final int LONGEST_ID = 4_096;
    private static final int SHOWN_DIGITS = 8;

    private final TransactionOperations<Connection> transactions;
    private final ErasureRepository repository;
    private final ExpiryRepository contents;
    private final HoldRepository holds;
    private final DeletionRepository deletions;
    private final RequestRollups requests;
    private final DeletionListRepository deletionList;
    private final Pseudonyms pseudonyms;
    private final AccessLog accessLog;
    private final RetentionConfig config;
    private final Clock clock;

    Erasures(
            TransactionOperations<Connection> transactions,
            ErasureRepository repository,
            ExpiryRepository contents,
            HoldRepository holds,
            DeletionRepository deletions,
            RequestRollups requests,
            DeletionListRepository deletionList,
            Pseudonyms pseudonyms,
            AccessLog accessLog,
            RetentionConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.contents = contents;
        this.holds = holds;
        this.deletions = deletions;
        this.requests = requests;
        this.deletionList = deletionList;
        this.pseudonyms = pseudonyms;
        this.accessLog = accessLog;
        this.config = config;
        this.clock = clock;
    }

    /// What would go.
    ///
    /// @param wholeTraces also the content of others' events in the person's traces
    /// @throws IllegalArgumentException when the id cannot be one
    public ErasureForecast forecast(String userId, boolean wholeTraces) {
        String person = id(userId);
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    ErasureRepository.Numbers numbers =
                            repository.numbers(connection, person, wholeTraces);
                    long others =
                            wholeTraces
                                    ? 0
                                    : repository.numbers(connection, person, true).contents()
                                            - numbers.contents();
                    List<Hold> against = new ArrayList<>();
                    for (long hold : repository.holds(connection, person)) {
                        against.add(holds.find(connection, hold).orElseThrow());
                    }
                    return new ErasureForecast(
                            numbers.contents(),
                            numbers.traces(),
                            others,
                            numbers.bytes(),
                            repository.quarantined(connection, person),
                            numbers.held(),
                            against,
                            deletionList.archivePeriod(connection));
                });
    }

    /// Erases, in small transactions; a call that was interrupted is repeated.
    ///
    /// @param actor  who orders it
    /// @param reason kept in the record, so it must not name the person
    /// @throws IllegalArgumentException when the id cannot be one, or the reason is missing or
    ///     names the person
    public Erasure erase(String actor, String userId, boolean wholeTraces, String reason) {
        String person = id(userId);
        String why = Holds.reason(reason);
        if (why.toLowerCase(Locale.ROOT).contains(person.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "The reason is kept in the record, so it must not name the person.");
        }
        byte[] pseudonym = pseudonyms.of(person);
        long id =
                transactions.executeWrite(
                        status -> {
                            Connection connection = status.getConnection();
                            long started =
                                    repository.start(
                                            connection,
                                            pseudonym,
                                            wholeTraces,
                                            why,
                                            actor,
                                            clock.instant());
                            accessLog.appendSettingsChange(
                                    connection,
                                    actor,
                                    "erasure %d of person %s"
                                            .formatted(
                                                    started,
                                                    HexFormat.of()
                                                            .formatHex(pseudonym)
                                                            .substring(0, SHOWN_DIGITS)),
                                    why);
                            return started;
                        });
        String record = "erasure " + id + ": " + why;
        List<ErasureRepository.PersonTrace> traces =
                transactions.executeRead(
                        status -> repository.traces(status.getConnection(), person));
        for (int i = 0; i < traces.size(); i += TRACES_PER_STEP) {
            List<ErasureRepository.PersonTrace> part =
                    traces.subList(i, Math.min(traces.size(), i + TRACES_PER_STEP));
            boolean more = true;
            while (more) {
                more =
                        transactions.executeWrite(
                                status ->
                                        step(
                                                status.getConnection(),
                                                id,
                                                part,
                                                person,
                                                wholeTraces,
                                                actor,
                                                record));
            }
        }
        return transactions.executeWrite(
                status -> end(status.getConnection(), id, person, wholeTraces, actor, record));
    }

    /// Newest first.
    public List<Erasure> latest(int limit) {
        return transactions.executeRead(status -> repository.latest(status.getConnection(), limit));
    }

    /// Whether content of the traces may be left.
    private boolean step(
            Connection connection,
            long id,
            List<ErasureRepository.PersonTrace> traces,
            String person,
            boolean wholeTraces,
            String actor,
            String record)
            throws SQLException {
        holds.lockSteps(connection);
        Set<String> held =
                holds.held(
                        connection,
                        traces.stream()
                                .map(ErasureRepository.PersonTrace::traceId)
                                .collect(Collectors.toSet()));
        List<ErasureRepository.PersonTrace> free =
                traces.stream().filter(trace -> !held.contains(trace.traceId())).toList();
        if (free.isEmpty()) {
            return false;
        }
        List<ExpiryRepository.ContentKey> keys =
                repository.contents(connection, free, person, wholeTraces, config.stepEvents());
        ExpiryRepository.ContentKey.forgetUsers(requests, connection, keys);
        deletions.begin(connection);
        long erased = contents.removeContent(connection, keys);
        deletions.record(
                connection,
                new Deletion(clock.instant(), Deletion.Kind.CONTENT, RULE, record, actor, null));
        repository.add(connection, id, erased, 0, 0);
        return keys.size() == config.stepEvents();
    }

    private Erasure end(
            Connection connection,
            long id,
            String person,
            boolean wholeTraces,
            String actor,
            String record)
            throws SQLException {
        holds.lockSteps(connection);
        ExpiryRepository.Quarantined items = repository.removeQuarantined(connection, person);
        if (items.items() > 0) {
            contents.recordQuarantined(connection, clock.instant(), RULE, record, actor, items);
        }
        long held = repository.numbers(connection, person, wholeTraces).held();
        repository.add(connection, id, 0, items.items(), held);
        repository.end(connection, id, clock.instant());
        return repository.find(connection, id);
    }

    private static String id(String userId) {
        if (userId.isBlank() || userId.length() > LONGEST_ID || userId.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Say which user's content to erase.");
        }
        return userId;
    }
}
