package org.agentaudit.store;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.ArchiveRecord;
import org.agentaudit.proof.ContentParts;
import org.agentaudit.proof.EventProof;
import org.agentaudit.proof.Part;
import org.agentaudit.proof.Prover;
import org.jspecify.annotations.Nullable;

/// Brings archived events back as they were: same id, times, tier, content, salt and so the same
/// leaf, at a new place; the former place stays accounted for by its deletion record. Counters
/// outlive events, so what was removed from this store is not counted again.
@Singleton
class ArchiveRestore implements EventRestore {
    private final TransactionOperations<Connection> transactions;
    private final EventWriteRepository events;
    private final ArchiveRepository archives;
    private final DeletionRepository deletions;
    private final ErasedUsers erasedUsers;
    private final Clock clock;

    ArchiveRestore(
            TransactionOperations<Connection> transactions,
            EventWriteRepository events,
            ArchiveRepository archives,
            DeletionRepository deletions,
            ErasedUsers erasedUsers,
            Clock clock) {
        this.transactions = transactions;
        this.events = events;
        this.archives = archives;
        this.deletions = deletions;
        this.erasedUsers = erasedUsers;
        this.clock = clock;
    }

    @Override
    public List<AppendResult> restore(List<ArchiveRecord> records) {
        List<NewEvent> plain = newEvents(records, Set.of());
        for (YearMonth month : EventWriteRepository.months(plain)) {
            transactions.executeWrite(
                    status -> {
                        events.ensurePartition(status.getConnection(), month);
                        return true;
                    });
        }
        return transactions.executeWrite(status -> restore(status.getConnection(), records));
    }

    private List<AppendResult> restore(Connection connection, List<ArchiveRecord> archived)
            throws SQLException {
        List<ArchiveRecord> records = withoutErased(connection, archived);
        Set<UUID> counted = archives.counted(connection, records);
        List<NewEvent> restored = newEvents(records, counted);
        List<AppendResult> results = write(connection, restored);
        List<UUID> withoutContent = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            NewEvent event = restored.get(i);
            if (results.get(i) == AppendResult.STORED && event.contentGone()) {
                withoutContent.add(event.event().envelope().id());
            }
        }
        if (!withoutContent.isEmpty()) {
            deletions.begin(connection);
            archives.name(connection, withoutContent);
            deletions.record(
                    connection,
                    new Deletion(
                            clock.instant(),
                            Deletion.Kind.CONTENT,
                            "archive-restore",
                            "the content had expired or was erased before the events were archived",
                            null,
                            null));
        }
        return results;
    }

    /// In batches of their own those that are counted already: the batch tells them from others.
    private List<AppendResult> write(Connection connection, List<NewEvent> restored)
            throws SQLException {
        AppendResult[] results = new AppendResult[restored.size()];
        for (boolean counted : List.of(false, true)) {
            List<Integer> places =
                    IntStream.range(0, restored.size())
                            .filter(i -> restored.get(i).counted() == counted)
                            .boxed()
                            .toList();
            if (places.isEmpty()) {
                continue;
            }
            List<AppendResult> written =
                    events.write(
                            connection, places.stream().map(restored::get).toList(), List.of());
            List<UUID> stored = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                results[places.get(i)] = written.get(i);
                if (written.get(i) == AppendResult.STORED) {
                    stored.add(restored.get(places.get(i)).event().envelope().id());
                }
            }
            if (counted && !stored.isEmpty()) {
                archives.markRestored(connection, stored);
            }
        }
        return Arrays.asList(results);
    }

    /// The content of a person that was erased after the archive was written stays erased.
    private List<ArchiveRecord> withoutErased(Connection connection, List<ArchiveRecord> records)
            throws SQLException {
        Set<String> users = new HashSet<>();
        for (ArchiveRecord record : records) {
            String user = user(record);
            if (user != null) {
                users.add(user);
            }
        }
        Set<String> erased = users.isEmpty() ? Set.of() : erasedUsers.among(connection, users);
        if (erased.isEmpty()) {
            return records;
        }
        return records.stream()
                .map(
                        record -> {
                            String user = user(record);
                            return user != null && erased.contains(user)
                                    ? record.withoutContent()
                                    : record;
                        })
                .toList();
    }

    private static @Nullable String user(ArchiveRecord record) {
        ContentParts parts = record.parts();
        return parts == null ? null : parts.get(Part.USER_ID);
    }

    private static List<NewEvent> newEvents(List<ArchiveRecord> records, Set<UUID> counted) {
        Prover prover = new Prover();
        return records.stream().map(record -> newEvent(record, counted, prover)).toList();
    }

    private static NewEvent newEvent(ArchiveRecord record, Set<UUID> counted, Prover prover) {
        ContentParts parts = record.parts() == null ? ContentParts.NONE : record.parts();
        AuditEvent event = new AuditEvent(record.envelope(), EventRow.content(parts));
        byte[] leaf = record.leaf();
        EventProof proof =
                leaf == null
                        ? prover.prove(record.envelope(), parts)
                        : new EventProof(record.salt(), record.commitments(), leaf);
        boolean contentGone = record.parts() == null;
        return new NewEvent(
                event,
                contentGone ? new byte[0] : record.digest(),
                contentGone ? NewEvent.NO_RULES : record.redactionRules(),
                proof,
                counted.contains(record.envelope().id()),
                contentGone,
                null);
    }
}
