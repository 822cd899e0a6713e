package org.agentaudit.quarantine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An item of quarantine without its body.
///
/// @param id         grows with each new item
/// @param receivedAt the first time
/// @param lastSeenAt the last time
/// @param seen       how often it was received, at least 1
/// @param origin     where it came from the first time
/// @param position   index in the request from 0, or line number in the file
/// @param eventId    the id it named; null when it named none
/// @param reason     of the latest try, for people
/// @param bodyLength characters kept
/// @param retryable  false: it was cut or is not UTF-8, so that it cannot be tried again
/// @param tries      how often it was tried again without success
/// @param triedAt    last of these; null: never
public record QuarantinedItem(
        long id,
        Instant receivedAt,
        Instant lastSeenAt,
        long seen,
        String origin,
        long position,
        @Nullable String eventId,
        String reason,
        long bodyLength,
        boolean retryable,
        int tries,
        @Nullable Instant triedAt) {

    /// The reason without what to change.
    public String brief() {
        int end = reason.indexOf(": ");
        return end < 0 ? reason : reason.substring(0, end);
    }
}
