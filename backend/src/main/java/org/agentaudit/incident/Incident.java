package org.agentaudit.incident;

import java.time.Instant;
import java.util.List;
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
/// @param assignee        user name; null while nobody works on it
/// @param resolvedAt      when it was resolved; null while it is not, or is open again
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
        @Nullable String assignee,
        @Nullable Instant resolvedAt,
        List<Note> notes,
        @Nullable String rootCause,
        List<String> recommendations) {

    public Incident {
        notes = List.copyOf(notes);
        recommendations = List.copyOf(recommendations);
    }

    /// What someone added while working on it.
    public record Note(Instant at, String author, String text) {}

    /// As the viewer may see it: texts that quote what agents and users said are masked where
    /// content is.
    Incident disclosed(Viewer viewer) {
        if (viewer.mayReadContent()) {
            return this;
        }
        return new Incident(
                id,
                title,
                status,
                severity,
                traceId,
                openedAt,
                openedBy,
                assignee,
                resolvedAt,
                notes.stream()
                        .map(note -> new Note(note.at(), note.author(), Disclosure.MASKED))
                        .toList(),
                Disclosure.text(rootCause, viewer),
                recommendations.stream().map(_ -> Disclosure.MASKED).toList());
    }
}
