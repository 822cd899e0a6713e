package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.agentaudit.access.AgentScope;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Reads agents for a viewer.
@Singleton
public class AgentQuery {

    private static final int MAXIMUM_CURSOR_LENGTH = 4000;

    private final AgentReadRepository repository;

    AgentQuery(AgentReadRepository repository) {
        this.repository = repository;
    }

    /// An agent by id; empty when unknown or outside the viewer's scope.
    public Optional<Agent> byId(Viewer viewer, String agentId) {
        return byIds(viewer, List.of(agentId)).stream().findFirst();
    }

    /// The agents that exist and are in scope, in code-point order of their ids.
    public List<Agent> byIds(Viewer viewer, List<String> agentIds) {
        viewer.requireReader();
        AgentScope scope = AgentScope.of(viewer);
        // PostgreSQL's text cannot hold U+0000, so no stored id does.
        return repository.byIds(
                agentIds.stream()
                        .filter(id -> id.indexOf('\0') < 0)
                        .filter(scope::includes)
                        .toList());
    }

    /// Agents whose first event lies in the period, in the order in which they came.
    ///
    /// @param limit of them at most
    public List<Agent> firstSeenIn(Viewer viewer, Period period, int limit) {
        viewer.requireReader();
        return repository.firstSeenIn(viewer, period, limit);
    }

    /// Agents in code-point order of their ids.
    public Page<Agent> page(Viewer viewer, PageRequest page) {
        viewer.requireReader();
        List<Agent> found =
                new ArrayList<>(
                        repository.find(
                                viewer,
                                decode(page.after()),
                                decode(page.before()),
                                !page.backwards(),
                                page.size() + 1));
        boolean more = found.size() > page.size();
        if (more) {
            found.removeLast();
        }
        if (page.backwards()) {
            Collections.reverse(found);
        }
        List<Page.Edge<Agent>> edges =
                found.stream().map(agent -> new Page.Edge<>(encode(agent.id()), agent)).toList();
        return page.backwards()
                ? new Page<>(edges, page.before() != null, more)
                : new Page<>(edges, more, page.after() != null);
    }

    private static String encode(String agentId) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(agentId.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String decode(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        if (cursor.length() > MAXIMUM_CURSOR_LENGTH) {
            throw Cursor.malformed();
        }
        try {
            String id = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (id.indexOf('\0') >= 0) {
                throw Cursor.malformed();
            }
            return id;
        } catch (IllegalArgumentException e) {
            throw Cursor.malformed();
        }
    }
}
