package org.agentaudit.query;

import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves what commits left in `request_open` to the roll-ups of requests and responses, behind the
/// ingest path (README, decision 21). Reports read both, so they never wait for it.
@Singleton
public class RequestRollups {

    private static final Logger LOG = LoggerFactory.getLogger(RequestRollups.class);
    private static final int ROWS_PER_STEP = 10_000;

    private final TransactionOperations<Connection> transactions;
    private final RequestRollupRepository repository;
    private final RequestUserRepository users;
    private volatile boolean failing;

    RequestRollups(
            TransactionOperations<Connection> transactions,
            RequestRollupRepository repository,
            RequestUserRepository users) {
        this.transactions = transactions;
        this.repository = repository;
        this.users = users;
    }

    /// Moves everything that is open, step by step.
    @Scheduled(initialDelay = "2s", fixedDelay = "2s")
    void follow() {
        try {
            boolean more = true;
            while (more && !Thread.currentThread().isInterrupted()) {
                more = transactions.executeWrite(status -> step(status.getConnection()));
            }
            failing = false;
        } catch (Exception e) { // of the database's too, which nobody declares
            // Tried again in two seconds; said once, not with every try.
            if (!failing) {
                LOG.warn("Counting requests failed and will be tried again: {}", e.toString());
            }
            failing = true;
        }
    }

    /// Whether more may be open.
    private boolean step(Connection connection) throws SQLException {
        repository.lock(connection);
        List<RequestRollupRepository.Responses> taken = repository.move(connection, ROWS_PER_STEP);
        Map<RequestRollupRepository.SpanKey, RequestRollupRepository.SpanSums> spans =
                new HashMap<>();
        for (RequestRollupRepository.Responses responses : taken) {
            for (RequestRollupRepository.Span span : RequestRollupRepository.Span.values()) {
                spans.computeIfAbsent(
                                responses.key(span), key -> new RequestRollupRepository.SpanSums())
                        .add(responses);
            }
        }
        repository.add(connection, spans);
        return repository.isOpen(connection);
    }

    private void moveAll(Connection connection) throws SQLException {
        boolean more = true;
        while (more) {
            more = step(connection);
        }
    }

    /// Takes the users' ids out of the roll-ups before the content of the events goes: what they
    /// used is then counted under `(removed)`. Within the transaction that removes.
    public void forgetUsers(
            Connection connection,
            List<String> traceIds,
            List<Instant> occurredAt,
            List<UUID> eventIds)
            throws SQLException {
        if (!eventIds.isEmpty()) {
            moveAll(connection);
            users.forget(connection, traceIds, occurredAt, eventIds);
        }
    }

    /// The same for every event of the traces that still has content.
    ///
    /// @param first earliest `occurredAt` among their events
    /// @param last  latest
    void forgetUsers(Connection connection, List<String> traceIds, Instant first, Instant last)
            throws SQLException {
        moveAll(connection);
        users.forget(connection, traceIds, first, last);
    }
}
