package org.agentaudit.query;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;

/// Traces over events in memory. Counts the questions it is asked.
public final class FakeTraceQuery extends TraceQuery {
    public final AtomicInteger questions = new AtomicInteger();
    private final List<AuditEvent> events;

    public FakeTraceQuery(List<AuditEvent> events) {
        super(null, null, null);
        this.events = List.copyOf(events);
    }

    @Override
    public Optional<Trace> byId(Viewer viewer, String traceId) {
        questions.incrementAndGet();
        return trace(traceId);
    }

    @Override
    public List<Trace> byIds(Viewer viewer, List<String> traceIds) {
        questions.incrementAndGet();
        return traceIds.stream().flatMap(id -> trace(id).stream()).toList();
    }

    @Override
    public List<Trace> ofTask(Viewer viewer, String taskId) {
        questions.incrementAndGet();
        return List.of();
    }

    @Override
    public List<TimelineEntry> timeline(Viewer viewer, String traceId, int limit) {
        questions.incrementAndGet();
        List<AuditEvent> all = of(traceId);
        return TimelineStatuses.of(
                all.stream().limit(limit).map(event -> Disclosure.of(event, viewer)).toList(),
                CallPairing.of(all.stream().map(AuditEvent::envelope).toList()));
    }

    private List<AuditEvent> of(String traceId) {
        return events.stream().filter(event -> event.envelope().traceId().equals(traceId)).toList();
    }

    private Optional<Trace> trace(String traceId) {
        List<AuditEvent> members = of(traceId);
        if (members.isEmpty()) {
            return Optional.empty();
        }
        var start = members.getFirst().envelope().occurredAt();
        var end = members.getLast().envelope().endedAt();
        return Optional.of(
                new Trace(
                        traceId,
                        start,
                        end,
                        Duration.between(start, end).toMillis(),
                        members.stream()
                                .map(event -> event.envelope().agentId())
                                .distinct()
                                .toList(),
                        members.size(),
                        0,
                        Outcome.SUCCESS,
                        TokenCounts.ZERO,
                        null,
                        0,
                        new Completeness(members.size(), 1, 0, 0, 0, 0, 0, List.of(), 0, 0)));
    }
}
