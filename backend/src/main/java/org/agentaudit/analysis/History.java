package org.agentaudit.analysis;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long agents' calls took before the trace began.
final class History {

    /// Fewer say nothing of what is usual.
    static final int ENOUGH = 20;

    /// As for a run's duration (metrics "Findings").
    private static final double SPREADS = 5 * 1.4826;

    private static final double TIMES_MEDIAN = 2;

    private final Map<Work, Usual> usual = new HashMap<>();

    /// An agent's calls of one action.
    record Work(String agent, String action) {}

    /// @param medianMs milliseconds
    /// @param limitMs  above it a call is slow
    record Usual(int calls, double medianMs, double limitMs) {}

    /// Nothing is known.
    static History none() {
        return new History(Map.of());
    }

    /// @param durationsMs milliseconds, above 0, in any order
    History(Map<Work, List<Double>> durationsMs) {
        durationsMs.forEach(
                (work, durations) -> {
                    if (durations.size() >= ENOUGH) {
                        usual.put(work, usual(durations));
                    }
                });
    }

    /// What is usual; null when too few calls are known.
    @Nullable Usual of(String agent, String action) {
        return usual.get(new Work(agent, action));
    }

    private static Usual usual(List<Double> durations) {
        double[] logs = durations.stream().mapToDouble(Math::log).toArray();
        double median = median(logs);
        double spread = median(Arrays.stream(logs).map(log -> Math.abs(log - median)).toArray());
        double limit =
                Math.max(Math.exp(median + SPREADS * spread), TIMES_MEDIAN * Math.exp(median));
        return new Usual(durations.size(), Math.exp(median), limit);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
