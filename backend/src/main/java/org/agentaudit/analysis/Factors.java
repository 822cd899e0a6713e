package org.agentaudit.analysis;

import static org.agentaudit.analysis.ForensicsAnalysis.between;
import static org.agentaudit.analysis.ForensicsAnalysis.breakerState;
import static org.agentaudit.analysis.ForensicsAnalysis.evidence;
import static org.agentaudit.analysis.ForensicsAnalysis.inferred;
import static org.agentaudit.analysis.ForensicsAnalysis.plural;
import static org.agentaudit.analysis.ForensicsAnalysis.recorded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.analysis.Story.Work;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.query.CallPairing;
import org.jspecify.annotations.Nullable;

/// What contributed to the first failure and what followed from it.
final class Factors {

    private static final int STATEMENTS = 20;
    private static final int CITED = 20;
    private static final int SLOW_CALLS = 5;
    private static final int SAME_CALLS = 3;

    /// Below it a decision was taken without conviction.
    private static final double CONFIDENT = 0.5;

    private final Story story;
    private final Work root;
    private final List<Failure> failures;
    private final Failure first;
    private final History history;
    private final boolean masked;

    private Factors(Story story, Work root, History history, boolean masked) {
        this.story = story;
        this.root = root;
        this.failures = Objects.requireNonNull(story.failuresByWork().get(root));
        this.first = failures.getFirst();
        this.history = history;
        this.masked = masked;
    }

    /// @param root what failed first
    static List<Statement> of(Story story, Work root, History history, boolean masked) {
        Factors factors = new Factors(story, root, history, masked);
        List<Statement> found = new ArrayList<>();
        factors.deviation(found);
        factors.handoff(found);
        factors.propagation(found);
        factors.otherFailures(found);
        factors.repetitions(found);
        factors.sameCalls(found);
        factors.slowCalls(found);
        factors.breakers(found);
        factors.fallbacks(found);
        factors.escalations(found);
        return atMost(found);
    }

    /// The failures of the records, where messages tell more of the cause.
    static List<Statement> failures(Story story) {
        List<Statement> found = new ArrayList<>();
        story.failuresByWork().forEach((work, group) -> found.add(failure(story, work, group, "")));
        return found;
    }

    static List<Statement> atMost(List<Statement> found) {
        if (found.size() <= STATEMENTS) {
            return found;
        }
        List<Statement> rest = found.subList(STATEMENTS - 1, found.size());
        List<Statement> few = new ArrayList<>(found.subList(0, STATEMENTS - 1));
        few.add(
                recorded(
                        rest.size() + " more steps of this kind are in the timeline.",
                        rest.stream()
                                .flatMap(factor -> factor.evidence().stream())
                                .limit(CITED)
                                .distinct()
                                .toList()));
        return few;
    }

    /// The first decision before the failure that stands out by what it records: little confidence,
    /// or an option chosen that was scored lower than another.
    private void deviation(List<Statement> found) {
        for (AuditEvent event : story.events(EventType.DECISION)) {
            if (Story.BY_TIME.compare(event.envelope(), first.envelope()) >= 0) {
                return;
            }
            String why = deviation(event);
            if (why != null) {
                boolean leads = story.ancestors(first.envelope()).contains(event);
                found.add(
                        inferred(
                                "The decision "
                                        + event.envelope().action()
                                        + " of "
                                        + event.envelope().agentId()
                                        + (leads
                                                ? ", from which the failing step follows, "
                                                : " before it ")
                                        + why
                                        + ".",
                                List.of(event, first.step())));
                return;
            }
        }
    }

    private static @Nullable String deviation(AuditEvent event) {
        Double confidence = event.envelope().confidence();
        if (confidence != null && confidence > 0 && confidence < CONFIDENT) {
            return "was taken with a confidence of " + Math.round(confidence * 100) + " %";
        }
        Decision decision = event.content().decision();
        if (decision == null || decision.chosen() == null) {
            return null;
        }
        Double chosen = null;
        Double best = null;
        for (Decision.DecisionOption option : decision.options()) {
            Double score = option.score();
            if (score != null) {
                best = best == null ? score : Math.max(best, score);
                if (option.option().equals(decision.chosen())) {
                    chosen = score;
                }
            }
        }
        return chosen != null && best != null && chosen < best
                ? "took an option that was scored lower than another"
                : null;
    }

    private void handoff(List<Statement> found) {
        AuditEvent last = null;
        for (AuditEvent event : story.events(EventType.HANDOFF)) {
            Handoff handoff = event.envelope().handoff();
            if (handoff != null
                    && first.agent().equalsIgnoreCase(handoff.to())
                    && Story.BY_TIME.compare(event.envelope(), first.envelope()) < 0) {
                last = event;
            }
        }
        if (last != null) {
            found.add(
                    recorded(
                            first.agent()
                                    + " had taken over from "
                                    + last.envelope().agentId()
                                    + " "
                                    + Durations.text(
                                            between(
                                                    last.envelope().occurredAt(),
                                                    first.envelope().occurredAt()))
                                    + " before its failing step began.",
                            List.of(last, first.step())));
        }
    }

    /// The tasks and handoffs above the failing step that are recorded as failed too. Other steps
    /// above it are failures of their own.
    private void propagation(List<Statement> found) {
        List<AuditEvent> above =
                story.ancestors(first.envelope()).stream()
                        .filter(event -> Story.CONTAINERS.contains(Story.type(event)))
                        .filter(event -> event.envelope().errored())
                        .limit(CITED)
                        .toList();
        if (!above.isEmpty()) {
            found.add(
                    recorded(
                            "The failure went up to "
                                    + above.stream()
                                            .map(
                                                    event ->
                                                            event.envelope().action()
                                                                    + " of "
                                                                    + event.envelope().agentId())
                                            .distinct()
                                            .collect(Collectors.joining(", then to "))
                                    + ", recorded as failed around it.",
                            above));
        }
    }

    private void otherFailures(List<Statement> found) {
        Map<String, AuditEvent> handedTo = new HashMap<>();
        for (AuditEvent event : story.events(EventType.HANDOFF)) {
            Handoff handoff = event.envelope().handoff();
            if (handoff != null
                    && handoff.to() != null
                    && event.envelope().agentId().equals(first.agent())
                    && event.envelope().occurredAt().isAfter(first.failedAt())) {
                handedTo.putIfAbsent(handoff.to(), event);
            }
        }
        story.failuresByWork()
                .forEach(
                        (work, group) -> {
                            if (!work.equals(root)) {
                                found.add(otherFailure(work, group, handedTo.get(work.agent())));
                            }
                        });
    }

    private Statement otherFailure(Work work, List<Failure> group, @Nullable AuditEvent handoff) {
        Failure other = group.getFirst();
        if (story.isInside(first, other)) {
            return failure(story, work, group, " around it");
        }
        if (!other.failedAt().isAfter(first.failedAt())) {
            return failure(story, work, group, " earlier");
        }
        if (handoff == null || Story.BY_TIME.compare(handoff.envelope(), other.envelope()) > 0) {
            return failure(story, work, group, " later");
        }
        Statement failed =
                failure(
                        story,
                        work,
                        group,
                        " later, after " + first.agent() + " had handed over to it");
        return recorded(
                failed.text(),
                Stream.concat(failed.evidence().stream(), Stream.of(handoff)).toList());
    }

    private static Statement failure(Story story, Work work, List<Failure> group, String when) {
        Failure failure = group.getFirst();
        AuditEvent recovery = story.recovery(work, group.getLast());
        List<AuditEvent> cited = new ArrayList<>(evidence(group));
        String text = ForensicsAnalysis.named(failure) + " failed" + when + ": " + failure.how();
        if (group.size() > 1) {
            text += " and " + plural(group.size() - 1, "more time");
        }
        if (recovery != null) {
            cited.add(recovery);
            text += "; it succeeded afterwards";
        }
        return recorded(text + ".", cited);
    }

    private void repetitions(List<Statement> found) {
        for (int i = 1; i < failures.size(); i++) {
            found.add(repetition(failures.get(i - 1), failures.get(i)));
        }
        if (ForensicsAnalysis.equalWaits(failures)) {
            found.add(
                    inferred(
                            "The failed waits are nearly equal ("
                                    + ForensicsAnalysis.waits(failures)
                                    + "), as when a time limit ends them and not an answer.",
                            evidence(failures)));
        }
    }

    private Statement repetition(Failure before, Failure again) {
        String how = story.again(before, again);
        Duration pause = between(before.failedAt(), again.envelope().occurredAt());
        return recorded(
                again.agent()
                        + (how.equals(Story.REPEATED) ? " tried " : " called ")
                        + again.action()
                        + (how.equals(Story.OTHERWISE) ? " with other parameters " : " again ")
                        + (before.durationMs() == null
                                ? ""
                                : Durations.text(pause) + " after the failure ")
                        + "and it failed: "
                        + again.how()
                        + ".",
                Stream.concat(Stream.of(before.step()), again.evidence().stream()).toList());
    }

    private record Same(String agent, String action, String params) {}

    /// The same call with the same arguments over and over. Masked arguments all look the same.
    private void sameCalls(List<Statement> found) {
        if (masked) {
            return;
        }
        Map<Same, List<AuditEvent>> calls = new LinkedHashMap<>();
        for (AuditEvent event : story.events(EventType.TOOL_CALL)) {
            String params = event.content().params();
            if (params != null && params.length() > 2) {
                calls.computeIfAbsent(
                                new Same(
                                        event.envelope().agentId(),
                                        event.envelope().action(),
                                        params),
                                key -> new ArrayList<>())
                        .add(event);
            }
        }
        calls.forEach(
                (call, events) -> {
                    if (events.size() >= SAME_CALLS) {
                        found.add(
                                recorded(
                                        call.agent()
                                                + " made the same call of "
                                                + call.action()
                                                + " "
                                                + events.size()
                                                + " times, with the same parameters.",
                                        events.stream().limit(CITED).toList()));
                    }
                });
    }

    /// Up to the end of the last failure: what was slow later had no part in it. One statement for
    /// each agent and action.
    private void slowCalls(List<Statement> found) {
        Map<Work, List<AuditEvent>> slow = new LinkedHashMap<>();
        for (AuditEvent event : story.events()) {
            Envelope envelope = event.envelope();
            if (envelope.occurredAt().isAfter(failures.getLast().failedAt())) {
                break;
            }
            Double duration = ForensicsAnalysis.isTimed(envelope) ? duration(event) : null;
            History.Usual usual = history.of(envelope.agentId(), envelope.action());
            if (duration != null && usual != null && duration > usual.limitMs()) {
                slow.computeIfAbsent(
                                new Work(envelope.agentId(), envelope.action()),
                                work -> new ArrayList<>())
                        .add(event);
            }
        }
        slow.entrySet().stream()
                .limit(SLOW_CALLS)
                .forEach(entry -> found.add(slow(entry.getKey(), entry.getValue())));
    }

    private Statement slow(Work work, List<AuditEvent> calls) {
        History.Usual usual = Objects.requireNonNull(history.of(work.agent(), work.action()));
        double longest =
                calls.stream()
                        .mapToDouble(call -> Objects.requireNonNull(duration(call)))
                        .max()
                        .orElseThrow();
        return recorded(
                work.action()
                        + " of "
                        + work.agent()
                        + " took "
                        + Durations.text(longest)
                        + (calls.size() == 1
                                ? ""
                                : ", the longest of " + calls.size() + " slow calls")
                        + "; its "
                        + usual.calls()
                        + " calls before this trace took "
                        + Durations.text(usual.medianMs())
                        + " in the median.",
                calls.stream().limit(CITED).toList());
    }

    private @Nullable Double duration(AuditEvent event) {
        CallPairing.Call call = story.pairing().call(event.envelope().id());
        return call == null ? event.envelope().durationMs() : call.durationMs();
    }

    private void breakers(List<Statement> found) {
        for (AuditEvent breaker : after(EventType.CIRCUIT_BREAKER)) {
            List<Failure> before = story.failuresBefore(breaker);
            List<AuditEvent> cited = new ArrayList<>(evidence(before));
            cited.add(breaker);
            found.add(
                    recorded(
                            "The circuit breaker of "
                                    + breaker.envelope().agentId()
                                    + " "
                                    + breakerState(breaker)
                                    + " after "
                                    + plural(before.size(), "failure")
                                    + sinceLast(before, breaker.envelope().occurredAt())
                                    + ".",
                            cited));
        }
    }

    private static String sinceLast(List<Failure> failures, Instant at) {
        return failures.isEmpty()
                ? ""
                : ", "
                        + Durations.text(between(failures.getLast().failedAt(), at))
                        + " after the last of them";
    }

    private void fallbacks(List<Statement> found) {
        for (AuditEvent fallback : after(EventType.FALLBACK)) {
            found.add(
                    recorded(
                            fallback.envelope().agentId()
                                    + " went on by a fallback ("
                                    + fallback.envelope().action()
                                    + (fallback.envelope().errored() ? "), which failed." : ")."),
                            List.of(fallback)));
        }
    }

    private void escalations(List<Statement> found) {
        for (AuditEvent escalation : story.escalationsAfter(first)) {
            found.add(
                    recorded(
                            escalation.envelope().agentId()
                                    + " called in a human ("
                                    + escalation.envelope().action()
                                    + ") "
                                    + Durations.text(
                                            between(
                                                    first.envelope().occurredAt(),
                                                    escalation.envelope().occurredAt()))
                                    + " after the first failing step began.",
                            List.of(escalation)));
        }
    }

    /// As many as statements may be made of.
    private List<AuditEvent> after(EventType type) {
        return story.after(first, type).stream().limit(STATEMENTS).toList();
    }
}
