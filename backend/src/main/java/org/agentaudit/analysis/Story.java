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
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.access.Disclosure;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
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
    static final Set<EventType> CONTAINERS =
            EnumSet.of(EventType.INVOCATION, EventType.HANDOFF, EventType.CIRCUIT_BREAKER);

    /// Two events of the same time and arrival stand in the order of their ids, so that the same
    /// events make the same story.
    static final Comparator<Envelope> BY_TIME = CallPairing.ORDER.thenComparing(Envelope::id);

    /// Parents that are followed upwards at most.
    static final int PARENTS = 64;

    static final String REPEATED = "repeated";
    static final String OTHERWISE = "called with other parameters";

    /// Of a viewer who does not see whether they were others.
    static final String AGAIN = "called again";

    /// What is attempted: the same work of the same agent.
    record Work(String agent, String action) {}

    private final List<TimelineEntry> entries;
    private final List<AuditEvent> events;
    private final Map<UUID, AuditEvent> byId = new HashMap<>();
    private final CallPairing pairing;
    private final List<Failure> failures;
    private final Map<UUID, Work> works = new HashMap<>();
    private final Map<Work, List<Failure>> failuresByWork = new LinkedHashMap<>();
    private final Map<Work, List<AuditEvent>> successes = new HashMap<>();

    /// @param timeline in any order: events are told by [CallPairing#ORDER], then by id
    Story(List<TimelineEntry> timeline) {
        entries =
                timeline.stream()
                        .sorted(Comparator.comparing(entry -> entry.event().envelope(), BY_TIME))
                        .toList();
        events = entries.stream().map(TimelineEntry::event).toList();
        events.forEach(event -> byId.put(event.envelope().id(), event));
        pairing = CallPairing.of(events.stream().map(AuditEvent::envelope).toList());
        failures = findFailures();
        findWorks();
        for (AuditEvent event : events) {
            Envelope envelope = event.envelope();
            if (ATTEMPTS.contains(envelope.type())
                    && outcome(envelope) == Outcome.SUCCESS
                    && !envelope.errored()) {
                successes
                        .computeIfAbsent(
                                new Work(envelope.agentId(), envelope.action()),
                                work -> new ArrayList<>())
                        .add(event);
            }
        }
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
                                .thenComparing(Failure::envelope, BY_TIME))
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

    /// The work a failed step attempted.
    Work workOf(Failure failure) {
        return Objects.requireNonNull(works.get(failure.envelope().id()));
    }

    /// A retry that does not name its work repeats what its parent, else what the agent's last
    /// failure before it, attempted.
    private void findWorks() {
        List<Failure> inOrder =
                failures.stream().sorted(Comparator.comparing(Failure::envelope, BY_TIME)).toList();
        Map<String, Work> lastOfAgent = new HashMap<>();
        Set<Work> known = new HashSet<>();
        for (Failure failure : inOrder) {
            Envelope step = failure.envelope();
            Work work = new Work(step.agentId(), step.action());
            if (step.type() != EventType.RETRY) {
                lastOfAgent.put(step.agentId(), work);
                known.add(work);
            } else if (!known.contains(work)) {
                work = retried(step, work, lastOfAgent.get(step.agentId()));
            }
            works.put(step.id(), work);
        }
        for (Failure failure : failures) {
            failuresByWork.computeIfAbsent(workOf(failure), work -> new ArrayList<>()).add(failure);
        }
    }

    private Work retried(Envelope retry, Work own, @Nullable Work before) {
        AuditEvent parent = byId(retry.parentEventId());
        if (parent != null && parent.envelope().type() != EventType.RETRY) {
            Work work = works.get(parent.envelope().id());
            if (work != null && work.agent().equals(retry.agentId())) {
                return work;
            }
        }
        return before != null && retry.action().equals("retry") ? before : own;
    }

    /// Failures by the work they attempted, each list by time, the work that failed first first.
    Map<Work, List<Failure>> failuresByWork() {
        return failuresByWork;
    }

    /// The step that did the work after it had failed; null when no record says that it succeeded.
    @Nullable AuditEvent recovery(Work work, Failure last) {
        return successes.getOrDefault(work, List.of()).stream()
                .filter(event -> BY_TIME.compare(event.envelope(), last.envelope()) > 0)
                .findFirst()
                .orElse(null);
    }

    /// Whether the work succeeded after its last failure.
    boolean madeGood(Work work) {
        List<Failure> group = failuresByWork.get(work);
        return group != null && recovery(work, group.getLast()) != null;
    }

    /// Whether a human turned the work down each time.
    boolean turnedDown(Work work) {
        return failuresByWork.getOrDefault(work, List.of()).stream().allMatch(Failure::turnedDown);
    }

    /// What a later attempt of the same work was: a repetition, unless its parameters are seen to
    /// be others.
    String again(AuditEvent before, AuditEvent later) {
        String first = before.content().params();
        String second = later.content().params();
        if (first == null || second == null) {
            return REPEATED;
        }
        if (first.contains(Disclosure.MASKED)) {
            return AGAIN;
        }
        return first.equals(second) ? REPEATED : OTHERWISE;
    }

    String again(Failure before, Failure later) {
        return again(before.step(), later.step());
    }

    /// Events of a type after the beginning of a failing step.
    List<AuditEvent> after(Failure first, EventType type) {
        return events(type).stream()
                .filter(event -> BY_TIME.compare(event.envelope(), first.envelope()) > 0)
                .toList();
    }

    List<AuditEvent> escalationsAfter(Failure first) {
        return after(first, EventType.HUMAN_INTERVENTION).stream()
                .filter(event -> event.envelope().intervention() == InterventionKind.ESCALATION)
                .toList();
    }

    /// What had failed when a circuit breaker acted, of its own agent.
    List<Failure> failuresBefore(AuditEvent breaker) {
        return failures.stream()
                .filter(failure -> !failure.failedAt().isAfter(breaker.envelope().occurredAt()))
                .filter(failure -> failure.agent().equals(breaker.envelope().agentId()))
                .toList();
    }

    private Outcome outcome(Envelope event) {
        CallPairing.Call call = pairing.call(event.id());
        return call == null ? event.outcome() : call.outcome();
    }

    /// The steps above an event, the nearest first; a circle ends.
    List<AuditEvent> ancestors(Envelope step) {
        List<AuditEvent> above = new ArrayList<>();
        Set<UUID> seen = new HashSet<>(Set.of(step.id()));
        AuditEvent ancestor = byId(step.parentEventId());
        while (ancestor != null && above.size() < PARENTS && seen.add(ancestor.envelope().id())) {
            above.add(ancestor);
            ancestor = byId(ancestor.envelope().parentEventId());
        }
        return above;
    }

    /// Work whose first failure happened while another work failed inside it, so that it may have
    /// failed because of that.
    Set<Work> outerWorks() {
        Map<UUID, Failure> firsts = new HashMap<>();
        failuresByWork
                .values()
                .forEach(group -> firsts.put(group.getFirst().envelope().id(), group.getFirst()));
        Set<Work> outer = new HashSet<>();
        for (Failure inner : failures) {
            for (AuditEvent ancestor : ancestors(inner.envelope())) {
                Failure around = firsts.get(ancestor.envelope().id());
                if (around != null
                        && !workOf(around).equals(workOf(inner))
                        && wasUnderWay(around, inner.envelope())) {
                    outer.add(workOf(around));
                }
            }
        }
        return outer;
    }

    /// Whether a failure happened while another step was under way inside which it lies.
    boolean isInside(Failure inner, Failure outer) {
        return ancestors(inner.envelope()).contains(outer.step())
                && wasUnderWay(outer, inner.envelope());
    }

    private static boolean wasUnderWay(Failure outer, Envelope inner) {
        return outer.durationMs() == null
                ? CALLS.contains(inner.type())
                : inner.occurredAt().isBefore(outer.failedAt());
    }
}
