package org.agentaudit.query;

/// How often a key occurred.
///
/// @param key   `unspecified` for events without one, `(other)` for the sum of what did not fit
/// @param count at least 1
/// @param share of the whole, 0 to 1
public record Tally(String key, long count, double share) {
    /// Key of the sum of what did not fit.
    public static final String OTHER = "(other)";

    /// Key of users whose ids have gone with the content of their events.
    public static final String REMOVED = "(removed)";
}
