package org.agentaudit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.report.IncidentReport;
import org.agentaudit.report.IncidentReports;
import org.agentaudit.report.ReportJson;
import org.agentaudit.report.Reports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = "Write a report to a file.",
        synopsisSubcommandLabel = "COMMAND")
final class ReportCommand {
    /// Whoever runs commands on the server can read its database anyway.
    private static final Viewer VIEWER =
            new Viewer(AccessLog.COMMAND_LINE, Set.of(Role.COMPLIANCE_OFFICER), List.of());

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Command(name = "incident", description = "What failed in a trace, and what followed.")
    int incident(
            @Parameters(paramLabel = "TRACE", description = "Id of the trace.") String trace,
            @Option(names = "--out", required = true, description = "A .pdf, .html or .json file.")
                    Path out) {
        IncidentReports.Format format = format(out);
        Portal portal = portal();
        IncidentReports reports = portal.get(IncidentReports.class);
        IncidentReport report =
                reports.of(VIEWER, trace)
                        .orElseThrow(
                                () ->
                                        new CommandException(
                                                ExitCode.WRONG_USE,
                                                "There is no trace '" + trace + "'."));
        return write(portal, "incident " + trace, out, reports.render(report, format));
    }

    @Command(name = "daily", description = "The summary of a day.")
    int daily(
            @Option(names = "--date", required = true, description = "For instance 2026-11-21.")
                    LocalDate date,
            @Option(names = "--out", required = true, description = "A .json file.") Path out) {
        if (format(out) != IncidentReports.Format.JSON) {
            throw CommandException.notBuiltYet("report daily as anything but .json");
        }
        Portal portal = portal();
        Reports reports = portal.get(Reports.class);
        byte[] json = ReportJson.write(reports.daily(VIEWER, date, reports.timeZone()));
        return write(portal, "daily " + date, out, json);
    }

    @Command(name = "compliance", description = "Not built yet.")
    int compliance() {
        throw CommandException.notBuiltYet("report compliance");
    }

    @Command(name = "agent", description = "Not built yet.")
    int agent() {
        throw CommandException.notBuiltYet("report agent");
    }

    private Portal portal() {
        return Portal.beside(application.lifecycle(), message -> {});
    }

    private static IncidentReports.Format format(Path out) {
        try {
            return IncidentReports.Format.ofFileName(out.toString().toLowerCase(Locale.ROOT));
        } catch (BadInputException e) {
            throw new CommandException(ExitCode.WRONG_USE, "--out: " + e.getMessage());
        }
    }

    private int write(Portal portal, String what, Path out, byte[] content) {
        portal.get(AccessLog.class).record(VIEWER, AccessAction.EXPORTED, what, null);
        try {
            Files.write(out, content);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.WRONG_USE, "Cannot write " + out + ": " + e.getMessage());
        }
        spec.commandLine().getOut().println("Wrote " + out);
        return ExitCode.DONE;
    }
}
