package org.agentaudit.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When a rule would have fired over past events, as far as they are stored now.
///
/// @param stepSeconds from one evaluation to the next, at least as in earnest
/// @param evaluations how many
/// @param evaluatedTo end of the last window; before the period's end when `complete` is false
/// @param complete    false when time or room ran out, or there are more episodes than shown
/// @param episodes    by time, at most 1,000
public record AlertDryRun(
        long stepSeconds,
        int evaluations,
        Instant evaluatedTo,
        boolean complete,
        List<Episode> episodes) {

    public AlertDryRun {
        episodes = List.copyOf(episodes);
    }

    /// One alert that would have been.
    ///
    /// @param key        null for a rule without keys
    /// @param firedAt    end of the window that fires
    /// @param resolvedAt null when it still fires at the end
    /// @param value      first measure of that window, else its number of events
    public record Episode(
            @Nullable String key,
            Instant firedAt,
            @Nullable Instant resolvedAt,
            double value,
            String description) {}
}
