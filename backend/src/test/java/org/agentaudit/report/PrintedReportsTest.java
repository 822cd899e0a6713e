package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.ControlRef;
import org.agentaudit.compliance.FrameworkCoverage;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.HourCounts;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.agentaudit.report.pdf.PaperSize;
import org.agentaudit.report.pdf.PrintRenderer;
import org.agentaudit.web.Format;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.verapdf.pdfa.flavours.PDFAFlavour;

class PrintedReportsTest {

    private static final String HOSTILE =
            "</td></table><script>alert(1)</script><img src='http://127.0.0.1/x'/> مرحبا بالعالم (لا)"
                    + " שלום עולם 123 你好世界 こんにちは 한국어 🤖🚀 ไทย \u0000\u202E"
                    + "x".repeat(10_000);
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Format FORMAT = new Format(UTC);
    private static final Instant FROM = Instant.parse("2026-11-20T00:00:00Z");
    private static final Instant TO = FROM.plus(Duration.ofDays(1));
    private static final PrintedReports REPORTS = printed(PaperSize.A4);

    /// What is printed of a text that agents may have written.
    private record Case(String name, boolean empty, String text) {}

    static Stream<byte[]> allReports() {
        return Stream.of(
                        new Case("hostile", false, HOSTILE),
                        new Case("ordinary", false, "ops/planner"),
                        new Case("empty", true, "ops/planner"))
                .flatMap(
                        c ->
                                Stream.of(
                                                REPORTS.daily(viewer(c), day(c)),
                                                REPORTS.compliance(
                                                        viewer(c), compliance(c), FORMAT),
                                                REPORTS.agent(viewer(c), audit(c, 30), FORMAT))
                                        .limit(c.empty() ? 1 : 3));
    }

    @ParameterizedTest
    @MethodSource("allReports")
    void pdf_conformsToBothProfiles(byte[] pdf) throws Exception {
        Conformance.assertConforms(PDFAFlavour.PDFA_3_A, pdf);
        Conformance.assertConforms(PDFAFlavour.PDFUA_1, pdf);
    }

    @Test
    void pdf_holdsTheDataOfTheReport() throws IOException {
        Case c = new Case("ordinary", false, "ops/planner");
        try (PDDocument pdf = Loader.loadPDF(REPORTS.daily(viewer(c), day(c)))) {
            PDComplexFileSpecification file =
                    pdf.getDocumentCatalog()
                            .getNames()
                            .getEmbeddedFiles()
                            .getNames()
                            .get("daily-2026-11-20.json");

            assertThat(file.getEmbeddedFile().toByteArray()).isEqualTo(ReportJson.write(day(c)));
            assertThat(file.getEmbeddedFile().getSubtype()).isEqualTo("application/json");
            assertThat(file.getCOSObject().getNameAsString("AFRelationship")).isEqualTo("Data");
            assertThat(pdf.getDocumentCatalog().getCOSObject().getCOSArray(COSName.AF).size())
                    .isEqualTo(1);
        }
    }

    @Test
    void pdf_saysWhatItIsAndWhatItRestsOn() throws IOException {
        Case c = new Case("ordinary", false, "ops/planner");
        PrintedPdf pdf = PrintedPdf.read(REPORTS.compliance(viewer(c), compliance(c), FORMAT));

        assertThat(pdf.flowing())
                .contains("Compliance report", "Contents", "page 1 of " + pdf.pages())
                .contains("Made 2026-11-21 01:00:00 +00:00 for olga", "Report id")
                .contains("1 check failed", "Failed invocations ÷ invocations")
                .contains("What this report rests on", "4 sequence numbers never arrived")
                .contains("Redactions 17", "Definitions", "SHA-256 of the data");
    }

    @Test
    void pdf_daily_hasTheAttentionListAndTheChartOfThePage() throws IOException {
        Case c = new Case("ordinary", false, "ops/planner");
        byte[] pdf = REPORTS.daily(viewer(c), day(c));

        assertThat(PrintedPdf.read(pdf).flowing())
                .contains("What needs attention", "Alert “Slow” fired: ops/planner is slow.")
                .contains("Events per hour. Busiest hour from 23:00 with 24 events");
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getDocumentCatalog().getStructureTreeRoot().getKids()).isNotEmpty();
        }
    }

    private static final class FakeSources implements PrintSources {
        @Override
        public Attention attention(Viewer viewer, DailySummary day) {
            return new Attention(
                    day.topAgents().stream()
                            .map(
                                    agent ->
                                            new Attention.Item(
                                                    Attention.Topic.ALERT,
                                                    Severity.CRITICAL,
                                                    "Alert “Slow” fired: "
                                                            + agent.agentId()
                                                            + " is slow.",
                                                    "/alerts/1"))
                            .toList());
        }

        @Override
        public Chart activity(Viewer viewer, DailySummary day, Instant now, Format format) {
            return DailyCharts.activity(
                    IntStream.range(0, day.events() == 0 ? 0 : 24)
                            .mapToObj(
                                    i -> new HourCounts(FROM.plusSeconds(3600L * i), i + 1, i / 3))
                            .toList(),
                    now,
                    format);
        }

        @Override
        public Optional<Chart> verdicts(Viewer viewer, ComplianceReport report, Format format) {
            List<String> days = IntStream.rangeClosed(1, 30).mapToObj(i -> "2026-10-" + i).toList();
            Hue[] hues = {Hue.OK, Hue.WARNING, Hue.FAILED, Hue.UNKNOWN, Hue.NONE};
            return report.checks().stream()
                    .findFirst()
                    .map(
                            check ->
                                    Chart.of(
                                            Kind.VERDICTS,
                                            "Verdicts by day",
                                            check.statement(),
                                            Axis.COUNT,
                                            "Day",
                                            days,
                                            List.of(
                                                    new Series(
                                                            check.title(),
                                                            Hue.NEUTRAL,
                                                            IntStream.range(0, 30)
                                                                    .mapToObj(
                                                                            i ->
                                                                                    Point.state(
                                                                                            hues[
                                                                                                    i
                                                                                                            % 5],
                                                                                            "word",
                                                                                            "/x"))
                                                                    .toList()))));
        }
    }

    @Test
    void pdf_longTable_isCutAndSaysSo() throws IOException {
        Case c = new Case("ordinary", false, "ops/planner");
        PrintedPdf pdf =
                PrintedPdf.read(
                        REPORTS.agent(viewer(c), audit(c, PrintTable.MAXIMUM_ROWS + 25), FORMAT));

        assertThat(pdf.flowing())
                .contains("25 further rows are left out here; the attached data has them all.");
    }

    @Test
    void pdf_letter_isOnLetterPaper() throws IOException {
        Case c = new Case("empty", true, "ops/planner");
        try (PDDocument pdf = Loader.loadPDF(printed(PaperSize.LETTER).daily(viewer(c), day(c)))) {
            assertThat(pdf.getPage(0).getMediaBox().getWidth()).isBetween(611f, 613f);
            assertThat(pdf.getPage(0).getMediaBox().getHeight()).isBetween(791f, 793f);
        }
    }

    private static PrintedReports printed(PaperSize paper) {
        return new PrintedReports(
                new PrintRenderer(paper),
                new FakeSources(),
                Clock.fixed(TO.plusSeconds(3600), ZoneOffset.UTC));
    }

    private static Viewer viewer(Case c) {
        boolean hostile = c.name().equals("hostile");
        return new Viewer(
                hostile ? c.text() : "olga",
                Set.of(Role.COMPLIANCE_OFFICER),
                hostile ? List.of(c.text()) : List.of());
    }

    private static DailySummary day(Case c) {
        return new DailySummary(
                LocalDate.of(2026, 11, 20),
                UTC,
                FROM,
                TO,
                c.empty() ? 0 : 1234,
                c.empty() ? 0 : 1082,
                c.empty() ? 0 : 152,
                c.empty() ? null : 0.877,
                3,
                4,
                c.empty() ? 0 : 12_345,
                5,
                TokenCounts.ZERO,
                null,
                some(c, new DailySummary.AgentDay(c.text(), 5, 1, 1, null)),
                some(c, new Tally(c.text(), 5, 1.0)),
                checks(c),
                some(c, new FindingCount(FindingKind.ITERATION_LIMIT, Severity.CRITICAL, 2)),
                null,
                completeness(c),
                some(c, new DailySummary.DayReview(TO, c.text(), c.text())));
    }

    private static ComplianceReport compliance(Case c) {
        return new ComplianceReport(
                new Period(FROM, TO, null, null),
                c.empty() ? Verdict.INSUFFICIENT_EVIDENCE : Verdict.FAIL,
                checks(c),
                some(c, c.text()),
                some(
                        c,
                        new FrameworkCoverage(
                                "EU AI Act",
                                "as amended",
                                "https://example.org",
                                List.of(
                                        new FrameworkCoverage.ControlStatus(
                                                new ControlRef("EU AI Act", "26(6)", c.text()),
                                                Verdict.FAIL,
                                                List.of("error_rate"),
                                                LocalDate.of(2026, 8, 2),
                                                true,
                                                null,
                                                "Whether logs are kept elsewhere.")))),
                completeness(c));
    }

    private static AgentAudit audit(Case c, int days) {
        List<Tally> tallies = some(c, new Tally(c.text(), 5, 1.0));
        return new AgentAudit(
                c.text(),
                new Period(FROM, TO, null, null),
                completeness(c),
                10,
                2,
                c.empty() ? 0 : 100,
                3,
                4,
                5,
                6,
                7,
                8,
                null,
                TokenCounts.ZERO,
                null,
                some(c, new AgentAudit.ToolUsage(c.text(), 10, 1, 0.1, null)),
                tallies,
                tallies,
                tallies,
                tallies,
                IntStream.range(0, c.empty() ? 0 : days)
                        .mapToObj(
                                i ->
                                        new AgentAudit.DailyPoint(
                                                LocalDate.of(2025, 1, 1).plusDays(i),
                                                i,
                                                i,
                                                i,
                                                i,
                                                null))
                        .toList());
    }

    private static List<CheckResult> checks(Case c) {
        return some(
                c,
                new CheckResult(
                        "error_rate",
                        "Error rate",
                        Verdict.FAIL,
                        0.123,
                        0.05,
                        0.10,
                        "share",
                        "Failed invocations ÷ invocations: " + c.text(),
                        c.text(),
                        1234,
                        152,
                        null,
                        List.of(
                                new CheckResult.Group(
                                        c.text(), Verdict.FAIL, 0.2, 0.05, 0.1, 10, 2))));
    }

    private static Completeness completeness(Case c) {
        return new Completeness(c.empty() ? 0 : 12_345, 1, 4, 0, 0, 0, 0, some(c, c.text()), 17, 0);
    }

    private static <T> List<T> some(Case c, T one) {
        return c.empty() ? List.of() : List.of(one);
    }
}
