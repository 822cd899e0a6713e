package org.agentaudit.query;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// The period of a report page, as its address says (`fragments/report.html :: periods`).
///
/// @param path    address of the page without query
/// @param others  the page's other parameters, kept when another period is chosen
/// @param period  half-open
/// @param first   first day, in the viewer's zone
/// @param last    last day, inclusive
/// @param wholeDays whether the period is exactly the days from `first` to `last`
/// @param words   for instance `the last 7 days` or `2026-11-01 to 2026-11-20`
/// @param options the named periods, each with its address
public record PeriodChoice(
        String path,
        Map<String, List<String>> others,
        Period period,
        LocalDate first,
        LocalDate last,
        boolean wholeDays,
        String words,
        List<Option> options) {

    public PeriodChoice {
        others = Map.copyOf(others);
        options = List.copyOf(options);
    }

    /// @param current whether the page shows this period
    public record Option(String label, String href, boolean current) {}

    /// The periods that have a name.
    private enum Named {
        TODAY("today", "Today", "today"),
        YESTERDAY("yesterday", "Yesterday", "yesterday"),
        WEEK("7d", "7 days", "the last 7 days"),
        THIRTY("30d", "30 days", "the last 30 days"),
        MONTH("month", "This month", "this month");

        private final String key;
        private final String label;
        private final String words;

        Named(String key, String label, String words) {
            this.key = key;
            this.label = label;
            this.words = words;
        }

        private LocalDate first(LocalDate today) {
            return switch (this) {
                case TODAY -> today;
                case YESTERDAY -> today.minusDays(1);
                case WEEK -> today.minusDays(6);
                case THIRTY -> today.minusDays(29);
                case MONTH -> YearMonth.from(today).atDay(1);
            };
        }

        private LocalDate last(LocalDate today) {
            return this == YESTERDAY ? today.minusDays(1) : today;
        }
    }

    /// What `?period=` or `?from=&to=` choose. As a date, `to` is the last day; as an instant with
    /// offset it is exclusive. Without any, the last 7 days.
    ///
    /// @param name `today`, `yesterday`, `7d`, `30d` or `month`; null or empty: `from` and `to`
    /// @throws BadInputException when a parameter cannot be read, or the period is empty
    public static PeriodChoice of(
            String path,
            Map<String, List<String>> others,
            @Nullable String name,
            @Nullable String from,
            @Nullable String to,
            Format format,
            Clock clock) {
        Instant now = clock.instant();
        LocalDate today = format.date(now);
        boolean custom = !isEmpty(from) || !isEmpty(to);
        if (custom) {
            Instant end = to == null || to.isEmpty() ? end(today, format) : end(to, format);
            Instant start =
                    from == null || from.isEmpty()
                            ? format.date(end.minusNanos(1))
                                    .minusDays(6)
                                    .atStartOfDay(format.zone())
                                    .toInstant()
                            : start(from, format);
            Period period = Period.of(start, end);
            LocalDate first = format.date(start);
            LocalDate last = format.date(end.minusNanos(1));
            boolean wholeDays =
                    first.atStartOfDay(format.zone()).toInstant().equals(start)
                            && end(last, format).equals(end);
            return new PeriodChoice(
                    path,
                    others,
                    period,
                    first,
                    last,
                    wholeDays,
                    words(period, first, last, wholeDays, format),
                    options(path, others, null));
        }
        Named named = name == null || name.isEmpty() ? Named.WEEK : named(name);
        LocalDate first = named.first(today);
        LocalDate last = named.last(today);
        return new PeriodChoice(
                path,
                others,
                Period.of(first.atStartOfDay(format.zone()).toInstant(), end(last, format)),
                first,
                last,
                true,
                named.words,
                options(path, others, named));
    }

    /// An address with this period and the page's other parameters: the page itself, its downloads
    /// (`address(path() + ".pdf")`) or another page about the same time.
    public String address(String path) {
        Map<String, List<String>> query = new LinkedHashMap<>(others);
        query.put("from", List.of(wholeDays ? first.toString() : period.from().toString()));
        query.put("to", List.of(wholeDays ? last.toString() : period.to().toString()));
        return Links.address(path, query);
    }

    /// Whether the period ends at or before the moment, so that its numbers no longer grow.
    public boolean isOver(Instant now) {
        return !period.to().isAfter(now);
    }

    private static Named named(String name) {
        for (Named named : Named.values()) {
            if (named.key.equals(name)) {
                return named;
            }
        }
        throw new BadInputException(
                "The parameter 'period' takes today, yesterday, 7d, 30d or month; for others give"
                        + " 'from' and 'to'.");
    }

    private static String words(
            Period period, LocalDate first, LocalDate last, boolean wholeDays, Format format) {
        if (!wholeDays) {
            return format.dateTime(period.from()) + " to " + format.dateTime(period.to());
        }
        return first.equals(last) ? first.toString() : first + " to " + last;
    }

    private static Instant start(String text, Format format) {
        LocalDate day = day(text);
        return day == null ? instant("from", text) : day.atStartOfDay(format.zone()).toInstant();
    }

    private static Instant end(String text, Format format) {
        LocalDate day = day(text);
        return day == null ? instant("to", text) : end(day, format);
    }

    private static Instant end(LocalDate last, Format format) {
        return last.plusDays(1).atStartOfDay(format.zone()).toInstant();
    }

    private static @Nullable LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException notADay) {
            return null;
        }
    }

    private static Instant instant(String name, String text) {
        try {
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw new BadInputException(
                    "The parameter '"
                            + name
                            + "' takes a day such as 2026-11-20 or a time with offset such as"
                            + " 2026-11-20T08:00:00Z.");
        }
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static List<Option> options(
            String path, Map<String, List<String>> others, @Nullable Named current) {
        List<Option> options = new ArrayList<>();
        for (Named named : Named.values()) {
            Map<String, List<String>> query = new LinkedHashMap<>(others);
            query.put("period", List.of(named.key));
            options.add(new Option(named.label, Links.address(path, query), named == current));
        }
        return options;
    }
}
