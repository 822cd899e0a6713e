package org.agentaudit.admin;

import java.time.Instant;
import java.util.List;
import org.agentaudit.access.UserAccount;
import org.jspecify.annotations.Nullable;

/// One user in a list.
///
/// @param roles        in words
/// @param agents       in words: which agents they see
/// @param lastSignInAt null: never signed in
public record UserRow(
        UserAccount account, List<String> roles, String agents, @Nullable Instant lastSignInAt) {

    static UserRow of(UserAccount account, @Nullable Instant lastSignInAt) {
        return new UserRow(
                account,
                account.roles().stream().sorted().map(RoleWords::title).toList(),
                account.agentScope().isEmpty()
                        ? "all agents"
                        : String.join(", ", account.agentScope()),
                lastSignInAt);
    }
}
