package org.agentaudit.report.compliance;

import java.util.List;
import org.agentaudit.access.AgentScope;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.PeriodChoice;

/// What a request asks about: who, when, which agents.
///
/// @param agent    an agent's id or, for who sees all agents, a pattern such as `ops/*`; empty: all
///     the viewer may see
/// @param narrowed the viewer, limited to these agents
record Asked(Viewer viewer, PeriodChoice choice, String agent, Viewer narrowed) {

    /// @throws BadInputException when the viewer may not see these agents
    static Asked of(Viewer viewer, PeriodChoice choice, String agent) {
        if (agent.isEmpty()) {
            return new Asked(viewer, choice, agent, viewer);
        }
        boolean all = viewer.agentScope().isEmpty();
        boolean inScope =
                all
                        || viewer.agentScope().contains(agent)
                        || agent.indexOf('*') < 0
                                && AgentScope.ofPatterns(viewer.agentScope()).includes(agent);
        if (!inScope) {
            throw new BadInputException(
                    "The agents asked for are not all among those this account may see: name one of"
                            + " them, or one of its patterns.");
        }
        return new Asked(
                viewer,
                choice,
                agent,
                new Viewer(viewer.username(), viewer.roles(), List.of(agent)));
    }
}
