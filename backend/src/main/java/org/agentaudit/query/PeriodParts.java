package org.agentaudit.query;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// A period in the parts that a report reads it in: whole days and whole quarter hours from a
/// roll-up, what is left at both ends from settled rows of single events. Bounds that are equal
/// make an empty part.
///
/// @param quartersFrom start of the first whole quarter hour
/// @param daysFrom     start of the first whole day of UTC
/// @param daysTo       end of the last whole day
/// @param quartersTo   end of the last whole quarter hour
record PeriodParts(
        Instant from,
        Instant quartersFrom,
        Instant daysFrom,
        Instant daysTo,
        Instant quartersTo,
        Instant to) {

    static PeriodParts of(Period period) {
        Whole quarters =
                Whole.of(RollupSpan.QUARTER, Duration.ofMinutes(15), period.from(), period.to());
        Whole days = Whole.of(RollupSpan.DAY, Duration.ofDays(1), quarters.from, quarters.to);
        return new PeriodParts(
                period.from(), quarters.from, days.from, days.to, quarters.to, period.to());
    }

    private record Whole(Instant from, Instant to) {
        /// The whole spans of a period; empty, at its end, when it holds none.
        static Whole of(RollupSpan span, Duration length, Instant from, Instant to) {
            Instant start = span.startOf(from);
            Instant first = start.equals(from) ? from : start.plus(length);
            Instant last = span.startOf(to);
            return first.isBefore(last) ? new Whole(first, last) : new Whole(to, to);
        }
    }

    /// A common table expression `part` of all parts.
    ///
    /// @param days     a question for whole days; it and the others have the parameters from, to,
    ///     scope, agent, agent, and then those of `more`
    /// @param quarters for whole quarter hours
    /// @param single   for single events
    static String with(String days, String quarters, String single) {
        return "WITH part AS ("
                + String.join(" UNION ALL ", days, quarters, quarters, single, single)
                + ") ";
    }

    /// The parameters of [#with].
    ///
    /// @param agentId null: of all agents in scope
    /// @param more    values that each of the questions takes after the agent
    List<@Nullable Object> values(Viewer viewer, @Nullable String agentId, Object... more) {
        List<@Nullable Object> values = new ArrayList<>();
        List<Whole> parts =
                List.of(
                        new Whole(daysFrom, daysTo),
                        new Whole(quartersFrom, daysFrom),
                        new Whole(daysTo, quartersTo),
                        new Whole(from, quartersFrom),
                        new Whole(quartersTo, to));
        for (Whole part : parts) {
            values.add(part.from);
            values.add(part.to);
            values.add(viewer.scopeLikePatterns());
            values.add(agentId);
            values.add(agentId);
            values.addAll(List.of(more));
        }
        return values;
    }
}
