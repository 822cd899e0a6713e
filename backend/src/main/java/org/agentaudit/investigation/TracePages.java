package org.agentaudit.investigation;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.agentaudit.access.Role;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Forensics;
import org.agentaudit.analysis.ForensicsQuery;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.Findings;
import org.agentaudit.incident.IncidentFilter;
import org.agentaudit.incident.IncidentOrder;
import org.agentaudit.incident.Incidents;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// Makes the [TracePage] of a trace, and notes in the access log what of it is shown.
@Singleton
class TracePages {

    /// Events that are read for the waterfall and the graph.
    private static final int MOST_EVENTS = 2000;

    private final TraceQuery traces;
    private final ForensicsQuery forensics;
    private final Findings findings;
    private final Incidents incidents;
    private final ViewLog viewLog;
    private final Format format;
    private final Clock clock;

    TracePages(
            TraceQuery traces,
            ForensicsQuery forensics,
            Findings findings,
            Incidents incidents,
            ViewLog viewLog,
            Format format,
            Clock clock) {
        this.traces = traces;
        this.forensics = forensics;
        this.findings = findings;
        this.incidents = incidents;
        this.viewLog = viewLog;
        this.format = format;
        this.clock = clock;
    }

    /// @param part as [Waterfalls#of] takes it
    /// @param form what was typed to open an incident; null: nothing yet
    TracePage of(
            Viewer viewer,
            Trace trace,
            @Nullable Integer part,
            TracePage.@Nullable IncidentForm form) {
        List<TimelineEntry> timeline = traces.timeline(viewer, trace.id(), MOST_EVENTS);
        viewLog.content(viewer, timeline.stream().map(TimelineEntry::event).toList());
        Forensics why = forensics.of(viewer, trace);
        Forensics.Statement cause = why.rootCause();
        List<UUID> cited =
                cause == null
                        ? List.of()
                        : cause.evidence().stream().map(event -> event.envelope().id()).toList();
        Page<Finding> found =
                findings.page(
                        viewer,
                        new FindingFilter(null, null, null, null, null, null, trace.id()),
                        PageRequest.first(TracePage.MOST_FINDINGS, null));
        return new TracePage(
                trace,
                sentence(trace),
                why,
                Waterfalls.of(trace, timeline, cited, part, format),
                AgentGraphs.of(timeline, format),
                Math.max(0, trace.eventCount() - timeline.size()),
                found.nodes(),
                found.hasNextPage(),
                timeline.stream()
                        .map(entry -> entry.event().envelope().sessionId())
                        .filter(Objects::nonNull)
                        .distinct()
                        .limit(TracePage.MOST_SESSIONS)
                        .toList(),
                incidents
                        .page(
                                viewer,
                                new IncidentFilter(null, null, null, null, trace.id(), null, false),
                                IncidentOrder.OPENED,
                                PageRequest.first(TracePage.MOST_INCIDENTS, null))
                        .nodes(),
                mayOpen(viewer)
                        ? form == null
                                ? new TracePage.IncidentForm("", suggested(trace), null)
                                : form
                        : null,
                !viewer.mayReadContent(),
                clock.instant());
    }

    static boolean mayOpen(Viewer viewer) {
        return viewer.has(Role.COMPLIANCE_OFFICER) || viewer.has(Role.SECURITY_ANALYST);
    }

    private static String suggested(Trace trace) {
        return trace.errorCount() > 0 ? "WARNING" : "INFO";
    }

    private String sentence(Trace trace) {
        String how =
                switch (trace.outcome()) {
                    case SUCCESS -> "Succeeded";
                    case FAILURE -> "Failed";
                    case PARTIAL -> "Succeeded in part";
                    case PENDING -> "Still pending";
                    case UNKNOWN -> "Ended without a stated outcome";
                };
        return how
                + " after "
                + format.duration(trace.durationMs())
                + ": "
                + format.count(trace.eventCount(), "event", "events")
                + " of "
                + format.count(trace.agentIds().size(), "agent", "agents")
                + ", "
                + format.count(trace.errorCount())
                + " errored.";
    }
}
