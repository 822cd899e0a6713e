package org.agentaudit.report;

import java.time.Instant;
import java.util.List;
import org.agentaudit.query.Agent;
import org.jspecify.annotations.Nullable;

/// The agents that sent events; model of `views/report/agents.html`.
///
/// @param search   part of an id looked for; empty when all are listed
/// @param agents   in order of their ids
/// @param nextHref null on the last part
/// @param first    whether the list starts with the first agent
public record AgentListPage(
        String search, List<Agent> agents, @Nullable String nextHref, boolean first, Instant now) {

    public AgentListPage {
        agents = List.copyOf(agents);
    }
}
