package org.agentaudit.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How pages, PDFs and mails write numbers, times and ids: one way each, independent of the
/// server's locale. Templates see it as `#f`. What is absent is written [#NO_DATA], never as zero.
public final class Format {

    public static final String NO_DATA = "no data";

    /// Between the groups of a number; unbreakable.
    private static final String THIN_SPACE = "\u202F";

    /// Before a unit; unbreakable.
    private static final String SPACE = "\u00A0";

    private static final String MINUS = "\u2212";
    private static final char ELLIPSIS = '\u2026';

    private static final int SHORT_ID_LENGTH = 20;
    private static final int SHORT_ID_HEAD = 8;
    private static final int SHORT_ID_TAIL = 6;

    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);
    private static final DateTimeFormatter DATE_MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm xxx", Locale.ROOT);
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS xxx", Locale.ROOT);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter CLOCK_MILLIS =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter CLOCK_MINUTE =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter LONG_DATE =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu", Locale.ENGLISH);

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ZoneId zone;

    /// @param zone in which times are written
    public Format(ZoneId zone) {
        this.zone = zone;
    }

    public ZoneId zone() {
        return zone;
    }

    /// `12 345` with thin spaces.
    public String count(@Nullable Long number) {
        return number == null ? NO_DATA : grouped(Long.toString(number), THIN_SPACE);
    }

    /// `1 event`, `12 345 events`.
    public String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /// One decimal: `0.4`.
    public String decimal(@Nullable Double number) {
        if (number == null) {
            return NO_DATA;
        }
        BigDecimal rounded = BigDecimal.valueOf(number).setScale(1, RoundingMode.HALF_UP);
        return signed(rounded, THIN_SPACE);
    }

    /// A mean per second: one decimal from ten on, else two significant digits.
    public String rate(double number) {
        if (number >= 10 || number == 0) {
            return decimal(number);
        }
        return BigDecimal.valueOf(number)
                .round(new MathContext(2, RoundingMode.HALF_UP))
                .toPlainString();
    }

    /// A measured value in its unit: a `share` as percent, anything else as a number with the unit
    /// behind.
    public String measure(@Nullable Double value, @Nullable String unit) {
        if (value == null) {
            return NO_DATA;
        }
        if ("share".equals(unit)) {
            return percent(value);
        }
        String number = value == Math.rint(value) ? count(value.longValue()) : decimal(value);
        return unit == null ? number : number + " " + unit;
    }

    /// A share from 0 to 1 as `96.1 %`, half up.
    public String percent(@Nullable Double share) {
        if (share == null) {
            return NO_DATA;
        }
        return signed(percentOf(share), THIN_SPACE) + SPACE + "%";
    }

    /// A relative change as `+12.0 %` or `−3.5 %`.
    public String change(@Nullable Double change) {
        if (change == null) {
            return NO_DATA;
        }
        BigDecimal rounded = percentOf(change);
        return (rounded.signum() > 0 ? "+" : "") + signed(rounded, THIN_SPACE) + SPACE + "%";
    }

    /// Milliseconds as `340 ms`, `1.2 s`, `3 min 04 s`, `2 h 05 min` or `3 d 04 h`.
    public String duration(@Nullable Double milliseconds) {
        if (milliseconds == null) {
            return NO_DATA;
        }
        BigDecimal ms = BigDecimal.valueOf(milliseconds);
        if (ms.signum() < 0) {
            return MINUS + duration(-milliseconds);
        }
        BigDecimal whole = ms.setScale(0, RoundingMode.HALF_UP);
        if (ms.signum() > 0 && ms.compareTo(BigDecimal.ONE) < 0) {
            return ms.setScale(1, RoundingMode.UP).toPlainString() + SPACE + "ms";
        }
        if (whole.longValue() < 1000) {
            return whole.toPlainString() + SPACE + "ms";
        }
        BigDecimal seconds = ms.movePointLeft(3).setScale(1, RoundingMode.HALF_UP);
        if (seconds.compareTo(BigDecimal.valueOf(60)) < 0) {
            return seconds.toPlainString() + SPACE + "s";
        }
        long rounded = ms.movePointLeft(3).setScale(0, RoundingMode.HALF_UP).longValue();
        if (rounded < 3600) {
            return parts(rounded / 60, "min", rounded % 60, "s");
        }
        if (rounded < 86_400) {
            return parts(rounded / 3600, "h", rounded % 3600 / 60, "min");
        }
        return parts(rounded / 86_400, "d", rounded % 86_400 / 3600, "h");
    }

    /// US dollars: `$1,234.50`, below one dollar `$0.0123`.
    public String money(@Nullable BigDecimal dollars) {
        if (dollars == null) {
            return NO_DATA;
        }
        if (dollars.signum() < 0) {
            return MINUS + money(dollars.negate());
        }
        if (dollars.signum() > 0 && dollars.compareTo(new BigDecimal("0.0001")) < 0) {
            return "under $0.0001";
        }
        boolean small = dollars.signum() > 0 && dollars.compareTo(BigDecimal.ONE) < 0;
        BigDecimal rounded = dollars.setScale(small ? 4 : 2, RoundingMode.HALF_UP);
        return "$" + signed(rounded, ",");
    }

    /// `2026-11-21 14:23:05 +00:00`.
    public String dateTime(@Nullable Instant instant) {
        return instant == null ? NO_DATA : DATE_TIME.format(instant.atZone(zone));
    }

    /// `2026-11-21 14:23 +00:00`.
    public String dateMinute(@Nullable Instant instant) {
        return instant == null ? NO_DATA : DATE_MINUTE.format(instant.atZone(zone));
    }

    /// To the microsecond.
    public String exact(@Nullable Instant instant) {
        return instant == null ? NO_DATA : EXACT.format(instant.atZone(zone));
    }

    /// `14:23:05`, where the date and the offset stand beside it.
    public String clock(Instant instant) {
        return CLOCK.format(instant.atZone(zone));
    }

    /// `14:23:05.120`.
    public String clockMillis(Instant instant) {
        return CLOCK_MILLIS.format(instant.atZone(zone));
    }

    /// `14:23`.
    public String clockMinute(Instant instant) {
        return CLOCK_MINUTE.format(instant.atZone(zone));
    }

    /// The calendar day an instant falls on.
    public LocalDate date(Instant instant) {
        return instant.atZone(zone).toLocalDate();
    }

    /// `Saturday, 21 November 2026`.
    public String longDate(LocalDate date) {
        return LONG_DATE.format(date);
    }

    /// `UTC (+00:00)`: the zone with its offset at `instant`.
    public String zone(Instant instant) {
        ZonedDateTime at = instant.atZone(zone);
        return zone.getId()
                + " ("
                + DateTimeFormatter.ofPattern("xxx", Locale.ROOT).format(at)
                + ")";
    }

    /// How long before `now`, in its largest unit: `12 s ago`.
    public String ago(@Nullable Instant instant, Instant now) {
        if (instant == null) {
            return NO_DATA;
        }
        long seconds = Duration.between(instant, now).toSeconds();
        if (seconds < 0) {
            return "ahead of our clock";
        }
        if (seconds < 60) {
            return seconds + SPACE + "s ago";
        }
        if (seconds < 3600) {
            return seconds / 60 + SPACE + "min ago";
        }
        return seconds < 172_800
                ? seconds / 3600 + SPACE + "h ago"
                : seconds / 86_400 + SPACE + "days ago";
    }

    /// A long id with its middle left out; shorter ones as they are.
    public String shortId(@Nullable Object id) {
        if (id == null) {
            return NO_DATA;
        }
        String text = id.toString();
        if (text.codePointCount(0, text.length()) <= SHORT_ID_LENGTH) {
            return text;
        }
        int head = text.offsetByCodePoints(0, SHORT_ID_HEAD);
        int tail = text.offsetByCodePoints(text.length(), -SHORT_ID_TAIL);
        return text.substring(0, head) + ELLIPSIS + text.substring(tail);
    }

    /// A constant as words: `TOOL_CALL` becomes `tool call`.
    public String words(@Nullable Enum<?> constant) {
        return constant == null
                ? NO_DATA
                : constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Like [#words(Enum)] with a capital first letter.
    public String title(@Nullable Enum<?> constant) {
        String words = words(constant);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /// One of eight hues, 1 to 8, always the same for the same agent; shown beside its id, never
    /// instead of it.
    public int hue(String agentId) {
        return Math.floorMod(agentId.hashCode() * 0x9E3779B9 >>> 16, 8) + 1;
    }

    /// JSON text indented; text that is no JSON as it is.
    public String json(String text) {
        try {
            return JSON.writeValueAsString(JSON.readTree(text));
        } catch (JsonProcessingException notJson) {
            return text;
        }
    }

    /// JSON for a page: indented, folded when it is long.
    public JsonText folded(String json) {
        return JsonText.of(json, this);
    }

    /// A text in pieces: what redaction or masking took out, and what is between.
    public List<JsonText.Part> marked(String text) {
        return JsonText.parts(text);
    }

    private static BigDecimal percentOf(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).setScale(1, RoundingMode.HALF_UP);
    }

    private static String signed(BigDecimal number, String separator) {
        String digits = grouped(number.abs().toPlainString(), separator);
        return number.signum() < 0 ? MINUS + digits : digits;
    }

    private static String grouped(String digits, String separator) {
        boolean negative = digits.startsWith("-");
        String plain = negative ? digits.substring(1) : digits;
        int point = plain.indexOf('.');
        int end = point < 0 ? plain.length() : point;
        StringBuilder text = new StringBuilder(plain);
        for (int at = end - 3; at > 0; at -= 3) {
            text.insert(at, separator);
        }
        return negative ? MINUS + text : text.toString();
    }

    private static String parts(long large, String largeUnit, long small, String smallUnit) {
        return String.format(
                Locale.ROOT, "%d%s%s %02d%s%s", large, SPACE, largeUnit, small, SPACE, smallUnit);
    }
}
