package org.agentaudit.incident;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.agentaudit.access.Viewer;
import org.agentaudit.alert.Alert;
import org.agentaudit.alert.Alerts;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Outcome;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.Findings;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// Fills the form that opens an incident from what it is opened from. Titles hold no content.
@Singleton
class IncidentOrigins {

    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

    private final TraceQuery traces;
    private final EventQuery events;
    private final Alerts alerts;
    private final Findings findings;
    private final Format format;

    IncidentOrigins(
            TraceQuery traces, EventQuery events, Alerts alerts, Findings findings, Format format) {
        this.traces = traces;
        this.events = events;
        this.alerts = alerts;
        this.findings = findings;
        this.format = format;
    }

    /// The form; what is not known or not for the viewer is left out.
    OpenIncidentPage form(
            Viewer viewer,
            @Nullable String trace,
            @Nullable String alert,
            @Nullable String finding) {
        Optional<Alert> fired =
                number(alert).flatMap(id -> alerts.byIds(viewer, List.of(id)).stream().findFirst());
        if (fired.isPresent()) {
            return ofAlert(viewer, fired.get());
        }
        Optional<Finding> found = uuid(finding).flatMap(id -> findings.byId(viewer, id));
        if (found.isPresent()) {
            return ofFinding(viewer, found.get());
        }
        String id = trace == null ? "" : trace.replace("\0", "");
        Optional<Trace> known = id.isEmpty() ? Optional.empty() : traces.byId(viewer, id);
        return page(
                id,
                known.map(IncidentOrigins::title).orElse(""),
                known.filter(t -> t.outcome() == Outcome.FAILURE).isPresent()
                        ? Severity.CRITICAL
                        : Severity.WARNING,
                "",
                "",
                null);
    }

    private OpenIncidentPage ofAlert(Viewer viewer, Alert alert) {
        String title = alert.ruleName() + (alert.key() == null ? "" : " for " + alert.key());
        return page(
                trace(viewer, alert.evidenceIds()),
                title,
                alert.severity(),
                Long.toString(alert.id()),
                "",
                "alert: " + alert.description());
    }

    private OpenIncidentPage ofFinding(Viewer viewer, Finding finding) {
        String kind = finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String traceId = finding.traceId();
        return page(
                traceId == null ? trace(viewer, finding.evidence()) : traceId,
                Character.toUpperCase(kind.charAt(0))
                        + kind.substring(1)
                        + ": "
                        + finding.agentId(),
                finding.severity(),
                "",
                finding.id().toString(),
                "finding: " + finding.description());
    }

    private static String title(Trace trace) {
        String how =
                switch (trace.outcome()) {
                    case FAILURE -> "Failed";
                    case PARTIAL -> "Partly failed";
                    case PENDING -> "Unfinished";
                    case SUCCESS, UNKNOWN -> "Questionable";
                };
        return how + " run of " + String.join(", ", trace.agentIds().stream().limit(2).toList());
    }

    /// The trace of the first event that is still there; empty when none is.
    private String trace(Viewer viewer, List<UUID> evidence) {
        List<AuditEvent> there = events.byIds(viewer, evidence);
        return evidence.stream()
                .flatMap(id -> there.stream().filter(event -> event.envelope().id().equals(id)))
                .map(event -> event.envelope().traceId())
                .findFirst()
                .orElse("");
    }

    /// Ids of agents may hold what a title may not.
    private OpenIncidentPage page(
            String trace,
            String title,
            Severity severity,
            String alert,
            String finding,
            @Nullable String from) {
        String clean = title.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "");
        int most =
                clean.offsetByCodePoints(
                        0,
                        Math.min(Incidents.MAXIMUM_TITLE, clean.codePointCount(0, clean.length())));
        return new OpenIncidentPage(
                trace,
                clean.substring(0, most),
                severity,
                "",
                alert,
                finding,
                from,
                null,
                format.zone().getId());
    }

    static Optional<Long> number(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches()
                ? Optional.of(Long.parseLong(text))
                : Optional.empty();
    }

    static Optional<UUID> uuid(@Nullable String text) {
        try {
            return text == null || text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            // no id of anything
            return Optional.empty();
        }
    }
}
