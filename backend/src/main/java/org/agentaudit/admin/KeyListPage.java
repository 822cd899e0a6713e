package org.agentaudit.admin;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.ApiKey;
import org.agentaudit.access.ApiKeys.NewKey;
import org.jspecify.annotations.Nullable;

/// The API keys; model of `views/admin/keys.html`.
///
/// @param note       what was just done; null when the page was opened otherwise
/// @param made       a key that was just made, shown this once; null otherwise
/// @param inUse      newest first
/// @param over       revoked or expired, newest first
/// @param configured whether the setting PORTAL_INGEST_KEY is a key too
/// @param name       of the form as it was sent
/// @param role       of the form as it was sent
/// @param expires    last day of the form as it was sent; empty when there is none
/// @param today      first day that can be chosen
/// @param problems   what is wrong with it, by field; empty when nothing is
public record KeyListPage(
        @Nullable String note,
        @Nullable NewKey made,
        List<Row> inUse,
        List<Row> over,
        boolean configured,
        List<RoleWords> roles,
        String name,
        String role,
        String expires,
        LocalDate today,
        Map<String, String> problems) {

    public KeyListPage {
        inUse = List.copyOf(inUse);
        over = List.copyOf(over);
        problems = Map.copyOf(problems);
    }

    /// @param role  in words
    /// @param state `in use`, `expired` or `revoked`
    public record Row(ApiKey key, String role, String state) {}
}
