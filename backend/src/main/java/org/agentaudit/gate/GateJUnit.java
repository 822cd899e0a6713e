package org.agentaudit.gate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.agentaudit.analysis.Regression;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.ingest.ImportResult;
import org.jspecify.annotations.Nullable;

/// The report as JUnit XML, as CI systems read it: suites `checks`, `findings` (one case for each
/// kind), with a baseline `regressions` (one case for each metric), with files `input`.
public final class GateJUnit {
    private static final int FINDINGS_SHOWN = 50;
    private static final List<String> METRICS = List.of("token_usage", "success_rate");

    /// What a case came to.
    private enum Result {
        PASSED,
        FAILED,
        SKIPPED
    }

    /// @param text why it failed or was skipped, or what there is to know; null: nothing
    private record Case(String name, Result result, @Nullable String text) {}

    private record Suite(String name, List<Case> cases) {
        long of(Result result) {
            return cases.stream().filter(c -> c.result == result).count();
        }
    }

    private GateJUnit() {}

    /// UTF-8.
    public static byte[] write(GateReport report) {
        List<Suite> suites = new ArrayList<>();
        suites.add(
                new Suite(
                        "checks",
                        report.compliance().checks().stream()
                                .map(check -> check(check, report.rules()))
                                .toList()));
        suites.add(
                new Suite(
                        "findings",
                        Stream.of(FindingKind.values()).map(kind -> kind(kind, report)).toList()));
        if (report.baseline() != null) {
            suites.add(
                    new Suite(
                            "regressions",
                            METRICS.stream().map(metric -> regression(metric, report)).toList()));
        }
        ImportResult input = report.input();
        if (input != null) {
            suites.add(new Suite("input", List.of(input(input))));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newInstance()
                            .createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            write(suites, report, xml);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("characters that XML forbids were replaced", e);
        }
        return bytes.toByteArray();
    }

    private static Case check(CheckResult check, GateRules rules) {
        String text =
                check.verdict()
                        + ": "
                        + check.statement()
                        + (check.recommendation() == null ? "" : "\n" + check.recommendation());
        return switch (check.verdict()) {
            case PASS -> new Case(check.check(), Result.PASSED, null);
            case WARN ->
                    new Case(
                            check.check(), rules.onWarning() ? Result.FAILED : Result.PASSED, text);
            case FAIL -> new Case(check.check(), Result.FAILED, text);
            case INSUFFICIENT_EVIDENCE, NOT_APPLICABLE ->
                    new Case(check.check(), Result.SKIPPED, text);
        };
    }

    private static Case kind(FindingKind kind, GateReport report) {
        List<FindingCount> counts =
                report.findingCounts().stream().filter(c -> c.kind() == kind).toList();
        String name = kind.name().toLowerCase(Locale.ROOT);
        if (counts.isEmpty()) {
            return new Case(name, Result.PASSED, null);
        }
        StringBuilder text = new StringBuilder();
        counts.forEach(c -> text.append(c.severity()).append(": ").append(c.count()).append('\n'));
        report.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .limit(FINDINGS_SHOWN)
                .forEach(finding -> text.append(inWords(finding)).append('\n'));
        boolean fails = counts.stream().anyMatch(c -> report.rules().failsOnFinding(c.severity()));
        return new Case(name, fails ? Result.FAILED : Result.PASSED, text.toString().strip());
    }

    private static String inWords(Finding finding) {
        return "%s agent %s, trace %s: %s%s"
                .formatted(
                        finding.severity(),
                        finding.agentId(),
                        finding.traceId() == null ? "-" : finding.traceId(),
                        finding.description(),
                        finding.suggestion() == null ? "" : " " + finding.suggestion());
    }

    private static Case regression(String metric, GateReport report) {
        List<String> lines = new ArrayList<>();
        boolean fails = false;
        for (Regression regression : report.regressions()) {
            if (regression.metric().equals(metric)) {
                lines.add(GateText.inWords(regression));
                fails |= report.rules().fails(regression.severity());
            }
        }
        for (Map.Entry<String, List<Regression>> agent : report.agentRegressions().entrySet()) {
            for (Regression regression : agent.getValue()) {
                if (regression.metric().equals(metric)) {
                    lines.add("agent " + agent.getKey() + ": " + GateText.inWords(regression));
                    fails |= report.rules().fails(regression.severity());
                }
            }
        }
        return new Case(
                metric,
                fails ? Result.FAILED : Result.PASSED,
                lines.isEmpty() ? null : String.join("\n", lines));
    }

    private static Case input(ImportResult input) {
        String name = "everything_was_read";
        List<String> faults = new ArrayList<>();
        input.first().forEach(q -> faults.add(q.file() + ":" + q.line() + ": " + q.reason()));
        if (input.quarantined() > input.first().size()) {
            faults.add("and %d more".formatted(input.quarantined() - input.first().size()));
        }
        input.empty().forEach(path -> faults.add(path + ": nothing to read in it"));
        if (!faults.isEmpty()) {
            return new Case(
                    name,
                    input.quarantined() == 0 && input.accepted() + input.duplicates() == 0
                            ? Result.SKIPPED
                            : Result.FAILED,
                    String.join("\n", faults));
        }
        return new Case(name, Result.PASSED, null);
    }

    private static void write(List<Suite> suites, GateReport report, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        xml.writeAttribute("name", "agent-audit");
        for (Suite suite : suites) {
            xml.writeCharacters("\n  ");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite.name);
            xml.writeAttribute("tests", Integer.toString(suite.cases.size()));
            xml.writeAttribute("failures", Long.toString(suite.of(Result.FAILED)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", Long.toString(suite.of(Result.SKIPPED)));
            xml.writeAttribute("timestamp", report.compliance().period().to().toString());
            for (Case one : suite.cases) {
                write(suite, one, xml);
            }
            xml.writeCharacters("\n  ");
            xml.writeEndElement();
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeCharacters("\n");
        xml.writeEndDocument();
    }

    private static void write(Suite suite, Case one, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeCharacters("\n    ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "agent-audit." + suite.name);
        xml.writeAttribute("name", one.name);
        xml.writeAttribute("time", "0");
        if (one.text != null) {
            String safe = String.join("\n", one.text.lines().map(Printable::line).toList());
            String first = safe.lines().findFirst().orElse("");
            switch (one.result) {
                case PASSED -> {
                    xml.writeStartElement("system-out");
                    xml.writeCharacters(safe);
                    xml.writeEndElement();
                }
                case FAILED -> {
                    xml.writeStartElement("failure");
                    xml.writeAttribute("message", first);
                    xml.writeAttribute("type", suite.name);
                    xml.writeCharacters(safe);
                    xml.writeEndElement();
                }
                case SKIPPED -> {
                    xml.writeEmptyElement("skipped");
                    xml.writeAttribute("message", first);
                }
            }
        }
        xml.writeEndElement();
    }
}
