package org.agentaudit.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.QuarantineItem;

/// Keeps events in memory and decides like the real store.
final class FakeStore implements EventStore {
    final Map<UUID, NewEvent> events = new LinkedHashMap<>();
    final List<QuarantineItem> quarantine = new ArrayList<>();

    @Override
    public synchronized CompletableFuture<List<AppendResult>> append(
            List<NewEvent> batch, List<QuarantineItem> quarantined) {
        List<AppendResult> results = new ArrayList<>();
        for (NewEvent event : batch) {
            NewEvent first = events.putIfAbsent(event.event().envelope().id(), event);
            results.add(
                    first == null
                            ? AppendResult.STORED
                            : Arrays.equals(first.digest(), event.digest())
                                    ? AppendResult.DUPLICATE
                                    : AppendResult.CONFLICT);
        }
        quarantine.addAll(quarantined);
        return CompletableFuture.completedFuture(results);
    }

    @Override
    public synchronized Set<String> knownAgents(Collection<String> names) {
        Set<String> known = new HashSet<>();
        events.values().forEach(event -> known.add(event.event().envelope().agentId()));
        known.retainAll(names);
        return known;
    }
}
