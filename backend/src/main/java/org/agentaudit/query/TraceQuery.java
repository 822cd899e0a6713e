package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;

/// Reads traces for a viewer.
@Singleton
public class TraceQuery {

    private static final int MAXIMUM_TRACES = 1000;
    private static final int MAXIMUM_TIMELINE = 10_000;

    private final TraceReadRepository repository;
    private final EventReadRepository events;
    private final TraceSettler settler;

    TraceQuery(TraceReadRepository repository, EventReadRepository events, TraceSettler settler) {
        this.repository = repository;
        this.events = events;
        this.settler = settler;
    }

    /// A trace; empty when it has no event inside the viewer's scope.
    public Optional<Trace> byId(Viewer viewer, String traceId) {
        return byIds(viewer, List.of(traceId)).stream().findFirst();
    }

    /// The traces that have an event inside the viewer's scope, in the order of the ids, with a
    /// number of questions to the database that does not depend on how many there are.
    public List<Trace> byIds(Viewer viewer, List<String> traceIds) {
        viewer.requireReader();
        List<String> storable = traceIds.stream().filter(id -> id.indexOf('\0') < 0).toList();
        if (storable.isEmpty()) {
            return List.of();
        }
        settler.settle(storable);
        Map<String, TraceReadRepository.Numbers> numbers = repository.numbers(viewer, storable);
        return storable.stream()
                .filter(numbers::containsKey)
                .map(id -> trace(id, Objects.requireNonNull(numbers.get(id))))
                .toList();
    }

    /// The traces of a task, earliest first, at most 1000; empty when there are none.
    public List<Trace> ofTask(Viewer viewer, String taskId) {
        viewer.requireReader();
        if (taskId.indexOf('\0') >= 0) {
            return List.of();
        }
        return byIds(viewer, repository.ofTask(taskId, MAXIMUM_TRACES));
    }

    /// The events of a trace in order, with their status; at most `limit` (1 to 10,000), earliest
    /// first.
    public List<TimelineEntry> timeline(Viewer viewer, String traceId, int limit) {
        viewer.requireReader();
        if (limit < 1 || limit > MAXIMUM_TIMELINE) {
            throw new BadInputException("'limit' must be 1 to " + MAXIMUM_TIMELINE + ".");
        }
        EventConditions conditions =
                EventConditions.of(viewer, EventFilter.builder().traceId(traceId).build());
        List<AuditEvent> visible =
                events.find(conditions, true, limit).stream()
                        .map(event -> Disclosure.of(event, viewer))
                        .toList();
        return TimelineStatuses.of(
                visible, CallPairing.of(repository.pairingEvents(List.of(traceId))));
    }

    /// Events of any traces with their status, in the order given; calls and results are paired
    /// over the whole of each trace.
    ///
    /// @param events as the viewer may see them
    public List<TimelineEntry> statuses(List<AuditEvent> events) {
        List<String> ids =
                events.stream().map(event -> event.envelope().traceId()).distinct().toList();
        return TimelineStatuses.of(
                events, CallPairing.of(ids.isEmpty() ? List.of() : repository.pairingEvents(ids)));
    }

    /// What an analysis of a trace reads, however long it is: its first and its last events, as the
    /// viewer may see them, with texts cut after 4,000 characters. Pairs of calls and results are
    /// those among these events.
    public TraceWindow window(Viewer viewer, String traceId) {
        viewer.requireReader();
        EventConditions conditions =
                EventConditions.of(viewer, EventFilter.builder().traceId(traceId).build());
        List<AuditEvent> read =
                new ArrayList<>(events.findCut(conditions, true, TraceWindow.FIRST));
        int first = read.size();
        if (first == TraceWindow.FIRST) {
            Set<UUID> known = new HashSet<>();
            read.forEach(event -> known.add(event.envelope().id()));
            events.findCut(conditions, false, TraceWindow.LAST).reversed().stream()
                    .filter(event -> known.add(event.envelope().id()))
                    .forEach(read::add);
        }
        List<AuditEvent> visible =
                read.stream().map(event -> Disclosure.of(event, viewer)).toList();
        CallPairing pairing = CallPairing.of(visible.stream().map(AuditEvent::envelope).toList());
        return new TraceWindow(TimelineStatuses.of(visible, pairing), first);
    }

    private static Trace trace(String traceId, TraceReadRepository.Numbers numbers) {
        Duration span = Duration.between(numbers.firstAt(), numbers.endedAt());
        long redactions = numbers.redactions().values().stream().mapToLong(Long::longValue).sum();
        return new Trace(
                traceId,
                numbers.firstAt(),
                numbers.endedAt(),
                span.toNanos() / 1e6,
                numbers.agentIds(),
                numbers.events(),
                numbers.errors(),
                numbers.outcome(),
                numbers.tokens(),
                numbers.cost(),
                numbers.allEvents() - numbers.events(),
                // Rejected items name no trace.
                new Completeness(
                        numbers.events(),
                        numbers.producers(),
                        numbers.missingNumbers(),
                        numbers.unpairedCalls(),
                        numbers.missingParents(),
                        numbers.derived() ? 1 : 0,
                        numbers.late(),
                        List.of(),
                        redactions,
                        0,
                        CountsQuery.tallies(
                                numbers.redactions(), redactions, numbers.redactions().size())));
    }
}
