package org.agentaudit.store;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;

/// The one definition of the counters that add up: a fold over events, used when a batch is stored,
/// for the parts of a period that are not whole quarter hours, and to recount. Not thread-safe.
public final class EventCounts {

    private static final Duration LATE = Duration.ofHours(1);
    private static final long QUARTER_SECONDS = 15 * 60;

    /// Formats whose lines can do without a trace id (metrics, check `trace_completeness`).
    private static final Set<SourceFormat> TRACELESS =
            EnumSet.of(
                    SourceFormat.LOG_ENTRY, SourceFormat.SESSION_EVENT, SourceFormat.REQUEST_LOG);

    /// What events are counted by.
    public record Key(Instant quarter, String agentId, EventType type) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::quarter)
                        .thenComparing(Key::agentId)
                        .thenComparing(key -> key.type().name());

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /// A second dimension: error type, producer, trace or handoff target.
    public record NameKey(Instant quarter, String agentId, String name)
            implements Comparable<NameKey> {
        private static final Comparator<NameKey> ORDER =
                Comparator.comparing(NameKey::quarter)
                        .thenComparing(NameKey::agentId)
                        .thenComparing(NameKey::name);

        @Override
        public int compareTo(NameKey other) {
            return ORDER.compare(this, other);
        }
    }

    /// Sums of one key; see the columns of `rollup_event`.
    public static final class Sums {
        public long events;
        public long errors;
        public long escalations;
        public long unnamed;
        public long late;
        public long redactions;
        public long sensitive;
        public long sensitiveAudited;
        public long reasoned;
        public long withDepth;
        public int maxDepth;
        public long traceExpected;
        public long traceStated;
        public long inputTokens;
        public long outputTokens;
        public long cachedTokens;
        public long costed;
        public BigDecimal cost = BigDecimal.ZERO;
        public Instant firstAt = Instant.MAX;
        public Instant lastAt = Instant.MIN;

        /// Adds the sums of another part of the same thing.
        public void add(Sums other) {
            events += other.events;
            errors += other.errors;
            escalations += other.escalations;
            unnamed += other.unnamed;
            late += other.late;
            redactions += other.redactions;
            sensitive += other.sensitive;
            sensitiveAudited += other.sensitiveAudited;
            reasoned += other.reasoned;
            withDepth += other.withDepth;
            maxDepth = Math.max(maxDepth, other.maxDepth);
            traceExpected += other.traceExpected;
            traceStated += other.traceStated;
            inputTokens = TokenCounts.sum(inputTokens, other.inputTokens);
            outputTokens = TokenCounts.sum(outputTokens, other.outputTokens);
            cachedTokens = TokenCounts.sum(cachedTokens, other.cachedTokens);
            costed += other.costed;
            cost = cost.add(other.cost);
            firstAt = firstAt.isBefore(other.firstAt) ? firstAt : other.firstAt;
            lastAt = lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt;
        }
    }

    /// A block of a producer's sequence numbers: those that divided by [#BLOCK] and rounded down
    /// are `block`.
    public record SequenceKey(Instant quarter, String producer, long block)
            implements Comparable<SequenceKey> {
        private static final Comparator<SequenceKey> ORDER =
                Comparator.comparing(SequenceKey::quarter)
                        .thenComparing(SequenceKey::producer)
                        .thenComparingLong(SequenceKey::block);

        @Override
        public int compareTo(SequenceKey other) {
            return ORDER.compare(this, other);
        }
    }

    /// Sequence numbers of a block.
    public static final int BLOCK = 4096;

    private final SortedMap<Key, Sums> sums = new TreeMap<>();
    private final SortedMap<NameKey, Long> errors = new TreeMap<>();
    private final SortedMap<NameKey, Long> producers = new TreeMap<>();
    private final SortedMap<SequenceKey, BitSet> sequences = new TreeMap<>();
    private final SortedMap<NameKey, Long> derivedTraces = new TreeMap<>();
    private final SortedMap<NameKey, Long> handoffs = new TreeMap<>();

    /// Start of the quarter hour an instant lies in.
    public static Instant quarterOf(Instant at) {
        return Instant.ofEpochSecond(
                Math.floorDiv(at.getEpochSecond(), QUARTER_SECONDS) * QUARTER_SECONDS);
    }

    public SortedMap<Key, Sums> sums() {
        return sums;
    }

    public SortedMap<NameKey, Long> errors() {
        return errors;
    }

    public SortedMap<NameKey, Long> producers() {
        return producers;
    }

    /// Sequence numbers given, less [#BLOCK] times their block.
    public SortedMap<SequenceKey, BitSet> sequences() {
        return sequences;
    }

    public SortedMap<NameKey, Long> derivedTraces() {
        return derivedTraces;
    }

    public SortedMap<NameKey, Long> handoffs() {
        return handoffs;
    }

    /// The numbers as PostgreSQL writes ranges: `{[0,5),[7,8)}`.
    public static String ranges(BitSet numbers) {
        StringJoiner ranges = new StringJoiner(",", "{", "}");
        int from = numbers.nextSetBit(0);
        while (from >= 0) {
            int to = numbers.nextClearBit(from);
            ranges.add("[" + from + "," + to + ")");
            from = numbers.nextSetBit(to);
        }
        return ranges.toString();
    }

    /// Counts one event.
    public void add(AuditEvent event) {
        Envelope e = event.envelope();
        Instant quarter = quarterOf(e.occurredAt());
        Sums s = sums.computeIfAbsent(new Key(quarter, e.agentId(), e.type()), key -> new Sums());
        s.events++;
        if (e.errored()) {
            s.errors++;
            String type = e.errorType();
            errors.merge(
                    new NameKey(
                            quarter, e.agentId(), type == null ? EventFilter.UNSPECIFIED : type),
                    1L,
                    Long::sum);
        }
        if (e.intervention() == InterventionKind.ESCALATION) {
            s.escalations++;
        }
        if (e.receivedAt().isAfter(e.occurredAt().plus(LATE))) {
            s.late++;
        }
        s.redactions += e.redactions().stream().filter(Redaction::removesSecret).count();
        if (Boolean.TRUE.equals(e.sensitive())) {
            s.sensitive++;
            if (!e.resources().isEmpty() && e.permissionLevel() != null) {
                s.sensitiveAudited++;
            }
        }
        if (e.type() == EventType.DECISION && reasoned(event)) {
            s.reasoned++;
        }
        Handoff handoff = e.handoff();
        if (handoff != null) {
            Integer depth = handoff.depth();
            if (depth != null) {
                s.withDepth++;
                s.maxDepth = Math.max(s.maxDepth, depth);
            }
            String target = handoff.to();
            if (target != null) {
                handoffs.merge(new NameKey(quarter, e.agentId(), target), 1L, Long::sum);
            }
        }
        if (!e.traceDerived()) {
            s.traceExpected++;
            s.traceStated++;
        } else {
            derivedTraces.merge(new NameKey(quarter, e.agentId(), e.traceId()), 1L, Long::sum);
            if (!TRACELESS.contains(e.sourceFormat())) {
                s.traceExpected++;
            }
        }
        TokenCounts tokens = e.tokens();
        if (tokens != null) {
            s.inputTokens = TokenCounts.sum(s.inputTokens, tokens.input());
            s.outputTokens = TokenCounts.sum(s.outputTokens, tokens.output());
            s.cachedTokens = TokenCounts.sum(s.cachedTokens, tokens.cached());
        }
        BigDecimal cost = e.cost();
        if (cost != null) {
            s.costed++;
            s.cost = s.cost.add(cost);
        }
        String producer = e.producer();
        if (producer == null) {
            s.unnamed++;
        } else {
            producers.merge(new NameKey(quarter, e.agentId(), producer), 1L, Long::sum);
            Long seq = e.seq();
            if (seq != null) {
                sequences
                        .computeIfAbsent(
                                new SequenceKey(quarter, producer, Math.floorDiv(seq, BLOCK)),
                                key -> new BitSet())
                        .set(Math.floorMod(seq, BLOCK));
            }
        }
        s.firstAt = e.occurredAt().isBefore(s.firstAt) ? e.occurredAt() : s.firstAt;
        s.lastAt = e.occurredAt().isAfter(s.lastAt) ? e.occurredAt() : s.lastAt;
    }

    private static boolean reasoned(AuditEvent event) {
        if (event.content().reasoning() != null) {
            return true;
        }
        Decision decision = event.content().decision();
        return decision != null
                && decision.chosen() != null
                && decision.options().stream()
                        .anyMatch(
                                option ->
                                        option.option().equals(decision.chosen())
                                                && option.reasoning() != null);
    }
}
