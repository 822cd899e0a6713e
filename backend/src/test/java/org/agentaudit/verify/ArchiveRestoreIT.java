package org.agentaudit.verify;

import static org.agentaudit.verify.StoreFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agentaudit.TestDatabase;
import org.agentaudit.ingest.FileImport;
import org.agentaudit.ingest.ImportResult;
import org.agentaudit.store.ArchiveRepository;
import org.agentaudit.store.DeletionRepository;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.TamperedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Events are archived, removed and brought back: once each, as they were, and counted once.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveRestoreIT implements TestPropertyProvider {
    private static final String OLD = "e.occurred_at < '2026-04-01'";
    /// Values, not how they are written: 0.10 is 0.1, and -0 is 0.
    private static final String EVENTS =
            """
            SELECT md5(string_agg(CAST(to_jsonb(e) - CAST('{arrival,cost_usd,confidence,duration_ms}' AS text[]) AS text)
                                  || concat_ws(',', trim_scale(e.cost_usd), e.confidence + 0, e.duration_ms + 0) || coalesce(CAST(to_jsonb(c) AS text), '')
                                  || encode(k.digest, 'hex'), '' ORDER BY e.event_id))
              FROM audit_event e
              LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)
              LEFT JOIN event_key k USING (trace_id, occurred_at, event_id)
            """;
    private static final List<String> COUNTERS =
            List.of(
                    "rollup_event",
                    "rollup_error",
                    "rollup_producer",
                    "rollup_sequence",
                    "rollup_derived_trace",
                    "rollup_handoff",
                    "rollup_ingest",
                    "rollup_redaction");

    @Inject EventStore store;
    @Inject DeletionRepository deletions;
    @Inject ArchiveRepository archives;
    @Inject FileImport files;
    @Inject StoreVerifier verifier;
    @Inject TransactionOperations<Connection> transactions;
    @TempDir Path folder;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @Test
    void archivedRemovedAndImported_isTheSameAgainAndCountedOnce() throws Exception {
        long seed = new Random().nextLong();
        StoreFixture.fill(store, new Random(seed));
        write(c -> StoreFixture.removeContents(c, deletions, "e.arrival % 4 = 0"));
        String events = one(EVENTS);
        String counters = counters();

        Path file = folder.resolve("events-2026-03.jsonl.zst");
        write(
                c -> {
                    deletions.begin(c);
                    StoreFixture.execute(
                            c,
                            "INSERT INTO removed_event SELECT arrival, occurred_at FROM audit_event e WHERE "
                                    + OLD);
                    try (OutputStream out = Files.newOutputStream(file)) {
                        assertThat(archives.write(c, out, "test")).isPositive();
                    }
                    StoreFixture.removeEvents(c, deletions, OLD);
                });
        assertThat(one(EVENTS)).isNotEqualTo(events);
        assertThat(counters()).isEqualTo(counters);
        green(seed);
        ArchiveVerifier.Result verified = ArchiveVerifier.verify(file, (bytes, done, n) -> {});
        assertThat(verified.first()).isEmpty();
        assertThat(verified.passed()).isTrue();
        assertThat(verified.withoutContent()).isPositive();

        ImportResult result = imported(file);
        assertThat(result.accepted()).isEqualTo(verified.events());
        assertThat(result.quarantined()).isZero();
        assertThat(one(EVENTS)).as("seed %d", seed).isEqualTo(events);
        assertThat(counters()).isEqualTo(counters);
        green(seed);

        ImportResult again = imported(file);
        assertThat(again.accepted()).isZero();
        assertThat(again.duplicates()).isEqualTo(verified.events());
        assertThat(one(EVENTS)).isEqualTo(events);
        assertThat(counters())
                .as("items received again are counted as duplicates only")
                .isEqualTo(counters);
        green(seed);

        // once more, from where they came back to
        write(
                c -> {
                    deletions.begin(c);
                    StoreFixture.execute(
                            c,
                            "INSERT INTO removed_event SELECT arrival, occurred_at FROM audit_event e WHERE "
                                    + OLD);
                    try (OutputStream out = Files.newOutputStream(file)) {
                        archives.write(c, out, "test");
                    }
                    StoreFixture.removeEvents(c, deletions, OLD);
                });
        imported(file);
        assertThat(one(EVENTS)).isEqualTo(events);
        assertThat(counters()).isEqualTo(counters);
        green(seed);

        changedLineIsQuarantined(file);
        tamperedEventIsNotArchived();
    }

    private void changedLineIsQuarantined(Path file) throws Exception {
        write(c -> StoreFixture.removeEvents(c, deletions, OLD));
        byte[] plain;
        try (var in = new ZstdInputStream(Files.newInputStream(file))) {
            plain = in.readAllBytes();
        }
        String text = new String(plain, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>(text.lines().toList());
        lines.set(3, lines.get(3).replace("\"paramCount\":", "\"paramCount\":1"));
        Path changed = folder.resolve("changed.jsonl");
        Files.writeString(changed, String.join("\n", lines) + "\n");
        ImportResult result = imported(changed);
        assertThat(result.accepted()).isEqualTo(lines.size() - 3);
        assertThat(result.first())
                .extracting(ImportResult.Quarantined::line)
                .containsExactly(4L, (long) lines.size());
        assertThat(one("SELECT count(*) FROM quarantine WHERE origin LIKE '%changed.jsonl'"))
                .isEqualTo("2");
    }

    private void tamperedEventIsNotArchived() {
        assertThatThrownBy(
                        () ->
                                write(
                                        c -> {
                                            StoreFixture.execute(
                                                    c,
                                                    "UPDATE audit_event SET action = 'nothing' WHERE arrival ="
                                                            + " (SELECT max(arrival) FROM audit_event)");
                                            deletions.begin(c);
                                            StoreFixture.execute(
                                                    c,
                                                    "INSERT INTO removed_event SELECT arrival, occurred_at FROM audit_event");
                                            archives.write(c, new ByteArrayOutputStream(), "test");
                                        }))
                .isInstanceOf(TamperedException.class);
    }

    private ImportResult imported(Path file) throws Exception {
        return files.run(List.of(file), null, false, (total, done, events) -> {});
    }

    private void green(long seed) {
        Verification result = verifier.verify((events, done) -> {});
        assertThat(result.first()).as("seed %d", seed).isEmpty();
        assertThat(result.passed()).isTrue();
    }

    private String counters() {
        StringBuilder all = new StringBuilder();
        for (String table : COUNTERS) {
            all.append(table)
                    .append(' ')
                    .append(
                            one(
                                    "SELECT md5(string_agg(CAST(to_jsonb(r) AS text), '' ORDER BY CAST(to_jsonb(r) AS text))) FROM "
                                            + table
                                            + " r"))
                    .append('\n');
        }
        return all.toString();
    }

    private String one(String sql) {
        return transactions.executeRead(
                status -> String.valueOf(column(status.getConnection(), sql).getFirst()));
    }

    private interface Work {
        void on(Connection connection) throws Exception;
    }

    private void write(Work work) {
        transactions.executeWrite(
                status -> {
                    work.on(status.getConnection());
                    return true;
                });
    }
}
