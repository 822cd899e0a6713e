package org.agentaudit.retention;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An order to erase one person's content, and what came of it. The person is not named.
///
/// @param endedAt     null: it was interrupted and is to be ordered again
/// @param username    who ordered it
/// @param wholeTraces whether content of others' events in the person's traces went too
/// @param contents    events whose content was erased
/// @param quarantined quarantined items that named the person, erased
/// @param held        events whose content holds kept
/// @param later       events of the person that are stored all the same: arrived later, or kept by
///     a hold; as of the last run
public record Erasure(
        long id,
        Instant at,
        @Nullable Instant endedAt,
        String username,
        String reason,
        boolean wholeTraces,
        long contents,
        long quarantined,
        long held,
        long later) {}
