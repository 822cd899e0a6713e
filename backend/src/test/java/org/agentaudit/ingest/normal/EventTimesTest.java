package org.agentaudit.ingest.normal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2025-01-02T10:30:15.123Z|2025-01-02T10:30:15.123Z",
                "2025-01-02T10:30:15|2025-01-02T10:30:15Z",
                "2025-01-02T10:30:15+02:00|2025-01-02T08:30:15Z",
                "2025-01-02T10:30:15-0530|2025-01-02T16:00:15Z",
                "2025-01-02T10:30:15+02|2025-01-02T08:30:15Z",
                "2025-01-02 10:30:15.5|2025-01-02T10:30:15.500Z",
                "2025-01-02T10:30Z|2025-01-02T10:30:00Z",
                "2025-01-02t10:30:15z|2025-01-02T10:30:15Z",
                "20250102T103015Z|2025-01-02T10:30:15Z",
                "2025-01-02|2025-01-02T00:00:00Z",
                "2025-01-02T10:30:15,1234565Z|2025-01-02T10:30:15.123457Z",
                "2025-01-02T10:30:15.123456499999Z|2025-01-02T10:30:15.123456Z",
                "2025-12-31T23:59:59.9999995Z|2026-01-01T00:00:00Z",
                "1735813815|2025-01-02T10:30:15Z",
                "1735813815.123|2025-01-02T10:30:15.123Z",
                "1735813815123|2025-01-02T10:30:15.123Z"
            })
    void ofText_everyForm(String text, Instant time) {
        assertThat(EventTimes.ofText(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday", "2025-13-02T10:30:15Z", "2025-02-30T10:30:15Z", "2025-01-02T25:30:15Z",
                "2025-01-02T10:30:15Zx", "2025-01-02T", "02/01/2025", "2025-01-02T10:30:15.Z",
                "2025-01-02T10:30:15+99:00", "", "-", "."
            })
    void ofText_anythingElse_isRejected(String text) {
        assertThatThrownBy(() -> EventTimes.ofText(text))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("ISO 8601");
    }

    @ParameterizedTest
    @CsvSource({
        "1735813815,2025-01-02T10:30:15Z",
        "1735813815.1234565,2025-01-02T10:30:15.123457Z",
        "99999999999,5138-11-16T09:46:39Z",
        "100000000000,1973-03-03T09:46:40Z",
        "1735813815123,2025-01-02T10:30:15.123Z",
        "1735813815123.4565,2025-01-02T10:30:15.123457Z",
        "1735813815123456,2025-01-02T10:30:15.123456Z",
        "1735813815123456499,2025-01-02T10:30:15.123456Z",
        "1735813815123456500,2025-01-02T10:30:15.123457Z",
        "1.735813815e9,2025-01-02T10:30:15Z"
    })
    void ofNumber_unitsByTheirSize(BigDecimal number, Instant time) {
        assertThat(EventTimes.ofNumber(number)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e22", "-1e300", "9e21"})
    void ofNumber_beyondAllTimes_isRejected(BigDecimal number) {
        assertThatThrownBy(() -> EventTimes.ofNumber(number)).isInstanceOf(RejectedException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1999-12-31T23:59:59.999999Z,false",
        "2000-01-01T00:00:00Z,true",
        "2026-11-22T12:00:00Z,true",
        "2026-11-22T12:00:00.000001Z,false"
    })
    void checked_from2000ToADayAhead(Instant time, boolean allowed) {
        Instant now = Instant.parse("2026-11-21T12:00:00Z");
        if (allowed) {
            assertThat(EventTimes.checked(time, now)).isEqualTo(time);
        } else {
            assertThatThrownBy(() -> EventTimes.checked(time, now))
                    .isInstanceOf(RejectedException.class);
        }
    }
}
