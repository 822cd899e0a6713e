package org.agentaudit.incident;

import java.time.Instant;
import java.util.List;
import org.agentaudit.alert.Alert;
import org.agentaudit.analysis.Forensics;
import org.agentaudit.analysis.Severity;
import org.agentaudit.finding.Finding;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// One incident; model of `views/incident/incident.html`.
///
/// @param sentence  how it stands, in words
/// @param clock     time since awareness, in words
/// @param trace     null when it has expired
/// @param forensics null when the trace has expired
/// @param story     of the trace and of the handling in one, by time
/// @param left      steps of the trace that the story leaves out
/// @param reminders every reporting time, the first that ends first
/// @param next      the first that applies; null when none does
/// @param alert     it was opened from; null for none, or none that the viewer sees
/// @param finding   it was opened from; null for none, or none that the viewer sees
/// @param findings  of the trace
/// @param reports   that were made of it, newest first
/// @param people    who may be assigned
/// @param edit      what the form holds
/// @param problem   why the last change was not made; null when it was
/// @param note      what was just done; null when nothing was
public record IncidentPage(
        Incident incident,
        String sentence,
        String clock,
        @Nullable Trace trace,
        @Nullable Forensics forensics,
        List<Entry> story,
        long left,
        List<Reminder> reminders,
        @Nullable Reminder next,
        @Nullable Alert alert,
        @Nullable Finding finding,
        List<Finding> findings,
        List<IncidentVersion> reports,
        List<String> people,
        IncidentEdit edit,
        @Nullable String problem,
        @Nullable String note,
        boolean mayWork,
        boolean masked,
        Instant madeAt) {

    public IncidentPage {
        story = List.copyOf(story);
        reminders = List.copyOf(reminders);
        findings = List.copyOf(findings);
        reports = List.copyOf(reports);
        people = List.copyOf(people);
    }

    /// What the form's parts hold as the incident is.
    public String held() {
        return IncidentEdit.of(incident).held();
    }

    /// A line of the story.
    ///
    /// @param kind   `step` of the trace, or `opened`, `change`, `note`, `report` of the handling
    /// @param who    agent id or user name
    /// @param state  of a step; null for the handling
    /// @param detail second line; null when there is none
    /// @param href   where it leads; null for nowhere
    public record Entry(
            Instant at,
            String kind,
            String who,
            String text,
            @Nullable Enum<?> state,
            @Nullable String detail,
            @Nullable String href) {}

    public Severity[] severities() {
        return Severity.values();
    }

    public IncidentStatus[] statuses() {
        return IncidentStatus.values();
    }
}
