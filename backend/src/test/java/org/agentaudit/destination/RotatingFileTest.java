package org.agentaudit.destination;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventType;
import org.agentaudit.retention.RetentionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir private Path folder;

    @Test
    void send_growsTheFile_andStartsAnotherWhenItIsLarge_losingNothing() throws Exception {
        FileConfig config = new FileConfig(folder.toString(), 100_000, 30, true);
        try (RotatingFile file = new RotatingFile(folder, config, RetentionPolicy.DEFAULT)) {
            for (int i = 0; i < 20; i++) {
                file.send(events(i * 50, 50));
            }
        }
        List<Path> packed = packed();
        assertThat(packed).hasSizeGreaterThan(5);
        List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("events.jsonl")));
        for (Path path : packed) {
            assertThat(Files.size(path)).isLessThan(100_000);
            String text = unpack(path);
            assertThat(text.length()).isLessThan(110_000);
            text.lines().forEach(lines::add);
        }
        assertThat(lines).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(lines).allMatch(line -> line.startsWith("{\"id\":") && line.endsWith("}"));
    }

    @Test
    void start_continuesTheFile_andRemovesPartsThatAreOld() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Path old =
                Files.writeString(
                        folder.resolve("events-" + today.minusDays(31) + ".0.jsonl.gz"), "x");
        Path older =
                Files.writeString(
                        folder.resolve("events-" + today.minusDays(40) + ".2.jsonl.gz"), "x");
        Path young =
                Files.writeString(
                        folder.resolve("events-" + today.minusDays(29) + ".0.jsonl.gz"), "x");
        Files.writeString(folder.resolve("events.jsonl"), "{\"before\":1}\n");
        FileConfig config = new FileConfig(folder.toString(), 100_000_000, 30, true);
        try (RotatingFile file = new RotatingFile(folder, config, RetentionPolicy.DEFAULT)) {
            file.send(events(0, 3));
            for (int i = 0; i < 100 && (Files.exists(old) || Files.exists(older)); i++) {
                Thread.sleep(50);
            }
        }
        assertThat(old).doesNotExist();
        assertThat(older).doesNotExist();
        assertThat(young).exists();
        assertThat(Files.readAllLines(folder.resolve("events.jsonl"))).hasSize(4);
    }

    @Test
    void send_withoutContent_leavesItOut() throws Exception {
        FileConfig config = new FileConfig(folder.toString(), 100_000, 30, false);
        try (RotatingFile file = new RotatingFile(folder, config, RetentionPolicy.DEFAULT)) {
            file.send(events(0, 1));
        }
        assertThat(Files.readString(folder.resolve("events.jsonl")))
                .contains("\"params\":null", "\"agentId\":\"a\"")
                .doesNotContain("lorem");
    }

    @Test
    void send_whereNothingCanBeWritten_saysSo() throws Exception {
        Path blocked = Files.writeString(folder.resolve("file"), "not a folder");
        FileConfig config = new FileConfig(blocked.toString(), 100_000, 30, true);
        try (RotatingFile file =
                new RotatingFile(blocked.resolve("below"), config, RetentionPolicy.DEFAULT)) {
            assertThatThrownBy(() -> file.send(events(0, 1)))
                    .isInstanceOf(UnreachableException.class);
        }
    }

    private List<Path> packed() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".gz")).sorted().toList();
        }
    }

    private static String unpack(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<AuditEvent> events(int from, int count) {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            events.add(
                    event("e" + i, START.plusSeconds(i), EventType.TOOL_CALL, "a", "search")
                            .params("{\"text\":\"" + "lorem ".repeat(60) + "\"}")
                            .build());
        }
        return events;
    }
}
