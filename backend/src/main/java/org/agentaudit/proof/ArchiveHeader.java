package org.agentaudit.proof;

import java.time.Instant;

/// The first line of an archive.
///
/// @param portal version of the portal that wrote it
/// @param from   earliest occurred_at of its events
/// @param to     latest occurred_at of its events
/// @param events how many events follow
public record ArchiveHeader(String portal, Instant from, Instant to, long events) {}
