package org.agentaudit;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.agentaudit.access.AccessLog;
import org.agentaudit.retention.Erasure;
import org.agentaudit.retention.Erasures;
import org.agentaudit.retention.Expiry;
import org.agentaudit.retention.RetentionForecast;
import org.agentaudit.retention.RetentionForecasts;
import org.agentaudit.retention.RetentionRun;
import org.agentaudit.retention.RetentionStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "retention",
        description = "What expires: say what would go, remove it, say what went.",
        synopsisSubcommandLabel = "[COMMAND]")
final class RetentionCommand implements Callable<Integer> {
    private static final int RUNS_SHOWN = 5;
    private static final int ERASURES_SHOWN = 20;

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Option(
            names = "--dry-run",
            description = "Say what would go now, or at the end of --on; remove nothing.")
    private boolean dryRun;

    @Option(
            names = "--on",
            paramLabel = "DATE",
            description = "A UTC day to come, for instance 2027-01-31.")
    private @Nullable LocalDate on;

    @Override
    public Integer call() {
        if (!dryRun) {
            throw new CommandException(
                    ExitCode.WRONG_USE, "Say what to do: --dry-run, run or status.");
        }
        Portal portal = portal();
        Instant at =
                on == null
                        ? portal.get(Clock.class).instant()
                        : on.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        RetentionForecast forecast = portal.get(RetentionForecasts.class).at(at);
        PrintWriter out = out();
        if (!forecast.rows().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("MONTH", "TIER", "EVENTS", "CONTENT OF", "BYTES"));
            for (RetentionForecast.Row row : forecast.rows()) {
                rows.add(
                        List.of(
                                row.month().toString().substring(0, 7),
                                row.tier().name(),
                                Long.toString(row.events()),
                                Long.toString(row.contents()),
                                Long.toString(row.bytes())));
            }
            Table.print(rows, out);
        }
        out.printf(
                "Would go: %d events of %d traces, the content of %d further events, %d quarantined items; %d bytes.%n",
                forecast.events(),
                forecast.traces(),
                forecast.contents(),
                forecast.quarantined(),
                forecast.bytes());
        for (RetentionForecast.HeldBack held : forecast.heldBack()) {
            out.printf(
                    "Hold %d (%s) keeps %d events of %d expired traces.%n",
                    held.hold().id(), held.hold().what(), held.events(), held.traces());
        }
        return ExitCode.DONE;
    }

    @Command(name = "run", description = "Remove what has expired, now.")
    int run() {
        PrintWriter err = spec.commandLine().getErr();
        RetentionRun run =
                portal().get(Expiry.class)
                        .run(AccessLog.COMMAND_LINE, progress -> err.println(line(progress)))
                        .orElseThrow(
                                () ->
                                        new CommandException(
                                                ExitCode.DONE_WITH_FINDINGS,
                                                "Another run is under way; see: retention status"));
        out().println(line(run));
        return run.state() == RetentionRun.State.DONE ? ExitCode.DONE : ExitCode.DONE_WITH_FINDINGS;
    }

    @Command(name = "status", description = "The policy in force, the last runs and the next.")
    int status() {
        Portal portal = portal();
        RetentionStatus status = portal.get(RetentionStatus.class);
        PrintWriter out = out();
        List<List<String>> tiers = new ArrayList<>();
        tiers.add(List.of("WHAT", "DAYS", "BECAUSE"));
        for (RetentionStatus.TierLife tier : status.tiers()) {
            tiers.add(List.of(tier.tier().name(), Integer.toString(tier.days()), tier.source()));
        }
        tiers.add(List.of("content", Integer.toString(status.contentDays()), "setting"));
        Table.print(tiers, out);
        Path archive = status.archiveFolder();
        if (archive != null) {
            out.println("Events are archived in " + archive + " before they go.");
        }
        Instant next = status.nextRun();
        out.println(
                next == null
                        ? "Nothing is removed by itself (PORTAL_RETENTION_AUTOMATIC)."
                        : "Next run due " + next + ".");
        List<RetentionRun> runs = status.lastRuns(RUNS_SHOWN);
        if (runs.isEmpty()) {
            out.println("No run yet.");
        }
        runs.forEach(run -> out.println(run.startedAt() + " " + line(run)));
        for (Erasure erasure : portal.get(Erasures.class).latest(ERASURES_SHOWN)) {
            if (erasure.later() > 0 || erasure.endedAt() == null) {
                out.printf(
                        "Erasure %d%s: %d events of the person are stored.%n",
                        erasure.id(),
                        erasure.endedAt() == null ? " did not end, order it again" : "",
                        erasure.later());
            }
        }
        return ExitCode.DONE;
    }

    private static String line(RetentionRun run) {
        return "%s: %d events of %d traces, the content of %d further events, %d quarantined items, %d tables; %d expired traces under holds%s"
                .formatted(
                        run.state(),
                        run.events(),
                        run.traces(),
                        run.contents(),
                        run.quarantined(),
                        run.partitions(),
                        run.held(),
                        run.message() == null ? "" : " (" + run.message() + ")");
    }

    private Portal portal() {
        return Portal.beside(application.lifecycle(), message -> {});
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
