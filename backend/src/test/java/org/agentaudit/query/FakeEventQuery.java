package org.agentaudit.query;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;

/// Events in memory, oldest first; knows the filter's agents, trace and types. Counts the questions
/// it is asked.
public final class FakeEventQuery extends EventQuery {
    public final AtomicInteger questions = new AtomicInteger();
    private final List<AuditEvent> events;

    public FakeEventQuery(List<AuditEvent> events) {
        super(null, null);
        this.events = List.copyOf(events);
    }

    @Override
    public Page<AuditEvent> find(
            Viewer viewer, EventFilter filter, EventOrder order, PageRequest page) {
        questions.incrementAndGet();
        if (filter.text() != null && !viewer.mayReadContent()) {
            throw new AccessDeniedException("Filtering by text needs more rights.");
        }
        List<AuditEvent> matching = matching(filter);
        List<AuditEvent> ordered =
                order == EventOrder.NEWEST_FIRST ? matching.reversed() : matching;
        int start = page.after() == null ? 0 : Integer.parseInt(page.after()) + 1;
        List<Page.Edge<AuditEvent>> edges =
                ordered.stream()
                        .skip(start)
                        .limit(page.size())
                        .map(
                                event ->
                                        new Page.Edge<>(
                                                Integer.toString(ordered.indexOf(event)),
                                                Disclosure.of(event, viewer)))
                        .toList();
        return new Page<>(edges, start + edges.size() < ordered.size(), start > 0);
    }

    @Override
    public long count(Viewer viewer, EventFilter filter) {
        questions.incrementAndGet();
        return matching(filter).size();
    }

    @Override
    public Optional<AuditEvent> byId(Viewer viewer, UUID id) {
        return byIds(viewer, List.of(id)).stream().findFirst();
    }

    @Override
    public List<AuditEvent> byIds(Viewer viewer, List<UUID> ids) {
        questions.incrementAndGet();
        return events.stream()
                .filter(event -> ids.contains(event.envelope().id()))
                .map(event -> Disclosure.of(event, viewer))
                .toList();
    }

    @Override
    public Activity activity(Viewer viewer, int minutes) {
        questions.incrementAndGet();
        Instant to = Instant.parse("2026-11-21T12:00:00Z");
        return new Activity(
                to.minusSeconds(60L * minutes),
                to,
                events.size(),
                events.size() / (60.0 * minutes),
                1,
                0,
                List.of(new Activity.MinutePoint(to.minusSeconds(60), events.size(), 0)),
                List.of());
    }

    private List<AuditEvent> matching(EventFilter filter) {
        return events.stream()
                .filter(event -> in(filter.agentIds(), event.envelope().agentId()))
                .filter(event -> in(filter.types(), event.envelope().type()))
                .filter(
                        event ->
                                filter.traceId() == null
                                        || filter.traceId().equals(event.envelope().traceId()))
                .toList();
    }

    private static <T> boolean in(List<T> allowed, T value) {
        return allowed == null || allowed.contains(value);
    }
}
