package org.agentaudit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.FileImport;
import org.agentaudit.ingest.ImportProgress;
import org.agentaudit.ingest.ImportResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description =
                "Bring stored log files, or folders of them, into the store: plain, .gz or .zst.")
final class ImportCommand implements Callable<Integer> {
    private static final long KIB = 1024;
    private static final long LINE_EVERY_NANOS = 3_000_000_000L;

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders.")
    private List<Path> paths;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = LineFormat.class,
            completionCandidates = LineFormat.class,
            description =
                    "Shape of every line, one of ${COMPLETION-CANDIDATES}; recognised by content"
                            + " when not given.")
    private @Nullable SourceFormat format;

    @Option(names = "--dry-run", description = "Read and check, store nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new CommandException(ExitCode.WRONG_USE, "There is no file " + path + ".");
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        FileImport files =
                Portal.beside(application.lifecycle(), message -> {}).get(FileImport.class);
        ImportResult result;
        if (System.console() != null && System.console().isTerminal()) {
            try (ProgressBar bar =
                    new ProgressBarBuilder()
                            .setTaskName("import")
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUnit(" KiB", KIB)
                            .showSpeed()
                            .build()) {
                result = files.run(paths, format, dryRun, onBar(bar));
            }
        } else {
            result = files.run(paths, format, dryRun, inLines(err));
        }
        for (ImportResult.Quarantined item : result.first()) {
            err.println("%s:%d: %s".formatted(item.file(), item.line(), item.reason()));
        }
        if (result.quarantined() > result.first().size()) {
            err.println(
                    "and %d more, all kept in quarantine"
                            .formatted(result.quarantined() - result.first().size()));
        }
        out.println(
                "%s%d files: %d accepted, %d duplicate, %d quarantined"
                        .formatted(
                                dryRun ? "dry run, " : "",
                                result.files(),
                                result.accepted(),
                                result.duplicates(),
                                result.quarantined()));
        return result.quarantined() == 0 ? ExitCode.DONE : ExitCode.DONE_WITH_FINDINGS;
    }

    private static ImportProgress onBar(ProgressBar bar) {
        return (total, done, events) -> {
            bar.maxHint(total);
            bar.stepTo(done);
            bar.setExtraMessage(events + " events");
        };
    }

    private static ImportProgress inLines(PrintWriter err) {
        long started = System.nanoTime();
        return new ImportProgress() {
            private long last = started;

            @Override
            public void update(long total, long done, long events) {
                long now = System.nanoTime();
                if (now - last < LINE_EVERY_NANOS) {
                    return;
                }
                last = now;
                double seconds = (now - started) / 1e9;
                err.println(
                        "%3.0f %%, %d events, %.0f events/s, %.0f s left"
                                .formatted(
                                        total == 0 ? 100.0 : 100.0 * done / total,
                                        events,
                                        events / seconds,
                                        done == 0 ? 0.0 : seconds * (total - done) / done));
            }
        };
    }
}
