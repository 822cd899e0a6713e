package org.agentaudit.retention;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.retention.RetentionFixture.OFFICER;
import static org.agentaudit.retention.RetentionFixture.daysAgo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import io.micronaut.transaction.TransactionOperations;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.ingest.FileImport;
import org.agentaudit.ingest.ImportResult;
import org.agentaudit.query.Period;
import org.agentaudit.report.Reports;
import org.agentaudit.store.DeletionRepository;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.agentaudit.store.Rows;
import org.agentaudit.verify.ArchiveVerifier;
import org.agentaudit.verify.StoreVerifier;
import org.agentaudit.verify.Verification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What expires is archived first, and comes back as it was.
class ArchiveExpiryIT {
    private static final Instant START = Instant.parse("2026-03-10T00:00:00Z");
    private static final int EVENTS = 1200;
    private static final String MARKER = "marker7f3a";

    /// Values, not how they are written: 0.10 is 0.1, and -0 is 0.
    private static final String ROWS =
            """
            SELECT CAST(to_jsonb(e) - CAST('{arrival,cost_usd,confidence,duration_ms}' AS text[]) AS text)
                   || concat_ws(',', trim_scale(e.cost_usd), e.confidence + 0, e.duration_ms + 0)
                   || coalesce(CAST(to_jsonb(c) AS text), '') || encode(k.digest, 'hex') || k.redaction_rules
              FROM audit_event e
              LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)
              LEFT JOIN event_key k USING (trace_id, occurred_at, event_id)
             ORDER BY e.event_id
            """;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private RetentionFixture portal = withContentFor(30);
    private Path folder = portal.dataDir.resolve("archive");

    private static RetentionFixture withContentFor(int days) {
        return new RetentionFixture(
                Map.of(
                        "portal.retention.archive",
                        true,
                        "portal.retention.archive-events",
                        150,
                        "portal.retention.content-days",
                        days));
    }

    private void restartWithContentFor(int days) {
        portal.close();
        portal = withContentFor(days);
        folder = portal.dataDir.resolve("archive");
    }

    @AfterEach
    void close() {
        portal.close();
    }

    private void storeRandom() {
        System.out.println("ArchiveExpiryIT -Dseed=" + seed);
        portal.store(
                RandomEvents.make(new Random(seed), EVENTS, START, Duration.ofDays(3)).stream()
                        .map(NewEvent::event)
                        .toList());
        portal.clock.now = START.plus(Duration.ofDays(800));
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static ArchiveVerifier.Result verified(Path file) throws IOException {
        ArchiveVerifier.Result result = ArchiveVerifier.verify(file, (bytes, done, events) -> {});
        assertThat(result.first()).isEmpty();
        assertThat(result.passed()).isTrue();
        return result;
    }

    private ImportResult imported(Path path) throws IOException, InterruptedException {
        return portal.bean(FileImport.class)
                .run(List.of(path), null, false, (total, done, events) -> {});
    }

    private Verification green(String when) {
        Verification result = portal.bean(StoreVerifier.class).verify((events, done) -> {});
        assertThat(result.first()).as("seed %d, %s", seed, when).isEmpty();
        assertThat(result.passed()).isTrue();
        return result;
    }

    private List<Object> reports() {
        Reports reports = portal.bean(Reports.class);
        List<Object> all = new ArrayList<>();
        Period days = Period.of(START, START.plus(Duration.ofDays(3)));
        for (int day = 10; day <= 12; day++) {
            all.add(reports.daily(OFFICER, LocalDate.of(2026, 3, day), ZoneOffset.UTC));
        }
        all.add(reports.summary(OFFICER, days));
        for (String agent : List.of("ops/planner", "ops/runner", "support")) {
            all.add(reports.agent(OFFICER, agent, days));
        }
        return all;
    }

    private void assertSameReports(String when, List<Object> before) {
        assertThat(reports())
                .as("seed %d, %s", seed, when)
                .usingRecursiveComparison()
                .withComparatorForType(
                        (a, b) -> Math.abs(a - b) <= 1e-9 * Math.abs(a) ? 0 : Double.compare(a, b),
                        Double.class)
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .isEqualTo(before);
    }

    private long hold() {
        return portal.bean(Holds.class)
                .holdPeriod("legal", START, START.plus(Duration.ofDays(3)), "case");
    }

    @Test
    void whatExpires_isInFiles_andComesBackAsItWas() throws Exception {
        restartWithContentFor(10_000);
        storeRandom();
        List<String> rows = portal.texts(ROWS);
        // what is stored past its end without a hold is a finding
        long hold = hold();
        List<Object> reports = reports();
        portal.bean(Holds.class).release("legal", hold, "over");

        RetentionRun run = portal.run();
        assertThat(run.state()).isEqualTo(RetentionRun.State.DONE);
        assertThat(run.events()).isEqualTo(EVENTS);
        assertThat(portal.storedEvents()).isEmpty();
        assertThat(green("after expiry").removedEvents()).isEqualTo(EVENTS);
        assertSameReports("after expiry", reports);

        List<Path> files = files();
        assertThat(files).hasSizeGreaterThan(5);
        assertThat(files.getFirst())
                .hasToString(folder + "/run-000001/events-2026-03-000001-000001.jsonl.zst");
        assertThat(portal.texts("SELECT archive FROM deletion WHERE kind = 'EVENT' ORDER BY id"))
                .containsExactlyElementsOf(
                        files.stream().map(file -> folder.relativize(file).toString()).toList());
        long archived = 0;
        for (Path file : files) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            archived += verified(file).events();
        }
        assertThat(archived).isEqualTo(EVENTS);

        long again = hold();
        ImportResult back = imported(folder);
        assertThat(back.accepted()).isEqualTo(EVENTS);
        assertThat(portal.texts(ROWS)).containsExactlyElementsOf(rows);
        green("after import");
        assertSameReports("after import", reports);

        assertThat(imported(folder).duplicates()).isEqualTo(EVENTS);
        assertThat(portal.texts(ROWS)).containsExactlyElementsOf(rows);
        green("after another import");

        portal.bean(Holds.class).release("legal", again, "over");
        // and go again, into files of another run
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
        assertThat(files()).hasSizeGreaterThan(files.size());
        assertSameReports("after another expiry", reports);
        green("after another expiry");
    }

    @Test
    void archiveThatCannotBeWritten_letsNothingGo_andSaysWhy() throws Exception {
        storeRandom();
        List<String> rows = portal.texts(ROWS);
        portal.clock.now = START.plus(Duration.ofDays(800));
        Files.writeString(folder, "a file where the folder should be");
        RetentionRun run = portal.run();
        assertThat(run.state()).isEqualTo(RetentionRun.State.FAILED);
        assertThat(run.message()).contains("cannot be written").contains(folder.toString());
        assertThat(portal.texts(ROWS)).containsExactlyElementsOf(rows);
        assertThat(portal.number("SELECT count(*) FROM deletion")).isZero();
        assertThat(portal.bean(RetentionStatus.class).lastRuns(1).getFirst().message())
                .isEqualTo(run.message());
        green("after a run that failed");

        // in the middle of a run
        Files.delete(folder);
        Path inTheWay = folder.resolve("run-000002/events-2026-03-000002-000003.jsonl.zst");
        Files.createDirectories(inTheWay);
        RetentionRun second = portal.run();
        assertThat(second.state()).isEqualTo(RetentionRun.State.FAILED);
        assertThat(second.events()).isBetween(1L, EVENTS - 1L);
        assertThat(portal.storedEvents()).hasSize(EVENTS - (int) second.events());
        assertThat(files()).hasSize(2);
        green("after a run that failed in between");

        Files.delete(inTheWay);
        assertThat(portal.run().state()).isEqualTo(RetentionRun.State.DONE);
        assertThat(portal.storedEvents()).isEmpty();
        green("at the end");
    }

    @Test
    void fileOfARemovalThatWasNotCommitted_isHarmless_andGoesWithTheNextRun() throws Exception {
        storeRandom();
        List<String> rows = portal.texts(ROWS);
        List<Object> reports = reports();
        assertThatThrownBy(this::archiveWithoutCommit).hasMessage("crash");
        Path leftover = files().getFirst();
        assertThat(verified(leftover).events()).isEqualTo(EVENTS);

        assertThat(imported(leftover).duplicates()).isEqualTo(EVENTS);
        assertThat(portal.texts(ROWS)).containsExactlyElementsOf(rows);
        assertSameReports("after import of what never went", reports);
        green("after import of what never went");

        Path unfinished = leftover.resolveSibling("events.jsonl.zst.part");
        Files.writeString(unfinished, "half a");
        Path foreign = leftover.resolveSibling("events-of-somebody-else.jsonl.zst");
        Files.writeString(foreign, "no archive");
        portal.run();
        assertThat(leftover).doesNotExist();
        assertThat(unfinished).doesNotExist();
        assertThat(foreign).exists();
        assertThat(portal.storedEvents()).isEmpty();

        // the only copy of what is gone stays, whatever its name
        Files.delete(foreign);
        List<Path> files = files();
        Path renamed = files.getFirst().resolveSibling("renamed.jsonl.zst");
        Files.move(files.getFirst(), renamed);
        portal.run();
        assertThat(renamed).exists();
        imported(folder);
        assertThat(portal.storedEvents()).hasSize(EVENTS);
        green("at the end");
    }

    private void archiveWithoutCommit() {
        @SuppressWarnings("unchecked")
        TransactionOperations<Connection> transactions = portal.bean(TransactionOperations.class);
        transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    portal.bean(DeletionRepository.class).begin(connection);
                    List<String> traces =
                            Rows.list(
                                    connection,
                                    "SELECT trace_id FROM trace",
                                    row -> row.getString(1));
                    portal.bean(ExpiryRepository.class)
                            .name(connection, traces, START, START.plus(Duration.ofDays(3)));
                    portal.bean(ArchiveFiles.class).write(connection, 99, 1, YearMonth.of(2026, 3));
                    throw new IllegalStateException("crash");
                });
    }

    private static AuditEvent marked(String name, EventType type, double days, String user) {
        return event(name, daysAgo(days), type, "a", "act")
                .trace("t-" + name)
                .user(user)
                .params("{\"p\":\"" + MARKER + "\"}")
                .build();
    }

    private long archivedMarks() throws Exception {
        long marks = 0;
        for (Path file : files()) {
            try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                marks += text.split(MARKER, -1).length - 1;
            }
        }
        return marks;
    }

    @Test
    void contentThatHasExpiredOrWasErased_isInNoArchive() throws Exception {
        portal.store(
                marked("young", EventType.REASONING, 8, "bob"),
                marked("old", EventType.TOOL_CALL, 31, "bob"),
                marked("erased", EventType.REASONING, 8, "ann"));
        portal.bean(Erasures.class).erase("dpo", "ann", false, "request");
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
        assertThat(archivedMarks()).isEqualTo(1);
        green("after the run");
        imported(folder);
        assertThat(portal.storedEvents()).hasSize(3);
        assertThat(portal.storedContents()).containsExactly(EventBuilder.id("young").toString());
        green("after import");
    }

    @Test
    void contentErasedAfterItWasArchived_doesNotComeBack() throws Exception {
        portal.store(
                marked("bob", EventType.REASONING, 8, "bob"),
                marked("ann", EventType.REASONING, 8, "ann"));
        portal.run();
        assertThat(archivedMarks()).isEqualTo(2);
        Erasures erasures = portal.bean(Erasures.class);
        assertThat(erasures.forecast("ann", false).archives().files()).isEqualTo(1);
        assertThat(erasures.forecast("ann", false).archives().earliest()).isEqualTo(daysAgo(8));
        erasures.erase("dpo", "ann", false, "request");
        imported(folder);
        assertThat(portal.storedEvents()).hasSize(2);
        assertThat(portal.storedContents()).containsExactly(EventBuilder.id("bob").toString());
        assertThat(portal.texts("SELECT rule FROM deletion WHERE kind = 'CONTENT'"))
                .containsExactly("archive-restore");
        assertThat(portal.texts("SELECT octet_length(digest) FROM event_key ORDER BY 1"))
                .containsExactly("0", "32");
        green("after import");
    }

    /// Everything that retention does, some of it several times, with late events in between.
    @Test
    void holdsErasureAndExpiry_keepTheStoreVerified() throws Exception {
        storeRandom();
        portal.clock.now = START.plus(Duration.ofDays(4));
        Holds holds = portal.bean(Holds.class);
        long trace = holds.holdTrace("legal", "trace-1", "case");
        long agent = holds.holdAgent("legal", "support", "case");
        assertThat(portal.bean(Erasures.class).erase("dpo", "user-1", true, "request").contents())
                .isPositive();
        green("after erasure under holds");
        for (int days : List.of(9, 32, 370)) {
            portal.clock.now = START.plus(Duration.ofDays(days));
            portal.run();
            green("after " + days + " days");
            portal.store(
                    event("late" + days, START, EventType.TOOL_CALL, "late", "act")
                            .received(portal.clock.now)
                            .params("{}")
                            .build());
            green("with a late event after " + days + " days");
        }
        holds.release("legal", trace, "over");
        portal.bean(Erasures.class).erase("dpo", "user-1", false, "request");
        portal.run();
        green("without the first hold");
        holds.release("legal", agent, "over");
        portal.clock.now = START.plus(Duration.ofDays(1200));
        portal.run();
        assertThat(portal.storedEvents()).isEmpty();
        assertThat(green("at the end").removedEvents()).isEqualTo(EVENTS + 3L);
    }
}
