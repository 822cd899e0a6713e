package org.agentaudit.alert;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads tests of what was measured; grammar at [ConditionParser].
final class TestParser {

    /// `avg(count)`, as the log's own document writes it, is the mean of the last six days: events
    /// that live shortest live for seven.
    private static final Duration USUAL = Duration.ofDays(6);

    private final ConditionReader reader;
    private final List<Measure> measures;

    TestParser(ConditionReader reader, List<Measure> measures) {
        this.reader = reader;
        this.measures = measures;
    }

    Expression.Logical test() {
        Token start = reader.peek();
        return logical(disjunction(), start);
    }

    /// What stands right of a comparison.
    Expression.Numeric number() {
        Token start = reader.peek();
        return numeric(sum(), start);
    }

    private Expression disjunction() {
        reader.enter();
        Token start = reader.peek();
        Expression first = conjunction();
        if (!reader.peek().is("or")) {
            reader.leave();
            return first;
        }
        List<Expression.Logical> parts = new ArrayList<>(List.of(logical(first, start)));
        while (reader.accept("or")) {
            Token part = reader.peek();
            parts.add(logical(conjunction(), part));
        }
        reader.leave();
        return new Expression.AnyOf(parts);
    }

    private Expression conjunction() {
        Token start = reader.peek();
        Expression first = negation();
        if (!reader.peek().is("and")) {
            return first;
        }
        List<Expression.Logical> parts = new ArrayList<>(List.of(logical(first, start)));
        while (reader.accept("and")) {
            Token part = reader.peek();
            parts.add(logical(negation(), part));
        }
        return new Expression.AllOf(parts);
    }

    private Expression negation() {
        if (!reader.accept("not")) {
            return comparison();
        }
        reader.enter();
        Token start = reader.peek();
        Expression.Logical part = logical(negation(), start);
        reader.leave();
        return new Expression.Not(part);
    }

    private Expression comparison() {
        Token start = reader.peek();
        Expression left = sum();
        Token symbol = reader.peek();
        Optional<Comparator> comparator =
                symbol.kind() == Token.Kind.SYMBOL
                        ? Comparator.of(symbol.text())
                        : Optional.empty();
        if (comparator.isEmpty()) {
            return left;
        }
        reader.next();
        return new Expression.Comparison(comparator.get(), numeric(left, start), number());
    }

    private Expression sum() {
        return operations("+", "-", this::product);
    }

    private Expression product() {
        return operations("*", "/", this::factor);
    }

    private interface Part {
        Expression read();
    }

    private Expression operations(String one, String other, Part part) {
        Token start = reader.peek();
        Expression left = part.read();
        while (reader.peek().is(one) || reader.peek().is(other)) {
            String operator = reader.next().text();
            Token right = reader.peek();
            left =
                    new Expression.Arithmetic(
                            operator, numeric(left, start), numeric(part.read(), right));
        }
        return left;
    }

    private Expression factor() {
        if (reader.accept("(")) {
            Expression inner = disjunction();
            reader.require(")");
            return inner;
        }
        Token token = reader.peek();
        if (token.kind() == Token.Kind.NUMBER) {
            return new Expression.Constant(reader.number("a number"));
        }
        if (reader.second().is("(") && (token.is("avg") || token.is("baseline"))) {
            reader.next();
            reader.next();
            Expression baseline = token.is("avg") ? usual(token) : baseline(token);
            reader.require(")");
            return baseline;
        }
        return new Expression.Measured(measure());
    }

    private Expression usual(Token at) {
        return new Expression.Baseline(measure(), USUAL, null, at);
    }

    private Expression baseline(Token at) {
        int measure = 0;
        if (reader.peek().kind() != Token.Kind.DURATION) {
            measure = measure();
            reader.require(",");
        }
        Duration period = reader.duration();
        @Nullable Duration step = reader.accept(",") ? reader.duration() : null;
        return new Expression.Baseline(measure, period, step, at);
    }

    private int measure() {
        String names = measures.stream().map(Measure::name).collect(Collectors.joining(", "));
        Token token = reader.requireName("a number or one of " + names);
        reader.part(token);
        for (int i = 0; i < measures.size(); i++) {
            if (measures.get(i).name().equals(token.text())) {
                return i;
            }
        }
        throw token.error("'%s' was not measured; there is %s".formatted(token.text(), names));
    }

    private static Expression.Numeric numeric(Expression expression, Token start) {
        if (expression instanceof Expression.Numeric number) {
            return number;
        }
        throw start.error("expected a number, found a comparison");
    }

    private static Expression.Logical logical(Expression expression, Token start) {
        if (expression instanceof Expression.Logical test) {
            return test;
        }
        throw start.error("expected a comparison such as 'count > 10', found a number");
    }
}
