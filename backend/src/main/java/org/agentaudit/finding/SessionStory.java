package org.agentaudit.finding;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.CallPairing;
import org.jspecify.annotations.Nullable;

/// Tool calls and retries of one session, or of the part of a trace that names none, by agent.
final class SessionStory {
    private final @Nullable String sessionId;
    private final Map<String, List<Envelope>> byAgent;
    private final Set<UUID> failed = new HashSet<>();

    /// @param sessionId null: the events of the traces that name no session
    /// @param traces tool calls, results and retries of every trace of the session, whole traces
    SessionStory(@Nullable String sessionId, Collection<Envelope> traces) {
        this.sessionId = sessionId;
        traces.stream()
                .collect(Collectors.groupingBy(Envelope::traceId))
                .values()
                .forEach(
                        trace ->
                                CallPairing.of(trace).calls().stream()
                                        .filter(call -> call.outcome() == Outcome.FAILURE)
                                        .forEach(call -> failed.add(call.call().id())));
        this.byAgent =
                traces.stream()
                        .filter(event -> Objects.equals(event.sessionId(), sessionId))
                        .filter(
                                event ->
                                        event.type() == EventType.TOOL_CALL
                                                || event.type() == EventType.RETRY)
                        .sorted(CallPairing.ORDER)
                        .collect(
                                Collectors.groupingBy(
                                        Envelope::agentId,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
    }

    @Nullable String sessionId() {
        return sessionId;
    }

    /// Tool calls and retries of each agent, in order.
    Map<String, List<Envelope>> byAgent() {
        return byAgent;
    }

    /// Whether the call failed, by its own or its result's outcome.
    boolean failed(Envelope call) {
        return failed.contains(call.id());
    }
}
