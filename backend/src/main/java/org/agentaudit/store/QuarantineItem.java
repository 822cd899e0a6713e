package org.agentaudit.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that could not be understood as an event, kept so that nothing is lost.
///
/// @param origin  where it came from, for instance `http` or a file name
/// @param index   position in the request or line number in the file
/// @param eventId the id it named; null when it named none
/// @param reason  for people, says what to change
/// @param body    the item after redaction, cut to a bounded length
public record QuarantineItem(
        Instant receivedAt,
        String origin,
        long index,
        @Nullable String eventId,
        String reason,
        String body) {}
