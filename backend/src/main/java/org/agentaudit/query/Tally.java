package org.agentaudit.query;

/// How often a key occurred.
///
/// @param key   `unspecified` for events without one, `(other)` for the sum of what did not fit
/// @param count at least 1
/// @param share of the whole, 0 to 1
public record Tally(String key, long count, double share) {}
