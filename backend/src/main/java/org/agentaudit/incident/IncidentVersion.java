package org.agentaudit.incident;

import java.time.Instant;
import java.util.UUID;

/// A report that was made of an incident.
///
/// @param reportId as printed in it
/// @param format   ending of its file, for instance `pdf`
/// @param madeBy   user name
public record IncidentVersion(UUID reportId, String format, Instant madeAt, String madeBy) {}
