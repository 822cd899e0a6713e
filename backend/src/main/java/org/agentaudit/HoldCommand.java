package org.agentaudit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.AccessLog;
import org.agentaudit.retention.Hold;
import org.agentaudit.retention.Holds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "hold",
        description = "Legal holds: nothing under one expires or is erased.",
        synopsisSubcommandLabel = "COMMAND")
final class HoldCommand {
    private static final String REASON = "Why; kept in the record.";

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    /// What to hold: one of the three.
    static final class Target {
        @Option(names = "--trace", description = "One trace.")
        private @Nullable String trace;

        @Option(names = "--agent", description = "Every trace in which the agent has an event.")
        private @Nullable String agent;

        @ArgGroup(exclusive = false)
        private @Nullable Span period;
    }

    /// A period.
    static final class Span {
        @Option(
                names = "--from",
                required = true,
                description = "Every trace that touches a period, from 2026-11-01T00:00:00Z …")
        private Instant from;

        @Option(names = "--to", required = true, description = "… to this moment, not included.")
        private Instant to;
    }

    @Command(name = "add", description = "Place a hold and print its number.")
    int add(
            @ArgGroup(multiplicity = "1") Target target,
            @Option(names = "--reason", required = true, description = REASON) String reason) {
        Holds holds = holds();
        long id;
        if (target.trace != null) {
            id = holds.holdTrace(AccessLog.COMMAND_LINE, target.trace, reason);
        } else if (target.agent != null) {
            id = holds.holdAgent(AccessLog.COMMAND_LINE, target.agent, reason);
        } else if (target.period != null) {
            id =
                    holds.holdPeriod(
                            AccessLog.COMMAND_LINE, target.period.from, target.period.to, reason);
        } else {
            throw new CommandException(
                    ExitCode.WRONG_USE, "Give --trace, --agent, or --from and --to.");
        }
        spec.commandLine().getOut().println("Hold " + id + " placed.");
        return ExitCode.DONE;
    }

    @Command(name = "list", description = "List the holds, those that stand first.")
    int list() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NUMBER", "HOLDS", "PLACED", "BY", "REASON", "RELEASED"));
        for (Hold hold : holds().list()) {
            rows.add(
                    List.of(
                            Long.toString(hold.id()),
                            hold.what(),
                            hold.placedAt().toString(),
                            hold.placedBy(),
                            hold.reason(),
                            hold.active()
                                    ? "stands"
                                    : hold.releasedAt()
                                            + " by "
                                            + hold.releasedBy()
                                            + ": "
                                            + hold.releaseReason()));
        }
        Table.print(rows, spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    @Command(name = "release", description = "What it held may go again.")
    int release(
            @Parameters(paramLabel = "NUMBER") long id,
            @Option(names = "--reason", required = true, description = REASON) String reason) {
        holds().release(AccessLog.COMMAND_LINE, id, reason);
        spec.commandLine().getOut().println("Hold " + id + " released.");
        return ExitCode.DONE;
    }

    private Holds holds() {
        return Portal.beside(application.lifecycle(), message -> {}).get(Holds.class);
    }
}
