package org.agentaudit.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.agentaudit.analysis.Regression;
import org.agentaudit.analysis.Severity;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.gate.GateReport.Outcome;
import org.agentaudit.ingest.ImportResult;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;
import org.agentaudit.report.ComplianceReport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Outcomes, and the three ways to write them.
class GateTest {
    private static final String HOSTILE =
            "\u001B[2J\n::error file=x::gone\r\n##vso[task.complete]###[error]\u202E ]]> <b>&\u0000 [a](http://x) {0} \uD800";
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");
    private static final Period PERIOD = Period.of(AT, AT.plusSeconds(3600));
    private static final GateRules LENIENT = new GateRules(false, null);
    private static final Regression SLOWER = regression("token_usage", Severity.WARNING);
    private static final Regression WORSE = regression("success_rate", Severity.CRITICAL);

    private static Regression regression(String metric, Severity severity) {
        return new Regression(metric, "performance", severity, 10, 20, 1, "+100.0 %", 20, 20);
    }

    private static CheckResult check(String id, Verdict verdict, String statement) {
        boolean bad = verdict == Verdict.FAIL || verdict == Verdict.WARN;
        return new CheckResult(
                id,
                "Title",
                verdict,
                0.2,
                0.05,
                0.1,
                "share",
                statement,
                bad ? "Do it." : null,
                10,
                2,
                null,
                List.of());
    }

    private static Finding finding(Severity severity, String agent, @Nullable String trace) {
        return new Finding(
                new UUID(7, severity.ordinal()),
                FindingKind.EXCESSIVE_RETRIES,
                severity,
                agent,
                null,
                trace,
                AT,
                AT,
                "Said " + agent,
                null,
                4.0,
                3.0,
                List.of());
    }

    private static ImportResult input(long accepted, long quarantined, List<String> empty) {
        return new ImportResult(
                1,
                accepted,
                0,
                quarantined,
                quarantined == 0
                        ? List.of()
                        : List.of(new ImportResult.Quarantined("::error::f", 3, HOSTILE)),
                Map.of(),
                empty);
    }

    private static GateReport judge(
            GateRules rules,
            List<CheckResult> checks,
            List<Finding> findings,
            List<Regression> regressions,
            Map<String, List<Regression>> agents,
            @Nullable ImportResult input) {
        return Gate.judge(
                new ComplianceReport(
                        PERIOD,
                        Verdict.PASS,
                        checks,
                        List.of(),
                        List.of(),
                        new Completeness(5, 1, 0, 0, 0, 0, 0, List.of(), 0, 0, List.of())),
                findings.stream().map(f -> new FindingCount(f.kind(), f.severity(), 1)).toList(),
                findings,
                PERIOD,
                regressions,
                agents,
                rules,
                input);
    }

    private static Outcome of(GateRules rules, Verdict... verdicts) {
        List<CheckResult> checks = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            checks.add(check("c" + checks.size(), verdict, "s"));
        }
        return judge(rules, checks, List.of(), List.of(), Map.of(), null).outcome();
    }

    @Test
    void outcome_followsTheVerdicts() {
        GateRules strict = new GateRules(true, null);
        assertThat(of(LENIENT, Verdict.PASS, Verdict.NOT_APPLICABLE)).isEqualTo(Outcome.PASSED);
        assertThat(of(LENIENT, Verdict.PASS, Verdict.WARN)).isEqualTo(Outcome.PASSED);
        assertThat(of(strict, Verdict.PASS, Verdict.WARN)).isEqualTo(Outcome.FAILED);
        assertThat(of(LENIENT, Verdict.PASS, Verdict.FAIL)).isEqualTo(Outcome.FAILED);
        assertThat(of(strict, Verdict.INSUFFICIENT_EVIDENCE, Verdict.NOT_APPLICABLE))
                .isEqualTo(Outcome.NOTHING_JUDGED);
        assertThat(of(LENIENT, Verdict.INSUFFICIENT_EVIDENCE, Verdict.PASS))
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void outcome_followsRegressionsFindingsAndInput() {
        List<CheckResult> fine = List.of(check("c", Verdict.PASS, "s"));
        GateRules strict = new GateRules(true, Severity.WARNING);
        List<Finding> info = List.of(finding(Severity.INFO, "a", null));
        List<Finding> warning = List.of(finding(Severity.WARNING, "a", null));
        assertThat(judge(LENIENT, fine, warning, List.of(SLOWER), Map.of(), null))
                .satisfies(r -> assertThat(r.outcome()).isEqualTo(Outcome.PASSED))
                .satisfies(r -> assertThat(r.warnings()).hasSize(1));
        assertThat(judge(strict, fine, info, List.of(), Map.of(), null).outcome())
                .isEqualTo(Outcome.PASSED);
        assertThat(judge(strict, fine, warning, List.of(), Map.of(), null).reasons())
                .containsExactly("Findings of at least WARNING: 1.");
        assertThat(judge(strict, fine, info, List.of(SLOWER), Map.of(), null).outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(judge(LENIENT, fine, info, List.of(WORSE), Map.of(), null).outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(
                        judge(LENIENT, fine, info, List.of(), Map.of("a", List.of(WORSE)), null)
                                .outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(
                        judge(LENIENT, fine, info, List.of(), Map.of(), input(5, 0, List.of()))
                                .outcome())
                .isEqualTo(Outcome.PASSED);
        assertThat(
                        judge(LENIENT, fine, info, List.of(), Map.of(), input(5, 1, List.of()))
                                .outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(
                        judge(LENIENT, fine, info, List.of(), Map.of(), input(5, 0, List.of("x")))
                                .outcome())
                .isEqualTo(Outcome.FAILED);
        List<CheckResult> unable = List.of(check("c", Verdict.INSUFFICIENT_EVIDENCE, "s"));
        assertThat(
                        judge(
                                        LENIENT,
                                        unable,
                                        List.of(),
                                        List.of(),
                                        Map.of(),
                                        input(0, 0, List.of("x")))
                                .outcome())
                .isEqualTo(Outcome.NOTHING_JUDGED);
    }

    private static GateReport hostile() {
        return judge(
                new GateRules(false, Severity.CRITICAL),
                List.of(
                        check("c_pass", Verdict.PASS, HOSTILE),
                        check("c_warn", Verdict.WARN, HOSTILE),
                        check("c_fail", Verdict.FAIL, HOSTILE),
                        check("c_none", Verdict.NOT_APPLICABLE, HOSTILE)),
                List.of(
                        finding(Severity.CRITICAL, HOSTILE, HOSTILE),
                        finding(Severity.INFO, "a::b", null)),
                List.of(SLOWER),
                Map.of(HOSTILE, List.of(WORSE)),
                input(5, 1, List.of("::warning::")));
    }

    @Test
    void text_hostileNames_neitherControlTheTerminalNorThePipeline() {
        List<String> lines = GateText.lines(hostile());
        assertThat(lines)
                .allSatisfy(
                        line -> assertThat(line).doesNotContainPattern("\\p{Cc}|\\p{Cf}|\\p{Cs}"))
                .noneMatch(line -> line.strip().startsWith("::"))
                .noneMatch(line -> line.contains("##"))
                .anyMatch(line -> line.contains("a::b"))
                .contains("FAILED", "  Check c_fail fails.")
                .anyMatch(line -> line.startsWith("FAIL                   c_fail"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"::error::x", " \u00A0\u2003::x", "\t::x", ":::x", "\u200B::x", "\uFEFF::x"})
    void line_thatBeginsLikeACommand_isBrokenUp(String text) {
        assertThat(Printable.line(text)).doesNotContainPattern("^[\\s\\p{Z}\uFFFD]*::");
    }

    @Test
    void junit_isWellFormedAndCountsItsCases() throws Exception {
        byte[] xml = GateJUnit.write(hostile());
        assertThat(new String(xml, StandardCharsets.UTF_8).lines())
                .noneMatch(line -> line.strip().startsWith("::") || line.contains("##"));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        NodeList suites = document.getElementsByTagName("testsuite");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < suites.getLength(); i++) {
            Element suite = (Element) suites.item(i);
            names.add(suite.getAttribute("name"));
            for (String[] count :
                    new String[][] {
                        {"tests", "testcase"}, {"failures", "failure"}, {"skipped", "skipped"}
                    }) {
                assertThat(suite.getAttribute(count[0]))
                        .isEqualTo("" + suite.getElementsByTagName(count[1]).getLength());
            }
        }
        assertThat(names).containsExactly("checks", "findings", "regressions", "input");
        assertThat(child(document, "c_pass")).isNull();
        assertThat(child(document, "c_warn")).isEqualTo("system-out");
        assertThat(child(document, "c_fail")).isEqualTo("failure");
        assertThat(child(document, "c_none")).isEqualTo("skipped");
        assertThat(child(document, "excessive_retries")).isEqualTo("failure");
        assertThat(child(document, "duplicate_reads")).isNull();
        assertThat(child(document, "token_usage")).isEqualTo("system-out");
        assertThat(child(document, "success_rate")).isEqualTo("failure");
        assertThat(child(document, "everything_was_read")).isEqualTo("failure");
    }

    /// What a case holds; null: nothing, it passed.
    private static @Nullable String child(Document document, String name) {
        NodeList cases = document.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            if (one.getAttribute("name").equals(name)) {
                return one.getFirstChild() == null ? null : one.getFirstChild().getNodeName();
            }
        }
        throw new AssertionError("no case " + name);
    }

    /// What the schema of SARIF 2.1.0 demands of the parts that are written, and what code scanning
    /// demands beyond it.
    @Test
    void sarif_hasTheStructureOfTheStandard() throws Exception {
        GateReport report = hostile();
        JsonNode log =
                new ObjectMapper()
                        .readTree(GateSarif.write(report, "1.0", List.of(Path.of(":a", "b c"))));
        assertThat(log.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("$schema", "version", "runs");
        assertThat(log.path("version").asText()).isEqualTo("2.1.0");
        assertThat(log.path("runs")).hasSize(1);
        JsonNode run = log.path("runs").path(0);
        assertThat(run.path("artifacts").path(0).path("location").path("uri").asText())
                .isEqualTo("./:a/b%20c");
        JsonNode driver = run.path("tool").path("driver");
        assertThat(driver.path("name").asText()).isNotEmpty();
        Set<String> ids = new HashSet<>();
        for (JsonNode rule : driver.path("rules")) {
            assertThat(ids.add(rule.path("id").asText())).isTrue();
            assertThat(rule.path("shortDescription").path("text").asText()).isNotEmpty();
            assertThat(rule.path("help").path("text").asText()).isNotEmpty();
        }
        assertThat(ids)
                .containsExactlyInAnyOrder(
                        "check/c_warn",
                        "check/c_fail",
                        "regression/token_usage",
                        "regression/success_rate",
                        "finding/excessive_retries");
        List<String> levels = new ArrayList<>();
        Set<String> fingerprints = new HashSet<>();
        for (JsonNode result : run.path("results")) {
            levels.add(result.path("level").asText());
            assertThat(driver.path("rules").path(result.path("ruleIndex").asInt()).path("id"))
                    .isEqualTo(result.path("ruleId"));
            assertThat(result.path("message").path("text").asText())
                    .isNotEmpty()
                    .doesNotContainPattern("\\p{Cc}|\\p{Cf}|(?<!\\\\)[\\[\\]]|(?<!\\{)\\{0");
            assertThat(fingerprints.add(result.path("fingerprints").path("agentAudit/v1").asText()))
                    .isTrue();
            JsonNode location = result.path("locations").path(0);
            assertThat(
                            location.path("physicalLocation")
                                    .path("artifactLocation")
                                    .path("uri")
                                    .asText())
                    .isEqualTo("./:a/b%20c");
            assertThat(
                            location.path("logicalLocations")
                                    .path(0)
                                    .path("fullyQualifiedName")
                                    .asText())
                    .isNotEmpty()
                    .doesNotContainPattern("\\p{Cc}");
        }
        assertThat(levels).containsExactly("warning", "error", "warning", "error", "error", "note");
        assertThat(fingerprints)
                .containsAll(report.findings().stream().map(f -> f.id().toString()).toList());
        assertThat(run.path("properties").path("verdicts").path("c_none").asText())
                .isEqualTo("NOT_APPLICABLE");
    }
}
