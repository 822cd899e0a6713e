package org.agentaudit.verify;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.EventCounts;
import org.agentaudit.store.RequestCounts;
import org.agentaudit.verify.CounterCheck.Removed;
import org.agentaudit.verify.Difference.Kind;
import org.jspecify.annotations.Nullable;

/// Recounts the model requests and responses of a period from its events by the same fold that
/// counted them, and compares. Users are left out in quarter hours in which content has gone: their
/// ids have gone with it. Not thread-safe.
final class RequestCheck {

    /// A row of `request_count`, or of `rollup_response` with the outcome as key.
    record Key(String dimension, Instant quarter, String agentId, String key) {}

    /// @param requests of a row of `rollup_response`: 0
    /// @param timed    responses with a duration; of a row of `request_count`: 0
    record Sums(
            long requests,
            long costed,
            TokenCounts tokens,
            BigDecimal cost,
            long responses,
            long timed) {

        private Sums plus(Sums other) {
            return new Sums(
                    requests + other.requests,
                    costed + other.costed,
                    tokens.plus(other.tokens),
                    cost.add(other.cost),
                    responses + other.responses,
                    timed + other.timed);
        }

        private Sums withoutResponses() {
            return new Sums(requests, costed, tokens, cost, 0, timed);
        }

        private boolean same(Sums other) {
            return requests == other.requests
                    && costed == other.costed
                    && tokens.equals(other.tokens)
                    && cost.compareTo(other.cost) == 0
                    && responses == other.responses
                    && timed == other.timed;
        }
    }

    /// Stands for the dimension of `rollup_response`.
    static final String OUTCOME = "OUTCOME";

    private static final String USER = "USER";
    private static final String TASK = "TASK";
    private static final String SESSION = "SESSION";

    private final Removed removed;
    private final Findings findings;
    private final RequestCounts counts = new RequestCounts();
    private final Set<Instant> withoutContent = new HashSet<>();
    private @Nullable Map<Key, Sums> expected;

    RequestCheck(Removed removed, Findings findings) {
        this.removed = removed;
        this.findings = findings;
    }

    void add(AuditEvent event, boolean hasContent) {
        counts.add(event);
        if (!hasContent) {
            withoutContent.add(EventCounts.quarterOf(event.envelope().occurredAt()));
        }
    }

    /// A stored row; after all events.
    void row(Key key, Sums stored) {
        Sums sums = expected().remove(key);
        // tasks and sessions have requests only: a response without tokens and cost is in their
        // rows when a request of the same commit shares its key
        boolean requests = key.dimension().equals(TASK) || key.dimension().equals(SESSION);
        Sums compared = requests ? stored.withoutResponses() : stored;
        if (compared(key) && (sums == null || !sums.same(compared))) {
            wrong(key, "are counted otherwise than a recount does");
        }
    }

    /// Tells what was counted and has no stored counter.
    void end() {
        expected()
                .keySet()
                .forEach(
                        key -> {
                            if (compared(key)) {
                                wrong(key, "have no counter, though events are stored");
                            }
                        });
    }

    private boolean compared(Key key) {
        return !removed.touches(key.quarter())
                && !(key.dimension().equals(USER) && withoutContent.contains(key.quarter()));
    }

    private Map<Key, Sums> expected() {
        Map<Key, Sums> all = expected;
        if (all == null) {
            all = new HashMap<>();
            for (Map.Entry<RequestCounts.Key, RequestCounts.Sums> entry :
                    counts.sums().entrySet()) {
                add(all, entry.getKey(), entry.getValue());
            }
            expected = all;
        }
        return all;
    }

    private static void add(Map<Key, Sums> all, RequestCounts.Key of, RequestCounts.Sums s) {
        TokenCounts tokens = new TokenCounts(s.inputTokens, s.outputTokens, s.cachedTokens);
        Sums sums = new Sums(s.requests, s.costed, tokens, s.cost, s.responses, 0);
        add(all, of, "MODEL", of.model(), sums);
        add(all, of, USER, of.userId(), sums);
        if (s.requests > 0) {
            add(all, of, TASK, of.taskId(), sums.withoutResponses());
            add(all, of, SESSION, of.sessionId(), sums.withoutResponses());
        }
        if (of.ended() == RequestCounts.Ended.FAILURE) {
            add(all, of, "ERROR_TYPE", of.errorType(), sums);
        }
        RequestCounts.Ended ended = of.ended();
        if (ended != null) {
            Sums responses =
                    new Sums(0, 0, tokens, BigDecimal.ZERO, s.responses, s.durations().size());
            add(all, of, OUTCOME, ended.name(), responses);
        }
    }

    private static void add(
            Map<Key, Sums> all,
            RequestCounts.Key of,
            String dimension,
            @Nullable String key,
            Sums sums) {
        String name = key == null ? EventFilter.UNSPECIFIED : key;
        all.merge(new Key(dimension, of.quarter(), of.agentId(), name), sums, Sums::plus);
    }

    /// Keys are not told: they may be users.
    private void wrong(Key key, String what) {
        findings.elsewhere(
                Kind.COUNTER_WRONG,
                null,
                "counters of the quarter hour %s, agent %s: model requests by %s %s"
                        .formatted(key.quarter(), key.agentId(), key.dimension(), what));
    }
}
