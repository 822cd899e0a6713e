package org.agentaudit.finding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Runs of one agent that took far longer than its earlier ones (A10 K9, B-000-12): on ln(duration)
/// above median + 5 × 1.4826 × MAD, and more than twice the median. When the MAD is 0, because half
/// of the earlier runs took the same time, twice the median decides alone. Takes the runs one by
/// one, by their start.
final class DurationOutlierDetector {
    private static final double DEVIATIONS = 5;
    /// Makes the MAD of normally distributed values their standard deviation.
    private static final double CONSISTENCY = 1.4826;
    private static final double TIMES_MEDIAN = 2;

    private final int minimum;
    private final Window earlier;
    /// Runs that start together are no history of each other.
    private final List<RunPoint> together = new ArrayList<>();

    /// @param minimum earlier runs with a duration that are needed
    /// @param most    earlier runs with a duration that are looked at: the latest
    DurationOutlierDetector(int minimum, int most) {
        this.minimum = minimum;
        this.earlier = new Window(most);
    }

    /// A run above its limit, both in milliseconds.
    ///
    /// @param earlier runs it was compared with
    record Outlier(RunPoint run, double durationMs, double limitMs, int earlier) {}

    /// Takes the next run and tells whether it is an outlier.
    Optional<Outlier> next(RunPoint run) {
        if (!together.isEmpty() && together.getFirst().startedAt().isBefore(run.startedAt())) {
            for (RunPoint past : together) {
                Double duration = past.durationMs();
                if (duration != null) {
                    earlier.add(Math.log(duration));
                }
            }
            together.clear();
        }
        together.add(run);
        Double duration = run.durationMs();
        if (duration == null || earlier.size() < minimum) {
            return Optional.empty();
        }
        double median = earlier.median();
        double byDeviation = median + DEVIATIONS * CONSISTENCY * earlier.medianDistance(median);
        double byMedian = TIMES_MEDIAN * Math.exp(median);
        return Math.log(duration) > byDeviation && duration > byMedian
                ? Optional.of(
                        new Outlier(
                                run,
                                duration,
                                Math.max(Math.exp(byDeviation), byMedian),
                                earlier.size()))
                : Optional.empty();
    }

    /// The last so many values, in order of size too.
    private static final class Window {
        private final int most;
        private final Deque<Double> byAge = new ArrayDeque<>();
        private double[] values = new double[64];
        private int size;

        Window(int most) {
            this.most = most;
        }

        int size() {
            return size;
        }

        void add(double value) {
            if (size == most) {
                int at = Arrays.binarySearch(values, 0, size, byAge.removeFirst());
                System.arraycopy(values, at + 1, values, at, size - at - 1);
                size--;
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            int at = Arrays.binarySearch(values, 0, size, value);
            int place = at < 0 ? -at - 1 : at;
            System.arraycopy(values, place, values, place + 1, size - place);
            values[place] = value;
            byAge.addLast(value);
            size++;
        }

        double median() {
            return size % 2 == 1 ? values[size / 2] : (values[size / 2 - 1] + values[size / 2]) / 2;
        }

        /// Median of the distances from `centre`, taken from both sides in order of distance.
        double medianDistance(double centre) {
            int at = Arrays.binarySearch(values, 0, size, centre);
            int right = at < 0 ? -at - 1 : at;
            int left = right - 1;
            double last = 0;
            double before = 0;
            for (int taken = 0; taken <= size / 2; taken++) {
                double toLeft = left < 0 ? Double.POSITIVE_INFINITY : centre - values[left];
                double toRight = right >= size ? Double.POSITIVE_INFINITY : values[right] - centre;
                before = last;
                if (toLeft <= toRight) {
                    last = toLeft;
                    left--;
                } else {
                    last = toRight;
                    right++;
                }
            }
            return size % 2 == 1 ? last : (before + last) / 2;
        }
    }
}
