package org.agentaudit;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.agentaudit.ingest.ImportProgress;
import org.agentaudit.verify.StoreVerifier;
import org.agentaudit.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description =
                "Check that every stored event is as it was stored and none is missing, and recount"
                        + " the counters. Only reads; runs beside the portal.")
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        StoreVerifier verifier =
                Portal.beside(application.lifecycle(), message -> {}).get(StoreVerifier.class);
        Verification result = verify(verifier);
        out.print(json ? VerifyDisplay.json(result) : VerifyDisplay.text(result));
        out.flush();
        return result.passed() ? ExitCode.DONE : ExitCode.DONE_WITH_FINDINGS;
    }

    private Verification verify(StoreVerifier verifier) {
        if (System.console() == null || !System.console().isTerminal()) {
            ImportProgress lines =
                    ImportDisplay.inLines(spec.commandLine().getErr(), System::nanoTime);
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
}
