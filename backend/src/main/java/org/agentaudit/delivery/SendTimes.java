package org.agentaudit.delivery;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When a subscription is due. A local time that does not exist on a day (clocks go forward) is
/// taken as much later as clocks go forward; one that exists twice is taken once, the first time.
/// So every chosen weekday has exactly one time to send, however long the day is.
final class SendTimes {

    /// Missed times further back are not made up.
    static final int DAYS_MADE_UP = 7;

    /// Beyond the longest shift of a clock and the widest distance of two zones' days.
    private static final int SPARE_DAYS = 2;

    private SendTimes() {}

    /// A time to send.
    ///
    /// @param forDates last days of the reports to send then, ascending. One day as a rule; none or
    ///     two where the zones of subscription and reports differ and one of them changes its
    ///     clocks, so that no day is left out or told twice
    record SendTime(Instant at, List<LocalDate> forDates) {
        SendTime {
            forDates = List.copyOf(forDates);
        }
    }

    /// Times to send in (`after`, `now`], ascending: those of the last seven days of a daily
    /// summary, since each tells of another day; of other reports the latest alone, whose period
    /// covers most of what those missed would have.
    static List<SendTime> due(
            ReportSubscription subscription, ZoneId reportZone, Instant after, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, subscription.timeZone());
        List<SendTime> due = new ArrayList<>();
        for (LocalDate day = today.minusDays(DAYS_MADE_UP);
                !day.isAfter(today);
                day = day.plusDays(1)) {
            Instant at = at(subscription, day);
            if (at != null && at.isAfter(after) && !at.isAfter(now)) {
                due.add(new SendTime(at, forDates(subscription, reportZone, day, at)));
            }
        }
        return subscription.kind() == ReportKind.DAILY_SUMMARY || due.isEmpty()
                ? due
                : List.of(due.getLast());
    }

    /// The first time to send after a moment; null when it is sent by hand only.
    static @Nullable Instant next(ReportSubscription subscription, Instant after) {
        if (!subscription.enabled()) {
            return null;
        }
        LocalDate today = LocalDate.ofInstant(after, subscription.timeZone());
        for (int i = 0; i <= DAYS_MADE_UP + SPARE_DAYS; i++) {
            Instant at = at(subscription, today.plusDays(i));
            if (at != null && at.isAfter(after)) {
                return at;
            }
        }
        return null;
    }

    /// Null on weekdays that were not chosen.
    private static @Nullable Instant at(ReportSubscription subscription, LocalDate day) {
        return subscription.days().contains(day.getDayOfWeek().getValue())
                ? instant(subscription, day)
                : null;
    }

    private static Instant instant(ReportSubscription subscription, LocalDate day) {
        return day.atTime(subscription.sendAt()).atZone(subscription.timeZone()).toInstant();
    }

    private static List<LocalDate> forDates(
            ReportSubscription subscription, ZoneId reportZone, LocalDate day, Instant at) {
        LocalDate last = lastDay(reportZone, at);
        LocalDate yesterday = day.minusDays(1);
        boolean alsoYesterday = at(subscription, yesterday) != null;
        if (subscription.kind() != ReportKind.DAILY_SUMMARY || !alsoYesterday) {
            return List.of(last);
        }
        return lastDay(reportZone, instant(subscription, yesterday))
                .plusDays(1)
                .datesUntil(last.plusDays(1))
                .toList();
    }

    /// The last complete day of the report time zone.
    private static LocalDate lastDay(ZoneId reportZone, Instant at) {
        return LocalDate.ofInstant(at, reportZone).minusDays(1);
    }
}
