package org.agentaudit.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The signed-in person or program a request acts for.
///
/// @param username   name in the access log
/// @param roles      at least one
/// @param agentScope patterns of agent ids (`ops/*`; `*` stands for any characters, slashes too)
///                   the viewer is limited to; empty means all agents
public record Viewer(String username, Set<Role> roles, List<String> agentScope) {

    private static final Set<Role> READERS =
            EnumSet.of(Role.COMPLIANCE_OFFICER, Role.SECURITY_ANALYST, Role.AUDITOR);
    private static final Set<Role> CONTENT_READERS =
            EnumSet.of(Role.COMPLIANCE_OFFICER, Role.SECURITY_ANALYST);

    public Viewer {
        roles = Set.copyOf(roles);
        agentScope = List.copyOf(agentScope);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    /// Whether reports, events, traces and live activity may be read at all.
    public boolean mayRead() {
        return roles.stream().anyMatch(READERS::contains);
    }

    /// Whether params, results, reasoning, decision text, error messages and user ids are shown in
    /// clear.
    public boolean mayReadContent() {
        return roles.stream().anyMatch(CONTENT_READERS::contains);
    }

    /// The scope as SQL `LIKE` patterns with `\` as the escape character; `%` alone when every
    /// agent is in scope.
    public String[] scopeLikePatterns() {
        return agentScope.isEmpty() ? new String[] {"%"} : AgentScope.likePatterns(agentScope);
    }

    /// Throws when the viewer may not read reports and events.
    public void requireReader() {
        if (!mayRead()) {
            throw new AccessDeniedException(
                    "Reading events and reports needs the role COMPLIANCE_OFFICER, SECURITY_ANALYST or"
                            + " AUDITOR.");
        }
    }
}
