package org.agentaudit.access;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Somebody who signs in with a password.
///
/// @param roles      at least one
/// @param agentScope patterns of agent ids the user is limited to; empty means all agents
/// @param disabled   cannot sign in, and every session is refused
public record UserAccount(
        String username,
        Set<Role> roles,
        List<String> agentScope,
        boolean disabled,
        Instant createdAt) {
    public UserAccount {
        roles = Set.copyOf(roles);
        agentScope = List.copyOf(agentScope);
    }

    Viewer viewer() {
        return new Viewer(username, roles, agentScope);
    }
}
