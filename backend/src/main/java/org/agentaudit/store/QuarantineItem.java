package org.agentaudit.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import org.agentaudit.event.SourceFormat;
import org.jspecify.annotations.Nullable;

/// Something that could not be understood as an event, kept so that nothing is lost.
///
/// @param origin   where it came from, for instance `http` or a file name
/// @param index    position in the request or line number in the file
/// @param eventId  the id it named; null when it named none
/// @param reason   for people, says what to change
/// @param body     the item after redaction, cut to a bounded length
/// @param complete whether `body` is all of the item, so that it can be tried again
/// @param format   how to read the body when it is tried again; null: by content
public record QuarantineItem(
        Instant receivedAt,
        String origin,
        long index,
        @Nullable String eventId,
        String reason,
        String body,
        boolean complete,
        @Nullable SourceFormat format) {

    /// Names the item: SHA-256 over shape and body, whatever brought it and whatever was wrong with
    /// it, so that a file that is imported twice is set aside once.
    public byte[] digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            if (format != null) {
                sha.update((format.name() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return sha.digest(body.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
