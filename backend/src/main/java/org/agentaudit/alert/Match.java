package org.agentaudit.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group that fires at a point in time.
///
/// @param at       end of its window, exclusive
/// @param volume   events
/// @param measures as the condition has them; null where there was nothing to measure
/// @param usual    baseline of the first measure; null without one
record Match(
        Instant at,
        AlertKey key,
        long volume,
        List<@Nullable Double> measures,
        @Nullable Double usual) {

    Match {
        measures = Collections.unmodifiableList(new ArrayList<>(measures));
    }

    /// What an alert shows: the first measure, else the number of events.
    double value() {
        Double first = measures.getFirst();
        return first == null ? volume : first;
    }
}
