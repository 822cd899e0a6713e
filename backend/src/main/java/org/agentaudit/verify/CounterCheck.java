package org.agentaudit.verify;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventType;
import org.agentaudit.store.EventCounts;
import org.agentaudit.store.EventCounts.Key;
import org.agentaudit.store.EventCounts.NameKey;
import org.agentaudit.store.EventCounts.SequenceKey;
import org.agentaudit.store.EventCounts.Sums;
import org.agentaudit.verify.Difference.Kind;
import org.jspecify.annotations.Nullable;

/// Recounts the quarter hours of a period from its events by the same fold that counted them, and
/// compares with the stored counters. Not thread-safe.
final class CounterCheck {
    /// How a column of `rollup_event` is named, and the sum it holds.
    static final Map<String, Function<Sums, Object>> SUMS = sums();

    private static final String REASONED = "reasoned";

    private final Removed removed;
    private final Findings findings;
    private final EventCounts counts = new EventCounts();
    private final SettledCheck settled;
    /// Decisions whose content is gone: whether they had reasoning cannot be recounted.
    private final Set<Key> withoutContent = new HashSet<>();

    private final Set<Instant> seen = new HashSet<>();
    private final Set<Instant> skipped = new HashSet<>();

    CounterCheck(Removed removed, Findings findings) {
        this.removed = removed;
        this.findings = findings;
        this.settled = new SettledCheck(removed, findings);
    }

    /// What is settled behind the ingest path.
    SettledCheck settled() {
        return settled;
    }

    /// Periods that events were removed from.
    interface Removed {
        boolean touches(Instant quarter);
    }

    void add(AuditEvent event, boolean hasContent) {
        counts.add(event);
        settled.add(event, hasContent);
        if (!hasContent && event.envelope().type() == EventType.DECISION) {
            withoutContent.add(
                    new Key(
                            EventCounts.quarterOf(event.envelope().occurredAt()),
                            event.envelope().agentId(),
                            EventType.DECISION));
        }
    }

    /// A stored row of `rollup_event`.
    void row(Instant quarter, String agent, String type, Sums stored) {
        if (!counted(quarter)) {
            return;
        }
        Key key = keyOf(quarter, agent, type);
        Sums sums = key == null ? null : counts.sums().remove(key);
        if (key == null || sums == null) {
            wrong(quarter, agent, type + " counts events that are not stored");
            return;
        }
        SUMS.forEach(
                (name, of) -> {
                    boolean unknown = name.equals(REASONED) && withoutContent.contains(key);
                    if (!unknown && !same(of.apply(stored), of.apply(sums))) {
                        wrong(
                                quarter,
                                agent,
                                "%s of %s is %s, a recount gives %s"
                                        .formatted(name, type, of.apply(stored), of.apply(sums)));
                    }
                });
    }

    /// A stored row of `rollup_sequence`.
    ///
    /// @param stored as PostgreSQL writes ranges
    void sequence(SequenceKey key, String stored) {
        if (!counted(key.quarter())) {
            return;
        }
        BitSet numbers = counts.sequences().remove(key);
        if (numbers == null || !EventCounts.ranges(numbers).equals(stored)) {
            wrong(key.quarter(), null, "sequence numbers are others than a recount finds");
        }
    }

    /// What the other tables count.
    enum Named {
        ERRORS("an error type", EventCounts::errors),
        PRODUCERS("a sender", EventCounts::producers),
        HANDOFFS("a handoff target", EventCounts::handoffs),
        DERIVED_TRACES("a derived trace", EventCounts::derivedTraces);

        private final String what;
        private final Function<EventCounts, SortedMap<NameKey, Long>> of;

        Named(String what, Function<EventCounts, SortedMap<NameKey, Long>> of) {
            this.what = what;
            this.of = of;
        }
    }

    /// A stored row of one of the other tables.
    ///
    /// @param stored null: the table only says that there is one
    void named(Named table, NameKey key, @Nullable Long stored) {
        if (!counted(key.quarter())) {
            return;
        }
        Long sum = table.of.apply(counts).remove(key);
        if (sum == null || stored != null && !sum.equals(stored)) {
            wrong(
                    key.quarter(),
                    key.agentId(),
                    table.what + " is counted otherwise than a recount does");
        }
    }

    /// Tells what was counted and has no stored counter.
    void end() {
        settled.end();
        counts.sums()
                .keySet()
                .forEach(key -> missing(key.quarter(), key.agentId(), key.type().name()));
        counts.sequences()
                .keySet()
                .forEach(key -> missing(key.quarter(), null, "sequence numbers"));
        for (Named table : Named.values()) {
            table.of
                    .apply(counts)
                    .keySet()
                    .forEach(key -> missing(key.quarter(), key.agentId(), table.what));
        }
    }

    /// Quarter hours compared.
    long quarters() {
        return seen.size();
    }

    /// Quarter hours that cannot be recounted.
    long skipped() {
        return skipped.size();
    }

    private boolean counted(Instant quarter) {
        boolean touched = removed.touches(quarter);
        (touched ? skipped : seen).add(quarter);
        return !touched;
    }

    private void missing(Instant quarter, @Nullable String agent, String what) {
        if (counted(quarter)) {
            wrong(quarter, agent, what + " without a counter, though events are stored");
        }
    }

    /// Names of agents are told: whoever verifies may read all there is.
    private void wrong(Instant quarter, @Nullable String agent, String what) {
        findings.elsewhere(
                Kind.COUNTER_WRONG,
                null,
                "counters of the quarter hour %s%s: %s"
                        .formatted(quarter, agent == null ? "" : ", agent " + agent, what));
    }

    private static @Nullable Key keyOf(Instant quarter, String agent, String type) {
        try {
            return new Key(quarter, agent, EventType.valueOf(type));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean same(Object a, Object b) {
        return a instanceof BigDecimal x && b instanceof BigDecimal y
                ? x.compareTo(y) == 0
                : a.equals(b);
    }

    private static Map<String, Function<Sums, Object>> sums() {
        Map<String, Function<Sums, Object>> sums = new LinkedHashMap<>();
        sums.put("events", s -> s.events);
        sums.put("errors", s -> s.errors);
        sums.put("escalations", s -> s.escalations);
        sums.put("unnamed", s -> s.unnamed);
        sums.put("late", s -> s.late);
        sums.put("redactions", s -> s.redactions);
        sums.put("sensitive", s -> s.sensitive);
        sums.put("sensitive_audited", s -> s.sensitiveAudited);
        sums.put(REASONED, s -> s.reasoned);
        sums.put("with_depth", s -> s.withDepth);
        sums.put("max_depth", s -> s.maxDepth);
        sums.put("trace_expected", s -> s.traceExpected);
        sums.put("trace_stated", s -> s.traceStated);
        sums.put("input_tokens", s -> s.inputTokens);
        sums.put("output_tokens", s -> s.outputTokens);
        sums.put("cached_tokens", s -> s.cachedTokens);
        sums.put("costed", s -> s.costed);
        sums.put("cost_usd", s -> s.cost);
        sums.put("first_at", s -> s.firstAt);
        sums.put("last_at", s -> s.lastAt);
        return sums;
    }
}
