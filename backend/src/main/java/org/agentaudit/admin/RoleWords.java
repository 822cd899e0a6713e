package org.agentaudit.admin;

import java.util.Arrays;
import java.util.List;
import org.agentaudit.access.Role;

/// What each role may do, in a few words.
///
/// @param title in words
/// @param may   what it may do
public record RoleWords(Role role, String title, String may) {

    static final List<RoleWords> ALL = Arrays.stream(Role.values()).map(RoleWords::of).toList();

    private static RoleWords of(Role role) {
        return switch (role) {
            case ADMIN ->
                    new RoleWords(
                            role,
                            "Administrator",
                            "users, keys and settings; reads no reports and no events");
            case COMPLIANCE_OFFICER ->
                    new RoleWords(
                            role,
                            "Compliance officer",
                            "reports and events with their content; incidents, sign-off, report mails");
            case SECURITY_ANALYST ->
                    new RoleWords(
                            role,
                            "Security analyst",
                            "reports and events with their content; incidents, alerts and their rules");
            case AUDITOR ->
                    new RoleWords(
                            role,
                            "Auditor",
                            "reports and events with content masked; the access log");
            case INGESTOR -> new RoleWords(role, "Ingestor", "sends events, reads nothing");
        };
    }

    static String title(Role role) {
        return of(role).title();
    }
}
