package org.agentaudit.ingest.normal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Reads the times producers write (metrics "Time"): ISO 8601, or a number whose size tells its
/// unit. To microseconds, half up.
public final class EventTimes {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofDays(1);
    private static final BigDecimal MILLIS_FROM = new BigDecimal("1e11");
    private static final BigDecimal MICROS_FROM = new BigDecimal("1e14");
    private static final BigDecimal NANOS_FROM = new BigDecimal("1e17");
    private static final BigDecimal LARGEST = new BigDecimal("9e21");
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int DAY_SECONDS = 86_400;

    private EventTimes() {}

    /// Seconds since 1970, from 1e11 milliseconds, from 1e14 microseconds, from 1e17 nanoseconds.
    public static Instant ofNumber(BigDecimal number) {
        BigDecimal size = number.abs();
        if (size.compareTo(LARGEST) >= 0) {
            throw new RejectedException(
                    "timestamp " + brief(number.toString()) + " is no time: send ISO 8601");
        }
        int toMicros = 6;
        if (size.compareTo(NANOS_FROM) >= 0) {
            toMicros = -3;
        } else if (size.compareTo(MICROS_FROM) >= 0) {
            toMicros = 0;
        } else if (size.compareTo(MILLIS_FROM) >= 0) {
            toMicros = 3;
        }
        // Half up towards the future for times before 1970 as well; those are refused anyway.
        long micros =
                number.movePointRight(toMicros).setScale(0, RoundingMode.HALF_UP).longValueExact();
        return ofMicros(micros);
    }

    /// ISO 8601 in its extended or basic form; without an offset UTC. Midnight may be 24:00 of the
    /// day before; a leap second counts as the second before it, as in `java.time`. A text that is
    /// a number counts as one.
    public static Instant ofText(String text) {
        try {
            return new Reader(text.strip()).read();
        } catch (DateTimeException e) {
            throw new RejectedException(
                    "timestamp '"
                            + brief(text)
                            + "' cannot be read: send ISO 8601 such as 2026-11-21T14:03:00.250Z,"
                            + " or a number");
        }
    }

    /// Whether no event may have this time: before 2000.
    public static boolean isTooEarly(Instant time) {
        return time.isBefore(EARLIEST);
    }

    /// The time itself, unless it is before 2000 or more than a day ahead.
    public static Instant checked(Instant time, Instant now) {
        if (isTooEarly(time)) {
            throw new RejectedException(
                    "timestamp " + time + " is before 2000: check its unit and the sender's clock");
        }
        if (time.isAfter(now.plus(AHEAD))) {
            throw new RejectedException(
                    "timestamp "
                            + time
                            + " is more than a day ahead: check its unit and the sender's clock");
        }
        return time;
    }

    /// An instant of our own clock, to microseconds.
    public static Instant toMicros(Instant instant) {
        return ofMicros(
                Math.addExact(
                        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
                        instant.getNano() / 1000));
    }

    private static Instant ofMicros(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                Math.floorMod(micros, MICROS_PER_SECOND) * 1000);
    }

    static String brief(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /// Reads one text from left to right.
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Instant read() {
            if (isNumber()) {
                return ofNumber(new BigDecimal(text));
            }
            int year = digits(4);
            boolean extended = skip('-');
            int month = digits(2);
            if (extended) {
                require(skip('-'));
            }
            int day = digits(2);
            if (at == text.length()) {
                return LocalDateTime.of(year, month, day, 0, 0).toInstant(ZoneOffset.UTC);
            }
            require(skip('T') || skip('t') || skip(' '));
            int hour = digits(2);
            boolean colons = skip(':');
            int minute = digits(2);
            int second = 0;
            long micros = 0;
            boolean seconds = colons ? skip(':') : at < text.length() && isDigit(text.charAt(at));
            if (seconds) {
                second = digits(2);
                if (skip('.') || skip(',')) {
                    micros = fraction();
                }
            }
            ZoneOffset offset = offset();
            require(at == text.length());
            boolean endOfDay = hour == 24 && minute == 0 && second == 0 && micros == 0;
            boolean leap = second == 60;
            Instant whole =
                    LocalDateTime.of(
                                    year,
                                    month,
                                    day,
                                    endOfDay ? 0 : hour,
                                    minute,
                                    leap ? 59 : second)
                            .plusDays(endOfDay ? 1 : 0)
                            .toInstant(offset);
            require(!leap || Math.floorMod(whole.getEpochSecond(), DAY_SECONDS) == DAY_SECONDS - 1);
            return ofMicros(whole.getEpochSecond() * MICROS_PER_SECOND + micros);
        }

        private boolean isNumber() {
            if (text.isEmpty() || text.length() > 40) {
                return false;
            }
            int dots = 0;
            for (int i = text.charAt(0) == '-' && text.length() > 1 ? 1 : 0;
                    i < text.length();
                    i++) {
                char c = text.charAt(i);
                if (c == '.') {
                    dots++;
                } else if (!isDigit(c)) {
                    return false;
                }
            }
            return dots <= 1 && isDigit(text.charAt(text.length() - 1));
        }

        /// Microseconds of a fraction of a second, half up from the seventh digit.
        private long fraction() {
            long micros = 0;
            int count = 0;
            boolean up = false;
            for (; at < text.length() && isDigit(text.charAt(at)); at++, count++) {
                int digit = text.charAt(at) - '0';
                if (count < 6) {
                    micros = micros * 10 + digit;
                } else if (count == 6) {
                    up = digit >= 5;
                }
            }
            require(count > 0);
            for (int i = count; i < 6; i++) {
                micros *= 10;
            }
            return up ? micros + 1 : micros;
        }

        private ZoneOffset offset() {
            if (at == text.length() || skip('Z') || skip('z')) {
                return ZoneOffset.UTC;
            }
            skip(' ');
            int sign = skip('-') ? -1 : 1;
            require(sign < 0 || skip('+'));
            int hours = digits(2);
            int minutes = 0;
            if (at < text.length()) {
                skip(':');
                minutes = digits(2);
            }
            return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
        }

        private int digits(int count) {
            require(at + count <= text.length());
            int value = 0;
            for (int i = 0; i < count; i++) {
                char c = text.charAt(at++);
                require(isDigit(c));
                value = value * 10 + (c - '0');
            }
            return value;
        }

        private boolean skip(char c) {
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private void require(boolean condition) {
            if (!condition) {
                throw new DateTimeException("not ISO 8601 at character " + at);
            }
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
