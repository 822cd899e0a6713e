package org.agentaudit;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.quarantine.Quarantine;
import org.agentaudit.quarantine.QuarantineFilter;
import org.agentaudit.quarantine.QuarantineGroup;
import org.agentaudit.quarantine.QuarantinedItem;
import org.agentaudit.quarantine.RetryProgress;
import org.agentaudit.query.PageRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "quarantine",
        description = "Items that could not be understood as events.",
        synopsisSubcommandLabel = "COMMAND")
final class QuarantineCommand {
    private static final Viewer VIEWER =
            new Viewer(AccessLog.COMMAND_LINE, Set.of(Role.ADMIN), List.of());

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Command(name = "list", description = "List items, newest first, and their reasons.")
    int list(
            @Option(names = "--reason", description = "Only items with this reason, in full.")
                    @Nullable String reason,
            @Option(names = "--origin", description = "Only items of this file, or http.")
                    @Nullable String origin,
            @Option(
                            names = "--limit",
                            defaultValue = "50",
                            description = "Items listed, 1 to 1000 (default ${DEFAULT-VALUE}).")
                    int limit) {
        if (limit < 1 || limit > PageRequest.MAXIMUM_SIZE) {
            throw new CommandException(ExitCode.WRONG_USE, "--limit is 1 to 1000.");
        }
        Quarantine quarantine = quarantine();
        QuarantineFilter filter = new QuarantineFilter(null, null, reason, origin);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ITEM", "LAST SEEN", "SEEN", "TRIES", "ORIGIN", "POSITION", "REASON"));
        for (QuarantinedItem item :
                quarantine.page(VIEWER, filter, PageRequest.first(limit, null)).nodes()) {
            rows.add(
                    List.of(
                            Long.toString(item.id()),
                            item.lastSeenAt().toString(),
                            Long.toString(item.seen()),
                            item.retryable() ? Integer.toString(item.tries()) : "never",
                            line(item.origin()),
                            Long.toString(item.position()),
                            line(item.reason())));
        }
        PrintWriter out = spec.commandLine().getOut();
        Table.print(rows, out);
        out.println();
        out.println("%d items in all".formatted(quarantine.count(VIEWER, filter)));
        for (QuarantineGroup group : quarantine.groups(VIEWER, filter)) {
            out.println("%8d  %s".formatted(group.items(), line(group.reason())));
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "retry",
            description = "Run items through the pipeline again; what is understood is stored.")
    int retry(
            @Option(names = "--reason", description = "Only items with this reason, in full.")
                    @Nullable String reason,
            @Option(names = "--origin", description = "Only items of this file, or http.")
                    @Nullable String origin) {
        PrintWriter err = spec.commandLine().getErr();
        RetryProgress end =
                quarantine()
                        .retryAll(
                                VIEWER,
                                new QuarantineFilter(null, null, reason, origin),
                                each -> tell(each, err));
        spec.commandLine()
                .getOut()
                .println(
                        "Tried %d items: %d became events, %d still not understood"
                                .formatted(end.done(), end.understood(), end.refused()));
        return end.refused() == 0 && end.failure() == null
                ? ExitCode.DONE
                : ExitCode.DONE_WITH_FINDINGS;
    }

    private static void tell(RetryProgress progress, PrintWriter err) {
        err.println("%d of %d".formatted(progress.done(), progress.total()));
    }

    /// Origins and reasons quote what was sent: nothing of it may steer a terminal.
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private Quarantine quarantine() {
        return Portal.beside(application.lifecycle(), message -> {}).get(Quarantine.class);
    }
}
