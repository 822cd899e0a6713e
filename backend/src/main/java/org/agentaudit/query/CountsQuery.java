package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;
import org.agentaudit.store.EventCounts;
import org.jspecify.annotations.Nullable;

/// Counters of a period for a viewer, exact to the microsecond: whole quarter hours come from
/// roll-ups, the rest from events by the same fold. Settles what is open in the period first.
@Singleton
public class CountsQuery {

    private static final int SILENCE_DAYS = 7;
    private static final int SILENCE_ACTIVE_DAYS = 5;
    private static final int MAXIMUM_KEYS = 1000;
    private static final int MAXIMUM_HOURS = 31 * 24 + 1;

    /// Invoked runs of one agent.
    ///
    /// @param meanDurationMs null when none has a duration
    public record AgentRuns(
            String agentId, long invocations, long failed, @Nullable Double meanDurationMs) {}

    private final CountsRepository repository;
    private final EventReadRepository events;
    private final TraceSettler settler;

    CountsQuery(CountsRepository repository, EventReadRepository events, TraceSettler settler) {
        this.repository = repository;
        this.events = events;
        this.settler = settler;
    }

    /// The period as its report counts it: a quarter hour that it covers in part and from which
    /// events have expired is counted whole, since of those only roll-ups are left (metrics
    /// "Reports count every event ever accepted").
    public Period countable(Period period) {
        Instant from = EventCounts.quarterOf(period.from());
        Instant to = Quarters.ceiling(period.to());
        boolean early = from.isBefore(period.from()) && repository.hasExpired(from);
        boolean late =
                period.to().isBefore(to)
                        && repository.hasExpired(EventCounts.quarterOf(period.to()));
        return early || late
                ? Period.of(early ? from : period.from(), late ? to : period.to())
                : period;
    }

    /// Counters of the period, of one agent or of all in scope.
    public PeriodCounts counts(Viewer viewer, Period period, @Nullable String agentId) {
        viewer.requireReader();
        settler.settle(period.from(), period.to());
        PeriodCounts counts = new PeriodCounts();
        Quarters quarters = Quarters.of(period);
        repository.addQuarters(viewer, agentId, quarters.from(), quarters.to(), counts);
        EventCounts edges = new EventCounts();
        edge(viewer, agentId, period.from(), quarters.from(), edges);
        edge(viewer, agentId, quarters.to(), period.to(), edges);
        counts.add(edges);
        counts.derivedTraces(
                repository.derivedTraces(
                        viewer,
                        agentId,
                        period.from(),
                        quarters.from(),
                        quarters.to(),
                        period.to()));
        return counts;
    }

    /// Runs invoked in the period, by agent.
    public Map<String, AgentRuns> runs(Viewer viewer, Period period, @Nullable String agentId) {
        viewer.requireReader();
        settler.settle(period.from(), period.to());
        return repository.runs(viewer, agentId, period.from(), period.to()).stream()
                .map(
                        runs ->
                                new AgentRuns(
                                        runs.agentId(),
                                        runs.invocations(),
                                        runs.failed(),
                                        runs.timed() == 0
                                                ? null
                                                : runs.durationMs() / runs.timed()))
                .collect(Collectors.toMap(AgentRuns::agentId, runs -> runs));
    }

    /// Durations of an agent's runs invoked in the period; null when none has one.
    public @Nullable LatencyStats runDurations(Viewer viewer, Period period, String agentId) {
        viewer.requireReader();
        Latencies latencies = new Latencies();
        repository.runDurations(viewer, agentId, period.from(), period.to(), latencies::add);
        return latencies.stats();
    }

    /// What a report over the period rests on.
    ///
    /// @param zone report time zone, for the days of silence
    public Completeness completeness(
            Viewer viewer,
            Period period,
            @Nullable String agentId,
            PeriodCounts counts,
            ZoneId zone) {
        Instant quartersFrom = EventCounts.quarterOf(period.from());
        Instant quartersTo = Quarters.ceiling(period.to());
        Quarters whole = Quarters.of(period);
        long[] gaps = repository.gaps(viewer, agentId, period.from(), period.to());
        // What was rejected names no agent, so only a viewer of all agents is told of it.
        boolean all = agentId == null && viewer.agentScope().isEmpty();
        Map<String, Long> redactions =
                repository.redactions(viewer, agentId, quartersFrom, quartersTo);
        return new Completeness(
                counts.total(s -> s.events),
                counts.senders(),
                counts.producers().isEmpty()
                        ? 0
                        : repository.missingNumbers(
                                counts.producers(),
                                period.from(),
                                whole.from(),
                                whole.to(),
                                period.to()),
                gaps[0],
                gaps[1],
                counts.derivedTraces(),
                counts.total(s -> s.late),
                silent(viewer, period, counts, zone).stream()
                        .filter(agent -> agentId == null || agent.equals(agentId))
                        .toList(),
                sum(redactions),
                all ? repository.rejected(quartersFrom, quartersTo) : 0,
                tallies(redactions, sum(redactions), redactions.size()));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Counters of one agent per day in `zone`; days without events are absent.
    public Map<LocalDate, PeriodCounts> agentDays(
            Viewer viewer, Period period, String agentId, ZoneId zone) {
        viewer.requireReader();
        Quarters quarters = Quarters.of(period);
        Map<LocalDate, PeriodCounts> days =
                repository.agentDays(viewer, agentId, quarters.from(), quarters.to(), zone);
        EventCounts edges = new EventCounts();
        edge(viewer, agentId, period.from(), quarters.from(), edges);
        edge(viewer, agentId, quarters.to(), period.to(), edges);
        edges.sums()
                .forEach(
                        (key, sums) ->
                                days.computeIfAbsent(
                                                key.quarter().atZone(zone).toLocalDate(),
                                                day -> new PeriodCounts())
                                        .addSums(key.agentId(), key.type(), sums));
        return days;
    }

    /// Events of every hour from the beginning of the period, zero-filled; the last hour may be
    /// cut short.
    ///
    /// @param period begins and ends at a quarter of an hour; at most 31 days
    public List<HourCounts> hours(Viewer viewer, Period period) {
        viewer.requireReader();
        int count =
                Math.toIntExact(
                        Math.ceilDiv(Duration.between(period.from(), period.to()).toMinutes(), 60));
        if (count > MAXIMUM_HOURS) {
            throw new BadInputException("The period must not be longer than 31 days.");
        }
        long[][] sums = repository.hours(viewer, period.from(), period.to(), count);
        List<HourCounts> hours = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hours.add(
                    new HourCounts(
                            period.from().plus(Duration.ofHours(i)), sums[i][0], sums[i][1]));
        }
        return hours;
    }

    /// Handoffs of the period whose target is the agent, from agents in scope.
    public long handoffsTo(Viewer viewer, Period period, String agentId) {
        viewer.requireReader();
        Quarters quarters = Quarters.of(period);
        EventCounts edges = new EventCounts();
        edge(viewer, null, period.from(), quarters.from(), edges);
        edge(viewer, null, quarters.to(), period.to(), edges);
        long atEdges =
                edges.handoffs().entrySet().stream()
                        .filter(entry -> entry.getKey().name().equals(agentId))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        return atEdges + repository.handoffsTo(viewer, agentId, quarters.from(), quarters.to());
    }

    public List<Tally> models(Viewer viewer, Period period, String agentId) {
        return tally(viewer, period, agentId, CountsRepository.Property.MODEL);
    }

    public List<Tally> resources(Viewer viewer, Period period, String agentId) {
        return tally(viewer, period, agentId, CountsRepository.Property.RESOURCE);
    }

    public List<Tally> permissionLevels(Viewer viewer, Period period, String agentId) {
        return tally(viewer, period, agentId, CountsRepository.Property.PERMISSION_LEVEL);
    }

    /// Counts as tallies, descending, ties by key; beyond 1000 keys the rest is summed under
    /// `(other)`.
    ///
    /// @param whole what a share is of
    public static List<Tally> tallies(Map<String, Long> counts, long whole, int limit) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.removeIf(entry -> entry.getValue() == 0);
        sorted.sort(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey(CODE_POINTS)));
        List<Tally> tallies = new ArrayList<>();
        long other = 0;
        for (int i = 0; i < sorted.size(); i++) {
            long count = sorted.get(i).getValue();
            if (i < limit) {
                tallies.add(new Tally(sorted.get(i).getKey(), count, (double) count / whole));
            } else if (limit == MAXIMUM_KEYS) {
                other += count;
            }
        }
        if (other > 0) {
            tallies.add(new Tally(Tally.OTHER, other, (double) other / whole));
        }
        return Collections.unmodifiableList(tallies);
    }

    /// All keys a list may hold.
    public static List<Tally> tallies(Map<String, Long> counts, long whole) {
        return tallies(counts, whole, MAXIMUM_KEYS);
    }

    /// Unicode code-point order, which differs from `String.compareTo` beyond the basic plane.
    public static final Comparator<String> CODE_POINTS =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private List<Tally> tally(
            Viewer viewer, Period period, String agentId, CountsRepository.Property property) {
        viewer.requireReader();
        Map<String, Long> counts =
                repository.snapshot(
                        () ->
                                repository.tally(
                                        viewer, agentId, period.from(), period.to(), property));
        long whole = counts.values().stream().mapToLong(Long::longValue).sum();
        return tallies(counts, whole);
    }

    /// Folds the events of a part of a quarter hour.
    private void edge(
            Viewer viewer, @Nullable String agentId, Instant from, Instant to, EventCounts fold) {
        if (from.isBefore(to)) {
            events.stream(
                    viewer,
                    EventFilter.builder()
                            .from(from)
                            .to(to)
                            .agentIds(agentId == null ? null : List.of(agentId))
                            .build(),
                    fold::add);
        }
    }

    private List<String> silent(Viewer viewer, Period period, PeriodCounts counts, ZoneId zone) {
        Set<String> active = counts.perAgent(s -> s.events).keySet();
        return usuallyActive(viewer, period.from(), zone).stream()
                .filter(agent -> !active.contains(agent))
                .sorted(CODE_POINTS)
                .toList();
    }

    /// Agents that were active on most of the seven days before the day of a moment: when they send
    /// nothing from then on, they are silent (metrics "Silent agents").
    public Set<String> usuallyActive(Viewer viewer, Instant moment, ZoneId zone) {
        viewer.requireReader();
        LocalDate firstDay = moment.atZone(zone).toLocalDate();
        Instant from = firstDay.minusDays(SILENCE_DAYS).atStartOfDay(zone).toInstant();
        Instant to = firstDay.atStartOfDay(zone).toInstant();
        return repository.activeDays(viewer, from, to, zone).entrySet().stream()
                .filter(entry -> entry.getValue() >= SILENCE_ACTIVE_DAYS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
