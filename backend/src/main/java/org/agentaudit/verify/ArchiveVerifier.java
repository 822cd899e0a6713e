package org.agentaudit.verify;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.proof.ArchiveHeader;
import org.agentaudit.proof.ArchiveReader;
import org.agentaudit.proof.ArchiveRecord;

/// Verifies an archive file without a database, in memory that does not grow with the file.
public final class ArchiveVerifier {
    private ArchiveVerifier() {}

    /// What a line is wrong in.
    ///
    /// @param line from 1
    /// @param what in plain words, without any content of an event
    public record Problem(long line, String what) {}

    /// What was found.
    ///
    /// @param events    lines that are events
    /// @param uncovered of these, stored before leaves were written: only their checksum was
    ///     checked
    /// @param withoutContent of these, those whose content had gone before
    /// @param problems  how many lines do not verify
    /// @param first     the first of them, at most [Verification#SHOWN]
    public record Result(
            ArchiveHeader header,
            long events,
            long uncovered,
            long withoutContent,
            long problems,
            List<Problem> first) {
        public Result {
            first = List.copyOf(first);
        }

        /// Whether the file is as it was written.
        public boolean passed() {
            return problems == 0;
        }
    }

    /// Told how far it is.
    public interface Progress {
        void update(long bytes, long done, long events);
    }

    /// @throws IOException when the file cannot be read at all, or is no archive
    public static Result verify(Path file, Progress progress) throws IOException {
        long bytes = Files.size(file);
        try (Counting counted = new Counting(Files.newInputStream(file));
                ArchiveReader archive = new ArchiveReader(counted)) {
            long events = 0;
            long uncovered = 0;
            long withoutContent = 0;
            long problems = 0;
            List<Problem> first = new ArrayList<>();
            for (ArchiveReader.Line line = archive.next(); line != null; line = archive.next()) {
                ArchiveRecord record = line.record();
                if (record != null) {
                    events++;
                    uncovered += record.leaf() == null ? 1 : 0;
                    withoutContent += record.parts() == null ? 1 : 0;
                }
                if (line.problem() != null) {
                    problems++;
                    if (first.size() < Verification.SHOWN) {
                        first.add(new Problem(line.number(), line.problem()));
                    }
                }
                progress.update(bytes, counted.count, events);
            }
            return new Result(archive.header(), events, uncovered, withoutContent, problems, first);
        }
    }

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
