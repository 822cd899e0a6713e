package org.agentaudit.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.analysis.Story.Work;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.TimelineEntry.TimelineStatus;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceWindow;
import org.jspecify.annotations.Nullable;

/// Reads out of a trace's records what failed first, what followed, what does not fit together and
/// what is missing.
/// States nothing that no event says: what the records do not hold is a gap, what is inferred is a
/// hypothesis. Texts are built from envelopes; content enters only as far as the events given still
/// show it. Linear in the number of events, but for sorting them.
public final class ForensicsAnalysis {

    /// Failed waits this long and this much alike look ended by a limit.
    private static final double SHORTEST_WAIT_MS = 500;

    private static final double EQUAL_WITHIN = 0.05;
    private static final int EVIDENCE = 100;

    private static final Set<EventType> TIMED =
            EnumSet.of(
                    EventType.TOOL_CALL,
                    EventType.SKILL_CALL,
                    EventType.EXTERNAL_CALL,
                    EventType.LLM_RESPONSE);

    private final Story story;
    private final History history;
    private final boolean masked;

    private ForensicsAnalysis(Story story, History history, boolean masked) {
        this.story = story;
        this.history = history;
        this.masked = masked;
    }

    /// @param timeline the trace's events, all of them or the first ones, as the viewer may see
    ///     them
    /// @param masked whether content is masked for that viewer, so that texts cannot be compared
    ///     with records
    public static Forensics of(Trace trace, List<TimelineEntry> timeline, boolean masked) {
        return of(trace, TraceWindow.whole(timeline), History.none(), masked);
    }

    static Forensics of(Trace trace, TraceWindow window, History history, boolean masked) {
        Story story = new Story(window.entries());
        return new ForensicsAnalysis(story, history, masked).forensics(trace, window);
    }

    private Forensics forensics(Trace trace, TraceWindow window) {
        List<Statement> gaps = new ArrayList<>(Gaps.notLookedAt(trace, window));
        gaps.addAll(Gaps.of(story));
        Messages messages = masked ? Messages.notRead() : Messages.of(story);
        Work root = findRoot();
        if (messages.tellTheCause(root)) {
            gaps.addAll(messages.gaps());
            List<Statement> contradictions =
                    new ArrayList<>(Contradictions.of(story, failuresOf(root), masked));
            contradictions.addAll(messages.contradictions());
            return new Forensics(
                    messages.cause(),
                    messages.factors(),
                    contradictions,
                    gaps,
                    messages.recommendations());
        }
        if (root == null) {
            return new Forensics(
                    null, List.of(), Contradictions.of(story, null, masked), gaps, List.of());
        }
        List<Failure> failures = story.failuresByWork().getOrDefault(root, List.of());
        if (failures.stream().anyMatch(Failure::timedOut)
                && failures.getFirst().envelope().type() != EventType.ERROR) {
            gaps.add(
                    recorded(
                            "Why "
                                    + named(root)
                                    + " gave no answer in time is not recorded: the trace holds the waits,"
                                    + " nothing from the side that was called.",
                            evidence(failures)));
        }
        return new Forensics(
                rootCause(root),
                Factors.of(story, root, history, masked),
                Contradictions.of(story, failures, masked),
                gaps,
                Recommendations.of(story, root, failures, equalWaits(failures)));
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

    /// Whether an entry records that something failed.
    static boolean speaksOfFailure(TimelineEntry entry) {
        return entry.status() == TimelineStatus.FAILED;
    }

    /// Whether an event is one whose duration can be compared with earlier ones.
    static boolean isTimed(Envelope event) {
        return TIMED.contains(event.type());
    }

    /// What failed first and never succeeded afterwards, a step that a human turned down only where
    /// there is nothing else; where everything was made good, what failed first.
    private @Nullable Work findRoot() {
        Set<Work> outer = story.outerWorks();
        List<Work> innermost =
                story.failuresByWork().keySet().stream()
                        .filter(work -> !outer.contains(work))
                        .toList();
        if (innermost.isEmpty()) {
            // Parents that name each other in a circle put each failure inside another.
            innermost = List.copyOf(story.failuresByWork().keySet());
        }
        List<Work> own = innermost.stream().filter(work -> !story.turnedDown(work)).toList();
        return Stream.of(own, innermost)
                .flatMap(works -> works.stream().filter(work -> !story.madeGood(work)))
                .findFirst()
                .orElse(innermost.isEmpty() ? null : innermost.getFirst());
    }

    private @Nullable List<Failure> failuresOf(@Nullable Work work) {
        return work == null ? null : story.failuresByWork().get(work);
    }

    private Statement rootCause(Work work) {
        List<Failure> failures = story.failuresByWork().getOrDefault(work, List.of());
        Failure first = failures.getFirst();
        StringBuilder text = new StringBuilder();
        if (story.turnedDown(work)) {
            text.append("Nothing failed by itself; ")
                    .append(named(first))
                    .append(" was turned down by a human: ")
                    .append(first.how());
        } else if (first.envelope().type() == EventType.ERROR) {
            text.append("The first failure is an error of ")
                    .append(first.agent())
                    .append(": ")
                    .append(first.how());
        } else {
            text.append(named(first)).append(" failed first: ").append(first.how());
        }
        String again = story.again(first, failures.getLast());
        if (failures.size() == 2) {
            text.append("; ")
                    .append(again)
                    .append(", it failed again: ")
                    .append(failures.getLast().how());
        } else if (failures.size() > 2) {
            text.append("; ")
                    .append(again)
                    .append(", it failed ")
                    .append(failures.size() - 1)
                    .append(" more times, last: ")
                    .append(failures.getLast().how());
        }
        text.append('.');
        List<AuditEvent> evidence = new ArrayList<>(evidence(failures));
        List<String> followed = followed(work, failures, evidence);
        if (!followed.isEmpty()) {
            text.append(" After that ").append(joined(followed)).append('.');
        }
        return recorded(text.toString(), evidence);
    }

    private List<String> followed(Work work, List<Failure> failures, List<AuditEvent> evidence) {
        Failure first = failures.getFirst();
        List<String> followed = new ArrayList<>();
        AuditEvent recovery = story.recovery(work, failures.getLast());
        if (recovery != null) {
            followed.add(
                    story.again(failures.getLast().step(), recovery).equals(Story.OTHERWISE)
                            ? "it succeeded with other parameters"
                            : "it succeeded");
            evidence.add(recovery);
        }
        AuditEvent breaker = first(story.after(first, EventType.CIRCUIT_BREAKER));
        if (breaker != null) {
            followed.add(
                    "the circuit breaker "
                            + breakerState(breaker)
                            + " after "
                            + plural(story.failuresBefore(breaker).size(), "failure"));
            evidence.add(breaker);
        }
        AuditEvent fallback = first(story.after(first, EventType.FALLBACK));
        if (fallback != null) {
            followed.add("the work went on by a fallback");
            evidence.add(fallback);
        }
        AuditEvent escalation = first(story.escalationsAfter(first));
        if (escalation != null) {
            followed.add("a human was called in");
            evidence.add(escalation);
        }
        return followed;
    }

    /// What was attempted, for a sentence about it.
    static String named(Work work) {
        return work.action().equals("llm_response") ? "the model" : work.action();
    }

    static String named(Failure failure) {
        Envelope step = failure.envelope();
        return switch (step.type()) {
            case TOOL_CALL, SKILL_CALL, EXTERNAL_CALL, RETRY ->
                    step.action() + ", called by " + step.agentId() + ",";
            case LLM_RESPONSE -> "A model request of " + step.agentId();
            default -> step.action() + " of " + step.agentId();
        };
    }

    static boolean equalWaits(List<Failure> failures) {
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

    static String joined(List<String> parts) {
        return parts.size() < 2
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
    }

    private static @Nullable AuditEvent first(List<AuditEvent> events) {
        return events.isEmpty() ? null : events.getFirst();
    }
}
