package org.agentaudit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.finding.SecretScan;
import org.agentaudit.gate.Gate;
import org.agentaudit.gate.GateJUnit;
import org.agentaudit.gate.GateReport;
import org.agentaudit.gate.GateRules;
import org.agentaudit.gate.GateSarif;
import org.agentaudit.gate.GateText;
import org.agentaudit.gate.Printable;
import org.agentaudit.ingest.FileImport;
import org.agentaudit.ingest.ImportResult;
import org.agentaudit.query.Period;
import org.agentaudit.report.ReportJson;
import org.agentaudit.report.Reports;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = {
            "Run the compliance checks and detectors, for pipelines: over log files or folders,"
                    + " without a server and without touching the configured database, or, without"
                    + " files, over a period of the configured database."
        },
        footer = {
            "",
            "Exit status: 0 passed, there may be warnings; 1 a check fails or success got worse, with"
                    + " --fail-on warn also when one warns or tokens got worse, with --severity also"
                    + " when there is such a finding, and when a line, a file or a folder of several"
                    + " could not be read; 2 wrong use; 3 cannot reach the database; 4 nothing could be"
                    + " judged, for instance an empty folder.",
            "",
            "Example: check logs --format sarif --out audit.sarif --format junit --out audit.xml"
        })
final class CheckCommand implements Callable<Integer> {
    private static final Viewer VIEWER = ReportCommand.VIEWER;
    private static final int FAULTS_SHOWN = 20;

    /// How the report is written.
    enum Format {
        TEXT,
        JUNIT,
        SARIF,
        JSON
    }

    /// From which verdict on a check fails the command.
    enum FailOn {
        WARN,
        FAIL
    }

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description =
                    "Log files or folders of any known shape, plain, .gz or .zst. None: the"
                            + " configured database.")
    private List<Path> paths = List.of();

    @Option(
            names = "--from",
            paramLabel = "DAY|TIME",
            description =
                    "Start: a day in the report time zone or 2026-11-21T10:00:00Z. Of files: the"
                            + " first event when not given.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "DAY|TIME",
            description = "End, not included. Of files: right after the last event when not given.")
    private @Nullable String to;

    @Option(
            names = "--baseline-from",
            paramLabel = "DAY|TIME",
            description = "Compare with a period: its start.")
    private @Nullable String baselineFrom;

    @Option(
            names = "--baseline-to",
            paramLabel = "DAY|TIME",
            description = "Its end, not included.")
    private @Nullable String baselineTo;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "One of ${COMPLETION-CANDIDATES} (default: text). Given several times, each with"
                            + " an --out.")
    private List<Format> formats = List.of();

    @Option(
            names = "--out",
            paramLabel = "F",
            description = "A file for the report; the text is then printed all the same.")
    private List<Path> outs = List.of();

    @Option(
            names = "--fail-on",
            paramLabel = "VERDICT",
            defaultValue = "FAIL",
            description = "warn or fail (default): the verdict from which on a check is a failure.")
    private FailOn failOn;

    @Option(
            names = "--severity",
            paramLabel = "SEVERITY",
            description =
                    "info, warning or critical: a finding of at least this severity is a failure"
                            + " (default: findings are told only).")
    private @Nullable Severity severity;

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireSense();
        GateRules rules = new GateRules(failOn == FailOn.WARN, severity);
        GateReport report;
        if (!paths.isEmpty()) {
            report = ofFiles(rules);
        } else if (from != null && to != null) {
            report = ofDatabase(from, to, rules);
        } else {
            throw wrongUse(
                    "Name log files or folders, or a period of the database: --from and --to.");
        }
        write(report);
        return switch (report.outcome()) {
            case PASSED -> ExitCode.DONE;
            case FAILED -> ExitCode.DONE_WITH_FINDINGS;
            case NOTHING_JUDGED -> ExitCode.NOTHING_JUDGED;
        };
    }

    private void requireSense() {
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw wrongUse(Printable.line("There is no file " + path + "."));
            }
        }
        if ((baselineFrom == null) != (baselineTo == null)) {
            throw wrongUse("A baseline has both --baseline-from and --baseline-to.");
        }
        if (formats.size() > 1 && outs.size() != formats.size()
                || formats.size() == 1 && outs.size() > 1
                || formats.isEmpty() && outs.size() > 1) {
            throw wrongUse("Several reports take as many --format as --out.");
        }
        for (Path out : outs) {
            Path parent = out.toAbsolutePath().getParent();
            if (Files.isDirectory(out) || parent == null || !Files.isDirectory(parent)) {
                throw wrongUse(Printable.line("Cannot write " + out + "."));
            }
        }
    }

    private GateReport ofDatabase(String start, String end, GateRules rules) {
        Portal portal = Portal.beside(application.lifecycle(), message -> {});
        Period period = period(portal, "--from", start, "--to", end);
        portal.get(AccessLog.class)
                .record(
                        VIEWER,
                        AccessAction.EXPORTED,
                        "check %s/%s".formatted(period.from(), period.to()),
                        null);
        return portal.get(Gate.class).of(VIEWER, period, baseline(portal), rules, null);
    }

    private GateReport ofFiles(GateRules rules) throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Portal portal =
                Portal.throwAway(
                        application.lifecycle(),
                        application.lifecycle().temporaryFolder("agent-audit-check"));
        ImportResult input =
                portal.get(FileImport.class)
                        .run(paths, null, false, ImportDisplay.inLines(err, System::nanoTime));
        input.first().stream()
                .limit(FAULTS_SHOWN)
                .map(fault -> "%s:%d: %s".formatted(fault.file(), fault.line(), fault.reason()))
                .forEach(line -> err.println(Printable.line(line)));
        if (input.quarantined() > FAULTS_SHOWN) {
            err.println("and %d more".formatted(input.quarantined() - FAULTS_SHOWN));
        }
        input.empty()
                .forEach(path -> err.println(Printable.line(path + ": nothing to read in it")));
        if (!input.skipped().isEmpty()) {
            err.println(Printable.line(ImportDisplay.skipped(input)));
        }
        err.println(ImportDisplay.ended(input, false));
        portal.get(SecretScan.class).searchAll();
        return portal.get(Gate.class).of(VIEWER, ofEvents(portal), baseline(portal), rules, input);
    }

    /// What is not said reaches to the first and the last event; without events there is a moment
    /// to say so about.
    private Period ofEvents(Portal portal) {
        Period events = portal.get(Gate.class).everything(VIEWER);
        Instant now = portal.get(Clock.class).instant().truncatedTo(ChronoUnit.SECONDS);
        ZoneId zone = portal.get(Reports.class).timeZone();
        return ReportCommand.period(
                from != null
                        ? ReportCommand.instant("--from", from, zone)
                        : events == null ? now : events.from(),
                to != null
                        ? ReportCommand.instant("--to", to, zone)
                        : events == null ? now.plusSeconds(1) : events.to());
    }

    private @Nullable Period baseline(Portal portal) {
        return baselineFrom == null || baselineTo == null
                ? null
                : period(portal, "--baseline-from", baselineFrom, "--baseline-to", baselineTo);
    }

    private static Period period(
            Portal portal, String fromOption, String start, String toOption, String end) {
        ZoneId zone = portal.get(Reports.class).timeZone();
        return ReportCommand.period(
                ReportCommand.instant(fromOption, start, zone),
                ReportCommand.instant(toOption, end, zone));
    }

    private void write(GateReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < outs.size(); i++) {
            Format format = formats.isEmpty() ? Format.TEXT : formats.get(i);
            try {
                Files.write(outs.get(i), bytes(report, format));
            } catch (IOException e) {
                throw wrongUse(Printable.line("Cannot write " + outs.get(i) + "."));
            }
        }
        Format printed = outs.isEmpty() && !formats.isEmpty() ? formats.getFirst() : Format.TEXT;
        out.println(new String(bytes(report, printed), StandardCharsets.UTF_8).stripTrailing());
    }

    private byte[] bytes(GateReport report, Format format) {
        return switch (format) {
            case TEXT ->
                    (String.join("\n", GateText.lines(report)) + "\n")
                            .getBytes(StandardCharsets.UTF_8);
            case JUNIT -> GateJUnit.write(report);
            case SARIF -> GateSarif.write(report, Version.text(), paths);
            case JSON -> ReportJson.write(report);
        };
    }

    private static CommandException wrongUse(String message) {
        return new CommandException(ExitCode.WRONG_USE, message);
    }
}
