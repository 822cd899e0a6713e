package org.agentaudit.verify;

import java.util.List;
import java.util.Map;
import org.agentaudit.verify.Difference.Kind;

/// What a verification found.
///
/// @param batches         rows of leaves
/// @param events          stored events whose leaf was recomputed
/// @param uncovered       events stored before leaves were written: nothing proves them
/// @param removedEvents   events that are gone and accounted for by deletion records
/// @param removedContents events whose content is gone and accounted for
/// @param missingNumbers  batch numbers without a batch: commits that failed or are under way
/// @param quarters        quarter hours whose counters were recounted
/// @param skippedQuarters quarter hours with counters that reach into a period events were removed
///     from: their counters cannot be recounted
/// @param seconds         how long it took
/// @param counts          differences by kind; empty when everything is as it was stored
/// @param first           the first differences, by place, at most [#SHOWN]
public record Verification(
        long batches,
        long events,
        long uncovered,
        long removedEvents,
        long removedContents,
        long missingNumbers,
        long quarters,
        long skippedQuarters,
        double seconds,
        Map<Kind, Long> counts,
        List<Difference> first) {
    /// Most differences that are told one by one.
    public static final int SHOWN = 20;

    public Verification {
        counts = Map.copyOf(counts);
        first = List.copyOf(first);
    }

    /// Whether nothing differs.
    public boolean passed() {
        return counts.isEmpty();
    }

    /// Events checked in a second.
    public double rate() {
        return seconds <= 0 ? 0 : (events + uncovered) / seconds;
    }
}
