package org.agentaudit.alert;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Which earlier windows a baseline looks at: of the length of the rule's window, ending one, two …
/// steps before it does, within the period. Windows before the first one in which the key has an
/// event are no history; of what remains there must be three.
///
/// @param step  whole seconds
/// @param count earlier windows at most
record Baselines(Duration step, int count) {

    /// Fewer earlier windows are no history.
    static final int FEWEST = 3;

    private static final int MOST = 60;
    private static final Duration LONGEST = Duration.ofDays(90);
    private static final Duration DAY = Duration.ofDays(1);

    /// @throws BadInputException with its place when the baseline does not suit the window
    static Baselines of(Expression.Baseline baseline, Duration window) {
        Duration step = step(baseline.step(), window);
        long count = baseline.period().dividedBy(step);
        if (step.compareTo(window) < 0) {
            throw baseline.at().error("the step of a baseline is not shorter than the window");
        }
        if (baseline.period().compareTo(LONGEST) > 0) {
            throw baseline.at().error("a baseline is at most " + LONGEST.toDays() + "d long");
        }
        if (count < FEWEST || count > MOST) {
            throw baseline.at()
                    .error(
                            "a baseline has %d to %d earlier windows, this one has %d"
                                    .formatted(FEWEST, MOST, count));
        }
        return new Baselines(step, (int) count);
    }

    private static Duration step(@Nullable Duration step, Duration window) {
        if (step != null) {
            return step;
        }
        long days = (window.toSeconds() + DAY.toSeconds() - 1) / DAY.toSeconds();
        return Duration.ofDays(Math.max(1, days));
    }

    /// From the end of the rule's window to the start of the earliest of its earlier windows.
    Duration reach(Duration window) {
        return step.multipliedBy(count).plus(window);
    }

    /// Every baseline of the tests.
    static List<Expression.Baseline> in(List<? extends Expression> tests) {
        List<Expression.Baseline> found = new ArrayList<>();
        tests.forEach(test -> collect(test, found));
        return found;
    }

    private static void collect(Expression expression, List<Expression.Baseline> found) {
        switch (expression) {
            case Expression.Baseline baseline -> found.add(baseline);
            case Expression.Arithmetic(_, Expression left, Expression right) -> {
                collect(left, found);
                collect(right, found);
            }
            case Expression.Comparison(_, Expression left, Expression right) -> {
                collect(left, found);
                collect(right, found);
            }
            case Expression.AllOf(List<Expression.Logical> parts) ->
                    parts.forEach(part -> collect(part, found));
            case Expression.AnyOf(List<Expression.Logical> parts) ->
                    parts.forEach(part -> collect(part, found));
            case Expression.Not(Expression part) -> collect(part, found);
            case Expression.Constant _, Expression.Measured _ -> {}
        }
    }
}
