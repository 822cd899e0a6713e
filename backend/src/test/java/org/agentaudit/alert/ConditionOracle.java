package org.agentaudit.alert;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// What a condition means, over events in memory: the definitions of the README and nothing of the
/// SQL.
final class ConditionOracle {

    private final Condition condition;
    private final Duration window;
    private final List<Envelope> events;

    ConditionOracle(Condition condition, Duration window, List<Envelope> events) {
        this.condition = condition;
        this.window = window;
        this.events = events;
    }

    /// First measure by key of what fires at the point; null where there is nothing to measure.
    Map<AlertKey, @Nullable Double> firing(Instant at) {
        Map<AlertKey, List<Envelope>> groups = new LinkedHashMap<>();
        if (condition.keys().isEmpty()) {
            groups.put(new AlertKey(List.of()), new ArrayList<>());
        }
        for (Envelope event : inWindow(at)) {
            groups.computeIfAbsent(key(event), _ -> new ArrayList<>()).add(event);
        }
        Map<AlertKey, @Nullable Double> firing = new HashMap<>();
        groups.forEach(
                (key, group) -> {
                    boolean fires =
                            group.size() >= condition.minimum()
                                    && condition.tests().stream()
                                            .allMatch(
                                                    test ->
                                                            Boolean.TRUE.equals(
                                                                    truth(test, group, key, at)));
                    if (fires) {
                        firing.put(key, measure(condition.measures().getFirst(), group));
                    }
                });
        return firing;
    }

    private List<Envelope> inWindow(Instant end) {
        Instant start = end.minus(window);
        return events.stream()
                .filter(e -> !e.occurredAt().isBefore(start) && e.occurredAt().isBefore(end))
                .filter(e -> condition.filters().stream().allMatch(filter -> meets(e, filter)))
                .toList();
    }

    private AlertKey key(Envelope event) {
        List<@Nullable String> values = new ArrayList<>();
        for (EventField field : condition.keys()) {
            Object value = value(event, field);
            values.add(value == null ? null : value.toString());
        }
        return new AlertKey(values);
    }

    private static boolean meets(Envelope event, Filter filter) {
        return switch (filter) {
            case Filter.Compare(EventField field, Comparator comparator, Object wanted) -> {
                Object value = value(event, field);
                boolean equal =
                        value instanceof Number n && wanted != null
                                ? n.doubleValue() == (Double) wanted
                                : Objects.equals(value, wanted);
                yield switch (comparator) {
                    case EQUAL -> equal;
                    case DIFFERENT -> !equal;
                    default ->
                            value instanceof Number n
                                    && holds(
                                            comparator,
                                            n.doubleValue(),
                                            (Double) Objects.requireNonNull(wanted));
                };
            }
            case Filter.In(EventField field, List<Object> values) ->
                    values.stream()
                            .anyMatch(
                                    one ->
                                            meets(
                                                    event,
                                                    new Filter.Compare(
                                                            field, Comparator.EQUAL, one)));
            case Filter.AllOf(List<Filter> parts) ->
                    parts.stream().allMatch(part -> meets(event, part));
            case Filter.AnyOf(List<Filter> parts) ->
                    parts.stream().anyMatch(part -> meets(event, part));
            case Filter.Not(Filter part) -> !meets(event, part);
        };
    }

    private static boolean holds(Comparator comparator, double left, double right) {
        return switch (comparator) {
            case EQUAL -> left == right;
            case DIFFERENT -> left != right;
            case LESS -> left < right;
            case AT_MOST -> left <= right;
            case GREATER -> left > right;
            case AT_LEAST -> left >= right;
        };
    }

    private static @Nullable Double measure(Measure measure, List<Envelope> group) {
        EventField field = measure.field();
        if (field == null) {
            Filter filter = measure.filter();
            return (double) group.stream().filter(e -> filter == null || meets(e, filter)).count();
        }
        List<Object> values = new ArrayList<>();
        for (Envelope event : group) {
            Object value = value(event, field);
            if (value != null) {
                values.add(value);
            }
        }
        if (measure.function() == Measure.Function.DISTINCT) {
            Set<Object> different = new HashSet<>();
            values.forEach(
                    v -> different.add(v instanceof BigDecimal d ? d.stripTrailingZeros() : v));
            return (double) different.size();
        }
        List<BigDecimal> numbers =
                values.stream().map(v -> new BigDecimal(v.toString())).sorted().toList();
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (measure.function() == Measure.Function.SUM) {
            return sum.doubleValue();
        }
        if (numbers.isEmpty()) {
            return null;
        }
        return switch (measure.function()) {
            case AVG ->
                    sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL128)
                            .doubleValue();
            case MAX -> numbers.getLast().doubleValue();
            default -> {
                double share = Objects.requireNonNull(measure.quantile());
                int rank = (int) Math.ceil(share * numbers.size());
                yield numbers.get(Math.max(0, rank - 1)).doubleValue();
            }
        };
    }

    private @Nullable Boolean truth(
            Expression.Logical test, List<Envelope> group, AlertKey key, Instant at) {
        return switch (test) {
            case Expression.Comparison(
                            Comparator comparator,
                            Expression.Numeric left,
                            Expression.Numeric right) -> {
                Double a = number(left, group, key, at);
                Double b = number(right, group, key, at);
                yield a == null || b == null ? null : holds(comparator, a, b);
            }
            case Expression.Not(Expression.Logical part) -> {
                Boolean inner = truth(part, group, key, at);
                yield inner == null ? null : !inner;
            }
            case Expression.AllOf(List<Expression.Logical> parts) ->
                    all(parts, group, key, at, false);
            case Expression.AnyOf(List<Expression.Logical> parts) ->
                    all(parts, group, key, at, true);
        };
    }

    /// Three-valued: one part that decides is enough, else one that is unknown.
    private @Nullable Boolean all(
            List<Expression.Logical> parts,
            List<Envelope> group,
            AlertKey key,
            Instant at,
            boolean decides) {
        boolean unknown = false;
        for (Expression.Logical part : parts) {
            Boolean one = truth(part, group, key, at);
            if (one == null) {
                unknown = true;
            } else if (one == decides) {
                return decides;
            }
        }
        return unknown ? null : !decides;
    }

    private @Nullable Double number(
            Expression.Numeric expression, List<Envelope> group, AlertKey key, Instant at) {
        return switch (expression) {
            case Expression.Constant(double value) -> value;
            case Expression.Measured(int measure) ->
                    measure(condition.measures().get(measure), group);
            case Expression.Baseline baseline -> baseline(baseline, key, at);
            case Expression.Arithmetic(
                            String operator,
                            Expression.Numeric left,
                            Expression.Numeric right) -> {
                Double a = number(left, group, key, at);
                Double b = number(right, group, key, at);
                if (a == null || b == null) {
                    yield null;
                }
                yield switch (operator) {
                    case "+" -> Double.valueOf(a + b);
                    case "-" -> Double.valueOf(a - b);
                    case "*" -> Double.valueOf(a * b);
                    default -> b == 0 ? null : Double.valueOf(a / b);
                };
            }
        };
    }

    private @Nullable Double baseline(Expression.Baseline baseline, AlertKey key, Instant at) {
        Baselines earlier = Baselines.of(baseline, window);
        Measure measure = condition.measures().get(baseline.measure());
        List<@Nullable Double> history = new ArrayList<>();
        // the earliest first: before its first events a key has no history
        for (int n = earlier.count(); n >= 1; n--) {
            Instant end = at.minus(earlier.step().multipliedBy(n));
            List<Envelope> group =
                    inWindow(end).stream().filter(event -> key(event).equals(key)).toList();
            if (!group.isEmpty()) {
                history.add(measure(measure, group));
            } else if (!history.isEmpty()) {
                history.add(measure.function().zeroWhenEmpty() ? 0.0 : null);
            }
        }
        List<Double> numbers = new ArrayList<>();
        for (Double number : history) {
            if (number != null) {
                numbers.add(number);
            }
        }
        if (numbers.size() < 3) {
            return null;
        }
        return numbers.stream().mapToDouble(Double::doubleValue).sum() / numbers.size();
    }

    private static @Nullable Object value(Envelope e, EventField field) {
        TokenCounts tokens = e.tokens();
        return switch (field) {
            case AGENT_ID -> e.agentId();
            case EVENT_TYPE -> e.type().name();
            case TYPE_NAME -> e.typeName();
            case ACTION -> e.action();
            case SOURCE -> e.source().name();
            case OUTCOME_STATUS -> e.outcome().name();
            case ERRORED -> e.errored();
            case ERROR_TYPE ->
                    e.errored() ? Objects.requireNonNullElse(e.errorType(), "unspecified") : null;
            case TRACE_ID -> e.traceId();
            case SESSION_ID -> e.sessionId();
            case CONVERSATION_ID -> e.conversationId();
            case TASK_ID -> e.taskId();
            case INTERVENTION -> e.intervention() == null ? null : e.intervention().name();
            case PERMISSION_LEVEL ->
                    e.permissionLevel() == null ? null : e.permissionLevel().name();
            case SENSITIVE_DATA_ACCESSED -> e.sensitive();
            case MODEL -> e.model();
            case VERSION -> e.version();
            case TIER -> e.tier().name();
            case SOURCE_FORMAT -> e.sourceFormat().name();
            case PRODUCER -> e.producer();
            case HANDOFF_TO -> e.handoff() == null ? null : e.handoff().to();
            case HANDOFF_DEPTH -> e.handoff() == null ? null : e.handoff().depth();
            case CONFIDENCE -> e.confidence();
            case DURATION_MS ->
                    e.durationMs() == null || e.durationMs() == 0 ? null : e.durationMs();
            case INPUT_TOKENS -> tokens == null ? null : tokens.input();
            case OUTPUT_TOKENS -> tokens == null ? null : tokens.output();
            case CACHED_TOKENS -> tokens == null ? null : tokens.cached();
            case TOTAL_TOKENS -> tokens == null ? null : tokens.input() + tokens.output();
            case COST_USD -> e.cost();
            case KIND, SEVERITY -> throw new IllegalArgumentException("of findings");
        };
    }
}
