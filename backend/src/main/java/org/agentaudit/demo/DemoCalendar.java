package org.agentaudit.demo;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// When demonstration sessions start: in office hours of the five weeks before now, most of them on
/// working days. The same for the same moment.
final class DemoCalendar {
    /// Five whole weeks, so that a day has four of its weekdays to be compared with.
    static final int DAYS = 35;

    private static final Set<DayOfWeek> WEEKEND = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
    private static final int WORKING_DAY_WEIGHT = 5;
    private static final int WEEKEND_WEIGHT = 2;
    private static final Duration OFFICE_OPENS = Duration.ofHours(8);
    private static final Duration OFFICE_HOURS = Duration.ofHours(10);
    private static final Duration RECENT = Duration.ofHours(3);
    private static final int RECENT_SESSIONS = 8;

    private DemoCalendar() {}

    /// @param count how many sessions
    /// @param latest no session starts later
    /// @return in order of time
    static List<Instant> starts(int count, Instant latest) {
        SplittableRandom random = new SplittableRandom(count);
        LocalDate today = latest.atOffset(ZoneOffset.UTC).toLocalDate();
        List<LocalDate> days = new ArrayList<>();
        for (LocalDate day = today.minusDays(DAYS); day.isBefore(today); day = day.plusDays(1)) {
            int weight = WEEKEND.contains(day.getDayOfWeek()) ? WEEKEND_WEIGHT : WORKING_DAY_WEIGHT;
            for (int i = 0; i < weight; i++) {
                days.add(day);
            }
        }
        List<Instant> starts = new ArrayList<>();
        int recent = Math.min(RECENT_SESSIONS, count);
        for (int i = 0; i < count - recent; i++) {
            LocalDate day = days.get((int) ((long) i * days.size() / (count - recent)));
            starts.add(
                    day.atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .plus(OFFICE_OPENS)
                            .plusMillis(random.nextLong(OFFICE_HOURS.toMillis())));
        }
        for (int i = 0; i < recent; i++) {
            // the last one now, the others before it
            long before = i == 0 ? 0 : random.nextLong(RECENT.toMillis());
            starts.add(latest.minusMillis(before));
        }
        starts.sort(null);
        return starts;
    }
}
