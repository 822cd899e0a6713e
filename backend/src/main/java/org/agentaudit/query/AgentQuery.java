package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.agentaudit.access.Viewer;

/// Reads agents for a viewer.
@Singleton
public class AgentQuery {

    /// An agent by id; empty when unknown or outside the viewer's scope.
    public Optional<Agent> byId(Viewer viewer, String agentId) {
        throw new UnsupportedOperationException();
    }

    /// Agents in code-point order of their ids.
    public Page<Agent> page(Viewer viewer, PageRequest page) {
        throw new UnsupportedOperationException();
    }
}
