package org.agentaudit.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads an archive line by line and checks each on its own: its checksum, its leaf, its content
/// against the commitments; at the end whether all lines are there. Needs no database. Not
/// thread-safe.
public final class ArchiveReader implements Closeable {
    /// A longer line is none of an archive.
    private static final int LONGEST_LINE = 256 << 20;

    private static final int PEEK = 1 << 10;
    private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    private static final HexFormat HEX = HexFormat.of();
    private static final int SUM_LENGTH = ArchiveWriter.SUM.length() + 64 + 2;

    private final InputStream in;
    private final Prover prover = new Prover();
    private final MessageDigest lines = Prover.sha256();
    private final MessageDigest leaves = Prover.sha256();
    private final ArchiveHeader header;
    private final @Nullable String headerProblem;
    private long number;
    private long events;
    private boolean ended;

    /// A line that is an event.
    ///
    /// @param number  in the file, from 1
    /// @param record  null when it cannot be read, or is the end of the file
    /// @param problem why it does not verify, in words without content; null when it does
    public record Line(long number, @Nullable ArchiveRecord record, @Nullable String problem) {}

    /// Reads the header.
    ///
    /// @param in plain or packed with zstd; taken over: closed with this
    /// @throws IOException when it is no archive, or one of a version this portal cannot read
    public ArchiveReader(InputStream in) throws IOException {
        this.in = unpacked(in);
        byte[] line = line();
        if (line == null) {
            throw new IOException("the file is empty");
        }
        try {
            header = ArchiveJson.header(ArchiveJson.parse(line));
        } catch (RuntimeException e) {
            throw new IOException("the file is no archive of this portal", e);
        }
        headerProblem = sumProblem(line);
    }

    /// Whether a file that starts with these bytes, unpacked, is an archive.
    public static boolean isArchive(byte[] start) {
        String text = new String(start, StandardCharsets.UTF_8);
        return text.startsWith("{\"events\":")
                && text.contains(",\"format\":\"" + ArchiveWriter.FORMAT + "\"");
    }

    /// How many bytes [#isArchive] needs at most.
    public static int peekBytes() {
        return PEEK;
    }

    public ArchiveHeader header() {
        return header;
    }

    /// The next event; null at the end. The last line before null may have no record, only a
    /// problem: of the header, the trailer or the end of the file.
    public @Nullable Line next() throws IOException {
        if (ended) {
            return null;
        }
        byte[] line;
        try {
            line = line();
        } catch (IOException e) {
            return end("the file is truncated or corrupt from here on");
        }
        if (line == null) {
            return end("the file ends without its last line: it is truncated");
        }
        JsonNode json;
        try {
            json = ArchiveJson.parse(line);
        } catch (IOException e) {
            json = null;
        }
        if (json != null && json.has("end")) {
            return trailer(line, json);
        }
        events++;
        lines.update(line);
        lines.update((byte) '\n');
        return json == null ? new Line(number, null, "it is no JSON") : event(line, json);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private Line event(byte[] line, JsonNode json) {
        ArchiveRecord record;
        byte[] leaf;
        try {
            record = ArchiveJson.record(json);
            leaf = prover.leaf(record.envelope(), record.commitments());
        } catch (RuntimeException e) {
            return new Line(number, null, "it holds what no event can hold");
        }
        byte[] stated = record.leaf();
        if (stated == null) {
            return new Line(number, record, sumProblem(line));
        }
        leaves.update(stated);
        if (!Arrays.equals(stated, leaf)) {
            return new Line(number, record, "envelope and leaf do not belong together");
        }
        ContentParts parts = record.parts();
        if (parts != null) {
            Set<Part> changed = prover.changed(record.salt(), parts, record.commitments());
            if (!changed.isEmpty()) {
                return new Line(
                        number,
                        record,
                        "the content is not what was committed to: "
                                + changed.stream()
                                        .map(Part::partName)
                                        .collect(Collectors.joining(", ")));
            }
        }
        return new Line(number, record, sumProblem(line));
    }

    private @Nullable Line trailer(byte[] line, JsonNode json) throws IOException {
        String problem = sumProblem(line);
        if (problem == null) {
            problem = trailerProblem(json);
        }
        if (problem == null && in.read() >= 0) {
            problem = "something follows the last line";
        }
        return end(problem);
    }

    private @Nullable String trailerProblem(JsonNode json) {
        byte[] allLines = lines.digest();
        byte[] allLeaves = leaves.digest();
        if (json.path("end").longValue() != events || header.events() != events) {
            return "the file should hold %d events, it holds %d".formatted(header.events(), events);
        }
        try {
            if (!Arrays.equals(ArchiveJson.hex(json, "leaves"), allLeaves)) {
                return "the leaves are not those that were archived, or stand in another order";
            }
            if (!Arrays.equals(ArchiveJson.hex(json, "lines"), allLines)) {
                return "the lines are not those that were archived, or stand in another order";
            }
        } catch (IllegalArgumentException e) {
            return "the last line is damaged";
        }
        return null;
    }

    private @Nullable Line end(@Nullable String problem) {
        ended = true;
        String first = headerProblem == null ? problem : "header: " + headerProblem;
        return first == null ? null : new Line(headerProblem == null ? number : 1, null, first);
    }

    private static @Nullable String sumProblem(byte[] line) {
        int end = line.length - SUM_LENGTH;
        if (end > 0) {
            byte[] sum = Prover.sha256().digest(Arrays.copyOf(line, end));
            String tail = ArchiveWriter.SUM + HEX.formatHex(sum) + "\"}";
            if (Arrays.equals(
                    line, end, line.length, tail.getBytes(StandardCharsets.UTF_8), 0, SUM_LENGTH)) {
                return null;
            }
        }
        return "the line was changed: its checksum does not fit";
    }

    /// Without its line break; null at the end. A last line without line break is one.
    private byte @Nullable [] line() throws IOException {
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            line.write(b);
            if (line.size() > LONGEST_LINE) {
                throw new IOException("a line is too long for an archive");
            }
            b = in.read();
        }
        byte[] bytes = line.toByteArray();
        if (number == 1) {
            lines.update(bytes);
            lines.update((byte) '\n');
        }
        return bytes;
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(ZSTD.length);
        byte[] start = buffered.readNBytes(ZSTD.length);
        buffered.reset();
        return Arrays.equals(start, ZSTD)
                ? new BufferedInputStream(new ZstdInputStreamNoFinalizer(buffered), 1 << 16)
                : buffered;
    }
}
