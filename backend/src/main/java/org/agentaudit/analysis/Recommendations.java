package org.agentaudit.analysis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.analysis.Story.Work;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.query.CallPairing;

/// What could be changed. All are hypotheses: the records show what happened, not what would have
/// helped.
final class Recommendations {

    /// A pause this short leaves a called service no time to recover.
    private static final Duration SHORT_PAUSE = Duration.ofSeconds(5);

    /// Failures further apart are not told as a series.
    private static final Duration REPEATED_WITHIN = Duration.ofHours(1);

    private Recommendations() {}

    static List<Statement> of(Story story, Work root, List<Failure> failures, boolean equalWaits) {
        List<Statement> found = new ArrayList<>();
        List<AuditEvent> evidence = ForensicsAnalysis.evidence(failures);
        if (failures.getFirst().envelope().type() == EventType.ERROR) {
            found.add(
                    ForensicsAnalysis.inferred(
                            "Have errors name the step they belong to as their parent: this one names"
                                    + " none that could be changed.",
                            evidence));
            return found;
        }
        String type = failures.getFirst().errorType().toLowerCase(Locale.ROOT);
        if (failures.stream().allMatch(Failure::timedOut)) {
            found.add(ForensicsAnalysis.inferred(timeLimit(root, failures, equalWaits), evidence));
        } else if (type.contains("ratelimit") || type.contains("rate_limit")) {
            found.add(
                    ForensicsAnalysis.inferred(
                            "Limit or buffer the requests to "
                                    + ForensicsAnalysis.named(root)
                                    + " before it refuses them.",
                            evidence));
        } else if (type.contains("validation")) {
            found.add(
                    ForensicsAnalysis.inferred(
                            "Check the parameters of "
                                    + ForensicsAnalysis.named(root)
                                    + " before calling it.",
                            evidence));
        }
        boolean called =
                failures.stream().anyMatch(Failure::ofTheCalledSide)
                        || !story.after(failures.getFirst(), EventType.FALLBACK).isEmpty()
                        || !story.after(failures.getFirst(), EventType.CIRCUIT_BREAKER).isEmpty();
        if (called) {
            fallback(story, root, failures, found);
        }
        if (failures.size() > 1
                && ForensicsAnalysis.between(
                                        failures.getFirst().envelope().occurredAt(),
                                        failures.getLast().failedAt())
                                .compareTo(REPEATED_WITHIN)
                        <= 0) {
            found.add(
                    ForensicsAnalysis.inferred(
                            "Alert a person on repeated failures of "
                                    + ForensicsAnalysis.named(root)
                                    + ": "
                                    + failures.size()
                                    + " in "
                                    + Durations.text(
                                            ForensicsAnalysis.between(
                                                    failures.getFirst().envelope().occurredAt(),
                                                    failures.getLast().failedAt()))
                                    + " here.",
                            evidence));
        }
        if (called) {
            pause(root, failures, found);
        }
        approval(story, found);
        return found;
    }

    /// A longer limit helps only against a slow service; the text says what the records hold for
    /// and against it.
    private static String timeLimit(Work root, List<Failure> failures, boolean equalWaits) {
        String text =
                "Raise the time limit of "
                        + ForensicsAnalysis.named(root)
                        + " only if it is known to answer late rather than not at all: ";
        return text
                + (equalWaits
                        ? "the waits ("
                                + ForensicsAnalysis.waits(failures)
                                + ") look ended by a limit, yet no record shows that an answer would"
                                + " have come."
                        : "no record shows that an answer would have come.");
    }

    private static void fallback(
            Story story, Work root, List<Failure> failures, List<Statement> found) {
        List<AuditEvent> fallbacks =
                story.events(EventType.FALLBACK).stream()
                        .filter(
                                event ->
                                        CallPairing.ORDER.compare(
                                                        event.envelope(),
                                                        failures.getFirst().envelope())
                                                > 0)
                        .toList();
        List<AuditEvent> escalations =
                story.events(EventType.HUMAN_INTERVENTION).stream()
                        .filter(
                                event ->
                                        event.envelope().intervention()
                                                == InterventionKind.ESCALATION)
                        .toList();
        boolean recovered = story.recovery(root, failures.getLast()) != null;
        if (recovered && fallbacks.isEmpty()) {
            return;
        }
        List<AuditEvent> cited = new ArrayList<>(ForensicsAnalysis.evidence(failures));
        cited.addAll(fallbacks);
        if (!fallbacks.isEmpty()) {
            cited.addAll(escalations);
        }
        found.add(
                ForensicsAnalysis.inferred(
                        "Keep a cached answer for status questions to "
                                + ForensicsAnalysis.named(root)
                                + ", so that work can go on while it fails"
                                + (fallbacks.isEmpty()
                                        ? "; no fallback is recorded."
                                        : escalations.isEmpty()
                                                ? "."
                                                : "; the fallback that ran did not spare calling in a"
                                                        + " human."),
                        cited));
    }

    private static void pause(Work root, List<Failure> failures, List<Statement> found) {
        if (failures.size() < 2) {
            return;
        }
        Failure before = failures.getFirst();
        Failure again = failures.get(1);
        Duration pause =
                ForensicsAnalysis.between(before.failedAt(), again.envelope().occurredAt());
        if (before.durationMs() != null && pause.compareTo(SHORT_PAUSE) < 0) {
            found.add(
                    ForensicsAnalysis.inferred(
                            "Wait longer, and longer each time, before "
                                    + ForensicsAnalysis.named(root)
                                    + " is tried again: the second attempt began "
                                    + Durations.text(pause)
                                    + " after the first had failed.",
                            ForensicsAnalysis.evidence(List.of(before, again))));
        }
    }

    private static void approval(Story story, List<Statement> found) {
        List<AuditEvent> calls = new ArrayList<>();
        boolean approved = false;
        for (AuditEvent event : story.events()) {
            Envelope envelope = event.envelope();
            approved |= envelope.intervention() == InterventionKind.APPROVAL;
            if (!approved
                    && envelope.permissionLevel() == PermissionLevel.ADMIN
                    && Story.ATTEMPTS.contains(envelope.type())) {
                calls.add(event);
            }
        }
        if (!calls.isEmpty()) {
            found.add(
                    ForensicsAnalysis.inferred(
                            "Have calls with administrator rights approved first: "
                                    + ForensicsAnalysis.plural(calls.size(), "call")
                                    + " here had no approval before.",
                            calls.stream().limit(20).toList()));
        }
    }
}
