package org.agentaudit.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Reads conditions of alert rules.
///
/// ```
/// condition  = source , { "|" , filters } , "|" , measures , { "|" , ( tests | minimum ) } ;
/// source     = "agent_audit_log" | "findings" ;
/// filters    = [ "where" ] , filter ;
/// filter     = both , { "or" , both } ;
/// both       = unit , { "and" , unit } ;
/// unit       = "not" , unit | "(" , filter , ")" | field , comparator , value
///            | field , [ "not" ] , "in" , "(" , value , { "," , value } , ")" ;
/// value      = text | "true" | "false" | "null" | [ "-" ] , number ;
/// measures   = [ "stats" ] , measure , ( comparator , sum
///            | { "," , measure } , [ "by" , field , { "," , field } ] ) ;
/// measure    = ( "count" , "(" , [ filter ] , ")"
///            | ( "sum" | "avg" | "max" | "distinct" ) , "(" , field , ")"
///            | "percentile" , "(" , field , "," , number , ")" ) , [ "as" , name ] ;
/// tests      = [ "where" ] , test ;
/// test       = every , { "or" , every } ;
/// every      = check , { "and" , check } ;
/// check      = "not" , check | "(" , test , ")" | sum , comparator , sum ;
/// sum        = product , { ( "+" | "-" ) , product } ;
/// product    = factor , { ( "*" | "/" ) , factor } ;
/// factor     = number | name | "(" , sum , ")" | "avg" , "(" , name , ")"
///            | "baseline" , "(" , [ name , "," ] , duration , [ "," , duration ] , ")" ;
/// minimum    = "minimum" , number ;
/// comparator = "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ;
/// duration   = digits , ( "s" | "m" | "h" | "d" | "w" ) ;
/// text       = "'" , { any but ' , or '' } , "'" | the same with " ;
/// ```
///
/// A measure is called by its function's name unless `as` gives another. `avg(count)` in a test is
/// `baseline(count, 6d)`. A condition with a baseline has `minimum 30` unless it says otherwise.
final class ConditionParser {

    static final int LONGEST = 4_000;

    private static final Map<String, Measure.Function> FUNCTIONS =
            Map.of(
                    "count", Measure.Function.COUNT,
                    "sum", Measure.Function.SUM,
                    "avg", Measure.Function.AVG,
                    "max", Measure.Function.MAX,
                    "distinct", Measure.Function.DISTINCT,
                    "percentile", Measure.Function.PERCENTILE);
    private static final int MOST_MEASURES = 5;
    private static final int MOST_KEYS = 3;
    private static final int MOST_BASELINES = 3;
    private static final long MINIMUM_WITH_BASELINE = 30;
    private static final double HIGHEST_MINIMUM = 1_000_000_000;
    private static final double PERCENT = 100;

    private final ConditionReader reader;
    private final List<Filter> filters = new ArrayList<>();
    private final List<Measure> measures = new ArrayList<>();
    private final List<EventField> keys = new ArrayList<>();
    private final List<Expression.Logical> tests = new ArrayList<>();
    private @Nullable Long minimum;

    private ConditionParser(String condition) {
        this.reader = new ConditionReader(condition);
    }

    /// @throws BadInputException with line and column of the first mistake
    static Condition parse(String condition) {
        if (condition.length() > LONGEST) {
            throw new BadInputException("'condition' is longer than " + LONGEST + " characters.");
        }
        return new ConditionParser(condition).condition();
    }

    private Condition condition() {
        ConditionSource source = reader.source();
        while (reader.peek().kind() != Token.Kind.END) {
            reader.require("|");
            stage();
        }
        if (measures.isEmpty()) {
            throw reader.peek().expected("a measure such as '| count() by agent_id'");
        }
        if (tests.isEmpty()) {
            throw reader.peek()
                    .expected("a test such as '| %s > 10'".formatted(measures.getFirst().name()));
        }
        List<Expression.Baseline> baselines = Baselines.in(tests);
        if (baselines.size() > MOST_BASELINES) {
            throw baselines.getLast().at().error("more than " + MOST_BASELINES + " baselines");
        }
        long fewest = minimum != null ? minimum : baselines.isEmpty() ? 0 : MINIMUM_WITH_BASELINE;
        return new Condition(source, filters, measures, keys, tests, fewest);
    }

    private void stage() {
        if (!measures.isEmpty()) {
            if (reader.accept("minimum")) {
                minimum();
            } else {
                reader.accept("where");
                tests.add(new TestParser(reader, measures).test());
            }
        } else if (reader.accept("stats")
                || reader.peek().kind() == Token.Kind.NAME
                        && reader.second().is("(")
                        && !ConditionReader.RESERVED.contains(reader.peek().text())) {
            measures();
        } else {
            reader.accept("where");
            filters.add(new FilterParser(reader).filter());
        }
    }

    private void minimum() {
        Token at = reader.peek();
        double number = reader.number("a number of events");
        if (minimum != null) {
            throw at.error("the minimum is said twice");
        }
        if (number != Math.rint(number) || number > HIGHEST_MINIMUM) {
            throw at.error("the minimum is a whole number");
        }
        minimum = (long) number;
    }

    private void measures() {
        measures.add(measure());
        Token symbol = reader.peek();
        Optional<Comparator> comparator =
                symbol.kind() == Token.Kind.SYMBOL
                        ? Comparator.of(symbol.text())
                        : Optional.empty();
        if (comparator.isPresent()) {
            reader.next();
            tests.add(
                    new Expression.Comparison(
                            comparator.get(),
                            new Expression.Measured(0),
                            new TestParser(reader, measures).number()));
            return;
        }
        while (reader.accept(",")) {
            Token at = reader.peek();
            Measure measure = measure();
            if (measures.stream().anyMatch(known -> known.name().equals(measure.name()))) {
                throw at.error(
                        "'%s' is measured already: give it another name with 'as'"
                                .formatted(measure.name()));
            }
            if (measures.size() == MOST_MEASURES) {
                throw at.error("more than " + MOST_MEASURES + " measures");
            }
            measures.add(measure);
        }
        if (reader.accept("by")) {
            keys();
        }
    }

    private void keys() {
        do {
            Token at = reader.peek();
            EventField field = reader.field();
            if (field.type() == EventField.Type.NUMBER) {
                throw at.error("'%s' is a number, which makes no groups".formatted(field.word()));
            }
            if (keys.contains(field)) {
                throw at.error("'%s' is named twice".formatted(field.word()));
            }
            if (keys.size() == MOST_KEYS) {
                throw at.error("more than " + MOST_KEYS + " fields to group by");
            }
            keys.add(field);
        } while (reader.accept(","));
    }

    private Measure measure() {
        Token name = reader.requireName("a measure such as count()");
        Measure.Function function = FUNCTIONS.get(name.text());
        if (function == null) {
            throw name.expected("one of count, sum, avg, max, distinct, percentile");
        }
        reader.part(name);
        reader.require("(");
        @Nullable EventField field = null;
        @Nullable Filter filter = null;
        @Nullable Double quantile = null;
        if (function == Measure.Function.COUNT) {
            filter = reader.peek().is(")") ? null : new FilterParser(reader).filter();
        } else {
            field = measured(function);
        }
        if (function == Measure.Function.PERCENTILE) {
            reader.require(",");
            Token at = reader.peek();
            quantile = reader.number("a percentage") / PERCENT;
            if (quantile <= 0 || quantile >= 1) {
                throw at.error("a percentile lies between 0 and 100");
            }
        }
        reader.require(")");
        String called = reader.accept("as") ? reader.requireName("a name").text() : name.text();
        return new Measure(called, function, field, filter, quantile);
    }

    private EventField measured(Measure.Function function) {
        Token at = reader.peek();
        EventField field = reader.field();
        if (function != Measure.Function.DISTINCT && field.type() != EventField.Type.NUMBER) {
            throw at.error("'%s' is no number".formatted(field.word()));
        }
        return field;
    }
}
