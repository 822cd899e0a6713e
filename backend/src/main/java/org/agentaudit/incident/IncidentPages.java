package org.agentaudit.incident;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.alert.Alert;
import org.agentaudit.alert.Alerts;
import org.agentaudit.analysis.Forensics;
import org.agentaudit.analysis.ForensicsQuery;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.Findings;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// Puts together the pages of incidents.
@Singleton
class IncidentPages {

    private static final int PART = 50;
    private static final int READ_STEPS = 2_000;
    private static final int WHOLE_STORY = 40;
    private static final int FINDINGS = 20;

    private final Incidents incidents;
    private final ReportingTimes times;
    private final TraceQuery traces;
    private final ForensicsQuery forensics;
    private final Findings findings;
    private final Alerts alerts;
    private final ViewLog viewLog;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    IncidentPages(
            Incidents incidents,
            ReportingTimes times,
            TraceQuery traces,
            ForensicsQuery forensics,
            Findings findings,
            Alerts alerts,
            ViewLog viewLog,
            Format format,
            Clock clock) {
        this.incidents = incidents;
        this.times = times;
        this.traces = traces;
        this.forensics = forensics;
        this.findings = findings;
        this.alerts = alerts;
        this.viewLog = viewLog;
        this.format = format;
        this.clock = clock;
    }

    /// @throws org.agentaudit.query.BadInputException for a filter or a cursor that cannot be used
    IncidentListPage list(Viewer viewer, IncidentQuery query, @Nullable String after) {
        Page<Incident> part =
                incidents.page(
                        viewer, query.filter(), query.order(), PageRequest.first(PART, after));
        Instant now = clock.instant();
        return new IncidentListPage(
                query,
                null,
                states(viewer, query),
                part.nodes().stream().map(incident -> row(incident, now)).toList(),
                incidents.assignable(),
                Incidents.mayWork(viewer),
                after == null ? null : query.address(null),
                part.hasNextPage() ? query.address(part.endCursor()) : null,
                now);
    }

    /// A list that cannot be shown.
    IncidentListPage refused(Viewer viewer, IncidentQuery query, String problem) {
        return new IncidentListPage(
                query,
                problem,
                states(viewer, query),
                List.of(),
                incidents.assignable(),
                Incidents.mayWork(viewer),
                null,
                null,
                clock.instant());
    }

    private List<IncidentListPage.StateChoice> states(Viewer viewer, IncidentQuery query) {
        Map<IncidentStatus, Long> counts = incidents.counts(viewer);
        long open = counts.getOrDefault(IncidentStatus.OPEN, 0L);
        long investigating = counts.getOrDefault(IncidentStatus.INVESTIGATING, 0L);
        long resolved = counts.getOrDefault(IncidentStatus.RESOLVED, 0L);
        return List.of(
                state(query, IncidentQuery.WORKING, "Not resolved", open + investigating),
                state(query, "open", "Open", open),
                state(query, "investigating", "Investigating", investigating),
                state(query, "resolved", "Resolved", resolved),
                state(query, IncidentQuery.ALL, "All", open + investigating + resolved));
    }

    private static IncidentListPage.StateChoice state(
            IncidentQuery query, String word, String label, long count) {
        return new IncidentListPage.StateChoice(
                label, count, query.withState(word).address(null), query.state().equals(word));
    }

    private IncidentListPage.Row row(Incident incident, Instant now) {
        Instant changed = incident.changedAt();
        return new IncidentListPage.Row(
                incident,
                since(incident, now),
                Reminder.first(Reminder.of(incident, times.all(), now, format)).orElse(null),
                changed == null ? incident.openedAt() : changed);
    }

    /// @param edit what the form holds; null: as the incident is
    IncidentPage incident(
            Viewer viewer,
            Incident incident,
            @Nullable IncidentEdit edit,
            @Nullable String problem,
            @Nullable String note) {
        Instant now = clock.instant();
        Trace trace = traces.byId(viewer, incident.traceId()).orElse(null);
        List<TimelineEntry> timeline =
                trace == null ? List.of() : traces.timeline(viewer, trace.id(), READ_STEPS);
        Forensics why = trace == null ? null : forensics.of(viewer, trace);
        List<TimelineEntry> told = told(timeline, why);
        List<Reminder> reminders = Reminder.of(incident, times.all(), now, format);
        Reminder next = Reminder.first(reminders).orElse(null);
        List<IncidentVersion> reports = incidents.reports(incident);
        viewLog.report(viewer, link.incident(incident.id()));
        viewLog.content(viewer, shown(told, why));
        return new IncidentPage(
                incident,
                sentence(incident, next, now),
                since(incident, now),
                trace,
                why,
                story(incident, told, reports),
                trace == null ? 0 : Math.max(0, trace.eventCount() - told.size()),
                reminders,
                next,
                alert(viewer, incident.alertId()),
                Optional.ofNullable(incident.findingId())
                        .flatMap(id -> findings.byId(viewer, id))
                        .orElse(null),
                trace == null ? List.of() : findingsOf(viewer, trace.id()),
                reports,
                incidents.assignable(),
                edit == null ? IncidentEdit.of(incident) : edit,
                problem,
                note,
                Incidents.mayWork(viewer),
                !viewer.mayReadContent(),
                now);
    }

    private static List<AuditEvent> shown(List<TimelineEntry> told, @Nullable Forensics why) {
        List<AuditEvent> shown = new ArrayList<>(told.stream().map(TimelineEntry::event).toList());
        if (why != null && why.rootCause() != null) {
            shown.addAll(why.rootCause().evidence());
        }
        return shown.stream().distinct().toList();
    }

    private @Nullable Alert alert(Viewer viewer, @Nullable Long id) {
        return id == null
                ? null
                : alerts.byIds(viewer, List.of(id)).stream().findFirst().orElse(null);
    }

    private List<Finding> findingsOf(Viewer viewer, String traceId) {
        return findings.page(
                        viewer,
                        new FindingFilter(null, null, null, null, null, null, traceId),
                        PageRequest.first(FINDINGS, null))
                .nodes();
    }

    /// A short trace whole; of a long one where it begins and ends, what is not ok, and what the
    /// forensics rest on.
    private static List<TimelineEntry> told(List<TimelineEntry> timeline, @Nullable Forensics why) {
        if (timeline.size() <= WHOLE_STORY) {
            return timeline;
        }
        List<AuditEvent> cited =
                why == null || why.rootCause() == null ? List.of() : why.rootCause().evidence();
        Predicate<TimelineEntry> matters =
                entry ->
                        entry.status() != TimelineEntry.TimelineStatus.OK
                                        && entry.status() != TimelineEntry.TimelineStatus.UNKNOWN
                                || entry == timeline.getFirst()
                                || entry == timeline.getLast()
                                || cited.stream()
                                        .anyMatch(
                                                event ->
                                                        event.envelope()
                                                                .id()
                                                                .equals(
                                                                        entry.event()
                                                                                .envelope()
                                                                                .id()));
        return timeline.stream().filter(matters).limit(5L * WHOLE_STORY).toList();
    }

    private List<IncidentPage.Entry> story(
            Incident incident, List<TimelineEntry> told, List<IncidentVersion> reports) {
        List<IncidentPage.Entry> story = new ArrayList<>();
        for (TimelineEntry entry : told) {
            Envelope event = entry.event().envelope();
            story.add(
                    new IncidentPage.Entry(
                            event.occurredAt(),
                            "step",
                            event.agentId(),
                            entry.event().summary(),
                            entry.status(),
                            entry.statusText(),
                            link.event(event.id())));
        }
        if (incident.awareAt().isBefore(incident.openedAt())) {
            story.add(handling(incident.awareAt(), "opened", "", "Somebody became aware", null));
        }
        story.add(
                handling(
                        incident.openedAt(),
                        "opened",
                        incident.openedBy(),
                        "Opened the incident",
                        null));
        for (IncidentStep step : incidents.steps(incident)) {
            if (!step.what().equals("note")) {
                story.add(
                        handling(
                                step.at(),
                                "change",
                                step.actor(),
                                "Changed: " + words(step.what()),
                                null));
            }
        }
        for (Incident.Note said : incident.notes()) {
            story.add(handling(said.at(), "note", said.author(), "Noted", said.text()));
        }
        for (IncidentVersion report : reports) {
            story.add(
                    handling(
                            report.madeAt(),
                            "report",
                            report.madeBy(),
                            "Made the report as " + report.format(),
                            null));
        }
        story.sort(Comparator.comparing(IncidentPage.Entry::at));
        return story;
    }

    private static IncidentPage.Entry handling(
            Instant at, String kind, String who, String text, @Nullable String detail) {
        return new IncidentPage.Entry(at, kind, who, text, null, detail, null);
    }

    /// The words of a change without shouting.
    private static String words(String what) {
        String said = what.replaceAll(", note$", "");
        for (IncidentStatus status : IncidentStatus.values()) {
            said =
                    said.replace(
                            "status " + status, "state " + status.name().toLowerCase(Locale.ROOT));
        }
        return said.replace("severity INFO", "severity info")
                .replace("severity WARNING", "severity warning")
                .replace("severity CRITICAL", "severity critical");
    }

    private String sentence(Incident incident, @Nullable Reminder next, Instant now) {
        String owner = incident.assignee();
        String state =
                switch (incident.status()) {
                    case OPEN ->
                            owner == null
                                    ? "Open, and nobody works on it"
                                    : "Open, assigned to " + owner;
                    case INVESTIGATING ->
                            "Being investigated" + (owner == null ? "" : " by " + owner);
                    case RESOLVED -> "Resolved" + (owner == null ? "" : " by " + owner);
                };
        String text =
                state
                        + (incident.resolvedAt() == null ? ", " : " after ")
                        + since(incident, now)
                        + (incident.resolvedAt() == null ? " since awareness." : ".");
        if (incident.duties() == null) {
            return text + " Nobody has said yet whether a reporting time applies.";
        }
        return next == null
                ? text
                : text
                        + " "
                        + next.time().framework()
                        + " "
                        + next.time().clause()
                        + ": "
                        + next.words()
                        + ".";
    }

    private String since(Incident incident, Instant now) {
        return format.duration(
                (double) Duration.between(incident.awareAt(), incident.clock(now)).toMillis());
    }
}
