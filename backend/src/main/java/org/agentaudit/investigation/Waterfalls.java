package org.agentaudit.investigation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.TimelineEntry.TimelineStatus;
import org.agentaudit.query.Trace;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// Makes the [Waterfall] of a trace.
final class Waterfalls {

    /// Steps shown at once.
    static final int ROWS = 200;

    /// Steps that nothing sets apart are shown up to so many.
    private static final int ORDINARY = 60;

    /// Steps of which everything recorded is shown in place.
    private static final int WHOLE = 40;

    private static final int MAXIMUM_DEPTH = 8;
    private static final double NARROWEST = 3;

    /// A wait is shown from this share of the trace, and from a second on.
    private static final double WAIT_SHARE = 0.05;

    private static final double WAIT_MS = 1000;
    private static final int SLOWEST = 10;
    private static final int ORDINARY_RANK = 5;

    private static final Set<EventType> CALLS =
            EnumSet.of(
                    EventType.TOOL_CALL,
                    EventType.SKILL_CALL,
                    EventType.EXTERNAL_CALL,
                    EventType.LLM_RESPONSE);

    /// Steps that tell the story of a long trace.
    private static final Set<EventType> TELLING =
            EnumSet.of(
                    EventType.INVOCATION,
                    EventType.HANDOFF,
                    EventType.HUMAN_INTERVENTION,
                    EventType.DECISION,
                    EventType.RETRY,
                    EventType.CIRCUIT_BREAKER,
                    EventType.FALLBACK,
                    EventType.SECURITY);

    private final Trace trace;
    private final List<TimelineEntry> timeline;
    private final List<UUID> cited;
    private final Format format;
    private final double whole;

    /// Index in the timeline of the step above; -1 for an outermost step.
    private final int[] above;

    private final List<List<Integer>> inside = new ArrayList<>();

    /// Indexes of the timeline, each step followed by what it caused.
    private final List<Integer> order = new ArrayList<>();

    private final int[] depth;
    private final Map<Integer, Waterfall.Wait> waits = new HashMap<>();
    private final Map<Integer, String> attempts = new HashMap<>();

    private Waterfalls(Trace trace, List<TimelineEntry> timeline, List<UUID> cited, Format format) {
        this.trace = trace;
        this.timeline = timeline;
        this.cited = cited;
        this.format = format;
        whole = Math.max(trace.durationMs(), 1e-3);
        above = new int[timeline.size()];
        depth = new int[timeline.size()];
        findPlaces();
        findOrder();
        findWaits();
        findAttempts();
    }

    /// @param timeline in order of time
    /// @param cited    events that the root cause rests on, the first one first
    /// @param part     which part of all steps, from 1; null: those that matter most when there are
    ///     too many
    static Waterfall of(
            Trace trace,
            List<TimelineEntry> timeline,
            List<UUID> cited,
            @Nullable Integer part,
            Format format) {
        Waterfalls all = new Waterfalls(trace, timeline, cited, format);
        int count = timeline.size();
        int parts = Math.max(1, (count + ROWS - 1) / ROWS);
        if (count <= ROWS) {
            return all.waterfall(all.order, Waterfall.Kind.WHOLE, 1, parts);
        }
        if (part == null) {
            Set<Integer> chosen = all.important();
            return all.waterfall(
                    all.order.stream().filter(chosen::contains).toList(),
                    Waterfall.Kind.IMPORTANT,
                    1,
                    parts);
        }
        int number = Math.clamp(part, 1, parts);
        return all.waterfall(
                all.order.subList((number - 1) * ROWS, Math.min(count, number * ROWS)),
                Waterfall.Kind.PART,
                number,
                parts);
    }

    private Envelope event(int at) {
        return timeline.get(at).event().envelope();
    }

    /// A step that names itself or a circle of parents is an outermost one.
    private void findPlaces() {
        Map<UUID, Integer> byId = new HashMap<>();
        IntStream.range(0, timeline.size()).forEach(at -> byId.put(event(at).id(), at));
        for (int at = 0; at < timeline.size(); at++) {
            UUID parent = event(at).parentEventId();
            Integer place = parent == null ? null : byId.get(parent);
            above[at] = place == null || place == at ? -1 : place;
        }
        byte[] state = new byte[timeline.size()];
        for (int at = 0; at < timeline.size(); at++) {
            int step = at;
            Deque<Integer> path = new ArrayDeque<>();
            while (step >= 0 && state[step] == 0) {
                state[step] = 1;
                path.push(step);
                step = above[step];
            }
            if (step >= 0 && state[step] == 1) {
                above[step] = -1;
            }
            path.forEach(known -> state[known] = 2);
        }
        timeline.forEach(entry -> inside.add(new ArrayList<>()));
        for (int at = 0; at < timeline.size(); at++) {
            if (above[at] >= 0) {
                inside.get(above[at]).add(at);
            }
        }
    }

    private void findOrder() {
        Deque<Integer> open = new ArrayDeque<>();
        for (int at = timeline.size() - 1; at >= 0; at--) {
            if (above[at] < 0) {
                open.push(at);
            }
        }
        while (!open.isEmpty()) {
            int at = open.pop();
            order.add(at);
            for (int child : inside.get(at).reversed()) {
                depth[child] = Math.min(MAXIMUM_DEPTH, depth[at] + 1);
                open.push(child);
            }
        }
    }

    /// Times that no earlier step covers. A step during which others began says by its length
    /// nothing about what happened inside it.
    private void findWaits() {
        Instant covered = null;
        for (int at = 0; at < timeline.size(); at++) {
            Envelope event = event(at);
            if (covered != null && covered.isBefore(event.occurredAt())) {
                double from = millis(trace.startedAt(), covered);
                double milliseconds = millis(covered, event.occurredAt());
                if (milliseconds >= Math.max(WAIT_MS, whole * WAIT_SHARE)) {
                    waits.put(
                            at,
                            new Waterfall.Wait(
                                    milliseconds,
                                    number(from / whole * Waterfall.WIDTH),
                                    number(milliseconds / whole * Waterfall.WIDTH)));
                }
            }
            boolean holds =
                    inside.get(at).stream()
                            .anyMatch(step -> event(step).occurredAt().isBefore(event.endedAt()));
            Instant end = holds ? event.occurredAt() : event.endedAt();
            covered = covered == null || end.isAfter(covered) ? end : covered;
        }
    }

    /// The same work of the same agent after it failed. Whether parameters were the same is not
    /// said.
    private void findAttempts() {
        record Work(String agent, String action) {}
        Map<Work, Integer> failed = new HashMap<>();
        for (int at = 0; at < timeline.size(); at++) {
            Envelope event = event(at);
            if (event.type() == EventType.RETRY) {
                attempts.put(at, "retry");
            } else if (CALLS.contains(event.type())) {
                Work work = new Work(event.agentId(), event.action());
                int before = failed.getOrDefault(work, 0);
                if (before > 0) {
                    attempts.put(at, "attempt " + (before + 1));
                }
                if (timeline.get(at).status() == TimelineStatus.FAILED) {
                    failed.put(work, before + 1);
                } else {
                    failed.remove(work);
                }
            }
        }
    }

    /// At most [#ROWS] steps: what the cause rests on, what went wrong, what tells the story, the
    /// slowest, then the earliest; each with as many of the steps above it as there is room for.
    private Set<Integer> important() {
        List<Integer> slowest =
                order.stream()
                        .filter(at -> event(at).durationMs() != null)
                        .sorted(Comparator.comparingDouble((Integer at) -> -millis(event(at))))
                        .limit(SLOWEST)
                        .toList();
        Set<Integer> slow = new HashSet<>(slowest);
        Set<Integer> chosen = new HashSet<>();
        List<Integer> ranked =
                IntStream.range(0, timeline.size())
                        .boxed()
                        .sorted(Comparator.comparingInt((Integer at) -> rank(at, slow)))
                        .toList();
        for (int at : ranked) {
            if (rank(at, slow) == ORDINARY_RANK && chosen.size() >= ORDINARY) {
                break;
            }
            for (int step = at; step >= 0 && chosen.size() < ROWS; step = above[step]) {
                if (!chosen.add(step)) {
                    break;
                }
            }
        }
        return chosen;
    }

    private int rank(int at, Set<Integer> slow) {
        Envelope event = event(at);
        if (cited.contains(event.id()) || at == 0 || at == timeline.size() - 1) {
            return 0;
        }
        return switch (timeline.get(at).status()) {
            case FAILED -> 1;
            case WARNING, PENDING -> 2;
            case UNKNOWN, OK ->
                    slow.contains(at) || attempts.containsKey(at) || waits.containsKey(at)
                            ? 3
                            : TELLING.contains(event.type()) ? 4 : ORDINARY_RANK;
        };
    }

    private Waterfall waterfall(List<Integer> shown, Waterfall.Kind kind, int part, int parts) {
        Set<Integer> chosen = new HashSet<>(shown);
        Map<Integer, Integer> skipped = skipped(kind, chosen);
        List<Integer> outermost = new ArrayList<>();
        Map<Integer, List<Integer>> below = new HashMap<>();
        for (int at : shown) {
            int holder = above[at];
            while (holder >= 0 && (!chosen.contains(holder) || depth[holder] >= MAXIMUM_DEPTH)) {
                holder = above[holder];
            }
            (holder < 0 ? outermost : below.computeIfAbsent(holder, _ -> new ArrayList<>()))
                    .add(at);
        }
        boolean inPlace = timeline.size() <= WHOLE;
        Map<Integer, Waterfall.Step> made = new HashMap<>();
        for (int at : shown.reversed()) {
            List<Waterfall.Step> steps =
                    below.getOrDefault(at, List.of()).stream().map(made::get).toList();
            made.put(at, step(at, steps, skipped.getOrDefault(at, 0), inPlace));
        }
        int first = kind == Waterfall.Kind.PART ? (part - 1) * ROWS + 1 : 1;
        return new Waterfall(
                outermost.stream().map(made::get).toList(),
                ticks(),
                shown.size(),
                timeline.size() - shown.size(),
                kind,
                first,
                part,
                parts);
    }

    /// Steps left out before each one shown.
    private Map<Integer, Integer> skipped(Waterfall.Kind kind, Set<Integer> chosen) {
        Map<Integer, Integer> skipped = new HashMap<>();
        if (kind == Waterfall.Kind.IMPORTANT) {
            int run = 0;
            for (int at : order) {
                if (!chosen.contains(at)) {
                    run++;
                } else {
                    skipped.put(at, run);
                    run = 0;
                }
            }
        }
        return skipped;
    }

    private Waterfall.Step step(int at, List<Waterfall.Step> steps, int skipped, boolean inPlace) {
        Envelope event = event(at);
        double offset = millis(trace.startedAt(), event.occurredAt());
        Double duration = event.durationMs();
        double width = duration == null ? 0 : duration / whole * Waterfall.WIDTH;
        double drawn = Math.clamp(width, NARROWEST, Waterfall.WIDTH);
        double x = Math.clamp(offset / whole * Waterfall.WIDTH, 0, Waterfall.WIDTH - drawn);
        return new Waterfall.Step(
                timeline.get(at),
                depth[at],
                offset,
                number(x),
                number(drawn),
                waits.get(at),
                attempts.get(at),
                cited.contains(event.id()),
                !cited.isEmpty() && cited.getFirst().equals(event.id()),
                steps,
                skipped,
                skipped == 0 ? 0 : (order.indexOf(at) - skipped) / ROWS + 1,
                inPlace);
    }

    private List<String> ticks() {
        return Arrays.stream(new double[] {0, 0.25, 0.5, 0.75, 1})
                .mapToObj(share -> share == 0 ? "0" : format.duration(trace.durationMs() * share))
                .toList();
    }

    private static double millis(Envelope event) {
        Double duration = event.durationMs();
        return duration == null ? 0 : duration;
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private static String number(double value) {
        return Double.toString(Math.round(value * 10) / 10.0);
    }
}
