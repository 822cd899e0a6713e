package org.agentaudit.analysis;

import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// Why a trace went wrong (checklist A8.3 with B-003-28). Every statement cites the events it rests
/// on.
///
/// @param rootCause null when nothing failed
/// @param contradictions records that cannot all be right; for a viewer without content also that
///     texts were not compared
/// @param gaps      silences, unpaired calls and results, missing parents
public record Forensics(
        @Nullable Statement rootCause,
        List<Statement> contributingFactors,
        List<Statement> contradictions,
        List<Statement> gaps,
        List<Statement> recommendations) {

    public Forensics {
        contributingFactors = List.copyOf(contributingFactors);
        contradictions = List.copyOf(contradictions);
        gaps = List.copyOf(gaps);
        recommendations = List.copyOf(recommendations);
    }

    /// One sentence and its evidence.
    ///
    /// @param hypothesis true when it is inferred and not recorded
    public record Statement(String text, boolean hypothesis, List<AuditEvent> evidence) {
        public Statement {
            evidence = List.copyOf(evidence);
        }
    }
}
