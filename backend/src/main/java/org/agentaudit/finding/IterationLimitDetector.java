package org.agentaudit.finding;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;

/// More model responses in a run than the limit (A10 K1, B-000-02).
record IterationLimitDetector(int limit) implements Detector {

    @Override
    public List<Detected> detect(TraceStory trace, Texts texts) {
        List<Detected> found = new ArrayList<>();
        for (TraceStory.Run run : trace.runs()) {
            List<Envelope> responses =
                    run.events().stream()
                            .filter(event -> event.type() == EventType.LLM_RESPONSE)
                            .toList();
            if (responses.size() > limit) {
                Envelope crossing = responses.get(limit);
                found.add(
                        new Detected(
                                FindingKind.ITERATION_LIMIT,
                                Severity.CRITICAL,
                                run.subject(),
                                run.agentId(),
                                crossing.sessionId(),
                                trace.traceId(),
                                crossing.occurredAt(),
                                (double) responses.size(),
                                (double) limit,
                                "A run went on for %d model responses; the limit is %d."
                                        .formatted(responses.size(), limit),
                                "Look for a loop: the same calls again and again, or a goal that cannot be reached.",
                                responses.subList(limit, responses.size()).stream()
                                        .map(Envelope::id)
                                        .toList()));
            }
        }
        return found;
    }
}
