package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.ForensicsAnalysis;
import org.agentaudit.query.TestTraces;
import org.agentaudit.report.pdf.PrintRenderer;
import org.junit.jupiter.api.Test;

class IncidentReportTest {
    @Test
    void tmp() throws Exception {
        var events = TestTraces.refundIncident();
        var trace = TestTraces.trace(events);
        var timeline = TestTraces.timeline(events);
        var report = IncidentReport.of(new Viewer("olga", Set.of(Role.COMPLIANCE_OFFICER), List.of()), trace, timeline,
            ForensicsAnalysis.of(trace, timeline), new UUID(1, 2), Instant.parse("2026-03-02T08:00:00Z"), ZoneOffset.UTC);
        byte[] pdf = IncidentReports.render(new PrintRenderer(), report, IncidentReports.Format.PDF);
        Files.write(Path.of("/tmp/out.pdf"), pdf);
        Files.write(Path.of("/tmp/out.html"), IncidentReports.render(new PrintRenderer(), report, IncidentReports.Format.HTML));
        Files.write(Path.of("/tmp/out.json"), IncidentReports.render(new PrintRenderer(), report, IncidentReports.Format.JSON));
        assertThat(pdf).isNotEmpty();
    }
}
