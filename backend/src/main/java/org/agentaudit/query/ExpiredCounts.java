package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.store.EventCounts;

/// Keeps of traces that expire what reports otherwise read from events, so that a report on an old
/// day keeps its numbers (README, decision 14). What roll-ups and settled tables hold stays anyway.
@Singleton
public class ExpiredCounts {

    private final ExpiredCountsRepository repository;
    private final SettleRepository settle;
    private final CallSettler calls;
    private final SessionSettleRepository sessions;
    private final TraceSettler settler;
    private final RequestRollups requests;

    ExpiredCounts(
            ExpiredCountsRepository repository,
            SettleRepository settle,
            CallSettler calls,
            SessionSettleRepository sessions,
            TraceSettler settler,
            RequestRollups requests) {
        this.repository = repository;
        this.settle = settle;
        this.calls = calls;
        this.sessions = sessions;
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
        }
        repository.add(connection, kept);
        repository.keepSettled(connection, traceIds);
        calls.keep(connection, traceIds);
        sessions.keep(connection, traceIds);
    }
}
