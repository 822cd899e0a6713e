package org.agentaudit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.agentaudit.ingest.ImportProgress;
import org.agentaudit.verify.ArchiveVerifier;
import org.agentaudit.verify.StoreVerifier;
import org.agentaudit.verify.Verification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description =
                "Check that every stored event is as it was stored and none is missing, and recount"
                        + " the counters; or check an archive file. Only reads; runs beside the portal.")
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "An archive; needs no database. Without it: the store.")
    private @Nullable Path file;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        boolean passed;
        String text;
        Path archive = file;
        if (archive == null) {
            StoreVerifier verifier =
                    Portal.beside(application.lifecycle(), message -> {}).get(StoreVerifier.class);
            Verification result = verify(verifier);
            passed = result.passed();
            text = json ? VerifyDisplay.json(result) : VerifyDisplay.text(result);
        } else {
            ArchiveVerifier.Result result = verify(archive);
            passed = result.passed();
            text = json ? VerifyDisplay.json(result) : VerifyDisplay.text(result);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
        return passed ? ExitCode.DONE : ExitCode.DONE_WITH_FINDINGS;
    }

    private Verification verify(StoreVerifier verifier) {
        if (!terminal()) {
            ImportProgress lines = lines();
            return verifier.verify((events, done) -> lines.update(events, done, done));
        }
        try (ProgressBar bar = ImportDisplay.bar("verify", " events", 1).build()) {
            return verifier.verify(
                    (events, done) -> {
                        bar.maxHint(events);
                        bar.stepTo(done);
                    });
        }
    }

    private ArchiveVerifier.Result verify(Path archive) {
        if (!Files.isRegularFile(archive)) {
            throw new CommandException(ExitCode.WRONG_USE, "There is no file " + archive + ".");
        }
        try {
            if (!terminal()) {
                return ArchiveVerifier.verify(archive, lines()::update);
            }
            try (ProgressBar bar = ImportDisplay.bar().setTaskName("verify").build()) {
                return ArchiveVerifier.verify(
                        archive, ImportDisplay.onBar(bar, System::nanoTime)::update);
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.DONE_WITH_FINDINGS, archive + ": " + e.getMessage() + ".");
        }
    }

    private ImportProgress lines() {
        return ImportDisplay.inLines(spec.commandLine().getErr(), System::nanoTime);
    }

    private static boolean terminal() {
        return System.console() != null && System.console().isTerminal();
    }
}
