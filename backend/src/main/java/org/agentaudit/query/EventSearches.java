package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.AgentScope;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;

/// What the explorer and its exports are asked for: patterns of agents (`ops/*`) become the agents
/// in the viewer's scope that they name now.
@Singleton
public class EventSearches {

    private static final int MOST_AGENTS = 1_000;
    private static final String AGENT = "agent";

    private final AgentReadRepository agents;

    EventSearches(AgentReadRepository agents) {
        this.agents = agents;
    }

    /// @param zone of times without an offset
    /// @throws BadInputException when a value cannot be understood
    public EventFilter filter(Viewer viewer, EventSearch search, ZoneId zone) {
        List<String> given = search.parameters().getOrDefault(AGENT, List.of());
        List<String> patterns = given.stream().filter(agent -> agent.contains("*")).toList();
        if (patterns.isEmpty()) {
            return search.filter(zone);
        }
        viewer.requireReader();
        Set<String> all = new LinkedHashSet<>(given);
        all.removeAll(patterns);
        if (patterns.stream().noneMatch(pattern -> pattern.indexOf('\0') >= 0)) {
            all.addAll(agents.matching(viewer, AgentScope.likePatterns(patterns), MOST_AGENTS + 1));
        }
        if (all.size() > MOST_AGENTS) {
            throw new BadInputException(
                    "'agent' names more than "
                            + MOST_AGENTS
                            + " agents; leave it out or name fewer.");
        }
        return search.filter(zone, new ArrayList<>(all));
    }
}
