package org.agentaudit.finding;

import java.util.List;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.jspecify.annotations.Nullable;

/// A handoff deeper than the limit, once per trace (A10 K2, B-000-03).
record DelegationDepthDetector(double limit) implements Detector {

    @Override
    public List<Detected> detect(TraceStory trace, Texts texts) {
        List<Envelope> deep =
                trace.events().stream()
                        .filter(event -> event.type() == EventType.HANDOFF)
                        .filter(event -> depth(event.handoff()) > limit)
                        .toList();
        if (deep.isEmpty()) {
            return List.of();
        }
        Envelope crossing = deep.getFirst();
        int deepest = deep.stream().mapToInt(event -> depth(event.handoff())).max().orElseThrow();
        return List.of(
                new Detected(
                        FindingKind.DELEGATION_DEPTH,
                        Severity.CRITICAL,
                        List.of(trace.traceId()),
                        crossing.agentId(),
                        crossing.sessionId(),
                        trace.traceId(),
                        crossing.occurredAt(),
                        (double) deepest,
                        limit,
                        "Work was handed on to a depth of %d; the limit is %.0f."
                                .formatted(deepest, limit),
                        "Let one agent plan and the others work for it, or give delegation an end.",
                        deep.stream().map(Envelope::id).toList()));
    }

    private static int depth(@Nullable Handoff handoff) {
        Integer depth = handoff == null ? null : handoff.depth();
        return depth == null ? 0 : depth;
    }
}
