package org.agentaudit.finding;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.CallPairing;
import org.jspecify.annotations.Nullable;

/// The events of one trace that detectors look at, in order, and its runs (metrics "Run").
final class TraceStory {
    private final String traceId;
    private final List<Envelope> events;
    private final CallPairing pairing;
    private final List<Run> runs;

    /// Events of an agent from one of its invocations until its next.
    ///
    /// @param invocation null for what comes before the first, or without any
    record Run(String agentId, @Nullable Envelope invocation, List<Envelope> events) {

        /// Names the run, also when other runs of the trace come to light later.
        List<String> subject() {
            Envelope first = events.getFirst();
            return TraceStory.runSubject(
                    first.traceId(), agentId, invocation == null ? null : invocation.occurredAt());
        }
    }

    /// @param events of one trace, in any order
    TraceStory(String traceId, Collection<Envelope> events) {
        this.traceId = traceId;
        this.events = events.stream().sorted(CallPairing.ORDER).toList();
        this.pairing = CallPairing.of(this.events);
        this.runs = runs(this.events);
    }

    /// Names a run of an agent.
    ///
    /// @param invokedAt null for the run without an invocation
    static List<String> runSubject(String traceId, String agentId, @Nullable Instant invokedAt) {
        String start =
                invokedAt == null
                        ? "-"
                        : Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, invokedAt));
        return List.of(traceId, agentId, start);
    }

    String traceId() {
        return traceId;
    }

    List<Envelope> events() {
        return events;
    }

    List<Run> runs() {
        return runs;
    }

    /// Whether the call failed, by its own or its result's outcome.
    boolean failed(Envelope call) {
        CallPairing.Call paired = pairing.call(call.id());
        return (paired == null ? call.outcome() : paired.outcome()) == Outcome.FAILURE;
    }

    private static List<Run> runs(List<Envelope> ordered) {
        Map<String, Run> current = new LinkedHashMap<>();
        List<Run> runs = new ArrayList<>();
        for (Envelope event : ordered) {
            String agent = event.agentId();
            boolean starts = event.type() == EventType.INVOCATION;
            Run run = current.get(agent);
            if (run == null || starts) {
                run = new Run(agent, starts ? event : null, new ArrayList<>());
                current.put(agent, run);
                runs.add(run);
            }
            run.events().add(event);
        }
        return runs;
    }
}
