package org.agentaudit.investigation;

import java.util.List;
import java.util.UUID;
import org.agentaudit.query.TimelineEntry;
import org.jspecify.annotations.Nullable;

/// The steps of a trace on a common time axis, each below the step that caused it.
///
/// @param steps   outermost steps in order
/// @param ticks   times at 0, 25, 50, 75 and 100 % of the axis, as text
/// @param shown   steps shown, at any depth
/// @param left    steps read and not shown
/// @param kind    what decided which steps are shown
/// @param first   number of the first step shown when all are shown in parts, from 1
/// @param part    which part, from 1
/// @param parts   how many parts there are when all steps are shown
public record Waterfall(
        List<Step> steps,
        List<String> ticks,
        int shown,
        int left,
        Kind kind,
        int first,
        int part,
        int parts) {

    /// Units across the axis.
    public static final int WIDTH = 1000;

    public Waterfall {
        steps = List.copyOf(steps);
        ticks = List.copyOf(ticks);
    }

    /// Whether a step is among those shown.
    public boolean shows(UUID id) {
        return shows(steps, id);
    }

    private static boolean shows(List<Step> steps, UUID id) {
        return steps.stream().anyMatch(step -> step.id().equals(id) || shows(step.inside(), id));
    }

    /// Which steps a waterfall shows.
    public enum Kind {
        /// All of them.
        WHOLE,
        /// Those that matter most, of a trace too long to show at once.
        IMPORTANT,
        /// One part of all of them.
        PART
    }

    /// One step.
    ///
    /// @param depth    steps above it, at most 8
    /// @param offset   milliseconds since the trace began
    /// @param x        start of its bar, 0 to 1000
    /// @param width    of its bar, never too small to see
    /// @param silence  time before it in which nothing was recorded, when that is worth seeing
    /// @param attempt  `retry` or `attempt 2`; null for a first attempt
    /// @param cited    the root cause rests on it
    /// @param broke    it is the first of those
    /// @param inside   steps that it caused
    /// @param skipped  steps left out before it, at any depth
    /// @param skippedIn part of all steps that holds the first of those; 0 when none is left out
    /// @param whole    everything recorded of it is shown in place; else behind a link
    public record Step(
            TimelineEntry entry,
            int depth,
            double offset,
            String x,
            String width,
            @Nullable Wait silence,
            @Nullable String attempt,
            boolean cited,
            boolean broke,
            List<Step> inside,
            int skipped,
            int skippedIn,
            boolean whole) {

        public Step {
            inside = List.copyOf(inside);
        }

        public UUID id() {
            return entry.event().envelope().id();
        }

        public int insideCount() {
            return inside.stream().mapToInt(step -> 1 + step.insideCount()).sum();
        }
    }

    /// A time without any record.
    ///
    /// @param milliseconds how long
    /// @param x            where it begins, 0 to 1000
    /// @param width        0 to 1000
    public record Wait(double milliseconds, String x, String width) {}
}
