package org.agentaudit.web;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;

/// The viewer as the top bar shows them.
///
/// @param name      user name
/// @param roles     role names in words, for instance `compliance officer`; sorted as in [Role]
/// @param scope     agent patterns the viewer is limited to; empty means all agents
/// @param masked    whether event content is masked for this viewer
/// @param mayRead   whether the viewer may open reports and events
public record ViewerBadge(
        String name, List<String> roles, List<String> scope, boolean masked, boolean mayRead) {
    public ViewerBadge {
        roles = List.copyOf(roles);
        scope = List.copyOf(scope);
    }

    static ViewerBadge of(Viewer viewer) {
        List<String> roles =
                viewer.roles().stream()
                        .sorted(Comparator.naturalOrder())
                        .map(ViewerBadge::words)
                        .toList();
        return new ViewerBadge(
                viewer.username(),
                roles,
                viewer.agentScope(),
                !viewer.mayReadContent(),
                viewer.mayRead());
    }

    private static String words(Role role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
