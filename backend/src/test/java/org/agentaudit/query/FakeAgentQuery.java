package org.agentaudit.query;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentaudit.access.Viewer;

/// Agents in memory. Counts the questions it is asked.
public final class FakeAgentQuery extends AgentQuery {
    public final AtomicInteger questions = new AtomicInteger();
    private final List<Agent> agents;

    public FakeAgentQuery(String... ids) {
        super(null);
        this.agents =
                List.of(ids).stream()
                        .map(
                                id ->
                                        new Agent(
                                                id,
                                                Instant.parse("2026-11-01T00:00:00Z"),
                                                Instant.parse("2026-11-21T10:00:00Z")))
                        .toList();
    }

    @Override
    public Optional<Agent> byId(Viewer viewer, String agentId) {
        return byIds(viewer, List.of(agentId)).stream().findFirst();
    }

    @Override
    public List<Agent> byIds(Viewer viewer, List<String> agentIds) {
        questions.incrementAndGet();
        return agents.stream().filter(agent -> agentIds.contains(agent.id())).toList();
    }

    @Override
    public Page<Agent> page(Viewer viewer, PageRequest page) {
        questions.incrementAndGet();
        return new Page<>(
                agents.stream()
                        .limit(page.size())
                        .map(agent -> new Page.Edge<>(agent.id(), agent))
                        .toList(),
                false,
                false);
    }
}
