package org.agentaudit.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One entry of the access log.
///
/// @param id            order of entry
/// @param username      as typed for a failed sign-in
/// @param target        what was read or changed
/// @param reason        why, when one was given
/// @param remoteAddress null for what did not come over the network
public record AccessLogEntry(
        long id,
        Instant at,
        String username,
        AccessAction action,
        @Nullable String target,
        @Nullable String reason,
        @Nullable String remoteAddress) {}
