package org.agentaudit.admin;

import java.util.List;
import java.util.Map;
import org.agentaudit.access.AccessLogEntry;
import org.jspecify.annotations.Nullable;

/// One user; model of `views/admin/user.html`.
///
/// @param note     what was just done; null when the page was opened otherwise
/// @param password made by the portal and shown this once; null otherwise
/// @param typed    roles and agent scope as they stand or as they were sent
/// @param problems what is wrong with a form that was sent, by field; empty when nothing is
/// @param latest   what the user did last, newest first
/// @param logHref  all of it
/// @param self     whether the viewer looks at their own account
public record UserPage(
        @Nullable String note,
        @Nullable String password,
        UserRow user,
        List<RoleWords> roles,
        UserListPage.Typed typed,
        Map<String, String> problems,
        List<AccessLogEntry> latest,
        String logHref,
        boolean self) {

    public UserPage {
        problems = Map.copyOf(problems);
        latest = List.copyOf(latest);
    }
}
