package org.agentaudit.compliance;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.agentaudit.event.EventType;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.finding.SecretScan;
import org.agentaudit.query.CheckCounts;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts.AgentType;
import org.agentaudit.store.EventCounts.Sums;
import org.jspecify.annotations.Nullable;

/// What checks are computed from: numbers of some agents over a period. Read once for all checks
/// and all groups of agents.
///
/// @param sums    counters by agent and event type
/// @param counts  by agent
/// @param overdue stored events past the end of their retention by agent id
/// @param secrets null when stored events were never scanned
record CheckFacts(
        Period period,
        Map<AgentType, Sums> sums,
        CheckCounts counts,
        Map<String, Long> overdue,
        SecretScan.@Nullable Result secrets) {

    /// The same of some agents only.
    CheckFacts of(AgentGroup group) {
        if (group.pattern() == null && group.without().isEmpty()) {
            return this;
        }
        Predicate<String> agents = group.agents();
        return new CheckFacts(
                period,
                sums.entrySet().stream()
                        .filter(entry -> agents.test(entry.getKey().agentId()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                new CheckCounts(
                        only(counts.runs(), agents),
                        counts.calls().stream().filter(c -> agents.test(c.agentId())).toList(),
                        counts.deep().stream().filter(d -> agents.test(d.agentId())).toList(),
                        only(counts.brokenParents(), agents)),
                only(overdue, agents),
                secrets == null
                        ? null
                        : new SecretScan.Result(
                                secrets.searchedUpTo(), only(secrets.agents(), agents)));
    }

    private static <V> Map<String, V> only(Map<String, V> all, Predicate<String> agents) {
        return all.entrySet().stream()
                .filter(entry -> agents.test(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    long total(ToLongFunction<Sums> counter) {
        return sums.values().stream().mapToLong(counter).sum();
    }

    long total(EventType type, ToLongFunction<Sums> counter) {
        return sums.entrySet().stream()
                .filter(entry -> entry.getKey().type() == type)
                .mapToLong(entry -> counter.applyAsLong(entry.getValue()))
                .sum();
    }

    long invocations() {
        return total(EventType.INVOCATION, s -> s.events);
    }

    long tokens() {
        return sums.values().stream()
                .map(s -> new TokenCounts(s.inputTokens, s.outputTokens, s.cachedTokens))
                .mapToLong(TokenCounts::total)
                .reduce(0, TokenCounts::sum);
    }

    long maxDepth() {
        return sums.values().stream().mapToLong(s -> s.maxDepth).max().orElse(0);
    }

    long runs(ToLongFunction<CheckCounts.Runs> counter) {
        return counts.runs().values().stream().mapToLong(counter).sum();
    }

    /// Of calls that need approval in the group.
    long calls(AgentGroup group, ToLongFunction<CheckCounts.Calls> counter) {
        return counts.calls().stream()
                .filter(c -> c.admin() || group.approvalTools().contains(c.action()))
                .mapToLong(counter)
                .sum();
    }

    /// Handoffs with a stated depth above `depth`.
    long deeperThan(double depth) {
        return counts.deep().stream()
                .filter(deep -> deep.depth() > depth)
                .mapToLong(CheckCounts.Deep::handoffs)
                .sum();
    }

    /// Agents with invocations that logged nothing but invocations and errors, sorted.
    List<String> uncovered() {
        Map<String, long[]> agents =
                sums.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        entry -> entry.getKey().agentId(),
                                        entry -> activity(entry.getKey().type(), entry.getValue()),
                                        CheckFacts::add));
        return agents.entrySet().stream()
                .filter(agent -> agent.getValue()[0] > 0)
                .filter(agent -> agent.getValue()[2] == agent.getValue()[1])
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// Invocations, other events, and how many of these errored.
    private static long[] activity(EventType type, Sums sums) {
        return type == EventType.INVOCATION
                ? new long[] {sums.events, 0, 0}
                : new long[] {0, sums.events, sums.errors};
    }

    private static long[] add(long[] a, long[] b) {
        return new long[] {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
    }

    /// Agents with invocations.
    long invoked() {
        return sums.entrySet().stream()
                .filter(entry -> entry.getKey().type() == EventType.INVOCATION)
                .filter(entry -> entry.getValue().events > 0)
                .map(entry -> entry.getKey().agentId())
                .distinct()
                .count();
    }
}
