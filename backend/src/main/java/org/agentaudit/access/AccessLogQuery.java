package org.agentaudit.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which entries of the access log to read, newest first.
///
/// @param from     null: from the first on
/// @param to       exclusive; null: to the last
/// @param username in full, as it stands in the log; null: everybody
/// @param action   null: all of them
/// @param target   a part of what was read or changed, in any case; null: everything
/// @param after    the entry before the first one to read; null: none
/// @param limit    entries at most, 0 or more
public record AccessLogQuery(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String username,
        @Nullable AccessAction action,
        @Nullable String target,
        @Nullable Place after,
        int limit) {

    /// The place of an entry in the order of the log.
    public record Place(Instant at, long id) {}

    /// The newest entries of all.
    public static AccessLogQuery newest(int limit) {
        return new AccessLogQuery(null, null, null, null, null, null, limit);
    }
}
