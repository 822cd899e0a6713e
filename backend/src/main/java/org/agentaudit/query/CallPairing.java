package org.agentaudit.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.SourceFormat;
import org.jspecify.annotations.Nullable;

/// Which tool result belongs to which tool call (metrics "Tool usage", B-003-09). Needs the whole
/// trace: a part of it may cut a pair.
public final class CallPairing {

    /// By `occurredAt`, then arrival.
    public static final Comparator<Envelope> ORDER =
            Comparator.comparing(Envelope::occurredAt).thenComparingLong(Envelope::arrival);

    /// Shapes that record results apart from calls. A trace with a line of any other shape may have
    /// its results nowhere, so nothing is missing there.
    private static final Set<SourceFormat> WITH_RESULTS =
            EnumSet.of(
                    SourceFormat.AUDIT_EVENT,
                    SourceFormat.SESSION_EVENT,
                    SourceFormat.OTLP,
                    SourceFormat.CLAUDE_CODE_HOOK,
                    SourceFormat.CLAUDE_CODE_TRANSCRIPT);

    private final Map<UUID, Call> calls;
    private final List<Envelope> looseResults;

    private CallPairing(Map<UUID, Call> calls, List<Envelope> looseResults) {
        this.calls = calls;
        this.looseResults = List.copyOf(looseResults);
    }

    /// A tool call and what became of it.
    ///
    /// @param result     null when none is recorded
    /// @param outcome the call's own when it states one (PENDING is one), else its result's, else
    ///     UNKNOWN
    /// @param durationMs the call's own, else its result's, in milliseconds; null when neither has
    ///     one above 0
    /// @param unpaired   no result and no own outcome, in a trace whose shapes record results
    public record Call(
            Envelope call,
            @Nullable Envelope result,
            Outcome outcome,
            @Nullable Double durationMs,
            boolean unpaired) {

        /// Whether the result that came back is a failure.
        public boolean resultFailed() {
            return result != null && result.errored();
        }
    }

    private record Key(String traceId, String agentId, String action) {
        static Key of(Envelope event) {
            return new Key(event.traceId(), event.agentId(), event.action());
        }
    }

    /// Pairs the calls of one trace.
    ///
    /// @param trace all its events, in any order
    public static CallPairing of(Collection<Envelope> trace) {
        List<Envelope> ordered = trace.stream().sorted(ORDER).toList();
        Map<UUID, Envelope> resultOfCall = new HashMap<>();
        Set<UUID> unnamed = claimByName(ordered, resultOfCall);
        claimByOrder(ordered, unnamed, resultOfCall);
        Set<UUID> claimed = new HashSet<>();
        resultOfCall.values().forEach(result -> claimed.add(result.id()));

        boolean recordsResults =
                ordered.stream().allMatch(event -> WITH_RESULTS.contains(event.sourceFormat()));
        Map<UUID, Call> calls = new LinkedHashMap<>();
        List<Envelope> loose = new ArrayList<>();
        for (Envelope event : ordered) {
            if (event.type() == EventType.TOOL_CALL) {
                calls.put(event.id(), call(event, resultOfCall.get(event.id()), recordsResults));
            } else if (event.type() == EventType.TOOL_RESULT && !claimed.contains(event.id())) {
                loose.add(event);
            }
        }
        return new CallPairing(calls, loose);
    }

    /// Gives each call the earliest result that names it; returns the results that name no call.
    private static Set<UUID> claimByName(List<Envelope> ordered, Map<UUID, Envelope> resultOfCall) {
        Set<UUID> callIds = new HashSet<>();
        for (Envelope event : ordered) {
            if (event.type() == EventType.TOOL_CALL) {
                callIds.add(event.id());
            }
        }
        Set<UUID> unnamed = new HashSet<>();
        for (Envelope event : ordered) {
            if (event.type() != EventType.TOOL_RESULT) {
                continue;
            }
            UUID parent = event.parentEventId();
            if (parent != null && callIds.contains(parent)) {
                resultOfCall.putIfAbsent(parent, event);
            } else {
                unnamed.add(event.id());
            }
        }
        return unnamed;
    }

    /// Lets the remaining calls, in order, each take the earliest later result of the same agent
    /// and action: read in order, a result goes to the call that has waited longest.
    private static void claimByOrder(
            List<Envelope> ordered, Set<UUID> unnamed, Map<UUID, Envelope> resultOfCall) {
        Map<Key, Deque<UUID>> waiting = new HashMap<>();
        for (Envelope event : ordered) {
            Key key = Key.of(event);
            if (event.type() == EventType.TOOL_CALL && !resultOfCall.containsKey(event.id())) {
                waiting.computeIfAbsent(key, k -> new ArrayDeque<>()).add(event.id());
            } else if (unnamed.contains(event.id())) {
                Deque<UUID> calls = waiting.get(key);
                UUID call = calls == null ? null : calls.poll();
                if (call != null) {
                    resultOfCall.put(call, event);
                }
            }
        }
    }

    private static Call call(Envelope call, @Nullable Envelope result, boolean recordsResults) {
        Outcome outcome = call.outcome();
        if (outcome == Outcome.UNKNOWN && result != null) {
            outcome = result.outcome();
        }
        Double duration = stated(call.durationMs());
        if (duration == null && result != null) {
            duration = stated(result.durationMs());
        }
        boolean unpaired = recordsResults && result == null && call.outcome() == Outcome.UNKNOWN;
        return new Call(call, result, outcome, duration, unpaired);
    }

    /// A duration of 0 counts as absent.
    private static @Nullable Double stated(@Nullable Double durationMs) {
        return durationMs == null || durationMs == 0 ? null : durationMs;
    }

    /// Every tool call of the trace, in order.
    public List<Call> calls() {
        return List.copyOf(calls.values());
    }

    /// The call with that event id; null when the id is no tool call's.
    public @Nullable Call call(UUID eventId) {
        return calls.get(eventId);
    }

    /// Tool results that belong to no call, in order.
    public List<Envelope> looseResults() {
        return looseResults;
    }
}
