package org.agentaudit.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A key of a program, without its secret.
///
/// @param prefix     first 12 characters of the key
/// @param expiresAt  null: does not expire
/// @param revokedAt  null: not revoked
/// @param lastUsedAt within a minute; null: never used
public record ApiKey(
        long id,
        String name,
        String prefix,
        Role role,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {}
