package org.agentaudit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.junit.jupiter.api.Test;

class ArchiveTest {
    private static final Instant AT = Instant.parse("2026-03-30T00:00:00Z");
    private static final int EVENTS = 60;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Prover prover = new Prover();
    private final List<ArchiveRecord> records = records();

    @Test
    void writtenAndRead_isTheSame() throws IOException {
        try (ArchiveReader archive = new ArchiveReader(new ByteArrayInputStream(write()))) {
            assertThat(archive.header()).isEqualTo(new ArchiveHeader("1.0 \"x\"", AT, AT, EVENTS));
            for (ArchiveRecord record : records) {
                ArchiveReader.Line line = archive.next();
                assertThat(line.problem()).as("seed %d", seed).isNull();
                assertThat(line.record().envelope().arrival())
                        .isEqualTo(record.envelope().arrival());
                assertThat(line.record().parts()).isEqualTo(record.parts());
                assertThat(line.record().salt()).isEqualTo(record.salt());
                assertThat(line.record().commitments()).isEqualTo(record.commitments());
                assertThat(line.record().leaf()).isEqualTo(record.leaf());
                assertThat(line.record().digest()).isEqualTo(record.digest());
                assertThat(line.record().redactionRules()).isEqualTo(record.redactionRules());
                assertThat(prover.canonical(line.record().envelope(), record.commitments()))
                        .isEqualTo(prover.canonical(record.envelope(), record.commitments()));
            }
            assertThat(archive.next()).isNull();
        }
        assertThat(ArchiveReader.isArchive(Arrays.copyOf(plain(), ArchiveReader.peekBytes())))
                .isTrue();
    }

    @Test
    void anyCharacterChanged_isFoundInItsLine() throws IOException {
        byte[] plain = plain();
        for (int i = 0; i < 400; i++) {
            byte[] changed = plain.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= 1;
            if (changed[at] == '\n' || plain[at] == '\n') {
                continue;
            }
            int line = 1;
            for (int b = 0; b < at; b++) {
                line += plain[b] == '\n' ? 1 : 0;
            }
            List<Long> wrong;
            try {
                wrong = wrongLines(changed);
            } catch (IOException e) {
                assertThat(line).as("seed %d, byte %d: %s", seed, at, e).isEqualTo(1);
                continue;
            }
            assertThat(wrong).as("seed %d, byte %d", seed, at).contains((long) line);
            assertThat(wrong.getFirst()).as("seed %d, byte %d", seed, at).isEqualTo(line);
        }
    }

    @Test
    void truncatedAnywhere_isFound() throws IOException {
        byte[] packed = write();
        byte[] plain = plain();
        for (int i = 0; i < 40; i++) {
            int packedEnd = 20 + random.nextInt(packed.length - 20);
            int plainEnd = 300 + random.nextInt(plain.length - 300);
            assertFails(Arrays.copyOf(packed, packedEnd));
            assertThat(wrongLines(Arrays.copyOf(plain, plainEnd))).as("seed %d", seed).isNotEmpty();
        }
    }

    @Test
    void linesRemovedSwappedAddedOrDoubled_areFound() throws IOException {
        List<String> lines = new String(plain(), StandardCharsets.UTF_8).lines().toList();
        List<String> removed = new ArrayList<>(lines);
        removed.remove(5);
        List<String> swapped = new ArrayList<>(lines);
        swapped.set(5, lines.get(6));
        swapped.set(6, lines.get(5));
        List<String> doubled = new ArrayList<>(lines);
        doubled.add(5, lines.get(5));
        List<String> longer = new ArrayList<>(lines);
        longer.add(lines.get(5));
        for (List<String> wrong : List.of(removed, swapped, doubled, longer)) {
            assertFails((String.join("\n", wrong) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatIsNoArchive_saysSo() {
        for (String other : List.of("", "{}\n", "{\"events\":1,\"format\":\"x\"}\n", "\0\0")) {
            assertThatThrownBy(
                            () ->
                                    new ArchiveReader(
                                            new ByteArrayInputStream(
                                                    other.getBytes(StandardCharsets.UTF_8))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void finish_otherCountThanTheHeader_isRefused() throws IOException {
        try (ArchiveWriter archive =
                new ArchiveWriter(new ByteArrayOutputStream(), new ArchiveHeader("1", AT, AT, 2))) {
            archive.write(records.getFirst());
            assertThatThrownBy(archive::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    /// Refused as a whole when not even the header is left.
    private void assertFails(byte[] file) {
        try {
            assertThat(wrongLines(file)).as("seed %d", seed).isNotEmpty();
        } catch (IOException e) {
            assertThat(e).as("seed %d", seed).hasMessageNotContaining("null");
        }
    }

    private static List<Long> wrongLines(byte[] file) throws IOException {
        List<Long> wrong = new ArrayList<>();
        try (ArchiveReader archive = new ArchiveReader(new ByteArrayInputStream(file))) {
            for (ArchiveReader.Line line = archive.next(); line != null; line = archive.next()) {
                if (line.problem() != null) {
                    wrong.add(line.number());
                }
            }
        }
        return wrong.stream().sorted().toList();
    }

    private byte[] write() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArchiveWriter archive =
                new ArchiveWriter(out, new ArchiveHeader("1.0 \"x\"", AT, AT, EVENTS))) {
            for (ArchiveRecord record : records) {
                archive.write(record);
            }
            archive.finish();
        }
        return out.toByteArray();
    }

    private byte[] plain() throws IOException {
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(write()))) {
            return in.readAllBytes();
        }
    }

    private List<ArchiveRecord> records() {
        HostileEnvelopes envelopes = new HostileEnvelopes(random);
        List<ArchiveRecord> list = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            AuditEvent event = envelopes.next(AT);
            Content c = event.content();
            ContentParts parts =
                    new ContentParts(
                            c.params(),
                            c.result(),
                            c.reasoning(),
                            null,
                            c.errorMessage(),
                            c.userId(),
                            c.summary(),
                            c.unmapped());
            EventProof proof = prover.prove(event.envelope(), parts);
            boolean expired = i % 5 == 0;
            boolean uncovered = i % 7 == 0;
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            list.add(
                    new ArchiveRecord(
                            event.envelope(),
                            uncovered ? null : proof.commitments(),
                            expired ? null : parts,
                            expired || uncovered ? null : proof.salt(),
                            uncovered ? null : proof.leaf(),
                            digest,
                            i));
        }
        return list;
    }
}
