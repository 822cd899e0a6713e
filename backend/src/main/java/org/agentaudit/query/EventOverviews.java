package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;

/// Counts what matches a filter: over time in one aggregate, which gives the total too, and by
/// agent, type and action over the newest events.
@Singleton
class EventOverviews {

    static final int MOST_TALLIES = 6;
    private static final int MOST_BUCKETS = 60;
    private static final int LOOKED_AT = 5_000;
    private static final LocalDate ORIGIN = LocalDate.of(2001, 1, 1);
    private static final Duration QUARTER = Duration.ofMinutes(15);

    /// Each a multiple of the one before it, from the third on of a quarter hour.
    private static final List<Duration> STEPS =
            List.of(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    QUARTER,
                    Duration.ofHours(1),
                    Duration.ofHours(3),
                    Duration.ofHours(6),
                    Duration.ofDays(1),
                    Duration.ofDays(7),
                    Duration.ofDays(28),
                    Duration.ofDays(364));

    private final EventTallyRepository repository;

    EventOverviews(EventTallyRepository repository) {
        this.repository = repository;
    }

    /// @param zone whose midnight buckets of days begin at
    EventOverview of(Viewer viewer, EventFilter filter, ZoneId zone) {
        EventConditions conditions = EventQuery.conditions(viewer, filter);
        Instant origin = ORIGIN.atStartOfDay(zone).toInstant();
        Instant from = filter.from();
        Instant to = filter.to();
        Duration asked = from == null || to == null ? null : step(Duration.between(from, to));
        Duration fine = asked == null || asked.compareTo(QUARTER) > 0 ? QUARTER : asked;
        List<EventOverview.Bucket> found = repository.buckets(conditions, fine, origin);
        Duration step = asked;
        if (step == null && !found.isEmpty()) {
            Duration length = Duration.between(found.getFirst().from(), found.getLast().to());
            step = step(length);
            if (step.compareTo(fine) < 0) {
                found = repository.buckets(conditions, step, origin);
            }
        }
        long total = found.stream().mapToLong(EventOverview.Bucket::events).sum();
        Map<String, List<Tally>> tallies =
                total == 0 ? Map.of() : repository.tallies(conditions, LOOKED_AT, MOST_TALLIES);
        return new EventOverview(
                total,
                step == null ? QUARTER : step,
                step == null ? List.of() : whole(found, step, origin),
                Math.min(total, LOOKED_AT),
                tallies.getOrDefault("agent", List.of()),
                tallies.getOrDefault("type", List.of()),
                tallies.getOrDefault("action", List.of()));
    }

    private static Duration step(Duration length) {
        for (Duration step : STEPS) {
            if (length.dividedBy(step) < MOST_BUCKETS) {
                return step;
            }
        }
        return STEPS.getLast();
    }

    /// Buckets of a longer step, with those that are empty in between.
    private static List<EventOverview.Bucket> whole(
            List<EventOverview.Bucket> found, Duration step, Instant origin) {
        if (found.isEmpty()) {
            return List.of();
        }
        TreeMap<Long, long[]> counts = new TreeMap<>();
        for (EventOverview.Bucket bucket : found) {
            long number =
                    Math.floorDiv(
                            Duration.between(origin, bucket.from()).toSeconds(), step.toSeconds());
            long[] sums = counts.computeIfAbsent(number, n -> new long[2]);
            sums[0] += bucket.events();
            sums[1] += bucket.errors();
        }
        long first = counts.firstKey();
        // Clocks that are wrong by centuries would ask for endless empty buckets.
        long last = Math.min(counts.lastKey(), first + 10L * MOST_BUCKETS);
        List<EventOverview.Bucket> all = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            long[] sums = counts.getOrDefault(number, new long[2]);
            Instant start = origin.plusSeconds(number * step.toSeconds());
            all.add(new EventOverview.Bucket(start, start.plus(step), sums[0], sums[1]));
        }
        return all;
    }
}
