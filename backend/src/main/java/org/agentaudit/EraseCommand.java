package org.agentaudit;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agentaudit.access.AccessLog;
import org.agentaudit.retention.ArchivePeriod;
import org.agentaudit.retention.Erasure;
import org.agentaudit.retention.ErasureForecast;
import org.agentaudit.retention.Erasures;
import org.agentaudit.retention.Hold;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "erase",
        description =
                "Erase one person's content: arguments, results, reasoning, messages and the user id of"
                        + " their events. The events themselves stay.")
final class EraseCommand implements Callable<Integer> {
    private static final String CONFIRMATION = "erase";

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Option(names = "--user", required = true, description = "The user id, exactly as stored.")
    private String user;

    @Option(
            names = "--reason",
            required = true,
            description = "Why; kept in the record, so it must not name the person.")
    private String reason;

    @Option(
            names = "--whole-traces",
            description = "Also the content of others' events in the person's traces.")
    private boolean wholeTraces;

    @Option(names = "--dry-run", description = "Say what would go, erase nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        Erasures erasures =
                Portal.beside(application.lifecycle(), message -> {}).get(Erasures.class);
        PrintWriter out = spec.commandLine().getOut();
        ErasureForecast forecast = erasures.forecast(user, wholeTraces);
        if (forecast.isEmpty()) {
            out.println("Nothing is stored of this person.");
            return ExitCode.DONE;
        }
        out.printf(
                "Would go: the content of %d events of %d traces (%d bytes) and %d quarantined items.%n",
                forecast.contents(), forecast.traces(), forecast.bytes(), forecast.quarantined());
        if (forecast.others() > 0) {
            out.printf(
                    "Stays: the content of %d events of others in the same traces. Afterwards these can no longer be found for this person; --whole-traces takes it along.%n",
                    forecast.others());
        }
        for (Hold hold : forecast.holds()) {
            out.printf(
                    "Hold %d (%s, placed %s by %s) stands against it.%n",
                    hold.id(), hold.what(), hold.placedAt(), hold.placedBy());
        }
        if (forecast.held() > 0) {
            out.printf("The content of %d events stays under holds.%n", forecast.held());
        }
        ArchivePeriod archives = forecast.archives();
        if (archives.files() > 0) {
            out.printf(
                    "Not reached: %d archive files with events from %s to %s. Imported again, the person's events come back without content.%n",
                    archives.files(), archives.earliest(), archives.latest());
        }
        if (dryRun) {
            return ExitCode.DONE;
        }
        if (!yes && !confirmed()) {
            throw new CommandException(ExitCode.WRONG_USE, "Nothing was erased.");
        }
        Erasure done = erasures.erase(AccessLog.COMMAND_LINE, user, wholeTraces, reason);
        out.printf(
                "Erasure %d: the content of %d events and %d quarantined items erased; %d events kept by holds.%n",
                done.id(), done.contents(), done.quarantined(), done.held());
        return done.held() == 0 ? ExitCode.DONE : ExitCode.DONE_WITH_FINDINGS;
    }

    private static boolean confirmed() {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "Nothing was erased: give --yes, or confirm on a terminal.");
        }
        String answer =
                console.readLine(Locale.ROOT, "This cannot be undone. Type '%s': ", CONFIRMATION);
        return CONFIRMATION.equals(answer);
    }
}
