package org.agentaudit.analysis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.CallPairing;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.TimelineEntry.TimelineStatus;
import org.jspecify.annotations.Nullable;

/// What a trace's records say happened: the steps in order and the failures among them.
final class Story {

    /// Steps that do something, as opposed to steps that hold others or comment on them.
    static final Set<EventType> ATTEMPTS =
            EnumSet.of(
                    EventType.TOOL_CALL,
                    EventType.SKILL_CALL,
                    EventType.EXTERNAL_CALL,
                    EventType.RETRY,
                    EventType.FALLBACK,
                    EventType.LLM_RESPONSE);

    private static final Set<EventType> CALLS =
            EnumSet.of(
                    EventType.TOOL_CALL,
                    EventType.SKILL_CALL,
                    EventType.EXTERNAL_CALL,
                    EventType.LLM_RESPONSE);

    /// Steps whose failure only says that something inside them failed.
    private static final Set<EventType> CONTAINERS =
            EnumSet.of(EventType.INVOCATION, EventType.HANDOFF, EventType.CIRCUIT_BREAKER);

    /// What is attempted: the same work of the same agent.
    record Work(String agent, String action) {}

    private final List<TimelineEntry> entries;
    private final List<AuditEvent> events;
    private final Map<UUID, AuditEvent> byId = new HashMap<>();
    private final CallPairing pairing;
    private final List<Failure> failures;

    Story(List<TimelineEntry> timeline) {
        entries = List.copyOf(timeline);
        events = entries.stream().map(TimelineEntry::event).toList();
        entries.forEach(entry -> byId.put(entry.event().envelope().id(), entry.event()));
        pairing = CallPairing.of(events.stream().map(AuditEvent::envelope).toList());
        failures = findFailures();
    }

    List<AuditEvent> events() {
        return events;
    }

    List<AuditEvent> events(EventType type) {
        return events.stream().filter(event -> event.envelope().type() == type).toList();
    }

    CallPairing pairing() {
        return pairing;
    }

    @Nullable AuditEvent byId(@Nullable UUID id) {
        return id == null ? null : byId.get(id);
    }

    /// By the time they showed; a container counts only where nothing inside the trace failed.
    List<Failure> failures() {
        return failures;
    }

    private List<Failure> findFailures() {
        Map<UUID, Failure> found = new LinkedHashMap<>();
        List<TimelineEntry> failed =
                entries.stream().filter(entry -> entry.status() == TimelineStatus.FAILED).toList();
        boolean onlyContainers =
                failed.stream().allMatch(entry -> CONTAINERS.contains(type(entry.event())));
        Map<UUID, UUID> callOfResult = new HashMap<>();
        for (CallPairing.Call call : pairing.calls()) {
            if (call.result() != null) {
                callOfResult.put(call.result().id(), call.call().id());
            }
        }
        for (TimelineEntry entry : failed) {
            AuditEvent event = entry.event();
            if (CONTAINERS.contains(type(event)) && !onlyContainers) {
                continue;
            }
            AuditEvent step = stepOf(event, callOfResult);
            UUID id = step.envelope().id();
            Failure known = found.get(id);
            if (known != null) {
                found.put(id, known.with(event));
            } else {
                found.put(id, failure(step, event));
            }
        }
        return found.values().stream()
                .sorted(
                        Comparator.comparing(Failure::failedAt)
                                .thenComparing(Failure::envelope, CallPairing.ORDER))
                .toList();
    }

    /// The step whose failure an event records: of a result its call, of an error the step it names
    /// as parent.
    private AuditEvent stepOf(AuditEvent event, Map<UUID, UUID> callOfResult) {
        Envelope envelope = event.envelope();
        AuditEvent call = byId(callOfResult.get(envelope.id()));
        if (call != null) {
            return call;
        }
        AuditEvent parent = byId(envelope.parentEventId());
        boolean reports =
                envelope.type() == EventType.ERROR || envelope.type() == EventType.TOOL_RESULT;
        return reports && parent != null && ATTEMPTS.contains(type(parent)) ? parent : event;
    }

    private Failure failure(AuditEvent step, AuditEvent record) {
        CallPairing.Call call = pairing.call(step.envelope().id());
        String type = record.envelope().errorType();
        if (type == null && call != null && call.result() != null) {
            type = call.result().errorType();
        }
        Double duration = call == null ? step.envelope().durationMs() : call.durationMs();
        Instant failedAt =
                duration == null
                        ? record.envelope().endedAt()
                        : step.envelope().occurredAt().plusNanos(Math.round(duration * 1e6));
        List<AuditEvent> evidence = new ArrayList<>(List.of(step));
        if (!step.equals(record)) {
            evidence.add(record);
        }
        return new Failure(
                step, type == null ? EventFilter.UNSPECIFIED : type, duration, failedAt, evidence);
    }

    static EventType type(AuditEvent event) {
        return event.envelope().type();
    }

    /// The work a failed step attempted. A retry that does not name its work repeats what its
    /// parent, else what the agent's last failure before it, attempted.
    Work workOf(Failure failure) {
        Envelope step = failure.envelope();
        if (step.type() == EventType.RETRY) {
            AuditEvent parent = byId(step.parentEventId());
            Failure before = null;
            for (Failure other : failures) {
                Envelope earlier = other.envelope();
                if (!earlier.agentId().equals(step.agentId())
                        || earlier.type() == EventType.RETRY
                        || CallPairing.ORDER.compare(earlier, step) >= 0) {
                    continue;
                }
                if (earlier.action().equals(step.action()) || other.step().equals(parent)) {
                    return new Work(earlier.agentId(), earlier.action());
                }
                before = other;
            }
            if (before != null && step.action().equals("retry")) {
                return new Work(before.agent(), before.action());
            }
        }
        return new Work(step.agentId(), step.action());
    }

    /// Failures by the work they attempted, each list by time, the work that failed first first.
    Map<Work, List<Failure>> failuresByWork() {
        Map<Work, List<Failure>> groups = new LinkedHashMap<>();
        for (Failure failure : failures) {
            groups.computeIfAbsent(workOf(failure), work -> new ArrayList<>()).add(failure);
        }
        return groups;
    }

    /// The step that did the work after it had failed; null when no record says that it succeeded.
    @Nullable AuditEvent recovery(Work work, Failure last) {
        for (AuditEvent event : events) {
            Envelope envelope = event.envelope();
            if (ATTEMPTS.contains(envelope.type())
                    && outcome(envelope) == Outcome.SUCCESS
                    && !envelope.errored()
                    && envelope.agentId().equals(work.agent())
                    && envelope.action().equals(work.action())
                    && CallPairing.ORDER.compare(envelope, last.envelope()) > 0) {
                return event;
            }
        }
        return null;
    }

    private Outcome outcome(Envelope event) {
        CallPairing.Call call = pairing.call(event.id());
        return call == null ? event.outcome() : call.outcome();
    }

    /// Whether a failure happened while another step was under way inside which it lies, so that
    /// the outer one may have failed because of it.
    boolean isInside(Failure inner, Failure outer) {
        Envelope step = inner.envelope();
        Set<UUID> seen = new HashSet<>();
        AuditEvent ancestor = byId(step.parentEventId());
        while (ancestor != null && seen.add(ancestor.envelope().id())) {
            if (ancestor.equals(outer.step())) {
                return outer.durationMs() == null
                        ? CALLS.contains(step.type())
                        : step.occurredAt().isBefore(outer.failedAt());
            }
            ancestor = byId(ancestor.envelope().parentEventId());
        }
        return false;
    }
}
