package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.Agent;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.retention.Holds;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderOptions;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/// Loads what many events of one answer point to with one question per kind.
@Singleton
final class Loaders {
    private static final String AGENT = "agent";
    private static final String TRACE = "trace";
    private static final String EVENT = "event";
    private static final String HELD = "held";

    /// Keys asked for at once.
    private static final int BATCH_SIZE = 1_000;

    private final EventQuery events;
    private final TraceQuery traces;
    private final AgentQuery agents;
    private final Holds holds;

    Loaders(EventQuery events, TraceQuery traces, AgentQuery agents, Holds holds) {
        this.events = events;
        this.traces = traces;
        this.agents = agents;
        this.holds = holds;
    }

    /// Loaders for one request.
    DataLoaderRegistry registry(Viewer viewer) {
        return DataLoaderRegistry.newRegistry()
                .register(AGENT, loader(AGENT, (Set<String> ids) -> agents(viewer, ids)))
                .register(TRACE, loader(TRACE, (Set<String> ids) -> traces(viewer, ids)))
                .register(EVENT, loader(EVENT, (Set<UUID> ids) -> events(viewer, ids)))
                .register(HELD, loader(HELD, (Set<String> ids) -> held(ids)))
                .build();
    }

    static CompletableFuture<@Nullable Agent> agent(
            DataFetchingEnvironment environment, String agentId) {
        return load(environment, AGENT, agentId);
    }

    static CompletableFuture<@Nullable Trace> trace(
            DataFetchingEnvironment environment, String traceId) {
        return load(environment, TRACE, traceId);
    }

    static CompletableFuture<@Nullable AuditEvent> event(
            DataFetchingEnvironment environment, UUID id) {
        return load(environment, EVENT, id);
    }

    /// The trace's id when a legal hold keeps it, else null.
    static CompletableFuture<@Nullable String> held(
            DataFetchingEnvironment environment, String traceId) {
        return load(environment, HELD, traceId);
    }

    private Map<String, String> held(Set<String> traceIds) {
        return byKey(holds.held(traceIds), Function.identity());
    }

    private Map<String, Agent> agents(Viewer viewer, Collection<String> ids) {
        return byKey(agents.byIds(viewer, List.copyOf(ids)), Agent::id);
    }

    private Map<String, Trace> traces(Viewer viewer, Collection<String> ids) {
        return byKey(traces.byIds(viewer, List.copyOf(ids)), Trace::id);
    }

    private Map<UUID, AuditEvent> events(Viewer viewer, Collection<UUID> ids) {
        return byKey(events.byIds(viewer, List.copyOf(ids)), event -> event.envelope().id());
    }

    private static <K, V> Map<K, V> byKey(Collection<V> values, Function<V, K> key) {
        return values.stream().collect(Collectors.toMap(key, Function.identity(), (a, b) -> a));
    }

    private static <K, V> DataLoader<K, V> loader(
            String name, Function<Set<K>, Map<K, V>> question) {
        return DataLoaderFactory.newMappedDataLoader(
                name,
                keys -> CompletableFuture.completedFuture(question.apply(keys)),
                DataLoaderOptions.newOptions().setMaxBatchSize(BATCH_SIZE).build());
    }

    private static <K, V> CompletableFuture<@Nullable V> load(
            DataFetchingEnvironment environment, String name, K key) {
        DataLoader<K, V> loader = Objects.requireNonNull(environment.getDataLoader(name));
        return loader.load(key);
    }
}
