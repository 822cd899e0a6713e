package org.agentaudit.query;

import java.time.Instant;

/// The removal of an event's content, while the event stays.
///
/// @param rule   name of the rule that decided, for instance `content-expiry`
/// @param reason for people
public record ContentRemoval(Instant at, String rule, String reason) {}
