package org.agentaudit.store;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Append side of the audit log.
public interface EventStore {

    /// Stores a batch in one transaction, shared with other batches that arrive at the same time.
    ///
    /// @param events      in the order sent; the same id may occur twice
    /// @param quarantined kept in the same transaction
    /// @return one result per event in the same order, completed after commit; completed
    ///         exceptionally with [StoreUnavailableException] when PostgreSQL cannot be reached
    ///         (nothing of the batch was stored)
    /// @throws StoreBusyException when too much is waiting already; nothing of the batch was taken
    CompletableFuture<List<AppendResult>> append(
            List<NewEvent> events, List<QuarantineItem> quarantined);

    /// Those of the names that are ids of agents with stored events.
    Set<String> knownAgents(Collection<String> names);
}
