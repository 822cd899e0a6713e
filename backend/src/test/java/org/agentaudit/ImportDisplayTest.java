package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import org.agentaudit.ingest.ImportProgress;
import org.agentaudit.ingest.ImportResult;
import org.junit.jupiter.api.Test;

class ImportDisplayTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void bar_setsEventsApart_andTellsTheirRate() {
        List<String> drawn = new CopyOnWriteArrayList<>();
        try (ProgressBar bar =
                ImportDisplay.bar()
                        .setConsumer(new DelegatingProgressBarConsumer(drawn::add, 200))
                        .build()) {
            ImportProgress progress = ImportDisplay.onBar(bar, nanos::get);
            nanos.set(2 * SECOND);
            progress.update(1 << 20, 1 << 19, 29_065);
        }
        assertThat(drawn.getLast())
                .containsPattern(
                        "KiB/s\\) 29065 events, 14533 events/s|KiB/s 29065 events, 14533 events/s")
                .contains("50%");
    }

    @Test
    void lines_comeEveryFewSeconds_withoutRatesOfNothing() {
        StringWriter err = new StringWriter();
        ImportProgress progress = ImportDisplay.inLines(new PrintWriter(err), nanos::get);

        progress.update(1000, 100, 0);
        nanos.set(4 * SECOND);
        progress.update(1000, 410, 0);
        nanos.set(5 * SECOND);
        progress.update(1000, 450, 10);
        nanos.set(8 * SECOND);
        progress.update(1000, 800, 4000);
        nanos.set(12 * SECOND);
        progress.update(0, 0, 1);

        assertThat(err.toString().lines())
                .containsExactly(
                        "41 % read",
                        "80 % read, 4000 events, 500 events/s, 2 s left",
                        "100 % read, 1 event, 0 events/s, 0 s left");
    }

    @Test
    void end_isToldInWords() {
        assertThat(
                        ImportDisplay.ended(
                                new ImportResult(1, 5, 2, 0, List.of(), Map.of(), List.of()),
                                false))
                .isEqualTo("1 file: 5 accepted, 2 duplicate, 0 quarantined");
        assertThat(
                        ImportDisplay.ended(
                                new ImportResult(2, 5, 0, 1, List.of(), Map.of(), List.of()), true))
                .isEqualTo("dry run, 2 files: 5 accepted, 0 duplicate, 1 quarantined");
    }

    @Test
    void skipped_namesTheEndings() {
        ImportResult result =
                new ImportResult(1, 1, 0, 0, List.of(), Map.of(".txt", 2L, "", 1L), List.of());
        assertThat(ImportDisplay.skipped(result))
                .startsWith("3 files skipped (1 without ending, 2 .txt)");
    }
}
