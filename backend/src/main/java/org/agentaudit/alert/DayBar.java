package org.agentaudit.alert;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A day and how often something fired on it; drawn as a bar.
///
/// @param share of the day with the most, 0 to 100
public record DayBar(LocalDate date, long fired, double share) {

    /// Every day from the first to the last, those without any too.
    static List<DayBar> of(LocalDate first, LocalDate last, Map<LocalDate, Long> fired) {
        long most = fired.values().stream().mapToLong(Long::longValue).max().orElse(0);
        List<DayBar> bars = new ArrayList<>();
        for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
            long count = fired.getOrDefault(day, 0L);
            bars.add(new DayBar(day, count, most == 0 ? 0 : 100.0 * count / most));
        }
        return bars;
    }

    /// Height of its bar on a hundred, never too small to see.
    public double height() {
        return fired == 0 ? 0 : Math.max(3, share);
    }

    public double top() {
        return 100 - height();
    }
}
