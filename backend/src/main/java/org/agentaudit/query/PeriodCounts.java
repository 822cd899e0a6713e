package org.agentaudit.query;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.agentaudit.event.EventType;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.EventCounts;
import org.jspecify.annotations.Nullable;

/// Counters of a period in a viewer's scope: what every report over the period is made of.
public final class PeriodCounts {

    /// Agent and type.
    public record AgentType(String agentId, EventType type) {}

    /// Agent and a second name.
    public record AgentName(String agentId, String name) {}

    private final Map<AgentType, EventCounts.Sums> sums = new HashMap<>();
    private final Map<AgentName, Long> errors = new HashMap<>();
    private final Set<String> producers = new HashSet<>();
    private final Map<AgentName, Long> handoffs = new HashMap<>();
    private long derivedTraces;

    void addSums(String agentId, EventType type, EventCounts.Sums part) {
        sums.computeIfAbsent(new AgentType(agentId, type), key -> new EventCounts.Sums()).add(part);
    }

    void addErrors(String agentId, String errorType, long count) {
        errors.merge(new AgentName(agentId, errorType), count, Long::sum);
    }

    void addHandoffs(String agentId, String target, long count) {
        handoffs.merge(new AgentName(agentId, target), count, Long::sum);
    }

    void addProducer(String producer) {
        producers.add(producer);
    }

    void derivedTraces(long count) {
        derivedTraces = count;
    }

    /// Adds a fold over single events.
    void add(EventCounts counts) {
        counts.sums().forEach((key, part) -> addSums(key.agentId(), key.type(), part));
        counts.errors().forEach((key, n) -> addErrors(key.agentId(), key.name(), n));
        counts.handoffs().forEach((key, n) -> addHandoffs(key.agentId(), key.name(), n));
        counts.producers().keySet().forEach(key -> addProducer(key.name()));
    }

    public Map<AgentType, EventCounts.Sums> sums() {
        return sums;
    }

    /// Errored events by agent and error type.
    public Map<AgentName, Long> errors() {
        return errors;
    }

    /// Handoffs by agent and target.
    public Map<AgentName, Long> handoffs() {
        return handoffs;
    }

    /// Distinct traces with an event in the period whose id was derived.
    public long derivedTraces() {
        return derivedTraces;
    }

    /// A counter over all agents and types.
    public long total(ToLongFunction<EventCounts.Sums> counter) {
        return sums.values().stream().mapToLong(counter).sum();
    }

    /// A counter over all agents for one type.
    public long total(EventType type, ToLongFunction<EventCounts.Sums> counter) {
        return sums.entrySet().stream()
                .filter(entry -> entry.getKey().type() == type)
                .mapToLong(entry -> counter.applyAsLong(entry.getValue()))
                .sum();
    }

    /// A counter per agent; agents without events are absent.
    public Map<String, Long> perAgent(ToLongFunction<EventCounts.Sums> counter) {
        Map<String, Long> counts = new HashMap<>();
        sums.forEach(
                (key, part) -> counts.merge(key.agentId(), counter.applyAsLong(part), Long::sum));
        return counts;
    }

    public TokenCounts tokens() {
        return new TokenCounts(
                tokens(s -> s.inputTokens),
                tokens(s -> s.outputTokens),
                tokens(s -> s.cachedTokens));
    }

    private long tokens(ToLongFunction<EventCounts.Sums> counter) {
        return sums.values().stream().mapToLong(counter).reduce(0, TokenCounts::sum);
    }

    /// US dollars; null when no event has a cost.
    public @Nullable BigDecimal cost() {
        return total(s -> s.costed) == 0
                ? null
                : sums.values().stream()
                        .map(part -> part.cost)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /// Time of the first event; null when there is none.
    public @Nullable Instant firstAt() {
        return times(sums.values()).stream()
                .map(s -> s.firstAt)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /// Time of the last event; null when there is none.
    public @Nullable Instant lastAt() {
        return times(sums.values()).stream()
                .map(s -> s.lastAt)
                .max(Instant::compareTo)
                .orElse(null);
    }

    /// Time of the first event of a type; null when there is none.
    public @Nullable Instant firstAt(EventType type) {
        return sums.entrySet().stream()
                .filter(entry -> entry.getKey().type() == type && entry.getValue().events > 0)
                .map(entry -> entry.getValue().firstAt)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /// Time of the last event of a type; null when there is none.
    public @Nullable Instant lastAt(EventType type) {
        return sums.entrySet().stream()
                .filter(entry -> entry.getKey().type() == type && entry.getValue().events > 0)
                .map(entry -> entry.getValue().lastAt)
                .max(Instant::compareTo)
                .orElse(null);
    }

    /// Distinct senders: an event's producer, else its agent.
    public long senders() {
        Set<String> senders = new HashSet<>(producers);
        sums.forEach(
                (key, part) -> {
                    if (part.unnamed > 0) {
                        senders.add(key.agentId());
                    }
                });
        return senders.size();
    }

    /// Senders that name themselves.
    public Set<String> producers() {
        return producers;
    }

    private static Collection<EventCounts.Sums> times(Collection<EventCounts.Sums> all) {
        return all.stream().filter(part -> part.events > 0).toList();
    }
}
