package org.agentaudit.store;

import org.agentaudit.event.AuditEvent;

/// A normalised event that is ready to be stored.
///
/// @param event          complete but for `arrival`
/// @param digest SHA-256 of the RFC 8785 form of the line after redaction, 32 bytes: decides "same
///     body"
/// @param redactionRules version of the redaction rules the line went through; digests of different
///                       versions are not compared
public record NewEvent(AuditEvent event, byte[] digest, int redactionRules) {}
