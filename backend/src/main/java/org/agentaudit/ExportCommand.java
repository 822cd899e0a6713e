package org.agentaudit;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;
import org.agentaudit.export.EventExport;
import org.agentaudit.export.ExportFormat;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.EventSearch;
import org.agentaudit.report.Reports;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "export", description = "Write the events of a period, oldest first.")
final class ExportCommand implements Callable<Integer> {
    /// Whoever runs commands on the server can read its database anyway.
    private static final Viewer VIEWER =
            new Viewer(AccessLog.COMMAND_LINE, Set.of(Role.COMPLIANCE_OFFICER), List.of());

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Option(
            names = "--from",
            required = true,
            description = "Begin, for instance 2026-11-21 or 2026-11-21T14:00.")
    private String from;

    @Option(
            names = "--to",
            required = true,
            description = "End, not included; a day stands for its end.")
    private String to;

    @Option(
            names = "--format",
            required = true,
            description = "One of ${COMPLETION-CANDIDATES}, in small letters if you like.")
    private ExportFormat format;

    @Option(names = "--out", description = "A file; standard output when not given.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Portal portal = Portal.beside(application.lifecycle(), message -> {});
        EventFilter filter = filter(portal);
        EventExport.Parts parts =
                portal.get(EventExport.class)
                        .begin(
                                VIEWER,
                                filter,
                                format,
                                "events from %s to %s as %s".formatted(from, to, format.word()));
        if (out == null) {
            try (OutputStream stream =
                    new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))) {
                write(parts, stream);
            }
        } else {
            file(parts, out);
        }
        spec.commandLine().getErr().println("Wrote %d events".formatted(parts.count()));
        return ExitCode.DONE;
    }

    private EventFilter filter(Portal portal) {
        Map<String, List<String>> period = new LinkedHashMap<>();
        period.put("from", List.of(from));
        period.put("to", List.of(to));
        try {
            return EventSearch.of(period).filter(portal.get(Reports.class).timeZone());
        } catch (BadInputException e) {
            throw new CommandException(ExitCode.WRONG_USE, String.valueOf(e.getMessage()));
        }
    }

    /// The file has its name when it is complete.
    private static void file(EventExport.Parts parts, Path target) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        OutputStream opened;
        try {
            opened = Files.newOutputStream(part);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.WRONG_USE, "Cannot write " + part + ": " + e.getMessage());
        }
        try (opened) {
            write(parts, opened);
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(EventExport.Parts parts, OutputStream stream) throws IOException {
        for (byte[] part = parts.next(); part != null; part = parts.next()) {
            stream.write(part);
        }
    }
}
