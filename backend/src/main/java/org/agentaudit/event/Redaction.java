package org.agentaudit.event;

/// A value that was replaced before the event was stored.
///
/// @param pointer  JSON pointer (RFC 6901) into the event as received
/// @param detector name of the rule that fired; `unstorable` for characters that PostgreSQL cannot
///                 hold and that were written out as escapes
public record Redaction(String pointer, String detector) {}
