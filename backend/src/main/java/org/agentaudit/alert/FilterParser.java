package org.agentaudit.alert;

import java.util.ArrayList;
import java.util.List;

/// Reads filters; grammar at [ConditionParser].
final class FilterParser {

    private static final int MOST_VALUES = 100;

    private final ConditionReader reader;

    FilterParser(ConditionReader reader) {
        this.reader = reader;
    }

    Filter filter() {
        reader.enter();
        List<Filter> parts = new ArrayList<>(List.of(conjunction()));
        while (reader.accept("or")) {
            parts.add(conjunction());
        }
        reader.leave();
        return parts.size() == 1 ? parts.getFirst() : new Filter.AnyOf(parts);
    }

    private Filter conjunction() {
        List<Filter> parts = new ArrayList<>(List.of(unit()));
        while (reader.accept("and")) {
            parts.add(unit());
        }
        return parts.size() == 1 ? parts.getFirst() : new Filter.AllOf(parts);
    }

    private Filter unit() {
        if (reader.accept("not")) {
            reader.enter();
            Filter part = unit();
            reader.leave();
            return new Filter.Not(part);
        }
        if (reader.accept("(")) {
            Filter inner = filter();
            reader.require(")");
            return inner;
        }
        EventField field = reader.field();
        if (reader.accept("in")) {
            return new Filter.In(field, values(field));
        }
        if (reader.peek().is("not") && reader.second().is("in")) {
            reader.next();
            reader.next();
            return new Filter.Not(new Filter.In(field, values(field)));
        }
        return comparison(field);
    }

    private Filter comparison(EventField field) {
        Token symbol = reader.next();
        Comparator comparator =
                Comparator.of(symbol.text())
                        .filter(_ -> symbol.kind() == Token.Kind.SYMBOL)
                        .orElseThrow(() -> symbol.expected("a comparison (= != < <= > >= in)"));
        boolean equality = comparator == Comparator.EQUAL || comparator == Comparator.DIFFERENT;
        if (!equality && field.type() != EventField.Type.NUMBER) {
            throw symbol.error("'%s' is compared with = != and in only".formatted(field.word()));
        }
        if (equality && reader.accept("null")) {
            return new Filter.Compare(field, comparator, null);
        }
        return new Filter.Compare(field, comparator, value(field));
    }

    private List<Object> values(EventField field) {
        reader.require("(");
        List<Object> values = new ArrayList<>(List.of(value(field)));
        while (reader.accept(",")) {
            values.add(value(field));
            if (values.size() > MOST_VALUES) {
                throw reader.peek().error("more than " + MOST_VALUES + " values");
            }
        }
        reader.require(")");
        return values;
    }

    private Object value(EventField field) {
        Token token = reader.peek();
        return switch (field.type()) {
            case TEXT -> {
                if (token.kind() != Token.Kind.TEXT) {
                    throw token.expected("a text in quotes");
                }
                yield reader.next().text();
            }
            case WORD ->
                    field.value(reader.next().text())
                            .filter(_ -> token.kind() == Token.Kind.TEXT)
                            .orElseThrow(
                                    () -> token.expected("one of, in quotes, " + field.choices()));
            case FLAG -> {
                boolean yes = reader.accept("true");
                if (!yes && !reader.accept("false")) {
                    throw token.expected("true or false");
                }
                yield yes;
            }
            case NUMBER -> {
                boolean negative = reader.accept("-");
                double number = reader.number("a number");
                yield negative ? -number : number;
            }
        };
    }
}
