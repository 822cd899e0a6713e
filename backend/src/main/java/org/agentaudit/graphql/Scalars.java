package org.agentaudit.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.ArrayValue;
import graphql.language.BooleanValue;
import graphql.language.EnumValue;
import graphql.language.FloatValue;
import graphql.language.IntValue;
import graphql.language.NullValue;
import graphql.language.ObjectField;
import graphql.language.ObjectValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.language.VariableReference;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import graphql.schema.GraphQLScalarType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The contract's own scalars.
final class Scalars {

    private static final Pattern RFC_3339 =
            Pattern.compile(
                    "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
    private static final Pattern CALENDAR_DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /// RFC 3339 with an offset in, more than six digits of a second cut off; out always UTC with
    /// six digits.
    static final GraphQLScalarType DATE_TIME =
            scalar(
                    "DateTime",
                    "RFC 3339 instant, always serialised in UTC with a Z, microsecond precision.",
                    new TextCoercing<>(Instant.class, MICROSECONDS::format, Scalars::instant));

    static final GraphQLScalarType DATE =
            scalar(
                    "Date",
                    "Calendar day, ISO 8601 (2026-11-21), in the report time zone (default UTC).",
                    new TextCoercing<>(LocalDate.class, LocalDate::toString, Scalars::day));

    static final GraphQLScalarType LONG =
            scalar("Long", "64-bit integer.", new NumberCoercing<>("Long", Scalars::longOf));

    /// Serialised as a [BigDecimal], which [GraphQlJson] writes without exponent.
    static final GraphQLScalarType DECIMAL =
            scalar(
                    "Decimal",
                    "Decimal number, serialised as a JSON number, never in exponent notation; money in US dollars.",
                    new NumberCoercing<>("Decimal", Scalars::decimalOf));

    static final GraphQLScalarType JSON = scalar("JSON", "Any JSON value.", new JsonCoercing());

    static final List<GraphQLScalarType> ALL = List.of(DATE_TIME, DATE, LONG, DECIMAL, JSON);

    private Scalars() {}

    private static GraphQLScalarType scalar(
            String name, String description, Coercing<?, ?> coercing) {
        return GraphQLScalarType.newScalar()
                .name(name)
                .description(description)
                .coercing(coercing)
                .build();
    }

    private static Instant instant(String text) {
        if (!RFC_3339.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "not an RFC 3339 time with an offset, for instance 2026-11-21T10:00:00Z");
        }
        return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT))
                .toInstant()
                .truncatedTo(ChronoUnit.MICROS);
    }

    private static LocalDate day(String text) {
        if (!CALENDAR_DAY.matcher(text).matches()) {
            throw new IllegalArgumentException("not a calendar day, for instance 2026-11-21");
        }
        return LocalDate.parse(text);
    }

    private static Long longOf(Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number.longValue();
            case Short number -> number.longValue();
            case BigInteger number -> number.longValueExact();
            default -> throw new IllegalArgumentException("not a whole number");
        };
    }

    private static BigDecimal decimalOf(Object value) {
        return switch (value) {
            case BigDecimal number -> number;
            case BigInteger number -> new BigDecimal(number);
            case Integer number -> BigDecimal.valueOf(number);
            case Long number -> BigDecimal.valueOf(number);
            // Not finite: NumberFormatException
            case Double number -> BigDecimal.valueOf(number);
            default -> throw new IllegalArgumentException("not a number");
        };
    }

    /// Scalars written as text.
    private record TextCoercing<T>(
            Class<T> type, Function<T, String> write, Function<String, T> read)
            implements Coercing<T, String> {

        @Override
        public String serialize(Object value, GraphQLContext context, Locale locale) {
            if (!type.isInstance(value)) {
                throw new CoercingSerializeException("not a " + type.getSimpleName());
            }
            return write.apply(type.cast(value));
        }

        @Override
        public T parseValue(Object value, GraphQLContext context, Locale locale) {
            if (!(value instanceof String text)) {
                throw new CoercingParseValueException("must be a string");
            }
            try {
                return read.apply(text);
            } catch (DateTimeException | IllegalArgumentException e) {
                throw new CoercingParseValueException(e.getMessage(), e);
            }
        }

        @Override
        public T parseLiteral(
                Value<?> value, CoercedVariables variables, GraphQLContext context, Locale locale) {
            if (!(value instanceof StringValue text)) {
                throw new CoercingParseLiteralException("must be a string");
            }
            try {
                return read.apply(text.getValue());
            } catch (DateTimeException | IllegalArgumentException e) {
                throw new CoercingParseLiteralException(e.getMessage(), e);
            }
        }

        @Override
        public Value<?> valueToLiteral(Object value, GraphQLContext context, Locale locale) {
            return StringValue.of(
                    value instanceof String text ? text : write.apply(type.cast(value)));
        }
    }

    /// Scalars written as JSON numbers.
    private record NumberCoercing<T extends Number>(String name, Function<Object, T> read)
            implements Coercing<T, T> {

        @Override
        public T serialize(Object value, GraphQLContext context, Locale locale) {
            try {
                return read.apply(value);
            } catch (ArithmeticException | IllegalArgumentException e) {
                throw new CoercingSerializeException("not a " + name, e);
            }
        }

        @Override
        public T parseValue(Object value, GraphQLContext context, Locale locale) {
            try {
                return read.apply(value);
            } catch (ArithmeticException | IllegalArgumentException e) {
                throw new CoercingParseValueException("not a " + name, e);
            }
        }

        @Override
        public T parseLiteral(
                Value<?> value, CoercedVariables variables, GraphQLContext context, Locale locale) {
            try {
                return switch (value) {
                    case IntValue number -> read.apply(number.getValue());
                    case FloatValue number -> read.apply(number.getValue());
                    default -> throw new IllegalArgumentException("not a number");
                };
            } catch (ArithmeticException | IllegalArgumentException e) {
                throw new CoercingParseLiteralException("not a " + name, e);
            }
        }

        @Override
        public Value<?> valueToLiteral(Object value, GraphQLContext context, Locale locale) {
            return FloatValue.of(new BigDecimal(value.toString()).doubleValue());
        }
    }

    /// Out: a JSON tree as it is. In: maps, lists, texts, numbers, booleans and null.
    private static final class JsonCoercing implements Coercing<Object, Object> {

        @Override
        public Object serialize(Object value, GraphQLContext context, Locale locale) {
            if (!(value instanceof JsonNode)) {
                throw new CoercingSerializeException("not a JSON tree");
            }
            return value;
        }

        @Override
        public Object parseValue(Object value, GraphQLContext context, Locale locale) {
            return value;
        }

        @Override
        @SuppressWarnings("NullAway") // a null literal inside JSON is a null value
        public Object parseLiteral(
                Value<?> value, CoercedVariables variables, GraphQLContext context, Locale locale) {
            return plain(value, variables);
        }

        private static @Nullable Object plain(Value<?> value, CoercedVariables variables) {
            return switch (value) {
                case NullValue ignored -> null;
                case StringValue text -> text.getValue();
                case BooleanValue bool -> bool.isValue();
                case IntValue number -> number.getValue();
                case FloatValue number -> number.getValue();
                case EnumValue name -> name.getName();
                case VariableReference variable -> variables.get(variable.getName());
                case ArrayValue array -> {
                    List<@Nullable Object> list = new ArrayList<>();
                    array.getValues().forEach(item -> list.add(plain(item, variables)));
                    yield list;
                }
                case ObjectValue object -> {
                    Map<String, @Nullable Object> map = new LinkedHashMap<>();
                    for (ObjectField field : object.getObjectFields()) {
                        map.put(field.getName(), plain(field.getValue(), variables));
                    }
                    yield map;
                }
                default -> throw new CoercingParseLiteralException("not a JSON value");
            };
        }
    }
}
