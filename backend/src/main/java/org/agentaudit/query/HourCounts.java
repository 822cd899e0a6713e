package org.agentaudit.query;

import java.time.Instant;

/// Events of one hour.
///
/// @param at     when the hour begins
/// @param errors of the events
public record HourCounts(Instant at, long events, long errors) {}
