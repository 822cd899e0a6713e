package org.agentaudit.verify;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.agentaudit.store.Arrival;
import org.agentaudit.verify.Difference.Kind;
import org.jspecify.annotations.Nullable;

/// Counts all differences and keeps the first ones. Not thread-safe.
final class Findings {
    /// Batches that are looked at once more, to name every missing position.
    private static final int MOST_BATCHES = 10_000;

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final SortedSet<Difference> first = new TreeSet<>(Difference.ORDER);
    private final SortedSet<Long> batches = new TreeSet<>();

    /// A difference of an event at its place.
    void at(Kind kind, long arrival, @Nullable UUID eventId, String what) {
        long batch = Arrival.batch(arrival);
        suspect(batch);
        add(new Difference(kind, batch, Arrival.position(arrival), eventId, what), 1);
    }

    /// A difference of a whole batch.
    void batch(Kind kind, long batch, String what) {
        suspect(batch);
        add(new Difference(kind, batch, null, null, what), 1);
    }

    /// Something without a place.
    void elsewhere(Kind kind, @Nullable UUID eventId, String what) {
        add(new Difference(kind, null, null, eventId, what), 1);
    }

    void add(Difference difference, long count) {
        counts.merge(difference.kind(), count, Long::sum);
        first.add(difference);
        if (first.size() > Verification.SHOWN) {
            first.removeLast();
        }
    }

    /// Notes a batch in which something differs.
    void suspect(long batch) {
        if (batches.size() < MOST_BATCHES) {
            batches.add(batch);
        }
    }

    /// Whether every batch with a difference is among [#batches].
    boolean isSuspect(long batch) {
        return batches.contains(batch);
    }

    SortedSet<Long> batches() {
        return batches;
    }

    Map<Kind, Long> counts() {
        return counts;
    }

    List<Difference> first() {
        return List.copyOf(first);
    }
}
