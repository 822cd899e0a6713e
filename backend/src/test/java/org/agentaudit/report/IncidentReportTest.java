package org.agentaudit.report;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.ForensicsAnalysis;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventType;
import org.agentaudit.query.TestTraces;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.report.pdf.PrintRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verapdf.pdfa.flavours.PDFAFlavour;

class IncidentReportTest {
    private static final Viewer OFFICER =
            new Viewer("olga", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer AUDITOR = new Viewer("ann", Set.of(Role.AUDITOR), List.of());
    private static final Instant MADE = Instant.parse("2026-03-02T08:00:00Z");
    private static final Instant START = Instant.parse("2026-03-01T14:23:01Z");
    private static final PrintRenderer RENDERER = new PrintRenderer();

    @Test
    void json_refundIncident_isTheGoldenRecord() throws IOException {
        String json = rendered(refund(OFFICER), IncidentReports.Format.JSON);

        Golden.assertMatches("incident-refund.json", json + "\n");
    }

    @Test
    void pdf_refundIncident_hasTheGoldenText() throws IOException {
        PrintedPdf pdf = pdf(refund(OFFICER));

        Golden.assertMatches("incident-refund.txt", "pages: " + pdf.pages() + "\n\n" + pdf.text());
    }

    @Test
    void pdf_refundIncident_hasTitleLanguagePagesAndEmbeddedFonts() throws IOException {
        PrintedPdf pdf = pdf(refund(OFFICER));

        assertThat(pdf.title()).isEqualTo("Incident forensics of trace " + TestTraces.REFUND);
        assertThat(pdf.language()).isEqualTo("en");
        assertThat(pdf.fonts())
                .containsExactly(
                        "DejaVuSans",
                        "DejaVuSans-Bold",
                        "IBMPlexMono-Regular",
                        "IBMPlexSans-Regular",
                        "IBMPlexSans-SemiBold");
        assertThat(pdf.text())
                .contains("page 1 of " + pdf.pages())
                .contains("page " + pdf.pages() + " of " + pdf.pages());
        assertThat(pdf.flowing())
                .contains(
                        "process_refund, called by Billing, failed first: TimeoutError after 12.3"
                                + " s")
                .contains("made 2026-03-02 08:00:00.000000 +00:00 (UTC) for olga");
    }

    /// `fi`, `fl` and `ff` set as one glyph are read back as one character, which no search finds.
    @Test
    void pdf_words_areReadBackLetterByLetter() throws IOException {
        String words = "office flow, shuffled; afflicted. fi fl";
        String glyphs =
                pdf(report(
                                List.of(
                                        event("w", START, EventType.REASONING, "officer", "x")
                                                .trace("t")
                                                .summary(words)
                                                .build()),
                                OFFICER))
                        .glyphs();

        assertThat(glyphs).contains("Failed first", "Definitions", "officer", words);
        assertThat(glyphs.codePoints()).noneMatch(c -> c >= 0xFB00 && c <= 0xFB06);
        assertThat(pdf(refund(OFFICER)).glyphs()).contains("failed first", "confidence: 92%");
    }

    @ParameterizedTest
    @EnumSource(
            value = PDFAFlavour.class,
            names = {"PDFA_3_A", "PDFUA_1"})
    void pdf_refundIncident_conforms(PDFAFlavour flavour) throws Exception {
        Conformance.assertConforms(
                flavour,
                IncidentReports.render(RENDERER, refund(OFFICER), IncidentReports.Format.PDF));
    }

    @ParameterizedTest
    @EnumSource(
            value = PDFAFlavour.class,
            names = {"PDFA_3_A", "PDFUA_1"})
    void pdf_hostileContent_conforms(PDFAFlavour flavour) throws Exception {
        Conformance.assertConforms(
                flavour,
                IncidentReports.render(
                        RENDERER, report(hostile(), OFFICER), IncidentReports.Format.PDF));
    }

    @Test
    void pdf_auditor_seesNoContent() throws IOException {
        IncidentReport report = refund(AUDITOR);
        String text = pdf(report).flowing();
        String json = rendered(report, IncidentReports.Format.JSON);
        String html = rendered(report, IncidentReports.Format.HTML);

        for (String shown : List.of(text, json, html)) {
            assertThat(shown).contains("[MASKED]").contains("TimeoutError");
            assertThat(shown).doesNotContain("503").doesNotContain("no answer from");
        }
        assertThat(text).contains("Prepared for a reader without access to event content");
    }

    /// The officer's report has a contradiction that only shows in a masked text.
    @Test
    void pdf_auditor_isNotToldThatNothingContradicts() throws IOException {
        assertThat(pdf(refund(OFFICER)).flowing()).contains("a text speaks of status 503");
        assertThat(pdf(refund(AUDITOR)).flowing())
                .contains(
                        "Contradictions between records and texts were not looked for, because"
                                + " content is masked for this viewer.")
                .doesNotContain("No two records were found");
    }

    @Test
    void pdf_traceWithoutTokens_givesTheNumberOfTheRecord() throws IOException {
        IncidentReport report = refund(OFFICER);

        assertThat(report.trace().tokens().total()).isZero();
        assertThat(pdf(report).flowing())
                .contains("Tokens Cost Router, Support, Billing 0 $0.0123");
    }

    @Test
    void pdf_errorText_standsUnderItsStep() throws IOException {
        assertThat(pdf(refund(OFFICER)).text())
                .contains("Called tool 'process_refund'")
                .containsPattern("(?m)no answer from process_refund$");
    }

    @Test
    void pdf_cleanTrace_saysThatNothingFailed() throws IOException {
        String text = pdf(report(TestTraces.refundIncident().subList(0, 5), OFFICER)).flowing();

        assertThat(text)
                .contains("Nothing failed: none of the 5 recorded steps carries an error.")
                .contains("None: nothing failed.");
    }

    @Test
    void pdf_hostileContent_isShownAsText() throws IOException {
        PrintedPdf pdf = pdf(report(hostile(), OFFICER));

        assertThat(pdf.flowing())
                .contains("<script>alert(1)</script>")
                .contains("&amp;lt;")
                .contains("\uFFFD")
                .contains("\u25A1")
                .contains("Ελλάδα Київ Łódź");
        assertThat(pdf.pages()).isLessThan(10);
    }

    @Test
    void html_hostileContent_isEscaped() throws IOException {
        String html = rendered(report(hostile(), OFFICER), IncidentReports.Format.HTML);

        assertThat(html)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>")
                .doesNotContain("<img")
                .contains("\"IBM Plex Sans\"");
    }

    @Test
    void of_longTrace_cutsTheTimeline() {
        IncidentReport report = report(failures(IncidentReport.MAXIMUM_STEPS + 500), OFFICER);

        assertThat(report.timeline()).hasSize(IncidentReport.MAXIMUM_STEPS);
        assertThat(report.omittedSteps()).isEqualTo(500);
    }

    @Test
    void pdf_cutTimeline_saysSoAndRepeatsTheHeadOfTheTable() throws IOException {
        List<AuditEvent> events = failures(120);
        Trace whole = TestTraces.trace(events);
        List<TimelineEntry> part = TestTraces.timeline(events.subList(0, 60));
        PrintedPdf pdf =
                pdf(
                        IncidentReport.of(
                                OFFICER,
                                whole,
                                part,
                                ForensicsAnalysis.of(whole, part, false),
                                new UUID(0x1234, 0x5678),
                                MADE,
                                ZoneId.of("UTC")));

        assertThat(pdf.flowing())
                .contains("The timeline shows the first 60 steps; 60 later steps were left out")
                .contains("Only the first 60 of 120 events were analysed");
        assertThat(pdf.text().split("Time \\(\\+00:00\\)", -1)).hasSizeGreaterThan(3);
    }

    private static List<AuditEvent> failures(int n) {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            events.add(
                    event("e" + i, START.plusSeconds(i), EventType.TOOL_CALL, "agent", "search")
                            .arrival(i + 1)
                            .failed("HttpError", "status 500 of request " + i)
                            .ms(900)
                            .build());
        }
        return events;
    }

    @Test
    void json_findings_citeStepsByNumber() throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(rendered(refund(OFFICER), IncidentReports.Format.JSON));

        assertThat(json.at("/rootCause/evidence/0/number").asInt()).isEqualTo(6);
        assertThat(json.at("/rootCause/evidence/0/eventId"))
                .isEqualTo(json.at("/timeline/5/eventId"));
    }

    @Test
    void of_fileName_decidesTheFormat() {
        assertThat(IncidentReports.Format.ofFileName("a/b.PDF"))
                .isEqualTo(IncidentReports.Format.PDF);
        assertThat(IncidentReports.Format.ofFileName("x.html"))
                .isEqualTo(IncidentReports.Format.HTML);
        assertThatThrownBy(() -> IncidentReports.Format.ofFileName("x.docx"))
                .hasMessageContaining(".pdf, .html");
    }

    @Test
    void fileName_anyTraceId_isHarmless() {
        assertThat(IncidentReportController.fileName("a/../b:\"c\"\r\n\u202Ed.exe", "pdf"))
                .isEqualTo("incident-a____b__c____d_exe.pdf");
        assertThat(IncidentReportController.fileName("x".repeat(500), "pdf")).hasSize(73);
    }

    private static List<AuditEvent> hostile() {
        String markup = "<script>alert(1)</script><img src=\"http://169.254.169.254/x\"/>&amp;lt;";
        return List.of(
                event("h1", START, EventType.TOOL_CALL, markup, "</td></table>" + markup)
                        .trace("<b>\u202Eevil\u0000\"' " + markup)
                        .summary("Called \u0000\u0007\u001b[31m" + markup)
                        .failed("E<i>", "]]>" + markup + "\uD800 lone")
                        .ms(5)
                        .build(),
                event(
                                "h2",
                                START.plusSeconds(1),
                                EventType.REASONING,
                                "Ελλάδα Київ Łódź",
                                "\uD83E\uDD16\u4E2D\u6587 \u0E44\u0E17\u0E22")
                        .trace("<b>\u202Eevil\u0000\"' " + markup)
                        .summary("x".repeat(1_000_000))
                        .build(),
                event(
                                "h3",
                                START.plusSeconds(2),
                                EventType.OTHER,
                                "\u0645\u0631\u062D\u0628\u0627 \u05E9\u05DC\u05D5\u05DD",
                                "a\u200Bb\uFEFFc\u0301")
                        .trace("<b>\u202Eevil\u0000\"' " + markup)
                        .summary(
                                "<!ENTITY x SYSTEM \"file:///etc/passwd\">&x;"
                                        + " url(file:///etc/passwd)")
                        .build());
    }

    private static IncidentReport refund(Viewer viewer) {
        return report(TestTraces.refundIncident(), viewer);
    }

    private static IncidentReport report(List<AuditEvent> events, Viewer viewer) {
        List<AuditEvent> shown =
                events.stream().map(event -> Disclosure.of(event, viewer)).toList();
        Trace trace = TestTraces.trace(events);
        List<TimelineEntry> timeline = TestTraces.timeline(shown);
        return IncidentReport.of(
                viewer,
                trace,
                timeline,
                ForensicsAnalysis.of(trace, timeline, !viewer.mayReadContent()),
                new UUID(0x1234, 0x5678),
                MADE,
                ZoneId.of("UTC"));
    }

    private static PrintedPdf pdf(IncidentReport report) throws IOException {
        return PrintedPdf.read(
                IncidentReports.render(RENDERER, report, IncidentReports.Format.PDF));
    }

    private static String rendered(IncidentReport report, IncidentReports.Format format) {
        return new String(IncidentReports.render(RENDERER, report, format), StandardCharsets.UTF_8);
    }
}
