package org.agentaudit.incident;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// What people found out about a trace that went wrong.
///
/// @param title           names the incident; not a place for content, so everybody who may read
///     incidents sees it
/// @param traceId         stays when the trace has expired
/// @param openedBy        user name
/// @param awareAt         since when somebody knew; `openedAt` at the latest
/// @param assignee        user name; null while nobody works on it
/// @param resolvedAt      when it was resolved; null while it is not, or is open again
/// @param changedAt       last change; null when there was none
/// @param version         changes so far
/// @param duties          ids of the [ReportingTime]s that people say apply; null while nobody said
/// @param alertId         alert it was opened from; null for none
/// @param findingId       finding it was opened from; null for none
/// @param notes           oldest first
/// @param rootCause       null until someone states one
/// @param recommendations in the order they were given
public record Incident(
        long id,
        String title,
        IncidentStatus status,
        Severity severity,
        String traceId,
        Instant openedAt,
        String openedBy,
        Instant awareAt,
        @Nullable String assignee,
        @Nullable Instant resolvedAt,
        @Nullable Instant changedAt,
        int version,
        @Nullable List<String> duties,
        @Nullable Long alertId,
        @Nullable UUID findingId,
        List<Note> notes,
        @Nullable String rootCause,
        List<String> recommendations) {

    public Incident {
        duties = duties == null ? null : List.copyOf(duties);
        notes = List.copyOf(notes);
        recommendations = List.copyOf(recommendations);
    }

    /// What someone added while working on it.
    public record Note(Instant at, String author, String text) {}

    /// When its clock stands: when it was resolved, else now.
    public Instant clock(Instant now) {
        return resolvedAt == null ? now : resolvedAt;
    }

    /// As the viewer may see it: texts that quote what agents and users said are masked where
    /// content is.
    Incident disclosed(Viewer viewer) {
        if (viewer.mayReadContent()) {
            return this;
        }
        return withTexts(
                notes.stream()
                        .map(note -> new Note(note.at(), note.author(), Disclosure.MASKED))
                        .toList(),
                Disclosure.text(rootCause, viewer),
                recommendations.stream().map(_ -> Disclosure.MASKED).toList());
    }

    Incident withNotes(List<Note> all) {
        return withTexts(all, rootCause, recommendations);
    }

    private Incident withTexts(List<Note> all, @Nullable String cause, List<String> advice) {
        return new Incident(
                id,
                title,
                status,
                severity,
                traceId,
                openedAt,
                openedBy,
                awareAt,
                assignee,
                resolvedAt,
                changedAt,
                version,
                duties,
                alertId,
                findingId,
                all,
                cause,
                advice);
    }
}
