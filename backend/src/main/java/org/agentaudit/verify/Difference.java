package org.agentaudit.verify;

import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One thing that is not as it was stored.
///
/// @param batch    batch of the event's place; null when the thing has no place
/// @param position within the batch, from 0; null when the whole batch is meant
/// @param eventId  null when it is not known
/// @param what     in plain words, without any content of an event
public record Difference(
        Kind kind,
        @Nullable Long batch,
        @Nullable Integer position,
        @Nullable UUID eventId,
        String what) {

    /// What differences are counted by.
    public enum Kind {
        EVENT_CHANGED("envelope changed"),
        COMMITMENTS_CHANGED("commitments changed"),
        CONTENT_CHANGED("content or its salt changed"),
        EVENT_MISSING("event missing without a deletion record"),
        EVENT_ADDED("event without a leaf"),
        EVENT_KEPT("event still there though recorded as removed"),
        CONTENT_MISSING("content missing without a deletion record"),
        CONTENT_KEPT("content still there though recorded as removed"),
        CONTENT_ALONE("content without its event"),
        KEY_MISSING("event without its key"),
        KEY_CHANGED("key that names another trace or time"),
        KEY_ALONE("key without its event"),
        LEAVES_DAMAGED("row of leaves damaged"),
        DELETION_WRONG("deletion record that does not fit"),
        COUNTER_WRONG("counter that differs from a recount");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// For people.
        public String words() {
            return words;
        }
    }

    /// By place; what has none comes last.
    static final Comparator<Difference> ORDER =
            Comparator.comparing(Difference::batch, Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(
                            Difference::position, Comparator.nullsFirst(Comparator.naturalOrder()))
                    .thenComparing(Difference::kind)
                    .thenComparing(Difference::what);

    /// Where it is and what it is, in one line.
    public String sentence() {
        StringBuilder line = new StringBuilder();
        if (batch != null) {
            line.append("batch ").append(batch);
            if (position != null) {
                line.append(", position ").append(position);
            }
        }
        if (eventId != null) {
            line.append(line.isEmpty() ? "" : ", ").append("event ").append(eventId);
        }
        return line.isEmpty() ? what : line.append(": ").append(what).toString();
    }
}
