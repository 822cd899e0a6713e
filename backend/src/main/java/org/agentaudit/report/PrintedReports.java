package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.Period;
import org.agentaudit.report.pdf.Attachment;
import org.agentaudit.report.pdf.PrintRenderer;
import org.agentaudit.web.Format;

/// Report records as PDF/A-3 files that hold the record's JSON.
@Singleton
public class PrintedReports {

    private static final String TEMPLATE = "document/document";

    private final PrintRenderer renderer;
    private final PrintSources sources;
    private final Clock clock;

    PrintedReports(PrintRenderer renderer, PrintSources sources, Clock clock) {
        this.renderer = renderer;
        this.sources = sources;
        this.clock = clock;
    }

    /// @param viewer whom the record was made for
    public byte[] daily(Viewer viewer, DailySummary day) {
        Format format = new Format(day.timeZone());
        return pdf(
                viewer,
                day,
                "daily-" + day.date(),
                format,
                parts ->
                        DailyPrint.of(
                                day,
                                sources.attention(viewer, day),
                                sources.activity(viewer, day, parts.madeAt(), format),
                                parts));
    }

    public byte[] compliance(Viewer viewer, ComplianceReport report, Format format) {
        return pdf(
                viewer,
                report,
                "compliance-" + days(report.period(), format),
                format,
                parts ->
                        CompliancePrint.of(
                                report,
                                sources.verdicts(viewer, report, format).orElse(null),
                                parts));
    }

    public byte[] agent(Viewer viewer, AgentAudit audit, Format format) {
        return pdf(
                viewer,
                audit,
                "agent-" + days(audit.period(), format),
                format,
                parts -> AgentPrint.of(audit, AgentCharts.activity(audit, format), parts));
    }

    private static String days(Period period, Format format) {
        return format.date(period.from()) + "-" + format.date(period.to().minusNanos(1));
    }

    private byte[] pdf(
            Viewer viewer,
            Object record,
            String name,
            Format format,
            Function<PrintParts, PrintDocument> document) {
        Instant madeAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Attachment data =
                new Attachment(
                        name + ".json",
                        "The data of this report, as the portal answers it to the same reader",
                        ReportJson.write(record),
                        madeAt);
        return renderer.pdf(
                TEMPLATE, document.apply(new PrintParts(viewer, madeAt, data, format)), data);
    }
}
