package org.agentaudit.query;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What matches a filter, in numbers.
///
/// @param total   exact number of events
/// @param step    length of a bucket
/// @param buckets in order of time without holes; empty without events
/// @param looked  how many of the newest events the tallies are of
/// @param agents  those with the most events first, at most [EventOverviews#MOST_TALLIES]
/// @param types   likewise
/// @param actions likewise
public record EventOverview(
        long total,
        Duration step,
        List<Bucket> buckets,
        long looked,
        List<Tally> agents,
        List<Tally> types,
        List<Tally> actions) {

    /// Events of `[from, to)`.
    public record Bucket(Instant from, Instant to, long events, long errors) {}

    public EventOverview {
        buckets = List.copyOf(buckets);
        agents = List.copyOf(agents);
        types = List.copyOf(types);
        actions = List.copyOf(actions);
    }
}
