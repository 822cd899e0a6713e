package org.agentaudit.query;

import java.time.Instant;

/// An agent that sent events.
///
/// @param firstSeen time of its earliest event
/// @param lastSeen  time of its latest event
public record Agent(String id, Instant firstSeen, Instant lastSeen) {}
