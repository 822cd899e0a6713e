package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Outcome;
import org.agentaudit.store.EventCounts;

/// Keeps of traces that expire what reports otherwise read from events, so that a report on an old
/// day keeps its numbers (README, decision 14). What roll-ups and settled tables hold stays anyway.
@Singleton
public class ExpiredCounts {

    private final ExpiredCountsRepository repository;
    private final SettleRepository settle;
    private final TraceSettler settler;
    private final RequestRollups requests;

    ExpiredCounts(
            ExpiredCountsRepository repository,
            SettleRepository settle,
            TraceSettler settler,
            RequestRollups requests) {
        this.repository = repository;
        this.settle = settle;
        this.settler = settler;
        this.requests = requests;
    }

    /// Call before anything else of the transaction locks a trace: keeps the settler out until the
    /// transaction ends.
    public void lock(Connection connection) throws SQLException {
        settle.lock(connection);
    }

    /// Settles the traces and keeps their numbers. In the transaction that then removes all their
    /// events; one at a time.
    ///
    /// @param traceIds locked against writers
    /// @param first    earliest `occurredAt` among their events
    /// @param last     latest
    public void keep(Connection connection, List<String> traceIds, Instant first, Instant last)
            throws SQLException {
        settler.settleIn(connection, traceIds);
        requests.forgetUsers(connection, traceIds, first, last);
        repository.keepTallies(connection, traceIds, first, last);
        Map<UUID, CallPairing.Call> toolCalls = new HashMap<>();
        settle.pairingEvents(connection, traceIds).stream()
                .collect(Collectors.groupingBy(Envelope::traceId))
                .values()
                .forEach(
                        trace ->
                                CallPairing.of(trace)
                                        .calls()
                                        .forEach(call -> toolCalls.put(call.call().id(), call)));
        Map<ExpiredCountsRepository.CallKey, ExpiredCountsRepository.Calls> kept = new HashMap<>();
        for (ExpiredCountsRepository.StoredCall call :
                repository.calls(connection, traceIds, first, last)) {
            Instant quarter = EventCounts.quarterOf(call.occurredAt());
            ExpiredCountsRepository.Calls sums =
                    kept.computeIfAbsent(
                            call.key(quarter), key -> new ExpiredCountsRepository.Calls());
            sums.calls++;
            sums.able += call.able() ? 1 : 0;
            sums.approved += call.able() && call.approved() ? 1 : 0;
            CallPairing.Call paired = toolCalls.get(call.id());
            if (paired != null) {
                sums.errors += paired.outcome() == Outcome.FAILURE ? 1 : 0;
                Double duration = paired.durationMs();
                if (duration != null) {
                    sums.latencies.add(duration);
                }
            }
        }
        repository.add(connection, kept);
        repository.keepSettled(connection, traceIds);
    }
}
