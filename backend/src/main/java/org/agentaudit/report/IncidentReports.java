package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.ForensicsQuery;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.report.pdf.Attachment;
import org.agentaudit.report.pdf.PrintRenderer;
import org.agentaudit.web.DataFormat;

/// Makes incident reports and writes them in a format.
@Singleton
public class IncidentReports {

    /// Steps that are read and analysed at most.
    private static final int ANALYSED_STEPS = 10_000;

    private static final String TEMPLATE = "incident/incident";

    private final TraceQuery traces;
    private final ForensicsQuery forensics;
    private final Reports reports;
    private final PrintRenderer renderer;
    private final Clock clock;

    IncidentReports(
            TraceQuery traces,
            ForensicsQuery forensics,
            Reports reports,
            PrintRenderer renderer,
            Clock clock) {
        this.traces = traces;
        this.forensics = forensics;
        this.reports = reports;
        this.renderer = renderer;
        this.clock = clock;
    }

    /// What a report is written as.
    public enum Format {
        PDF("application/pdf"),
        HTML("text/html; charset=utf-8"),
        JSON("application/json"),
        CSV("text/csv; charset=utf-8; header=present");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }

        /// The format that a file name's ending asks for.
        ///
        /// @throws BadInputException for any other ending
        public static Format ofFileName(String name) {
            for (Format format : values()) {
                if (name.toLowerCase(Locale.ROOT)
                        .endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                    return format;
                }
            }
            throw new BadInputException("A report is written as .pdf, .html, .json or .csv.");
        }
    }

    /// The report of a trace; empty when the trace has no event inside the viewer's scope.
    public Optional<IncidentReport> of(Viewer viewer, String traceId) {
        return traces.byId(viewer, traceId)
                .map(
                        trace -> {
                            List<TimelineEntry> timeline =
                                    traces.timeline(viewer, traceId, ANALYSED_STEPS);
                            return IncidentReport.of(
                                    viewer,
                                    trace,
                                    timeline,
                                    forensics.of(viewer, trace),
                                    UUID.randomUUID(),
                                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                                    reports.timeZone());
                        });
    }

    /// The report as the bytes of a file.
    public byte[] render(IncidentReport report, Format format) {
        return render(renderer, report, format);
    }

    static byte[] render(PrintRenderer renderer, IncidentReport report, Format format) {
        return switch (format) {
            case PDF ->
                    renderer.pdf(
                            TEMPLATE,
                            IncidentPrint.of(report),
                            new Attachment(
                                    "trace.json",
                                    "The data of this report, as the portal answers it to the same"
                                            + " reader",
                                    ReportJson.write(report),
                                    report.generatedAt()));
            case HTML ->
                    renderer.html(TEMPLATE, IncidentPrint.of(report))
                            .getBytes(StandardCharsets.UTF_8);
            case JSON -> ReportJson.write(report);
            case CSV -> DataFormat.CSV.write(report);
        };
    }
}
