package org.agentaudit.gate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.agentaudit.analysis.Regression;
import org.agentaudit.analysis.Severity;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.finding.Finding;
import org.agentaudit.report.ReportJson;
import org.jspecify.annotations.Nullable;

/// The report as SARIF 2.1.0: a result for each check that fails or warns, each regression and each
/// finding. What passed is no result, since viewers show every result as a problem; the verdicts of
/// all checks are properties of the run.
public final class GateSarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String WARNING = "warning";
    private static final String ERROR = "error";

    private final ObjectMapper mapper = new ObjectMapper();
    private final ArrayNode rules = mapper.createArrayNode();
    private final ArrayNode results = mapper.createArrayNode();
    private final Map<String, Integer> ruleIndex = new LinkedHashMap<>();
    private final @Nullable String artifact;

    private GateSarif(@Nullable String artifact) {
        this.artifact = artifact;
    }

    /// UTF-8.
    ///
    /// @param version of the portal
    /// @param inputs  files and folders that were read; the results are located in it when there is
    ///     only one, else nobody knows in which
    public static byte[] write(GateReport report, String version, List<Path> inputs) {
        return new GateSarif(inputs.size() == 1 ? uri(inputs.getFirst()) : null)
                .log(report, version, inputs);
    }

    private byte[] log(GateReport report, String version, List<Path> inputs) {
        report.compliance().checks().forEach(this::check);
        report.regressions().forEach(regression -> regression(null, regression));
        report.agentRegressions()
                .forEach((agent, regressions) -> regressions.forEach(r -> regression(agent, r)));
        report.findings().forEach(this::finding);

        ObjectNode log = mapper.createObjectNode();
        log.put("$schema", SCHEMA);
        log.put("version", "2.1.0");
        ObjectNode run = log.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "Agent Audit Portal");
        driver.put("version", version);
        driver.set("rules", rules);
        ArrayNode artifacts = run.putArray("artifacts");
        inputs.forEach(input -> artifacts.addObject().putObject("location").put("uri", uri(input)));
        run.put("columnKind", "utf16CodeUnits");
        run.set("results", results);
        ObjectNode properties = run.putObject("properties");
        properties.put("outcome", report.outcome().name());
        properties.put("from", report.compliance().period().from().toString());
        properties.put("to", report.compliance().period().to().toString());
        properties.put("findings", report.findingsFound());
        ObjectNode verdicts = properties.putObject("verdicts");
        report.compliance().checks().forEach(c -> verdicts.put(c.check(), c.verdict().name()));
        return ReportJson.write(log);
    }

    private void check(CheckResult check) {
        if (check.verdict() != Verdict.FAIL && check.verdict() != Verdict.WARN) {
            return;
        }
        String id = "check/" + check.check();
        ObjectNode result =
                result(
                        id,
                        check.title(),
                        Objects.requireNonNullElse(check.recommendation(), check.title()),
                        check.verdict() == Verdict.FAIL ? ERROR : WARNING,
                        check.statement());
        fingerprint(result, id + "/" + Objects.requireNonNullElse(check.agents(), ""));
        locate(result, "checks/" + check.check(), check.check(), "check");
    }

    private void regression(@Nullable String agent, Regression regression) {
        String id = "regression/" + regression.metric();
        ObjectNode result =
                result(
                        id,
                        "Regression of " + regression.metric(),
                        "Compare what changed between the two periods: prompts, models, tools.",
                        level(regression.severity()),
                        (agent == null ? "" : "Agent " + agent + ": ")
                                + GateText.inWords(regression));
        fingerprint(result, id + "/" + Objects.requireNonNullElse(agent, ""));
        locate(
                result,
                agent == null ? "agents" : "agents/" + agent,
                agent == null ? "agents" : agent,
                "agent");
    }

    private void finding(Finding finding) {
        String words = finding.kind().name().toLowerCase(Locale.ROOT);
        ObjectNode result =
                result(
                        "finding/" + words,
                        "Finding: " + words.replace('_', ' '),
                        Objects.requireNonNullElse(finding.suggestion(), finding.description()),
                        level(finding.severity()),
                        finding.description());
        fingerprint(result, finding.id().toString());
        String trace = finding.traceId();
        locate(
                result,
                finding.agentId() + (trace == null ? "" : "/" + trace),
                trace == null ? finding.agentId() : trace,
                trace == null ? "agent" : "trace");
        ObjectNode properties = result.putObject("properties");
        properties.put("agent", Printable.characters(finding.agentId()));
        properties.put("trace", trace == null ? null : Printable.characters(trace));
        properties.put("occurredAt", finding.occurredAt().toString());
        properties.put("heuristic", finding.heuristic());
    }

    /// @param help what to do, for the rule; that of its first result
    private ObjectNode result(String ruleId, String title, String help, String level, String text) {
        Integer known = ruleIndex.get(ruleId);
        int index = known == null ? rules.size() : known;
        if (known == null) {
            ruleIndex.put(ruleId, index);
            ObjectNode rule = rules.addObject();
            rule.put("id", ruleId);
            rule.put("name", ruleId);
            rule.set("shortDescription", message(title));
            rule.set("help", message(help));
            rule.putObject("defaultConfiguration").put("level", level);
        }
        ObjectNode result = results.addObject();
        result.put("ruleId", ruleId);
        result.put("ruleIndex", index);
        result.put("level", level);
        result.set("message", message(text));
        return result;
    }

    /// The same id again in the next run of the pipeline: the same problem.
    private static void fingerprint(ObjectNode result, String id) {
        String safe = Printable.characters(id);
        result.putObject("fingerprints").put("agentAudit/v1", safe);
        result.putObject("partialFingerprints").put("primaryLocationLineHash", safe);
    }

    private void locate(ObjectNode result, String qualified, String name, String kind) {
        ObjectNode location = result.putArray("locations").addObject();
        if (artifact != null) {
            ObjectNode physical = location.putObject("physicalLocation");
            physical.putObject("artifactLocation").put("uri", artifact).put("index", 0);
            physical.putObject("region").put("startLine", 1);
        }
        location.putArray("logicalLocations")
                .addObject()
                .put("name", Printable.characters(name))
                .put("fullyQualifiedName", Printable.characters(qualified))
                .put("kind", kind);
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL -> ERROR;
            case WARNING -> WARNING;
            case INFO -> "note";
        };
    }

    /// Braces are placeholders and brackets links in a message unless they are escaped.
    private static ObjectNode message(String text) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        "text",
                        Printable.characters(text)
                                .replace("{", "{{")
                                .replace("}", "}}")
                                .replace("\\", "\\\\")
                                .replace("[", "\\[")
                                .replace("]", "\\]"));
    }

    /// As it was named, so that it stays the same from machine to machine.
    private static String uri(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path named = path.isAbsolute() && path.startsWith(here) ? here.relativize(path) : path;
        String text = named.normalize().toString().replace('\\', '/');
        // a colon in the first name would end a scheme
        String safe = text.isEmpty() ? "." : text.startsWith("/") ? text : "./" + text;
        try {
            URI uri = new URI(null, null, safe, null).normalize();
            return uri.toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The path has no form as a URI.", e);
        }
    }
}
