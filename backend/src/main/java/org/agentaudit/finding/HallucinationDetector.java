package org.agentaudit.finding;

import com.google.re2j.Pattern;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.jspecify.annotations.Nullable;

/// A model response that cites a source although nothing was read before in its run (A10 K3). Any
/// call that may return content counts as reading unless it failed, also one that stands in the
/// response itself (B-000-04); one finding per run.
record HallucinationDetector() implements Detector {
    private static final Pattern CITES =
            Pattern.compile("(?i)\\b(?:file contains|shows that|according to)\\b");

    private static final Pattern HOLDS_CALL =
            Pattern.compile("(?i)\"(?:tool_use|tool_calls?|function_call)\"|<function_call");

    @Override
    public List<Detected> detect(TraceStory trace, Texts texts) throws SQLException {
        Map<UUID, TraceStory.Run> unread = new LinkedHashMap<>();
        Set<String> received = new HashSet<>();
        for (Envelope event : trace.events()) {
            Handoff handoff = event.type() == EventType.HANDOFF ? event.handoff() : null;
            String target = handoff == null ? null : handoff.to();
            if (target != null) {
                received.add(target);
            }
        }
        for (TraceStory.Run run : trace.runs()) {
            // What an agent was handed may hold what it cites.
            if (!received.contains(run.agentId())) {
                beforeReading(trace, run).forEach(id -> unread.put(id, run));
            }
        }
        Set<UUID> citing = new HashSet<>();
        texts.each(
                unread.keySet(),
                (id, params, result) -> {
                    if (cites(result) && !holdsCall(params) && !holdsCall(result)) {
                        citing.add(id);
                    }
                });
        Set<TraceStory.Run> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Detected> found = new ArrayList<>();
        for (Envelope event : trace.events()) {
            TraceStory.Run run = unread.get(event.id());
            if (run != null && citing.contains(event.id()) && seen.add(run)) {
                found.add(
                        new Detected(
                                FindingKind.POSSIBLE_HALLUCINATION,
                                Severity.INFO,
                                run.subject(),
                                run.agentId(),
                                event.sessionId(),
                                trace.traceId(),
                                event.occurredAt(),
                                null,
                                null,
                                "A response cites a source, but nothing had been read in its run before.",
                                "Compare the response with what the agent could have known.",
                                List.of(event.id())));
            }
        }
        return found;
    }

    /// Model responses of the run before its first call that may have returned content.
    private static List<UUID> beforeReading(TraceStory trace, TraceStory.Run run) {
        List<UUID> responses = new ArrayList<>();
        for (Envelope event : run.events()) {
            switch (event.type()) {
                case LLM_RESPONSE -> responses.add(event.id());
                case TOOL_CALL, SKILL_CALL, EXTERNAL_CALL, TOOL_RESULT -> {
                    if (!event.errored() && !trace.failed(event)) {
                        return responses;
                    }
                }
                default -> {
                    // neither speaks nor reads
                }
            }
        }
        return responses;
    }

    private static boolean cites(@Nullable String text) {
        return text != null && CITES.matcher(text).find();
    }

    private static boolean holdsCall(@Nullable String text) {
        return text != null && HOLDS_CALL.matcher(text).find();
    }
}
