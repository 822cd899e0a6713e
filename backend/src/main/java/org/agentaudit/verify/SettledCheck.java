package org.agentaudit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.store.EventCounts;
import org.agentaudit.verify.Difference.Kind;

/// Recounts calls, decisions and messages of errors of a period from its events, and compares with
/// the roll-ups that are settled behind the ingest path. Quarter hours with a trace that is not
/// settled yet are left out. Not thread-safe.
final class SettledCheck {

    /// What is compared, and the question that gives the stored counters: quarter hour, agent, name
    /// and count.
    enum Counted {
        CALLS(
                "calls",
                """
                SELECT start AS quarter, agent_id, event_type, sum(calls)
                  FROM rollup_call
                 WHERE span = 'QUARTER' AND part = 0 AND start >= ? AND start < ?
                 GROUP BY start, agent_id, event_type
                """),
        MESSAGES(
                "messages",
                """
                SELECT start AS quarter, agent_id, 'ERROR', sum(errors)
                  FROM rollup_message
                 WHERE span = 'QUARTER' AND start >= ? AND start < ?
                 GROUP BY start, agent_id
                """);

        private final String what;
        private final String sql;

        Counted(String what, String sql) {
            this.what = what;
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    private record Key(Counted counted, Instant quarter, String agent, EventType type) {}

    private record Span(Instant first, Instant last) {}

    private final CounterCheck.Removed removed;
    private final Findings findings;
    private final Map<Key, Long> counts = new HashMap<>();
    private final Set<Key> withoutContent = new HashSet<>();
    private final List<Span> open = new ArrayList<>();

    SettledCheck(CounterCheck.Removed removed, Findings findings) {
        this.removed = removed;
        this.findings = findings;
    }

    void add(AuditEvent event, boolean hasContent) {
        Envelope e = event.envelope();
        Instant quarter = EventCounts.quarterOf(e.occurredAt());
        switch (e.type()) {
            case TOOL_CALL, SKILL_CALL, EXTERNAL_CALL, DECISION ->
                    counts.merge(
                            new Key(Counted.CALLS, quarter, e.agentId(), e.type()), 1L, Long::sum);
            default -> {}
        }
        if (e.errored()) {
            Key key = new Key(Counted.MESSAGES, quarter, e.agentId(), EventType.ERROR);
            if (!hasContent) {
                withoutContent.add(key);
            } else if (event.content().errorMessage() != null) {
                counts.merge(key, 1L, Long::sum);
            }
        }
    }

    /// A trace that is not settled yet has events from `first` to `last`.
    void open(Instant first, Instant last) {
        open.add(new Span(first, last));
    }

    /// A stored counter.
    void stored(Counted counted, Instant quarter, String agent, String type, long count) {
        Key key = new Key(counted, quarter, agent, EventType.valueOf(type));
        Long sum = counts.remove(key);
        if (comparable(key) && (sum == null || sum != count)) {
            wrong(key);
        }
    }

    /// Tells what was counted and has no stored counter.
    void end() {
        counts.keySet().stream().filter(this::comparable).forEach(this::wrong);
    }

    private boolean comparable(Key key) {
        Instant end = key.quarter.plusSeconds(15 * 60);
        return !removed.touches(key.quarter)
                && !withoutContent.contains(key)
                && open.stream()
                        .noneMatch(
                                span ->
                                        span.first.isBefore(end)
                                                && !span.last.isBefore(key.quarter));
    }

    private void wrong(Key key) {
        findings.elsewhere(
                Kind.COUNTER_WRONG,
                null,
                "counters of the quarter hour %s, agent %s: %s of %s are counted otherwise than a recount does"
                        .formatted(key.quarter, key.agent, key.counted.what, key.type));
    }
}
