package org.agentaudit.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A condition as read: events or findings that meet every filter are grouped by the keys and
/// measured; a group with enough events for which every test is true fires.
///
/// @param source  what is counted
/// @param keys    may be empty: then all events are one group, also without any
/// @param minimum fewest events of a group that fires, 0 for any
record Condition(
        ConditionSource source,
        List<Filter> filters,
        List<Measure> measures,
        List<EventField> keys,
        List<Expression.Logical> tests,
        long minimum) {

    Condition {
        filters = List.copyOf(filters);
        measures = List.copyOf(measures);
        keys = List.copyOf(keys);
        tests = List.copyOf(tests);
    }

    /// The first baseline of the first measure; null when no test has one.
    Expression.@Nullable Baseline firstBaseline() {
        return Baselines.in(tests).stream()
                .filter(baseline -> baseline.measure() == 0)
                .findFirst()
                .orElse(null);
    }
}
