package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.agentaudit.ingest.ImportResult.Quarantined;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileImportTest {
    private static final ImportProgress QUIET = (total, done, events) -> {};

    private static final Map<String, Long> SKIPPED = Map.of(".txt", 1L);

    @TempDir Path folder;

    private final PipelineFixture fixture = new PipelineFixture();
    private final FileImport files = fixture.files();

    private static String event(int i) {
        return "{\"event_type\":\"agent.error\",\"event_id\":\"e" + i + "\"}";
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(PipelineFixture.utf8(text));
        }
        return out.toByteArray();
    }

    private ImportResult run(Path path) throws IOException, InterruptedException {
        return files.run(List.of(path), null, false, QUIET);
    }

    @Test
    void run_folder_readsEveryKindOfFile() throws Exception {
        Files.writeString(folder.resolve("a.jsonl"), event(1) + "\n\r\n" + event(2));
        Files.createDirectories(folder.resolve("deep/er"));
        Files.write(folder.resolve("deep/b.ndjson.gz"), gzip(event(3) + "\n"));
        Files.write(
                folder.resolve("deep/er/c.jsonl.zst"),
                Zstd.compress(PipelineFixture.utf8(event(4) + "\n" + event(1))));
        Files.writeString(
                folder.resolve("d.json"), " [\n" + event(5) + ",\n " + event(6) + "\n]\n");
        Files.writeString(
                folder.resolve("e.json"),
                "{\n \"event_type\": \"agent.error\",\n \"error\": \"a{\\\"]\\\\\"\n}\n"
                        + event(7));
        Files.writeString(folder.resolve("empty.json"), "[ ]");
        Files.writeString(folder.resolve("none.jsonl"), "");
        Files.writeString(folder.resolve("notes.txt"), "not a log");
        List<long[]> progress = new ArrayList<>();
        ImportResult result =
                files.run(
                        List.of(folder),
                        null,
                        false,
                        (total, done, events) -> progress.add(new long[] {total, done, events}));
        assertThat(result).isEqualTo(new ImportResult(7, 8, 1, 0, List.of(), SKIPPED, List.of()));
        assertThat(fixture.store.events).hasSize(8);
        long[] last = progress.getLast();
        assertThat(last[0]).isEqualTo(last[1]);
        assertThat(last[2]).isEqualTo(9);
        ImportResult again = run(folder);
        assertThat(again).isEqualTo(new ImportResult(7, 0, 9, 0, List.of(), SKIPPED, List.of()));
    }

    @Test
    void run_badLines_areToldWithFileAndLine() throws Exception {
        Path lines = folder.resolve("a.jsonl");
        Files.writeString(lines, event(1) + "\n\nnot json\n" + event(2) + "\n{}\n");
        ImportResult result = run(lines);
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.quarantined()).isEqualTo(2);
        assertThat(result.first().stream().map(Quarantined::line)).containsExactly(3L, 5L);
        assertThat(result.first().getFirst().file()).isEqualTo(lines.toString());
        assertThat(fixture.store.quarantine).hasSize(2);
        assertThat(fixture.store.quarantine.getFirst().index()).isEqualTo(3);
    }

    @Test
    void run_badArray_keepsWhatIsGood() throws Exception {
        Path file = folder.resolve("a.json");
        Files.writeString(file, "[" + event(1) + ",\n,x\n," + event(2) + "] tail");
        ImportResult result = run(file);
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.first().stream().map(Quarantined::line)).containsExactly(2L, 2L, 3L);
        Files.writeString(file, "[" + event(3) + ",{\"event_type\":");
        assertThat(run(file).accepted()).isEqualTo(1);
        assertThat(run(file).quarantined()).isEqualTo(1);
    }

    @Test
    void run_truncatedFile_keepsWhatWasReadAndSaysSo() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append(event(i)).append('\n');
        }
        byte[] whole = gzip(text.toString());
        Path file = folder.resolve("a.jsonl.gz");
        Files.write(file, Arrays.copyOf(whole, whole.length - 200));
        ImportResult result = run(file);
        assertThat(result.accepted()).isBetween(1L, 4_999L);
        assertThat(result.first().getLast().reason()).contains("truncated or corrupt");
    }

    @Test
    void run_smallTruncatedFile_keepsItsWholeLines() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append(event(i)).append(" ".repeat(i)).append('\n');
        }
        byte[] whole = gzip(text.toString());
        Path file = folder.resolve("a.jsonl.gz");
        Files.write(file, Arrays.copyOf(whole, whole.length - 60));
        ImportResult result = run(file);
        assertThat(result.accepted()).isBetween(10L, 59L);
        assertThat(result.first().getLast().reason()).contains("truncated or corrupt");
    }

    @Test
    void run_manyEvents_goInSeveralBatches() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 9_000; i++) {
            text.append(event(i)).append('\n');
        }
        text.append("{\"event_type\":\"agent.error\",\"error\":\"").append("x".repeat(6 << 20));
        Path file = folder.resolve("a.jsonl");
        Files.writeString(file, text);
        ImportResult result = run(file);
        assertThat(result.accepted()).isEqualTo(9_000);
        assertThat(result.quarantined()).isEqualTo(1);
        assertThat(result.first().getFirst().line()).isEqualTo(9_001);
    }

    @Test
    void run_dryRun_storesNothing() throws Exception {
        Path file = folder.resolve("a.jsonl");
        Files.writeString(file, event(1) + "\nbad");
        ImportResult result = files.run(List.of(file), null, true, QUIET);
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.quarantined()).isEqualTo(1);
        assertThat(fixture.store.events).isEmpty();
        assertThat(fixture.store.quarantine).isEmpty();
    }

    @Test
    void run_missingPath_fails() {
        assertThatThrownBy(() -> run(folder.resolve("absent")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.traj|7B0A20202261223A205B0A312C0A320A5D0A7D0A|name it .json",
                "a.jsonl|5B0A7B2261223A317D2C0A7B2261223A327D0A5D0A|name it .json",
                "a.xz|FD377A585A000004E6D6B4460A010A020A|xz, which is not read: unpack it first",
                "a.jsonl|425A6839314159265359000A0A61|bzip2, which is not read: unpack it",
                "a.json|504B0304140000000A0A61|zip, which is not read: unpack it first",
                "a.jsonl|1F8B08000000000000030A610A|name it .gz",
                "a.log|53514C69746520666F726D61742033000A610A|binary",
                "a.jsonl|FFFE7B0022000A00|UTF-8"
            })
    void run_fileOfAnotherKind_isRefusedOnce(String name, String hex, String reason)
            throws Exception {
        Path file = folder.resolve(name);
        Files.write(file, HexFormat.of().parseHex(hex));
        ImportResult result = run(file);
        assertThat(result.quarantined()).isEqualTo(1);
        assertThat(result.first().getFirst().reason()).contains(reason);
        assertThat(result.empty()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"event_type\":\"agent.error\",", "not json", "{\"a\":\"\0"})
    void run_badFirstLine_doesNotStandForTheFile(String first) throws Exception {
        Path file = folder.resolve("a.log");
        Files.writeString(file, first + "\n" + event(1) + "\n");
        ImportResult result = run(file);
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.quarantined()).isEqualTo(1);
    }

    @Test
    void run_nothingToRead_isTold() throws Exception {
        Path inside = Files.createDirectories(folder.resolve("notes"));
        Files.writeString(inside.resolve("a.txt"), "a");
        Files.writeString(inside.resolve("b.TXT"), "b");
        Files.writeString(inside.resolve("README"), "c");
        Path none = folder.resolve("none.jsonl");
        Files.writeString(none, "\n");
        Path one = folder.resolve("one.jsonl");
        Files.writeString(one, event(1));
        ImportResult result = files.run(List.of(inside, none, one), null, false, QUIET);
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.skipped()).isEqualTo(Map.of(".txt", 2L, "", 1L));
        assertThat(result.empty()).containsExactly(inside.toString(), none.toString());
    }
}
