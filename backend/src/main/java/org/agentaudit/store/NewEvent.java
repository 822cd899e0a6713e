package org.agentaudit.store;

import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.EventProof;
import org.agentaudit.proof.Prover;
import org.jspecify.annotations.Nullable;

/// A normalised event that is ready to be stored.
///
/// @param event          complete but for `arrival`
/// @param digest SHA-256 of the RFC 8785 form of the line after redaction, 32 bytes: decides "same
///     body"; empty when the content is gone
/// @param redactionRules version of the redaction rules the line went through; digests of different
///                       versions are not compared; [#NO_RULES] when the content is gone, so that
///                       the id alone decides
/// @param proof          leaf and commitments of the event
/// @param counted        true for an event that comes back from an archive and that counters and
///     settled tables still hold
/// @param contentGone    true when its content expired or was erased before it was archived
/// @param quarantineId   the item of quarantine it was made of, which leaves quarantine in the
///                       commit that stores all events made of it; null for an event that came in
public record NewEvent(
        AuditEvent event,
        byte[] digest,
        int redactionRules,
        EventProof proof,
        boolean counted,
        boolean contentGone,
        @Nullable Long quarantineId) {

    /// Version of redaction rules that no rules have.
    public static final int NO_RULES = 0;

    /// An event that came in, whose proof is made here and now.
    ///
    /// @throws IllegalArgumentException when the event cannot be proven, see [Prover#prove]
    public NewEvent(AuditEvent event, byte[] digest, int redactionRules, Prover prover) {
        this(
                event,
                digest,
                redactionRules,
                prover.prove(event.envelope(), EventRow.parts(event.content())),
                false,
                false,
                null);
    }

    /// The same event, made of an item of quarantine.
    public NewEvent fromQuarantine(long id) {
        return new NewEvent(event, digest, redactionRules, proof, counted, contentGone, id);
    }
}
