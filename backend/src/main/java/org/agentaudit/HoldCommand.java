package org.agentaudit;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.AccessLog;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.EventSearch;
import org.agentaudit.report.Reports;
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
                description =
                        "Every trace that touches a period, from 2026-11-01 or 2026-11-01T14:00 …")
        private String from;

        @Option(
                names = "--to",
                required = true,
                description = "… to this moment, not included; a day stands for its end.")
        private String to;

        EventFilter filter(Portal portal) {
            return EventSearch.of(Map.of("from", List.of(from), "to", List.of(to)))
                    .filter(portal.get(Reports.class).timeZone());
        }
    }

    @Command(name = "add", description = "Place a hold and print its number.")
    int add(
            @ArgGroup(multiplicity = "1") Target target,
            @Option(names = "--reason", required = true, description = REASON) String reason) {
        Portal portal = portal();
        Holds holds = portal.get(Holds.class);
        PrintWriter out = spec.commandLine().getOut();
        long id;
        if (target.trace != null) {
            id = holds.holdTrace(AccessLog.COMMAND_LINE, target.trace, reason);
            if (!holds.isStored(target.trace)) {
                out.println("No such trace is stored yet; it is held as soon as it is.");
            }
        } else if (target.agent != null) {
            id = holds.holdAgent(AccessLog.COMMAND_LINE, target.agent, reason);
        } else if (target.period != null) {
            EventFilter period = target.period.filter(portal);
            Instant from = period.from();
            Instant to = period.to();
            if (from == null || to == null) {
                throw new CommandException(ExitCode.WRONG_USE, "Give both --from and --to a day.");
            }
            id = holds.holdPeriod(AccessLog.COMMAND_LINE, from, to, reason);
        } else {
            throw new CommandException(
                    ExitCode.WRONG_USE, "Give --trace, --agent, or --from and --to.");
        }
        out.println("Hold " + id + " placed.");
        return ExitCode.DONE;
    }

    @Command(name = "list", description = "List the holds, those that stand first.")
    int list() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NUMBER", "HOLDS", "PLACED", "BY", "REASON", "RELEASED"));
        for (Hold hold : portal().get(Holds.class).list()) {
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
        portal().get(Holds.class).release(AccessLog.COMMAND_LINE, id, reason);
        spec.commandLine().getOut().println("Hold " + id + " released.");
        return ExitCode.DONE;
    }

    private Portal portal() {
        return Portal.beside(application.lifecycle(), message -> {});
    }
}
