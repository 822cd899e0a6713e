package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.jspecify.annotations.Nullable;

/// Settles what became of calls: the one place where tool calls are paired with their results for
/// reports. Writes only what has changed, and the same differences to the roll-ups (README,
/// decision 20).
@Singleton
class CallSettler {

    /// A duration below a nanosecond counts as 0, one above a hundred years as that, as everywhere.
    private static final double SHORTEST_MS = 0.000001;

    private static final double LONGEST_MS = 3_155_760_000_000d;

    private final CallSettleRepository repository;
    private final CallRollupRepository rollups;

    CallSettler(CallSettleRepository repository, CallRollupRepository rollups) {
        this.repository = repository;
        this.rollups = rollups;
    }

    /// Brings calls and roll-ups of the traces up to date; in the transaction that settles them.
    void settle(Connection connection, List<String> traceIds) throws SQLException {
        Map<UUID, TraceCall> stored = repository.calls(connection, traceIds);
        Map<UUID, TraceCall> calls = calls(connection, traceIds);
        List<TraceCall> went = new ArrayList<>();
        stored.forEach(
                (id, call) -> {
                    if (!call.equals(calls.get(id))) {
                        went.add(call);
                    }
                });
        List<TraceCall> came = new ArrayList<>();
        calls.forEach(
                (id, call) -> {
                    if (!call.equals(stored.get(id))) {
                        came.add(call);
                    }
                });
        repository.delete(connection, went);
        repository.insert(connection, came);
        for (RollupSpan span : RollupSpan.values()) {
            Map<CallChange.Key, CallChange> changes = new HashMap<>();
            went.forEach(call -> change(changes, span, call).remove(call));
            came.forEach(call -> change(changes, span, call).add(call));
            rollups.apply(connection, changes);
        }
    }

    /// Forgets the calls of traces whose events go; the roll-ups keep counting them.
    void keep(Connection connection, List<String> traceIds) throws SQLException {
        rollups.keepLongest(connection, traceIds);
        repository.deleteTraces(connection, traceIds);
    }

    private static CallChange change(
            Map<CallChange.Key, CallChange> changes, RollupSpan span, TraceCall call) {
        return changes.computeIfAbsent(CallChange.Key.of(span, call), key -> new CallChange());
    }

    /// Every call of the traces as it is to be counted. What came back from an archive is counted
    /// already.
    private Map<UUID, TraceCall> calls(Connection connection, List<String> traceIds)
            throws SQLException {
        List<CallSettleRepository.Stored> events = repository.events(connection, traceIds);
        Set<UUID> restored =
                events.stream()
                        .filter(CallSettleRepository.Stored::restored)
                        .map(event -> event.envelope().id())
                        .collect(Collectors.toSet());
        Map<String, List<Envelope>> traces =
                events.stream()
                        .map(CallSettleRepository.Stored::envelope)
                        .collect(
                                Collectors.groupingBy(
                                        Envelope::traceId, TreeMap::new, Collectors.toList()));
        Map<UUID, TraceCall> calls = new HashMap<>();
        for (List<Envelope> trace : traces.values()) {
            CallPairing pairing = CallPairing.of(trace);
            for (Envelope event : trace) {
                CallPairing.Call call = pairing.call(event.id());
                if (restored.contains(event.id())) {
                    continue;
                }
                if (call != null) {
                    calls.put(event.id(), toolCall(call));
                } else if (counted(event.type())) {
                    calls.put(event.id(), other(event));
                }
            }
        }
        return calls;
    }

    private static boolean counted(EventType type) {
        return switch (type) {
            case SKILL_CALL, EXTERNAL_CALL, DECISION -> true;
            default -> false;
        };
    }

    private static TraceCall toolCall(CallPairing.Call call) {
        Envelope event = call.call();
        return new TraceCall(
                event.traceId(),
                event.id(),
                event.occurredAt(),
                event.agentId(),
                event.type(),
                event.action(),
                call.outcome(),
                duration(call.durationMs()),
                call.unpaired());
    }

    private static TraceCall other(Envelope event) {
        return new TraceCall(
                event.traceId(),
                event.id(),
                event.occurredAt(),
                event.agentId(),
                event.type(),
                event.action(),
                event.outcome(),
                null,
                false);
    }

    private static @Nullable Double duration(@Nullable Double ms) {
        return ms == null || ms < SHORTEST_MS ? null : Double.valueOf(Math.min(ms, LONGEST_MS));
    }
}
