package org.agentaudit.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// A reporting time of one incident.
///
/// @param applies people say it does; null while nobody said
/// @param state   null when it does not apply
/// @param words   how long is left, or since when it has passed
public record Reminder(
        ReportingTime time,
        Instant due,
        @Nullable Boolean applies,
        @Nullable State state,
        String words) {

    private static final Duration SOON = Duration.ofHours(24);

    /// How it stands; names are those of marks.
    public enum State {
        /// There is time left.
        PENDING,
        /// Less than a day is left.
        WARNING,
        /// It has passed.
        FAILED,
        /// The incident was resolved before.
        OK
    }

    /// Those of an incident, the first that ends first.
    static List<Reminder> of(
            Incident incident, List<ReportingTime> times, Instant now, Format format) {
        return times.stream()
                .map(time -> of(incident, time, now, format))
                .sorted(Comparator.comparing(Reminder::due))
                .toList();
    }

    /// The first that applies and that the incident is not done with, or the first that passed.
    static Optional<Reminder> first(List<Reminder> reminders) {
        return reminders.stream()
                .filter(reminder -> Boolean.TRUE.equals(reminder.applies()))
                .findFirst();
    }

    private static Reminder of(Incident incident, ReportingTime time, Instant now, Format format) {
        Instant due = time.due(incident.awareAt());
        Instant clock = incident.clock(now);
        List<String> duties = incident.duties();
        Boolean applies = duties == null ? null : duties.contains(time.id());
        boolean resolved = incident.resolvedAt() != null;
        Duration left = Duration.between(clock, due);
        State state;
        if (Boolean.FALSE.equals(applies)) {
            state = null;
        } else if (left.isNegative()) {
            state = State.FAILED;
        } else if (resolved) {
            state = State.OK;
        } else {
            state = left.compareTo(SOON) < 0 ? State.WARNING : State.PENDING;
        }
        return new Reminder(time, due, applies, state, words(left, resolved, format));
    }

    private static String words(Duration left, boolean resolved, Format format) {
        String length = format.duration((double) left.abs().toMillis());
        if (resolved) {
            return left.isNegative() ? "resolved " + length + " later" : "resolved before";
        }
        return left.isNegative() ? "passed " + length + " ago" : length + " left";
    }
}
