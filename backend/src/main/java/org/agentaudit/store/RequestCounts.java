package org.agentaudit.store;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// The one fold over model requests and responses (metrics "Cost", "Usage"): used when a batch is
/// stored, and to recount. Not thread-safe.
public final class RequestCounts {
    /// Milliseconds; anything shorter counts as no duration.
    private static final double SHORTEST = 0.000001;

    /// A hundred years in milliseconds.
    private static final double LONGEST = 3_155_760_000_000d;

    /// How a response ended.
    public enum Ended {
        SUCCESS,
        FAILURE,
        OTHER;

        static Ended of(Outcome outcome) {
            return switch (outcome) {
                case SUCCESS -> SUCCESS;
                case FAILURE -> FAILURE;
                case PARTIAL, PENDING, UNKNOWN -> OTHER;
            };
        }
    }

    /// What requests and responses are counted by; null where the events state none.
    ///
    /// @param ended     null: the events are no LLM_RESPONSE
    /// @param errorType null too when `ended` is not FAILURE
    public record Key(
            Instant quarter,
            String agentId,
            @Nullable String model,
            @Nullable String taskId,
            @Nullable String sessionId,
            @Nullable String userId,
            @Nullable Ended ended,
            @Nullable String errorType) {}

    /// Sums of one key; see the columns of `request_open`.
    public static final class Sums {
        public long requests;
        public long costed;
        public long inputTokens;
        public long outputTokens;
        public long cachedTokens;
        public BigDecimal cost = BigDecimal.ZERO;
        public long responses;
        public @Nullable Instant firstAt;
        public @Nullable Instant lastAt;
        private final List<Double> durations = new ArrayList<>();

        /// Durations of the responses that state one, in milliseconds.
        public List<Double> durations() {
            return durations;
        }

        /// Eight bytes for each duration; null when there is none.
        byte @Nullable [] durationBytes() {
            if (durations.isEmpty()) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * durations.size());
            durations.forEach(bytes::putDouble);
            return bytes.array();
        }
    }

    private final Map<Key, Sums> sums = new HashMap<>();

    public Map<Key, Sums> sums() {
        return sums;
    }

    /// Durations as [Sums#durationBytes] wrote them.
    public static List<Double> durations(byte @Nullable [] bytes) {
        List<Double> durations = new ArrayList<>();
        if (bytes != null) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                durations.add(buffer.getDouble());
            }
        }
        return durations;
    }

    /// Counts one event, if it is a request or a response.
    public void add(AuditEvent event) {
        Envelope e = event.envelope();
        TokenCounts tokens = e.tokens();
        BigDecimal cost = e.cost();
        boolean request = tokens != null || cost != null;
        boolean response = e.type() == EventType.LLM_RESPONSE;
        if (!request && !response) {
            return;
        }
        Ended ended = response ? Ended.of(e.outcome()) : null;
        Key key =
                new Key(
                        EventCounts.quarterOf(e.occurredAt()),
                        e.agentId(),
                        e.model(),
                        e.taskId(),
                        e.sessionId(),
                        event.content().userId(),
                        ended,
                        ended == Ended.FAILURE ? e.errorType() : null);
        Sums s = sums.computeIfAbsent(key, k -> new Sums());
        if (request) {
            s.requests++;
            s.firstAt = earlier(s.firstAt, e.occurredAt());
            s.lastAt = later(s.lastAt, e.occurredAt());
        }
        if (tokens != null) {
            s.inputTokens = TokenCounts.sum(s.inputTokens, tokens.input());
            s.outputTokens = TokenCounts.sum(s.outputTokens, tokens.output());
            s.cachedTokens = TokenCounts.sum(s.cachedTokens, tokens.cached());
        }
        if (cost != null) {
            s.costed++;
            s.cost = s.cost.add(cost);
        }
        if (response) {
            s.responses++;
            Double duration = e.durationMs();
            if (duration != null && duration >= SHORTEST) {
                s.durations.add(Math.min(duration, LONGEST));
            }
        }
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }
}
