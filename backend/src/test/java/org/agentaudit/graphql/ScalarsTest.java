package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.parser.Parser;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import graphql.schema.GraphQLScalarType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T10:00:00Z, 2026-11-21T10:00:00.000000Z",
        "2026-11-21t10:00:00z, 2026-11-21T10:00:00.000000Z",
        "2026-11-21T11:30:00+01:30, 2026-11-21T10:00:00.000000Z",
        "2026-11-21T10:00:00.1Z, 2026-11-21T10:00:00.100000Z",
        "2026-11-21T10:00:00.123456789Z, 2026-11-21T10:00:00.123456Z",
    })
    void dateTime_isReadWithOffset_andWrittenInUtcWithMicroseconds(String in, String out) {
        Object read = parse(Scalars.DATE_TIME, in);
        assertThat(serialize(Scalars.DATE_TIME, read)).isEqualTo(out);
        assertThat(literal(Scalars.DATE_TIME, '"' + in + '"')).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21",
                "2026-11-21T10:00:00",
                "2026-11-21T10:00Z",
                "2026-02-30T10:00:00Z",
                "2026-11-21T25:00:00Z",
                "2026-11-21T10:00:00+0100",
                "2026-11-21T10:00:00+99:00",
                "2026-11-21T10:00:00.1234567890Z",
                "+12026-11-21T10:00:00Z",
                " 2026-11-21T10:00:00Z",
                "now",
                "",
            })
    void dateTime_anythingElse_isRefused(String in) {
        assertThatThrownBy(() -> parse(Scalars.DATE_TIME, in))
                .isInstanceOf(CoercingParseValueException.class);
        assertThatThrownBy(() -> literal(Scalars.DATE_TIME, '"' + in + '"'))
                .isInstanceOf(CoercingParseLiteralException.class);
    }

    @Test
    void dateTime_numbers_areRefused() {
        assertThatThrownBy(() -> parse(Scalars.DATE_TIME, 1_700_000_000))
                .isInstanceOf(CoercingParseValueException.class);
        assertThatThrownBy(() -> serialize(Scalars.DATE_TIME, "2026-11-21T10:00:00Z"))
                .isInstanceOf(CoercingSerializeException.class);
    }

    @Test
    void date_isACalendarDay() {
        assertThat(parse(Scalars.DATE, "2026-11-21")).isEqualTo(LocalDate.of(2026, 11, 21));
        assertThat(serialize(Scalars.DATE, LocalDate.of(2026, 1, 2))).isEqualTo("2026-01-02");
        for (String bad : new String[] {"2026-02-29", "21.11.2026", "2026-11-21Z", "99999-01-01"}) {
            assertThatThrownBy(() -> parse(Scalars.DATE, bad))
                    .isInstanceOf(CoercingParseValueException.class);
        }
    }

    @Test
    void long_holds64Bits() {
        assertThat(parse(Scalars.LONG, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(parse(Scalars.LONG, 7)).isEqualTo(7L);
        assertThat(literal(Scalars.LONG, "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(serialize(Scalars.LONG, 5)).isEqualTo(5L);
        assertThatThrownBy(() -> parse(Scalars.LONG, BigInteger.TWO.pow(63)))
                .isInstanceOf(CoercingParseValueException.class);
        assertThatThrownBy(() -> parse(Scalars.LONG, 1.5))
                .isInstanceOf(CoercingParseValueException.class);
        assertThatThrownBy(() -> literal(Scalars.LONG, "9223372036854775808"))
                .isInstanceOf(CoercingParseLiteralException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1E-7, 0.0000001",
        "1E+3, 1000",
        "0.00, 0.00",
        "12345678901234567890.123456789, 12345678901234567890.123456789",
    })
    void decimal_isWrittenWithoutExponent(String value, String json) {
        Object written = serialize(Scalars.DECIMAL, new BigDecimal(value));
        assertThat(new String(GraphQlJson.write(Map.of("cost", written)), StandardCharsets.UTF_8))
                .isEqualTo("{\"cost\":" + json + "}");
    }

    @Test
    void json_literals_becomeValues() {
        assertThat(literal(Scalars.JSON, "{a: [1, 2.5, \"x\", true, null, NAME], b: {c: 1}}"))
                .hasToString("{a=[1, 2.5, x, true, null, NAME], b={c=1}}");
        assertThat(parse(Scalars.JSON, Map.of("a", 1))).isEqualTo(Map.of("a", 1));
    }

    private static Object parse(GraphQLScalarType scalar, Object value) {
        return scalar.getCoercing().parseValue(value, GraphQLContext.getDefault(), Locale.ROOT);
    }

    private static Object literal(GraphQLScalarType scalar, String value) {
        return scalar.getCoercing()
                .parseLiteral(
                        Parser.parseValue(value),
                        CoercedVariables.emptyVariables(),
                        GraphQLContext.getDefault(),
                        Locale.ROOT);
    }

    private static Object serialize(GraphQLScalarType scalar, Object value) {
        return scalar.getCoercing().serialize(value, GraphQLContext.getDefault(), Locale.ROOT);
    }
}
