package org.agentaudit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
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
            try (ProgressBar bar = ImportDisplay.bar().build()) {
                ImportProgress progress = ImportDisplay.onBar(bar, System::nanoTime);
                result = files.run(paths, format, dryRun, progress);
            }
        } else {
            result = files.run(paths, format, dryRun, ImportDisplay.inLines(err, System::nanoTime));
        }
        for (ImportResult.Quarantined item : result.first()) {
            err.println("%s:%d: %s".formatted(item.file(), item.line(), item.reason()));
        }
        if (result.quarantined() > result.first().size()) {
            err.println(
                    "and %d more, all kept in quarantine"
                            .formatted(result.quarantined() - result.first().size()));
        }
        if (!result.skipped().isEmpty()) {
            err.println(ImportDisplay.skipped(result));
        }
        for (String path : result.empty()) {
            err.println(path + ": nothing to read in it");
        }
        out.println(ImportDisplay.ended(result, dryRun));
        return result.quarantined() == 0 && result.empty().isEmpty()
                ? ExitCode.DONE
                : ExitCode.DONE_WITH_FINDINGS;
    }
}
