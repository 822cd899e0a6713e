package org.agentaudit.proof;

import org.agentaudit.event.Envelope;
import org.jspecify.annotations.Nullable;

/// An event as an archive keeps it: with all that is needed to prove it and to store it again.
///
/// @param envelope    with the place it had (`arrival`)
/// @param commitments in stored form; null when no part of the content was stated
/// @param parts       texts of the content; null when it had expired or was erased
/// @param salt        null when the content is gone or no part was stated
/// @param leaf        null for an event stored before leaves were written: nothing proves it
/// @param digest      what decides whether the same id comes with the same body
/// @param redactionRules version of the redaction rules the digest was made with
public record ArchiveRecord(
        Envelope envelope,
        byte @Nullable [] commitments,
        @Nullable ContentParts parts,
        byte @Nullable [] salt,
        byte @Nullable [] leaf,
        byte[] digest,
        int redactionRules) {

    /// The same event after its content has gone.
    public ArchiveRecord withoutContent() {
        return new ArchiveRecord(envelope, commitments, null, null, leaf, digest, redactionRules);
    }
}
