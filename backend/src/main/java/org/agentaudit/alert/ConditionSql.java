package org.agentaudit.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// The one place that turns a condition into SQL: constant fragments, the tables of
/// [ConditionSource] and the columns of [EventField]; every value of the condition is bound.
final class ConditionSql {

    /// Stands among the values for the points in time that are evaluated.
    private static final Object POINTS = new Object();

    private final Condition condition;
    private final Duration window;
    private final String @Nullable [] scope;
    private final List<Expression.Baseline> baselines;
    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /// @param scope LIKE patterns of agents that the rule is limited to; null for all
    /// @throws BadInputException when a baseline does not suit the window
    ConditionSql(Condition condition, Duration window, String @Nullable [] scope) {
        this.condition = condition;
        this.window = window;
        this.scope = scope == null ? null : scope.clone();
        this.baselines = Baselines.in(condition.tests());
        baselines.forEach(baseline -> Baselines.of(baseline, window));
    }

    /// A statement and its values: String, Boolean, Double, Long, Integer, Instant, String[] or
    /// Instant[].
    record Statement(String text, List<Object> values) {
        Statement {
            values = List.copyOf(values);
        }
    }

    /// Groups that fire at some of the points: columns `at`, `k0` … (text), `volume`, `m0` …,
    /// `usual`; by time, then the first measure, greatest first. A window is the half-open
    /// [point - window, point) of the source's time.
    Statement matches(List<Instant> points, int limit) {
        start();
        add("WITH point AS (SELECT p.at FROM unnest(CAST(");
        bind(POINTS);
        add(
                " AS timestamptz[])) AS p (at)), cell AS (SELECT p.at, w.* FROM point p CROSS JOIN LATERAL (");
        measured("p.at");
        add(") w)");
        for (int i = 0; i < baselines.size(); i++) {
            history(i);
        }
        add(" SELECT c.at");
        for (int key = 0; key < condition.keys().size(); key++) {
            add(", c.k" + key);
        }
        add(", c.volume");
        for (int measure = 0; measure < condition.measures().size(); measure++) {
            add(", c.m" + measure);
        }
        Expression.Baseline first = condition.firstBaseline();
        add(
                first == null
                        ? ", CAST(NULL AS double precision)"
                        : ", h" + baselines.indexOf(first) + ".mean");
        add(" AS usual FROM cell c");
        for (int i = 0; i < baselines.size(); i++) {
            add(" LEFT JOIN h" + i + " ON h" + i + ".at = c.at");
            for (int key = 0; key < condition.keys().size(); key++) {
                add(" AND h" + i + ".k" + key + " IS NOT DISTINCT FROM c.k" + key);
            }
        }
        add(" WHERE c.volume >= ");
        bind(condition.minimum());
        for (Expression.Logical test : condition.tests()) {
            add(" AND ");
            expression(test);
        }
        add(" ORDER BY c.at, c.m0 DESC NULLS LAST");
        for (int key = 0; key < condition.keys().size(); key++) {
            add(", c.k" + key);
        }
        add(" LIMIT ");
        bind(limit);
        List<Object> bound =
                values.stream()
                        .map(value -> value == POINTS ? points.toArray(Instant[]::new) : value)
                        .toList();
        return new Statement(text.toString(), bound);
    }

    /// Ids of the events behind the newest rows of a group in the window that ends at `at`, the
    /// first measure's filter met: column `event_id`.
    Statement evidence(Instant at, List<? extends @Nullable String> key, int limit) {
        start();
        add(condition.source().evidence());
        group(at, key, window);
        Filter filter = condition.measures().getFirst().filter();
        if (filter != null) {
            add(" AND ");
            filter(filter);
        }
        add(" ORDER BY " + condition.source().newestFirst() + " LIMIT ");
        bind(limit);
        return new Statement(text.toString(), values);
    }

    /// Agents whose events the numbers of a group rest on, baselines included: column `agent_id`.
    Statement agents(Instant at, List<? extends @Nullable String> key, int limit) {
        Duration reach = window;
        for (Expression.Baseline baseline : baselines) {
            Duration far = Baselines.of(baseline, window).reach(window);
            reach = far.compareTo(reach) > 0 ? far : reach;
        }
        start();
        add("SELECT DISTINCT e.agent_id FROM " + condition.source().table());
        group(at, key, reach);
        add(" ORDER BY e.agent_id LIMIT ");
        bind(limit);
        return new Statement(text.toString(), values);
    }

    private void start() {
        text.setLength(0);
        values.clear();
    }

    private void group(Instant at, List<? extends @Nullable String> key, Duration reach) {
        String time = condition.source().time();
        add(" WHERE " + time + " >= ");
        bind(at.minus(reach));
        add(" AND " + time + " < ");
        bind(at);
        filters();
        for (int i = 0; i < condition.keys().size(); i++) {
            String value = key.get(i);
            add(" AND CAST(" + condition.keys().get(i).sql() + " AS text)");
            if (value == null) {
                add(" IS NULL");
            } else {
                add(" = ");
                bind(value);
            }
        }
    }

    /// One row per group of the window that ends at an expression.
    private void measured(String end) {
        add("SELECT ");
        for (int key = 0; key < condition.keys().size(); key++) {
            add("CAST(" + condition.keys().get(key).sql() + " AS text) AS k" + key + ", ");
        }
        add("count(*) AS volume");
        for (int i = 0; i < condition.measures().size(); i++) {
            add(", CAST(");
            measure(condition.measures().get(i));
            add(" AS double precision) AS m" + i);
        }
        String time = condition.source().time();
        add(" FROM " + condition.source().table() + " WHERE " + time + " >= " + end + " - CAST(");
        bind(seconds(window));
        add(" AS interval) AND " + time + " < " + end);
        filters();
        for (int key = 0; key < condition.keys().size(); key++) {
            add((key == 0 ? " GROUP BY " : ", ") + (key + 1));
        }
    }

    private void filters() {
        for (Filter filter : condition.filters()) {
            add(" AND ");
            filter(filter);
        }
        if (scope != null) {
            add(" AND e.agent_id LIKE ANY (");
            bind(scope);
            add(")");
        }
    }

    private void measure(Measure measure) {
        EventField field = measure.field();
        String column = field == null ? "*" : field.sql();
        switch (measure.function()) {
            case COUNT -> {
                add("count(*)");
                Filter filter = measure.filter();
                if (filter != null) {
                    add(" FILTER (WHERE ");
                    filter(filter);
                    add(")");
                }
            }
            case SUM -> add("coalesce(sum(" + column + "), 0)");
            case DISTINCT -> add("count(DISTINCT " + column + ")");
            case AVG -> add("avg(" + column + ")");
            case MAX -> add("max(" + column + ")");
            case PERCENTILE -> {
                add("percentile_disc(CAST(");
                bind(measure.quantile() == null ? 0.0 : measure.quantile());
                add(" AS double precision)) WITHIN GROUP (ORDER BY " + column + ")");
            }
        }
    }

    /// Mean of a measure over the earlier windows of each group. Those without events count as 0
    /// from the first one with events on, or not at all when nothing is no number.
    private void history(int index) {
        Expression.Baseline baseline = baselines.get(index);
        Baselines earlier = Baselines.of(baseline, window);
        Measure measure = condition.measures().get(baseline.measure());
        String column = "x.m" + baseline.measure();
        String number = measure.function().zeroWhenEmpty() ? "max(x.n)" : "count(" + column + ")";
        add(", h" + index + " AS (SELECT x.at");
        for (int key = 0; key < condition.keys().size(); key++) {
            add(", x.k" + key);
        }
        add(
                ", CASE WHEN %s >= %d THEN sum(%s) / %s END AS mean FROM (SELECT p.at, s.n, w.* FROM point p"
                        .formatted(number, Baselines.FEWEST, column, number));
        add(" CROSS JOIN generate_series(1, CAST(");
        bind(earlier.count());
        add(" AS integer)) AS s (n) CROSS JOIN LATERAL (SELECT p.at - s.n * CAST(");
        bind(seconds(earlier.step()));
        add(" AS interval) AS ending) t CROSS JOIN LATERAL (");
        measured("t.ending");
        add(") w) x WHERE x.volume > 0 GROUP BY x.at");
        for (int key = 0; key < condition.keys().size(); key++) {
            add(", x.k" + key);
        }
        add(")");
    }

    private void filter(Filter filter) {
        switch (filter) {
            case Filter.Compare compare -> compare(compare);
            case Filter.In(EventField field, List<Object> allowed) -> {
                add("(");
                for (int i = 0; i < allowed.size(); i++) {
                    add(i == 0 ? "" : " OR ");
                    compare(new Filter.Compare(field, Comparator.EQUAL, allowed.get(i)));
                }
                add(")");
            }
            case Filter.AllOf(List<Filter> parts) -> filters(parts, " AND ");
            case Filter.AnyOf(List<Filter> parts) -> filters(parts, " OR ");
            case Filter.Not(Filter part) -> {
                add("NOT (");
                filter(part);
                add(")");
            }
        }
    }

    private void filters(List<Filter> parts, String between) {
        add("(");
        for (int i = 0; i < parts.size(); i++) {
            add(i == 0 ? "" : between);
            filter(parts.get(i));
        }
        add(")");
    }

    private void compare(Filter.Compare compare) {
        EventField field = compare.field();
        boolean different = compare.comparator() == Comparator.DIFFERENT;
        Object value = compare.value();
        if (value == null) {
            add("(" + field.sql() + ")" + (different ? " IS NOT NULL" : " IS NULL"));
            return;
        }
        boolean absentIsFalse = !field.always() && !different;
        add(absentIsFalse ? "coalesce(" : "(");
        add(field.sql());
        add(different ? " IS DISTINCT FROM " : " " + compare.comparator().sql() + " ");
        bind(value);
        add(absentIsFalse ? ", false)" : ")");
    }

    private void expression(Expression expression) {
        switch (expression) {
            case Expression.Constant(double value) -> {
                add("CAST(");
                bind(value);
                add(" AS double precision)");
            }
            case Expression.Measured(int measure) -> add("c.m" + measure);
            case Expression.Baseline baseline -> add("h" + baselines.indexOf(baseline) + ".mean");
            case Expression.Arithmetic(String operator, Expression left, Expression right) -> {
                add("(");
                expression(left);
                add(
                        switch (operator) {
                            case "+" -> " + ";
                            case "-" -> " - ";
                            case "*" -> " * ";
                            default -> " / nullif(";
                        });
                expression(right);
                add("/".equals(operator) ? ", 0))" : ")");
            }
            case Expression.Comparison(
                            Comparator comparator,
                            Expression left,
                            Expression right) -> {
                add("(");
                expression(left);
                add(" " + comparator.sql() + " ");
                expression(right);
                add(")");
            }
            case Expression.AllOf(List<Expression.Logical> parts) -> expressions(parts, " AND ");
            case Expression.AnyOf(List<Expression.Logical> parts) -> expressions(parts, " OR ");
            case Expression.Not(Expression part) -> {
                add("(NOT ");
                expression(part);
                add(")");
            }
        }
    }

    private void expressions(List<Expression.Logical> parts, String between) {
        add("(");
        for (int i = 0; i < parts.size(); i++) {
            add(i == 0 ? "" : between);
            expression(parts.get(i));
        }
        add(")");
    }

    private void add(String fragment) {
        text.append(fragment);
    }

    private void bind(Object value) {
        text.append('?');
        values.add(value);
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " seconds";
    }
}
