package org.agentaudit.incident;

import java.time.Instant;

/// A change of an incident.
///
/// @param actor user name
/// @param what  for people; without texts that may quote content
public record IncidentStep(Instant at, String actor, String what) {}
