package org.agentaudit.ingest;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agentaudit.ingest.IngestResult.RejectedItem;
import org.agentaudit.ingest.normal.EventTimes;
import org.agentaudit.proof.ArchiveReader;
import org.agentaudit.proof.ArchiveRecord;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventRestore;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.QuarantineItem;

/// Brings the events of an archive back as they were, without decoding them again. Only lines that
/// verify: a line that was changed is quarantined with the reason.
@Singleton
final class ArchiveImport {
    private static final int EVENTS_AT_ONCE = 1_000;

    /// The archive itself stays where it is.
    private final EventRestore restore;
    private final EventStore store;
    private final Clock clock;

    ArchiveImport(EventRestore restore, EventStore store, Clock clock) {
        this.restore = restore;
        this.store = store;
        this.clock = clock;
    }

    /// Whether an unpacked file is an archive. Nothing of it is read afterwards.
    ///
    /// @param in can be marked
    static boolean recognises(InputStream in) throws IOException {
        in.mark(ArchiveReader.peekBytes());
        byte[] start = in.readNBytes(ArchiveReader.peekBytes());
        in.reset();
        return ArchiveReader.isArchive(start);
    }

    /// Restores what is in an archive.
    ///
    /// @param each told after every few events what became of them
    void read(String name, InputStream in, boolean dryRun, Consumer<IngestResult> each)
            throws IOException {
        ArchiveReader archive = new ArchiveReader(in);
        List<ArchiveReader.Line> lines = new ArrayList<>();
        for (ArchiveReader.Line line = archive.next(); line != null; line = archive.next()) {
            lines.add(line);
            if (lines.size() == EVENTS_AT_ONCE) {
                each.accept(take(name, lines, dryRun));
                lines.clear();
            }
        }
        if (!lines.isEmpty()) {
            each.accept(take(name, lines, dryRun));
        }
    }

    private IngestResult take(String name, List<ArchiveReader.Line> lines, boolean dryRun) {
        List<ArchiveReader.Line> good = new ArrayList<>();
        List<ArchiveRecord> records = new ArrayList<>();
        List<RejectedItem> rejected = new ArrayList<>();
        for (ArchiveReader.Line line : lines) {
            ArchiveRecord record = line.record();
            if (line.problem() != null) {
                rejected.add(rejected(line, line.problem()));
            } else if (record != null) {
                good.add(line);
                records.add(record);
            }
        }
        int accepted = records.size();
        int duplicates = 0;
        if (!dryRun) {
            List<AppendResult> results = records.isEmpty() ? List.of() : restore.restore(records);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i) == AppendResult.DUPLICATE) {
                    duplicates++;
                } else if (results.get(i) == AppendResult.CONFLICT) {
                    rejected.add(rejected(good.get(i), IngestPipeline.CONFLICT));
                }
                accepted -= results.get(i) == AppendResult.STORED ? 0 : 1;
            }
            if (!rejected.isEmpty()) {
                store.append(List.of(), quarantined(name, rejected)).join();
            }
        }
        return new IngestResult(accepted, duplicates, rejected);
    }

    private List<QuarantineItem> quarantined(String name, List<RejectedItem> rejected) {
        return rejected.stream()
                .map(
                        item ->
                                new QuarantineItem(
                                        EventTimes.toMicros(clock.instant()),
                                        name,
                                        item.index(),
                                        item.id(),
                                        item.reason(),
                                        "line " + item.index() + " of the archive " + name,
                                        false,
                                        null))
                .toList();
    }

    private static RejectedItem rejected(ArchiveReader.Line line, String reason) {
        ArchiveRecord record = line.record();
        return new RejectedItem(
                line.number(), record == null ? null : record.envelope().id().toString(), reason);
    }
}
