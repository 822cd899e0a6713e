package org.agentaudit.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.analysis.Story.Work;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.query.CallPairing;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// Reads out of a trace's records what failed first, what followed, what does not fit together and
/// what is missing.
/// States nothing that no event says: what the records do not hold is a gap, what is inferred is a
/// hypothesis. Texts are built from envelopes; content enters only as far as the events given still
/// show it.
public final class ForensicsAnalysis {

    /// Failed waits this long and this much alike look ended by a limit.
    private static final double SHORTEST_WAIT_MS = 500;

    private static final double EQUAL_WITHIN = 0.05;
    private static final int STATEMENTS = 20;
    private static final int EVIDENCE = 100;

    private final Story story;
    private final Map<Work, List<Failure>> failuresByWork;
    private final @Nullable Work root;

    private ForensicsAnalysis(Story story) {
        this.story = story;
        this.failuresByWork = story.failuresByWork();
        this.root = findRoot();
    }

    /// @param timeline the trace's events in order, all of them or the first ones, as the viewer
    ///     may see them
    /// @param masked whether content is masked for that viewer, so that texts cannot be compared
    ///     with records
    public static Forensics of(Trace trace, List<TimelineEntry> timeline, boolean masked) {
        Story story = new Story(timeline);
        ForensicsAnalysis analysis = new ForensicsAnalysis(story);
        List<Statement> gaps = new ArrayList<>(Gaps.of(story));
        if (timeline.size() < trace.eventCount()) {
            gaps.addFirst(
                    recorded(
                            "Only the first "
                                    + timeline.size()
                                    + " of "
                                    + trace.eventCount()
                                    + " events were analysed; what came after is not in this account.",
                            timeline.isEmpty() ? List.of() : List.of(timeline.getLast().event())));
        }
        Work root = analysis.root;
        if (root == null) {
            return new Forensics(
                    null, List.of(), Contradictions.of(story, null, masked), gaps, List.of());
        }
        List<Failure> failures = analysis.failuresOf(root);
        if (failures.stream().anyMatch(Failure::timedOut)) {
            gaps.add(
                    recorded(
                            "Why "
                                    + root.action()
                                    + " gave no answer in time is not recorded: the trace holds the waits,"
                                    + " nothing from the side that was called.",
                            evidence(failures)));
        }
        return new Forensics(
                analysis.rootCause(root),
                analysis.factors(root),
                Contradictions.of(story, failures, masked),
                gaps,
                Recommendations.of(story, root, failures, analysis.equalWaits(failures)));
    }

    static Statement recorded(String text, List<AuditEvent> evidence) {
        return new Statement(text, false, evidence);
    }

    static Statement inferred(String text, List<AuditEvent> evidence) {
        return new Statement(text, true, evidence);
    }

    static List<AuditEvent> evidence(List<Failure> failures) {
        return failures.stream()
                .flatMap(failure -> failure.evidence().stream())
                .limit(EVIDENCE)
                .toList();
    }

    /// What failed first and never succeeded afterwards; where everything was made good, what
    /// failed first.
    private @Nullable Work findRoot() {
        List<Work> innermost =
                failuresByWork.keySet().stream().filter(work -> !holdsAnother(work)).toList();
        if (innermost.isEmpty()) {
            // Parents that name each other in a circle put each failure inside another.
            innermost = List.copyOf(failuresByWork.keySet());
        }
        return innermost.stream()
                .filter(work -> story.recovery(work, failuresOf(work).getLast()) == null)
                .findFirst()
                .orElse(innermost.isEmpty() ? null : innermost.getFirst());
    }

    private boolean holdsAnother(Work work) {
        Failure outer = failuresOf(work).getFirst();
        return failuresByWork.entrySet().stream()
                .filter(other -> !other.getKey().equals(work))
                .flatMap(other -> other.getValue().stream())
                .anyMatch(inner -> story.isInside(inner, outer));
    }

    private List<Failure> failuresOf(Work work) {
        return failuresByWork.getOrDefault(work, List.of());
    }

    private Statement rootCause(Work work) {
        List<Failure> failures = failuresOf(work);
        Failure first = failures.getFirst();
        StringBuilder text = new StringBuilder();
        text.append(named(first)).append(" failed first: ").append(first.how());
        if (failures.size() == 2) {
            text.append("; repeated, it failed again: ").append(failures.getLast().how());
        } else if (failures.size() > 2) {
            text.append("; repeated, it failed ")
                    .append(failures.size() - 1)
                    .append(" more times, last: ")
                    .append(failures.getLast().how());
        }
        text.append('.');
        List<AuditEvent> evidence = new ArrayList<>(evidence(failures));

        List<String> followed = new ArrayList<>();
        AuditEvent recovery = story.recovery(work, failures.getLast());
        if (recovery != null) {
            followed.add("it succeeded");
            evidence.add(recovery);
        }
        AuditEvent breaker = first(after(first, EventType.CIRCUIT_BREAKER));
        if (breaker != null) {
            followed.add(
                    "the circuit breaker "
                            + breakerState(breaker)
                            + " after "
                            + plural(failuresBefore(breaker).size(), "failure"));
            evidence.add(breaker);
        }
        AuditEvent fallback = first(after(first, EventType.FALLBACK));
        if (fallback != null) {
            followed.add("the work went on by a fallback");
            evidence.add(fallback);
        }
        AuditEvent escalation = first(escalations(first));
        if (escalation != null) {
            followed.add("a human was called in");
            evidence.add(escalation);
        }
        if (!followed.isEmpty()) {
            text.append(" After that ").append(joined(followed)).append('.');
        }
        return recorded(text.toString(), evidence);
    }

    private static String named(Failure failure) {
        Envelope step = failure.envelope();
        return switch (step.type()) {
            case TOOL_CALL, SKILL_CALL, EXTERNAL_CALL, RETRY ->
                    step.action() + ", called by " + step.agentId() + ",";
            case LLM_RESPONSE -> "A model request of " + step.agentId();
            default -> step.action() + " of " + step.agentId();
        };
    }

    private List<Statement> factors(Work work) {
        List<Failure> failures = failuresOf(work);
        Failure first = failures.getFirst();
        List<Statement> factors = new ArrayList<>();
        handoff(first, factors);
        for (Map.Entry<Work, List<Failure>> other : failuresByWork.entrySet()) {
            if (!other.getKey().equals(work)) {
                factors.add(otherFailure(other.getKey(), other.getValue(), first));
            }
        }
        for (int i = 1; i < failures.size(); i++) {
            factors.add(repetition(failures.get(i - 1), failures.get(i)));
        }
        if (equalWaits(failures)) {
            factors.add(
                    inferred(
                            "The failed waits are nearly equal ("
                                    + waits(failures)
                                    + "), as when a time limit ends them and not an answer.",
                            evidence(failures)));
        }
        for (AuditEvent breaker : after(first, EventType.CIRCUIT_BREAKER)) {
            List<Failure> before = failuresBefore(breaker);
            List<AuditEvent> cited = new ArrayList<>(evidence(before));
            cited.add(breaker);
            factors.add(
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
        for (AuditEvent fallback : after(first, EventType.FALLBACK)) {
            factors.add(
                    recorded(
                            fallback.envelope().agentId()
                                    + " went on by a fallback ("
                                    + fallback.envelope().action()
                                    + (fallback.envelope().errored() ? "), which failed." : ")."),
                            List.of(fallback)));
        }
        for (AuditEvent escalation : escalations(first)) {
            factors.add(
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
        if (factors.size() > STATEMENTS) {
            List<Statement> rest = factors.subList(STATEMENTS - 1, factors.size());
            Statement summary =
                    recorded(
                            rest.size() + " more steps of this kind are in the timeline.",
                            rest.stream()
                                    .flatMap(factor -> factor.evidence().stream())
                                    .distinct()
                                    .limit(STATEMENTS)
                                    .toList());
            rest.clear();
            factors.add(summary);
        }
        return factors;
    }

    private void handoff(Failure first, List<Statement> factors) {
        AuditEvent last = null;
        for (AuditEvent event : story.events(EventType.HANDOFF)) {
            Handoff handoff = event.envelope().handoff();
            if (handoff != null
                    && first.agent().equalsIgnoreCase(handoff.to())
                    && CallPairing.ORDER.compare(event.envelope(), first.envelope()) < 0) {
                last = event;
            }
        }
        if (last != null) {
            factors.add(
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

    private Statement otherFailure(Work work, List<Failure> failures, Failure rootFirst) {
        Failure first = failures.getFirst();
        AuditEvent recovery = story.recovery(work, failures.getLast());
        boolean outer = story.isInside(rootFirst, first);
        boolean follows = first.failedAt().isAfter(rootFirst.failedAt());
        List<AuditEvent> cited = new ArrayList<>(evidence(failures));
        String when =
                outer ? " failed around it:" : follows ? " failed later:" : " failed earlier:";
        String text = named(first) + when + " " + first.how();
        if (failures.size() > 1) {
            text += " and " + plural(failures.size() - 1, "more time");
        }
        if (recovery != null) {
            cited.add(recovery);
            text += "; it succeeded afterwards";
        }
        return recorded(text + ".", cited);
    }

    private static Statement repetition(Failure before, Failure again) {
        Duration pause = between(before.failedAt(), again.envelope().occurredAt());
        return recorded(
                again.agent()
                        + " tried "
                        + again.action()
                        + " again "
                        + (before.durationMs() == null
                                ? ""
                                : Durations.text(pause) + " after the failure ")
                        + "and it failed: "
                        + again.how()
                        + ".",
                Stream.concat(Stream.of(before.step()), again.evidence().stream()).toList());
    }

    private boolean equalWaits(List<Failure> failures) {
        List<Double> waits = durations(failures);
        if (waits.size() < 2 || waits.size() < failures.size()) {
            return false;
        }
        double longest = waits.stream().max(Comparator.naturalOrder()).orElseThrow();
        double shortest = waits.stream().min(Comparator.naturalOrder()).orElseThrow();
        return shortest >= SHORTEST_WAIT_MS && longest - shortest <= EQUAL_WITHIN * longest;
    }

    private static List<Double> durations(List<Failure> failures) {
        List<Double> waits = new ArrayList<>();
        for (Failure failure : failures) {
            Double wait = failure.durationMs();
            if (wait != null) {
                waits.add(wait);
            }
        }
        return waits;
    }

    /// `12.3 s and 12.1 s`
    static String waits(List<Failure> failures) {
        List<String> texts = durations(failures).stream().map(Durations::text).toList();
        return texts.size() <= 4
                ? joined(texts)
                : String.join(", ", texts.subList(0, 3)) + " and " + (texts.size() - 3) + " more";
    }

    private List<AuditEvent> after(Failure first, EventType type) {
        return story.events(type).stream()
                .filter(event -> CallPairing.ORDER.compare(event.envelope(), first.envelope()) > 0)
                .toList();
    }

    private List<AuditEvent> escalations(Failure first) {
        return after(first, EventType.HUMAN_INTERVENTION).stream()
                .filter(event -> event.envelope().intervention() == InterventionKind.ESCALATION)
                .toList();
    }

    private List<Failure> failuresBefore(AuditEvent breaker) {
        List<Failure> own =
                story.failures().stream()
                        .filter(
                                failure ->
                                        !failure.failedAt()
                                                .isAfter(breaker.envelope().occurredAt()))
                        .filter(failure -> failure.agent().equals(breaker.envelope().agentId()))
                        .toList();
        return own;
    }

    private static String sinceLast(List<Failure> failures, Instant at) {
        return failures.isEmpty()
                ? ""
                : ", "
                        + Durations.text(between(failures.getLast().failedAt(), at))
                        + " after the last of them";
    }

    static String breakerState(AuditEvent breaker) {
        Envelope envelope = breaker.envelope();
        String words =
                (envelope.action() + " " + envelope.typeName() + " " + breaker.summary())
                        .toLowerCase(Locale.ROOT);
        if (words.contains("half")) {
            return "opened half";
        }
        if (words.contains("open")) {
            return "opened";
        }
        return words.contains("clos") ? "closed" : "acted";
    }

    static Duration between(Instant from, Instant to) {
        return from.isBefore(to) ? Duration.between(from, to) : Duration.ZERO;
    }

    static String plural(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    private static String joined(List<String> parts) {
        return parts.size() < 2
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
    }

    private static @Nullable AuditEvent first(List<AuditEvent> events) {
        return events.isEmpty() ? null : events.getFirst();
    }
}
