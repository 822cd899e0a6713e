package org.agentaudit;

import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Entry point of the portal and of its command line.
@Command(
        name = "agent-audit-portal",
        description = "System of record for what AI agents did.",
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            ImportCommand.class,
            UserCommand.class,
            KeyCommand.class,
            ReportCommand.class,
            CheckCommand.class,
            QuarantineCommand.class,
            ExportCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            HookCommand.class,
            RetentionCommand.class,
            HoldCommand.class,
            EraseCommand.class,
        },
        footer = {
            "",
            "Settings are environment variables, see README.md.",
            "Exit status: 0 done, 1 done with quarantined lines or a failed verification, 2 wrong use,"
                    + " 3 cannot reach the database."
        })
public final class Application implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final Lifecycle lifecycle = new Lifecycle();
    @Spec private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help message and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print version information and exit.")
    private boolean version;

    Application() {}

    /// Runs a command and ends the JVM with its exit status.
    public static void main(String[] args) {
        Application application = new Application();
        application.lifecycle.stopWithJvm();
        int status = commandLine(application).execute(args);
        // the hook stops what the command started
        System.exit(status);
    }

    static CommandLine commandLine(Application application) {
        return new CommandLine(application)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (exception, command, parsed) -> application.report(exception, command));
    }

    @Override
    public Integer call() throws InterruptedException {
        ServeCommand.run(lifecycle, spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    private int report(Exception exception, CommandLine command) {
        Failure failure = Failure.of(exception);
        if (lifecycle.stopping()) {
            LOG.debug("Failed while stopping", exception);
        } else if (failure.message() == null) {
            LOG.error("Unexpected failure", exception);
        } else {
            LOG.debug("Failed", exception);
            command.getErr().println(failure.message());
        }
        return failure.exitCode();
    }
}
