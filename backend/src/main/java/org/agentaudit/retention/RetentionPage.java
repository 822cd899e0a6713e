package org.agentaudit.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The page `/admin/retention`.
///
/// @param kind        shape of the sentence: `ok`, `warn`, `fail` or `pending`
/// @param sentence    whether retention does what it is set to do
/// @param problem     what was wrong with a form that was sent; null otherwise
/// @param profiles    rule books whose floors are in force; may be empty
/// @param nextRun     null when the schedule is switched off
/// @param on          UTC day asked about; what would go is counted at its end
/// @param forecast    null when nothing was asked
/// @param olderHref   further deletions; null when there are none
/// @param firstPart   whether the newest deletions are shown
public record RetentionPage(
        String kind,
        String sentence,
        @Nullable String problem,
        List<RetentionStatus.TierLife> tiers,
        int contentDays,
        List<String> profiles,
        @Nullable Instant nextRun,
        LocalDate on,
        @Nullable RetentionForecast forecast,
        List<Hold> holds,
        List<RetentionRun> runs,
        List<Erasure> erasures,
        List<RecordedDeletion> deletions,
        @Nullable String olderHref,
        boolean firstPart) {

    /// Events that outlived the erasure of their person, over all erasures.
    public long laterEvents() {
        return erasures.stream().mapToLong(Erasure::later).sum();
    }
}
