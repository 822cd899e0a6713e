package org.agentaudit.report;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Forensics;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.TimelineEntry.TimelineStatus;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// Incident forensics of one trace (checklist A8.3), as the viewer it was made for may see it.
/// Page, PDF, HTML and JSON render this record.
///
/// @param reportId      names this very report; a new one each time
/// @param timeZone      in which times are shown
/// @param preparedFor   the viewer's user name
/// @param contentMasked whether content was masked for that viewer
/// @param timeline      the trace's first steps in order, at most [#MAXIMUM_STEPS]
/// @param omittedSteps  steps of the trace that the timeline leaves out
/// @param rootCause     null when nothing failed
public record IncidentReport(
        UUID reportId,
        Instant generatedAt,
        ZoneId timeZone,
        String preparedFor,
        boolean contentMasked,
        Trace trace,
        List<Step> timeline,
        long omittedSteps,
        @Nullable Finding rootCause,
        List<Finding> contributingFactors,
        List<Finding> contradictions,
        List<Finding> gaps,
        List<Finding> recommendations) {

    /// Rows the report's timeline has at most.
    public static final int MAXIMUM_STEPS = 2000;

    public IncidentReport {
        timeline = List.copyOf(timeline);
        contributingFactors = List.copyOf(contributingFactors);
        contradictions = List.copyOf(contradictions);
        gaps = List.copyOf(gaps);
        recommendations = List.copyOf(recommendations);
    }

    /// One row of the timeline.
    ///
    /// @param number     its place in the trace, from 1; findings cite it
    /// @param durationMs null when the event states none
    /// @param statusText what went wrong or is awaited; null when there is nothing to say
    public record Step(
            int number,
            UUID eventId,
            Instant time,
            String agentId,
            EventType type,
            String action,
            String details,
            @Nullable Double durationMs,
            TimelineStatus status,
            @Nullable String statusText) {

        private static Step of(int number, TimelineEntry entry) {
            Envelope envelope = entry.event().envelope();
            return new Step(
                    number,
                    envelope.id(),
                    envelope.occurredAt(),
                    envelope.agentId(),
                    envelope.type(),
                    envelope.action(),
                    entry.event().summary(),
                    envelope.durationMs(),
                    entry.status(),
                    entry.statusText());
        }
    }

    /// One sentence and its evidence.
    ///
    /// @param hypothesis inferred and not recorded
    public record Finding(String text, boolean hypothesis, List<Citation> evidence) {
        public Finding {
            evidence = List.copyOf(evidence);
        }
    }

    /// An event that a finding rests on.
    ///
    /// @param number its place in the timeline; null when the timeline does not show it
    public record Citation(@Nullable Integer number, UUID eventId) {}

    /// Assembles the report.
    ///
    /// @param timeline all steps that were analysed, in order
    static IncidentReport of(
            Viewer viewer,
            Trace trace,
            List<TimelineEntry> timeline,
            Forensics forensics,
            UUID reportId,
            Instant generatedAt,
            ZoneId timeZone) {
        Map<UUID, Integer> numbers = new HashMap<>();
        List<Step> steps = new ArrayList<>();
        for (TimelineEntry entry : timeline) {
            if (steps.size() == MAXIMUM_STEPS) {
                break;
            }
            int number = steps.size() + 1;
            steps.add(Step.of(number, entry));
            numbers.put(entry.event().envelope().id(), number);
        }
        return new IncidentReport(
                reportId,
                generatedAt,
                timeZone,
                viewer.username(),
                !viewer.mayReadContent(),
                trace,
                steps,
                Math.max(trace.eventCount(), timeline.size()) - steps.size(),
                forensics.rootCause() == null ? null : finding(forensics.rootCause(), numbers),
                findings(forensics.contributingFactors(), numbers),
                findings(forensics.contradictions(), numbers),
                findings(forensics.gaps(), numbers),
                findings(forensics.recommendations(), numbers));
    }

    private static List<Finding> findings(
            List<Forensics.Statement> statements, Map<UUID, Integer> numbers) {
        return statements.stream().map(statement -> finding(statement, numbers)).toList();
    }

    private static Finding finding(Forensics.Statement statement, Map<UUID, Integer> numbers) {
        return new Finding(
                statement.text(),
                statement.hypothesis(),
                statement.evidence().stream()
                        .map(AuditEvent::envelope)
                        .map(event -> new Citation(numbers.get(event.id()), event.id()))
                        .toList());
    }
}
