package org.agentaudit.ingest;

import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.BatchDecoder.Decoded;
import org.agentaudit.ingest.BatchDecoder.Pending;
import org.agentaudit.ingest.ImportResult.Quarantined;
import org.agentaudit.ingest.IngestResult.RejectedItem;
import org.agentaudit.ingest.normal.Normaliser;
import org.agentaudit.store.StoreBusyException;
import org.jspecify.annotations.Nullable;

/// Brings stored log files into the store, through the same pipeline as everything else. Memory
/// does not grow with the files: a few batches are on their way at any time.
@Singleton
public final class FileImport {
    private static final Pattern LOG_FILE =
            Pattern.compile(".*\\.(?:json|jsonl|ndjson)(?:\\.(?:gz|zst|zstd))?");
    private static final Pattern JSON_FILE = Pattern.compile(".*\\.json(?:\\.(?:gz|zst|zstd))?");
    private static final int IN_FLIGHT = 4;
    private static final long BUSY_WAIT_MILLIS = 100;
    /// Agents remembered over a run, so that who asked for a task does not depend on where a batch
    /// ends.
    private static final int MAX_AGENTS = 100_000;
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_ENDING = 12;

    private final IngestPipeline pipeline;
    private final IngestConfig config;
    private final ArchiveImport archives;

    FileImport(IngestPipeline pipeline, IngestConfig config, ArchiveImport archives) {
        this.pipeline = pipeline;
        this.config = config;
        this.archives = archives;
    }

    /// Reads files, and folders with all that lies in them, in the order given; within a folder by
    /// name.
    ///
    /// @param forced null: each line's shape is recognised by its content
    /// @param dryRun reads and checks, stores nothing
    /// @throws IOException          when a path does not exist or cannot be read at all
    /// @throws InterruptedException when stopped; what was acknowledged stays stored, and a second
    ///     run continues
    public ImportResult run(
            List<Path> paths,
            @Nullable SourceFormat forced,
            boolean dryRun,
            ImportProgress progress)
            throws IOException, InterruptedException {
        Map<String, Long> skipped = new HashMap<>();
        List<List<Path>> files = new ArrayList<>();
        long total = 0;
        for (Path path : paths) {
            List<Path> inside = files(path, skipped);
            for (Path file : inside) {
                total += Files.size(file);
            }
            files.add(inside);
        }
        Run run = new Run(forced, dryRun, progress, total);
        List<String> empty = new ArrayList<>();
        long count = 0;
        for (int i = 0; i < paths.size(); i++) {
            long before = run.parts;
            for (Path file : files.get(i)) {
                run.read(file);
            }
            count += files.get(i).size();
            if (run.parts == before) {
                empty.add(paths.get(i).toString());
            }
        }
        run.settleAll();
        return run.result(count, skipped, empty);
    }

    /// @param skipped counts what is left out
    private static List<Path> files(Path path, Map<String, Long> skipped) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> inside = Files.walk(path)) {
            inside.filter(Files::isRegularFile)
                    .forEach(
                            file -> {
                                if (LOG_FILE.matcher(nameOf(file)).matches()) {
                                    files.add(file);
                                } else {
                                    skipped.merge(ending(nameOf(file)), 1L, Long::sum);
                                }
                            });
        }
        files.sort(null);
        return files;
    }

    private static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 || name.length() - dot > LONGEST_ENDING ? "" : name.substring(dot);
    }

    private static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
    }

    /// A batch on its way.
    private record Sent(String file, CompletableFuture<IngestResult> answer) {}

    /// The state of one import.
    private final class Run {
        private final @Nullable SourceFormat forced;
        private final boolean dryRun;
        private final ImportProgress progress;
        private final long totalBytes;
        private final Deque<Sent> inFlight = new ArrayDeque<>();
        private final Set<String> agents = new HashSet<>();
        private final List<Quarantined> quarantined = new ArrayList<>();
        private long accepted;
        private long duplicates;
        private long refused;
        private long bytesBefore;
        /// Batches, parts of archives and faults so far.
        private long parts;
        private final ItemDecoder items = new ItemDecoder();
        private ItemSplitter.@Nullable Batch waiting;

        Run(
                @Nullable SourceFormat forced,
                boolean dryRun,
                ImportProgress progress,
                long totalBytes) {
            this.forced = forced;
            this.dryRun = dryRun;
            this.progress = progress;
            this.totalBytes = totalBytes;
        }

        void read(Path file) throws IOException, InterruptedException {
            String name = file.toString();
            items.startFile();
            try (Counting packed = new Counting(Files.newInputStream(file))) {
                try (InputStream in =
                        new BufferedInputStream(
                                new OneReadAtATime(
                                        BodyEncoding.ofFile(nameOf(file)).unpack(packed)),
                                BUFFER)) {
                    if (ArchiveImport.recognises(in)) {
                        restore(name, in, packed);
                    } else {
                        skipByteOrderMark(in);
                        readItems(file, in, packed);
                    }
                } catch (IOException e) {
                    refuse(name, 1, "the file cannot be read: " + e.getMessage());
                }
                bytesBefore += packed.count;
            }
        }

        private void restore(String name, InputStream in, Counting packed) throws IOException {
            archives.read(
                    name,
                    in,
                    dryRun,
                    result -> {
                        parts++;
                        count(name, result);
                        progress.update(
                                totalBytes,
                                bytesBefore + packed.count,
                                accepted + duplicates + refused);
                    });
        }

        private void readItems(Path file, InputStream in, Counting packed)
                throws IOException, InterruptedException {
            ItemSplitter.Layout layout = layout(file, in);
            String fault = FileContent.fault(in, layout == ItemSplitter.Layout.LINES);
            if (fault != null) {
                refuse(file.toString(), 1, fault);
                return;
            }
            ItemSplitter splitter = new ItemSplitter(in, layout, config.maxUnpackedBytes());
            readAll(file.toString(), splitter, packed);
        }

        private void readAll(String name, ItemSplitter splitter, Counting packed)
                throws InterruptedException {
            try {
                for (ItemSplitter.Batch batch = splitter.next();
                        batch != null;
                        batch = splitter.next()) {
                    sendBefore(batch, name, packed.count);
                }
                sendBefore(null, name, packed.count);
            } catch (IOException e) {
                sendBefore(splitter.rest(), name, packed.count);
                sendBefore(null, name, packed.count);
                settleAll();
                refuse(
                        name,
                        splitter.line(),
                        "the file is truncated or corrupt from here on: " + e.getMessage());
            }
        }

        /// Sends the batch that waits, now that what follows it was looked at, and lets the next
        /// one wait.
        ///
        /// @param next null at the end of the file
        private void sendBefore(ItemSplitter.@Nullable Batch next, String name, long bytes)
                throws InterruptedException {
            if (next != null) {
                items.lookAhead(next.lines());
            }
            ItemSplitter.Batch batch = waiting;
            waiting = next;
            if (batch != null) {
                send(name, batch, bytes);
            }
        }

        private void send(String name, ItemSplitter.Batch batch, long bytes)
                throws InterruptedException {
            parts++;
            BatchDecoder decoder =
                    pipeline.decoder(
                            batch.lines(),
                            new BatchDecoder.Source(name, true, forced, batch.numbers(), items));
            Decoded decoded = decoder.decode();
            if (dryRun) {
                count(name, new IngestResult(decoded.items(), 0, decoded.rejected()));
            } else {
                for (Pending item : decoded.pending()) {
                    if (agents.size() < MAX_AGENTS) {
                        agents.add(Normaliser.agentOf(item.draft()));
                    }
                }
                while (inFlight.size() >= IN_FLIGHT) {
                    settle();
                }
                inFlight.add(new Sent(name, append(decoder, decoded)));
            }
            progress.update(totalBytes, bytesBefore + bytes, accepted + duplicates + refused);
        }

        /// Waits as long as the store is behind: an import has no one to send it away to.
        private CompletableFuture<IngestResult> append(BatchDecoder decoder, Decoded decoded)
                throws InterruptedException {
            while (true) {
                try {
                    return pipeline.append(decoder, decoded, agents);
                } catch (StoreBusyException e) {
                    if (inFlight.isEmpty()) {
                        Thread.sleep(BUSY_WAIT_MILLIS);
                    } else {
                        settle();
                    }
                }
            }
        }

        private void settle() {
            Sent sent = inFlight.remove();
            try {
                count(sent.file, sent.answer.join());
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }

        void settleAll() {
            while (!inFlight.isEmpty()) {
                settle();
            }
            progress.update(totalBytes, bytesBefore, accepted + duplicates + refused);
        }

        private void count(String name, IngestResult result) {
            accepted += result.accepted();
            duplicates += result.duplicates();
            for (RejectedItem item : result.rejected()) {
                refuse(name, item.index(), item.reason());
            }
        }

        private void refuse(String name, long line, String reason) {
            parts++;
            refused++;
            if (quarantined.size() < ImportResult.SHOWN) {
                quarantined.add(new Quarantined(name, line, reason));
            }
        }

        ImportResult result(long files, Map<String, Long> skipped, List<String> empty) {
            return new ImportResult(
                    files, accepted, duplicates, refused, quarantined, skipped, empty);
        }
    }

    private static void skipByteOrderMark(InputStream in) throws IOException {
        in.mark(3);
        if (in.read() != 0xEF || in.read() != 0xBB || in.read() != 0xBF) {
            in.reset();
        }
    }

    /// A `.json` file may hold one array, or values that run over several lines; all others hold
    /// lines.
    private static ItemSplitter.Layout layout(Path file, InputStream in) throws IOException {
        if (!JSON_FILE.matcher(nameOf(file)).matches()) {
            return ItemSplitter.Layout.LINES;
        }
        in.mark(BUFFER);
        int first = in.read();
        for (int i = 1; i < BUFFER - 1 && first >= 0 && Character.isWhitespace(first); i++) {
            first = in.read();
        }
        in.reset();
        return first == '[' ? ItemSplitter.Layout.ARRAY : ItemSplitter.Layout.VALUES;
    }

    /// A buffered stream reads on while more is said to be available, and loses what it has when
    /// that read fails: at the end of a truncated file.
    private static final class OneReadAtATime extends FilterInputStream {
        OneReadAtATime(InputStream in) {
            super(in);
        }

        @Override
        public int available() {
            return 0;
        }
    }

    /// Counts what was read from a file as it lies on disk.
    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = super.read(target, from, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
