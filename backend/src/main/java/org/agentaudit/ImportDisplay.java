package org.agentaudit;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.agentaudit.ingest.ImportProgress;
import org.agentaudit.ingest.ImportResult;

/// How far an import is and how it ended, for the person at the terminal.
final class ImportDisplay {
    private static final long KIB = 1024;
    private static final long LINE_EVERY_NANOS = 3_000_000_000L;
    private static final int ENDINGS_SHOWN = 10;
    private static final double NANOS = 1e9;

    private ImportDisplay() {}

    static ProgressBarBuilder bar() {
        return bar("import", " KiB", KIB);
    }

    static ProgressBarBuilder bar(String task, String unit, long unitSize) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(unit, unitSize)
                .showSpeed();
    }

    /// @param nanos a clock such as [System#nanoTime()]
    static ImportProgress onBar(ProgressBar bar, LongSupplier nanos) {
        long started = nanos.getAsLong();
        return (total, done, events) -> {
            bar.maxHint(total);
            bar.stepTo(done);
            // the bar sets nothing between its own numbers and this
            bar.setExtraMessage(" " + rate(events, (nanos.getAsLong() - started) / NANOS));
        };
    }

    /// A line every few seconds, for what is no terminal.
    ///
    /// @param nanos a clock such as [System#nanoTime()]
    static ImportProgress inLines(PrintWriter err, LongSupplier nanos) {
        long started = nanos.getAsLong();
        return new ImportProgress() {
            private long last = started;

            @Override
            public void update(long total, long done, long events) {
                long now = nanos.getAsLong();
                if (now - last < LINE_EVERY_NANOS) {
                    return;
                }
                last = now;
                double seconds = (now - started) / NANOS;
                String read = "%.0f %% read".formatted(total == 0 ? 100.0 : 100.0 * done / total);
                err.println(
                        events == 0
                                ? read
                                : "%s, %s, %.0f s left"
                                        .formatted(
                                                read,
                                                rate(events, seconds),
                                                done == 0 ? 0.0 : seconds * (total - done) / done));
            }
        };
    }

    static String ended(ImportResult result, boolean dryRun) {
        return "%s%s: %d accepted, %d duplicate, %d quarantined"
                .formatted(
                        dryRun ? "dry run, " : "",
                        counted(result.files(), "file"),
                        result.accepted(),
                        result.duplicates(),
                        result.quarantined());
    }

    /// What was left out of folders, in one line.
    static String skipped(ImportResult result) {
        long files = 0;
        List<String> endings = new ArrayList<>();
        for (Map.Entry<String, Long> ending : result.skipped().entrySet()) {
            files += ending.getValue();
            if (endings.size() < ENDINGS_SHOWN) {
                String name = ending.getKey().isEmpty() ? "without ending" : ending.getKey();
                endings.add(ending.getValue() + " " + name);
            }
        }
        int others = result.skipped().size() - endings.size();
        return "%s skipped (%s%s): of a folder .json, .jsonl and .ndjson are read, also .gz or .zst;"
                        .formatted(
                                counted(files, "file"),
                                String.join(", ", endings),
                                others == 0 ? "" : ", and %d more endings".formatted(others))
                + " name other files to have them read";
    }

    private static String rate(long events, double seconds) {
        return "%s, %.0f events/s"
                .formatted(counted(events, "event"), seconds <= 0 ? 0 : events / seconds);
    }

    private static String counted(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
