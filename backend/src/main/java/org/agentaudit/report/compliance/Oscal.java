package org.agentaudit.report.compliance;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckQuery;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.Checks;
import org.agentaudit.compliance.FrameworkCoverage;
import org.agentaudit.compliance.FrameworkCoverage.ControlStatus;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.web.DataFormat;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// A compliance report as assessment results of OSCAL 1.1.2, the exchange format of NIST for what
/// an assessment found.
///
/// | here | in OSCAL |
/// |---|---|
/// | report over a period | `result` from its start to its end |
/// | framework | `control-selection`, with its version |
/// | check | `observation` with the measurement, its limits and up to ten events as evidence |
/// | control | `finding` on its objective, with the observations of its checks |
///
/// A finding is `satisfied` only when each check that speaks for the control passed. OSCAL has no
/// third state: a warning, no evidence and nothing to apply to are `not-satisfied` for the reason
/// `other`, with the verdict as property and remark. The same report has the same UUIDs (version 5,
/// of its content), so it can be imported twice; one that changed has others. No event content is
/// in it.
@Singleton
final class Oscal {

    static final String VERSION = "1.1.2";

    /// Of the properties that OSCAL does not define.
    private static final String NAMESPACE = "urn:agent-audit-portal:oscal";

    private static final UUID ROOT = UUID.fromString("5c1f5d0e-6a7b-5b57-9f4c-2f3c6f0f7a11");
    private static final int EVENTS = 10;

    private final CheckQuery checks;
    private final EventQuery events;
    private final Format format;
    private final Clock clock;
    private final String portal;
    private final Links link = new Links();
    private final Marks marks = new Marks();

    /// @param publicUrl address of the portal for links; empty: links are relative to it
    Oscal(
            CheckQuery checks,
            EventQuery events,
            Format format,
            Clock clock,
            @Value("${portal.public-url:}") String publicUrl) {
        this.checks = checks;
        this.events = events;
        this.format = format;
        this.clock = clock;
        this.portal = publicUrl.replaceAll("/+$", "");
    }

    /// The document as plain maps and lists, for [DataFormat#JSON].
    Map<String, Object> of(Asked asked, ComplianceReport report) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        UUID id =
                uuid(
                        ROOT,
                        String.join("\n", asked.narrowed().agentScope())
                                + "\n"
                                + new String(
                                        DataFormat.JSON.write(report), StandardCharsets.UTF_8));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("uuid", id);
        document.put("metadata", metadata(asked, report, now));
        document.put("import-ap", Map.of("href", "#" + uuid(id, "plan")));
        document.put("results", List.of(result(asked, report, id, now)));
        document.put("back-matter", Map.of("resources", List.of(plan(id))));
        return Map.of("assessment-results", document);
    }

    private Map<String, Object> metadata(Asked asked, ComplianceReport report, Instant now) {
        Period period = report.period();
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put(
                "title",
                "Checks of AI agents, "
                        + format.dateTime(period.from())
                        + " to "
                        + format.dateTime(period.to()));
        metadata.put("last-modified", now.toString());
        metadata.put("version", period.from() + "/" + period.to());
        metadata.put("oscal-version", VERSION);
        List<Map<String, Object>> props = new ArrayList<>();
        prop(props, "prepared-for", asked.viewer().username());
        prop(props, "events", Long.toString(report.completeness().events()));
        prop(props, "gaps", Long.toString(report.completeness().gaps()));
        prop(props, "redactions", Long.toString(report.completeness().redactions()));
        if (!asked.narrowed().agentScope().isEmpty()) {
            prop(props, "agents", String.join(", ", asked.narrowed().agentScope()));
        }
        metadata.put("props", props);
        metadata.put(
                "remarks",
                "Measurements of what agents logged and verdicts of named checks; no determination"
                        + " that a law or standard is met.");
        return metadata;
    }

    private Map<String, Object> result(
            Asked asked, ComplianceReport report, UUID id, Instant collected) {
        ComplianceVerdict verdict = ComplianceVerdict.of(report, format);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("uuid", uuid(id, "result"));
        result.put("title", "Compliance checks");
        result.put("description", verdict.sentence() + " " + verdict.limits());
        result.put("start", report.period().from().toString());
        result.put("end", report.period().to().toString());
        List<Map<String, Object>> props = new ArrayList<>();
        prop(props, "verdict", report.verdict().name());
        result.put("props", props);
        result.put(
                "reviewed-controls",
                Map.of(
                        "control-selections",
                        report.frameworks().stream().map(Oscal::selection).toList()));
        result.put(
                "observations",
                report.checks().stream()
                        .map(check -> observation(asked, report.period(), check, id, collected))
                        .toList());
        List<Map<String, Object>> findings = new ArrayList<>();
        for (FrameworkCoverage framework : report.frameworks()) {
            for (ControlStatus control : framework.controls()) {
                findings.add(finding(framework, control, id));
            }
        }
        result.put("findings", findings);
        return result;
    }

    private static Map<String, Object> selection(FrameworkCoverage framework) {
        Map<String, Object> selection = new LinkedHashMap<>();
        selection.put("description", framework.framework() + ", " + framework.version());
        selection.put("links", List.of(Map.of("href", framework.source(), "rel", "reference")));
        selection.put(
                "include-controls",
                framework.controls().stream()
                        .map(control -> Map.of("control-id", controlId(framework, control)))
                        .toList());
        return selection;
    }

    private Map<String, Object> observation(
            Asked asked, Period period, CheckResult check, UUID id, Instant collected) {
        Map<String, Object> observation = new LinkedHashMap<>();
        observation.put("uuid", uuid(id, "observation " + check.check()));
        observation.put("title", check.title());
        observation.put("description", check.statement());
        List<Map<String, Object>> props = new ArrayList<>();
        prop(props, "check", check.check());
        prop(props, "verdict", check.verdict().name());
        prop(props, "unit", check.unit());
        number(props, "observed-value", check.measured());
        number(props, "warns-at", check.warnAt());
        number(props, "fails-at", check.failAt());
        prop(props, "population", Long.toString(check.population()));
        prop(props, "exceptions", Long.toString(check.exceptions()));
        if (check.agents() != null) {
            prop(props, "agents", check.agents());
        }
        observation.put("props", props);
        observation.put("methods", List.of("TEST"));
        observation.put("types", List.of("control-objective"));
        observation.put("relevant-evidence", evidence(asked, period, check));
        observation.put("collected", collected.toString());
        observation.put(
                "remarks",
                "Measured: " + Objects.requireNonNull(Checks.byId(check.check())).formula());
        return observation;
    }

    private List<Map<String, Object>> evidence(Asked asked, Period period, CheckResult check) {
        List<Map<String, Object>> evidence = new ArrayList<>();
        evidence.add(
                Map.of(
                        "href",
                        portal + asked.choice().address("/compliance/checks/" + check.check()),
                        "description",
                        "The check over this period in the portal, with all events that its"
                                + " exceptions rest on."));
        if (check.exceptions() > 0) {
            Viewer viewer = asked.narrowed();
            for (AuditEvent event :
                    events.evidence(
                                    viewer,
                                    period,
                                    checks.evidence(viewer, period, check),
                                    PageRequest.first(EVENTS, null))
                            .nodes()) {
                Envelope e = event.envelope();
                evidence.add(
                        Map.of(
                                "href",
                                portal + link.event(e.id()),
                                "description",
                                "Event "
                                        + e.id()
                                        + " ("
                                        + format.words(e.type())
                                        + ") of "
                                        + format.exact(e.occurredAt())));
            }
        }
        return evidence;
    }

    private Map<String, Object> finding(
            FrameworkCoverage framework, ControlStatus control, UUID id) {
        Verdict verdict = control.verdict();
        String controlId = controlId(framework, control);
        Map<String, Object> finding = new LinkedHashMap<>();
        finding.put("uuid", uuid(id, "finding " + controlId));
        finding.put(
                "title",
                framework.framework()
                        + " "
                        + control.control().control()
                        + ": "
                        + control.control().title());
        finding.put("description", "What logs cannot show: " + control.cannotShow());
        List<Map<String, Object>> props = new ArrayList<>();
        prop(props, "verdict", verdict.name());
        prop(props, "applies-from", control.appliesFrom().toString());
        prop(props, "in-force", Boolean.toString(control.inForce()));
        finding.put("props", props);
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("state", verdict == Verdict.PASS ? "satisfied" : "not-satisfied");
        status.put(
                "reason",
                switch (verdict) {
                    case PASS -> "pass";
                    case FAIL -> "fail";
                    case WARN, INSUFFICIENT_EVIDENCE, NOT_APPLICABLE -> "other";
                });
        status.put("remarks", "Verdict of the checks: " + marks.word(verdict) + ".");
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("type", "objective-id");
        target.put("target-id", controlId + "_obj");
        target.put("status", status);
        finding.put("target", target);
        if (!control.checks().isEmpty()) {
            finding.put(
                    "related-observations",
                    control.checks().stream()
                            .map(
                                    check ->
                                            Map.of(
                                                    "observation-uuid",
                                                    uuid(id, "observation " + check)))
                            .toList());
        }
        if (control.note() != null) {
            finding.put("remarks", control.note());
        }
        return finding;
    }

    /// The plan that an assessment must name: which checks there are.
    private static Map<String, Object> plan(UUID id) {
        StringBuilder text = new StringBuilder("Checks that are evaluated on what agents logged:");
        Checks.ALL.forEach(
                check ->
                        text.append("\n\n- ")
                                .append(check.title())
                                .append(": ")
                                .append(check.formula()));
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("uuid", uuid(id, "plan"));
        plan.put("title", "Named checks of the Agent Audit Portal");
        plan.put("description", text.toString());
        return plan;
    }

    /// A token as OSCAL wants it: `eu-ai-act_26-6`.
    static String controlId(FrameworkCoverage framework, ControlStatus control) {
        String id =
                control.control()
                        .control()
                        .replaceAll("[^\\p{L}\\p{N}.]+", "-")
                        .replaceAll("^-|-$", "");
        return CompliancePages.slug(framework.framework()) + "_" + id;
    }

    private static void number(
            List<Map<String, Object>> props, String name, @Nullable Double value) {
        if (value != null) {
            prop(props, name, Double.toString(value));
        }
    }

    /// A value is one line without spaces at its ends, never empty.
    private static void prop(List<Map<String, Object>> props, String name, String value) {
        String line = value.replaceAll("\\s+", " ").strip();
        if (!line.isEmpty()) {
            Map<String, Object> prop = new LinkedHashMap<>();
            prop.put("name", name);
            prop.put("ns", NAMESPACE);
            prop.put("value", line);
            props.add(prop);
        }
    }

    /// UUID version 5 of a name (RFC 9562).
    static UUID uuid(UUID namespace, String name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(
                    ByteBuffer.allocate(16)
                            .putLong(namespace.getMostSignificantBits())
                            .putLong(namespace.getLeastSignificantBits())
                            .array());
            ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = hash.getLong() & ~0xF000L | 0x5000L;
            long low = hash.getLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
