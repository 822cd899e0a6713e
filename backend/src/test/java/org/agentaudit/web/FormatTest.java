package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    private final Format format = new Format(ZoneOffset.UTC);

    /// With every kind of space as a plain one.
    private static String plain(String text) {
        return text.replace('\u202F', ' ').replace('\u00A0', ' ');
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "0.25, 0.3 ms",
        "340, 340 ms",
        "999.4, 999 ms",
        "999.6, 1.0 s",
        "1200, 1.2 s",
        "59949, 59.9 s",
        "59950, 1 min 00 s",
        "184000, 3 min 04 s",
        "3599600, 1 h 00 min",
        "7500000, 2 h 05 min",
        "273600000, 3 d 04 h"
    })
    void duration_takesTheUnitThatFits(double milliseconds, String text) {
        assertThat(plain(format.duration(milliseconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|$0.00",
                "0.0123|$0.0123",
                "0.00001|under $0.0001",
                "0.99995|$1.0000",
                "1234.5|$1,234.50",
                "1234567.895|$1,234,567.90",
                "-2|−$2.00"
            })
    void money_keepsFourDigitsBelowADollar(BigDecimal dollars, String text) {
        assertThat(format.money(dollars)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 50.0 %",
        "0.96070, 96.1 %",
        "0.03929430633520449, 3.9 %",
        "0.0005, 0.1 %",
        "1, 100.0 %"
    })
    void percent_roundsHalfUp(double share, String text) {
        assertThat(plain(format.percent(share))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.12, +12.0 %", "-0.035, −3.5 %", "0, 0.0 %", "12.5, +1 250.0 %"})
    void change_isSigned(double change, String text) {
        assertThat(plain(format.change(change))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "1000, 1 000", "1234567, 1 234 567", "-1234, −1 234"})
    void count_isGroupedByThinSpaces(long number, String text) {
        assertThat(format.count(number).replace('\u202F', ' ')).isEqualTo(text);
    }

    @Test
    void absent_isSaidNotDrawnAsZero() {
        assertThat(format.count(null)).isEqualTo("no data");
        assertThat(format.duration(null)).isEqualTo("no data");
        assertThat(format.money(null)).isEqualTo("no data");
        assertThat(format.percent(null)).isEqualTo("no data");
        assertThat(format.change(null)).isEqualTo("no data");
        assertThat(format.measure(null, "share")).isEqualTo("no data");
        assertThat(format.dateTime(null)).isEqualTo("no data");
    }

    @Test
    void dateTime_carriesTheOffset() {
        Instant at = Instant.parse("2026-11-21T14:23:05.120Z");

        assertThat(format.dateTime(at)).isEqualTo("2026-11-21 14:23:05 +00:00");
        assertThat(new Format(ZoneId.of("Asia/Kathmandu")).dateTime(at))
                .isEqualTo("2026-11-21 20:08:05 +05:45");
        assertThat(format.clockMillis(at)).isEqualTo("14:23:05.120");
    }

    @Test
    void texts_doNotDependOnTheServersLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(plain(format.duration(184_000.0))).isEqualTo("3 min 04 s");
            assertThat(format.longDate(LocalDate.of(2026, 11, 21)))
                    .isEqualTo("Saturday, 21 November 2026");
            assertThat(format.clock(Instant.EPOCH)).isEqualTo("00:00:00");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void shortId_leavesOutTheMiddleAndCutsNoCharacter() {
        assertThat(format.shortId("short")).isEqualTo("short");
        assertThat(format.shortId("20e93f1f-b572-517a-8a1d-0b7de128987c"))
                .isEqualTo("20e93f1f…28987c");
        assertThat(format.shortId("😀".repeat(30)))
                .isEqualTo("😀".repeat(8) + "…" + "😀".repeat(6));
    }

    @Test
    void json_isIndentedWithNumbersAsTheyAre() {
        assertThat(format.json("{\"a\":12345678901234567890.123456789012345}"))
                .contains("12345678901234567890.123456789012345")
                .contains("\n");
        assertThat(format.json("not {json")).isEqualTo("not {json");
        assertThat(format.json("{} trailing")).isEqualTo("{} trailing");
    }

    @Test
    void hue_isStableAndInRange() {
        assertThat(format.hue("ops/release-manager")).isEqualTo(format.hue("ops/release-manager"));
        for (int i = 0; i < 1000; i++) {
            assertThat(format.hue("agent-" + i)).isBetween(1, 8);
        }
    }

    @Test
    void links_encodeIdsAsOneSegment() {
        Links link = new Links();

        assertThat(link.agent("ops/release-manager")).isEqualTo("/agents/ops%2Frelease-manager");
        assertThat(link.trace("a b?c#d&e\"<>")).isEqualTo("/traces/a%20b%3Fc%23d%26e%22%3C%3E");
        assertThat(link.trace("..")).isEqualTo("/traces/%2E%2E");
        assertThat(link.events("agent", "a&b=c")).isEqualTo("/events?agent=a%26b%3Dc");
        assertThat(link.asset("app.css")).matches("/static/app\\.css\\?v=[0-9a-f]{12}");
    }
}
