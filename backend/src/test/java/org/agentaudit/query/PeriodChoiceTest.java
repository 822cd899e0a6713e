package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodChoiceTest {

    private static final Format FORMAT = new Format(ZoneId.of("Europe/Berlin"));

    /// Already the 22nd in Berlin.
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-21T23:30:00Z"), ZoneId.of("UTC"));

    @ParameterizedTest
    @CsvSource({
        "today, 2026-11-21T23:00:00Z, 2026-11-22T23:00:00Z",
        "yesterday, 2026-11-20T23:00:00Z, 2026-11-21T23:00:00Z",
        "7d, 2026-11-15T23:00:00Z, 2026-11-22T23:00:00Z",
        "'', 2026-11-15T23:00:00Z, 2026-11-22T23:00:00Z",
        "30d, 2026-10-23T22:00:00Z, 2026-11-22T23:00:00Z",
        "month, 2026-10-31T23:00:00Z, 2026-11-22T23:00:00Z"
    })
    void aNamedPeriod_isWholeDaysOfTheViewersZone(String name, Instant from, Instant to) {
        assertThat(choice(name, null, null).period()).isEqualTo(Period.of(from, to));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-25, 2026-10-25, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        "2026-11-01T08:00:00Z, 2026-11-02T08:00:00+01:00, 2026-11-01T08:00:00Z, 2026-11-02T07:00:00Z",
        ", 2026-11-10, 2026-11-03T23:00:00Z, 2026-11-10T23:00:00Z",
        "2026-11-20, , 2026-11-19T23:00:00Z, 2026-11-22T23:00:00Z"
    })
    void aLastDayIsInside_anInstantIsTheEnd(
            @Nullable String first, @Nullable String last, Instant from, Instant to) {
        assertThat(choice(null, first, last).period()).isEqualTo(Period.of(from, to));
    }

    @ParameterizedTest
    @CsvSource({"year, , ", ", tomorrow, ", ", 2026-11-31, ", ", 2026-11-20, 2026-11-19"})
    void whatCannotBeRead_isABadInput(
            @Nullable String name, @Nullable String from, @Nullable String to) {
        assertThatThrownBy(() -> choice(name, from, to)).isInstanceOf(BadInputException.class);
    }

    @Test
    void anAddress_showsTheVerySamePeriod_andKeepsTheOtherParameters() {
        PeriodChoice days = choice("7d", null, null);
        assertThat(days.address("/costs.csv"))
                .isEqualTo("/costs.csv?agent=ops%2F*&from=2026-11-16&to=2026-11-22");
        PeriodChoice hours = choice(null, "2026-11-01T08:00:00Z", "2026-11-01T09:00:00Z");
        assertThat(hours.address("/costs"))
                .isEqualTo(
                        "/costs?agent=ops%2F*&from=2026-11-01T08%3A00%3A00Z&to=2026-11-01T09%3A00%3A00Z");
        assertThat(days.options())
                .extracting(PeriodChoice.Option::current)
                .containsExactly(false, false, true, false, false);
    }

    private static PeriodChoice choice(
            @Nullable String name, @Nullable String from, @Nullable String to) {
        return PeriodChoice.of(
                "/costs", Map.of("agent", List.of("ops/*")), name, from, to, FORMAT, CLOCK);
    }
}
