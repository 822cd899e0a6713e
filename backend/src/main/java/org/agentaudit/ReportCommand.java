package org.agentaudit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Period;
import org.agentaudit.report.AgentAudit;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.report.ComplianceReports;
import org.agentaudit.report.DailySummary;
import org.agentaudit.report.IncidentReport;
import org.agentaudit.report.IncidentReports;
import org.agentaudit.report.PrintedReports;
import org.agentaudit.report.ReportJson;
import org.agentaudit.report.Reports;
import org.agentaudit.web.Format;
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
    static final Viewer VIEWER =
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
            @Option(names = "--out", required = true, description = "A .pdf or .json file.")
                    Path out) {
        boolean pdf = asPdf(out);
        Portal portal = portal();
        Reports reports = portal.get(Reports.class);
        DailySummary day = reports.daily(VIEWER, date, reports.timeZone());
        return write(
                portal,
                "daily " + date,
                out,
                pdf ? portal.get(PrintedReports.class).daily(VIEWER, day) : ReportJson.write(day));
    }

    @Command(name = "compliance", description = "Verdicts of the compliance checks over a period.")
    int compliance(
            @Option(
                            names = "--from",
                            required = true,
                            paramLabel = "DAY|TIME",
                            description =
                                    "Start: a day in the report time zone or 2026-11-21T10:00:00Z.")
                    String from,
            @Option(
                            names = "--to",
                            required = true,
                            paramLabel = "DAY|TIME",
                            description = "End, not included: a time, or a day whose start it is.")
                    String to,
            @Option(names = "--out", required = true, description = "A .pdf or .json file.")
                    Path out) {
        boolean pdf = asPdf(out);
        Portal portal = portal();
        ZoneId zone = portal.get(Reports.class).timeZone();
        Period period = period(instant("--from", from, zone), instant("--to", to, zone));
        ComplianceReport report = portal.get(ComplianceReports.class).of(VIEWER, period);
        return write(
                portal,
                "compliance %s/%s".formatted(period.from(), period.to()),
                out,
                pdf
                        ? portal.get(PrintedReports.class)
                                .compliance(VIEWER, report, new Format(zone))
                        : ReportJson.write(report));
    }

    static Period period(Instant from, Instant to) {
        try {
            return Period.of(from, to);
        } catch (BadInputException e) {
            throw new CommandException(ExitCode.WRONG_USE, String.valueOf(e.getMessage()));
        }
    }

    /// A time, or the start of a day in the report time zone.
    static Instant instant(String option, String text, ZoneId zone) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    option
                            + " must be a day such as 2026-11-21 or a time such as 2026-11-21T10:00:00Z.");
        }
    }

    @Command(name = "agent", description = "All recorded activity of an agent in a period.")
    int agent(
            @Parameters(paramLabel = "AGENT", description = "Id of the agent.") String agent,
            @Option(
                            names = "--from",
                            required = true,
                            paramLabel = "DAY|TIME",
                            description =
                                    "Start: a day in the report time zone or 2026-11-21T10:00:00Z.")
                    String from,
            @Option(
                            names = "--to",
                            required = true,
                            paramLabel = "DAY|TIME",
                            description = "End, not included: a time, or a day whose start it is.")
                    String to,
            @Option(names = "--out", required = true, description = "A .pdf or .json file.")
                    Path out) {
        boolean pdf = asPdf(out);
        Portal portal = portal();
        Reports reports = portal.get(Reports.class);
        ZoneId zone = reports.timeZone();
        Period period = period(instant("--from", from, zone), instant("--to", to, zone));
        if (portal.get(AgentQuery.class).byId(VIEWER, agent).isEmpty()) {
            throw new CommandException(ExitCode.WRONG_USE, "There is no agent '" + agent + "'.");
        }
        AgentAudit audit = reports.agent(VIEWER, agent, period);
        return write(
                portal,
                "agent %s %s/%s".formatted(agent, period.from(), period.to()),
                out,
                pdf
                        ? portal.get(PrintedReports.class).agent(VIEWER, audit, new Format(zone))
                        : ReportJson.write(audit));
    }

    private static boolean asPdf(Path out) {
        return switch (format(out)) {
            case PDF -> true;
            case JSON -> false;
            case HTML, CSV ->
                    throw new CommandException(
                            ExitCode.WRONG_USE, "--out: This report is written as .pdf or .json.");
        };
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
