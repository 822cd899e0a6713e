package org.agentaudit.admin;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The users; model of `views/admin/users.html`.
///
/// @param note     what was just done; null when the page was opened otherwise
/// @param password of a user who was just made, shown this once; null otherwise
/// @param typed    the form for a new user as it was sent
/// @param problems what is wrong with it, by field; empty when nothing is
public record UserListPage(
        @Nullable String note,
        @Nullable OneTimePassword password,
        List<UserRow> users,
        List<RoleWords> roles,
        Typed typed,
        Map<String, String> problems) {

    public UserListPage {
        users = List.copyOf(users);
        problems = Map.copyOf(problems);
    }

    /// A password that the portal made.
    public record OneTimePassword(String username, String password) {}

    /// What stands in the form.
    ///
    /// @param agentScope patterns, one per line
    public record Typed(String username, Set<String> roles, String agentScope) {
        static final Typed NOTHING = new Typed("", Set.of(), "");
    }
}
