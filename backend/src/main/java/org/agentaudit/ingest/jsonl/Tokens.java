package org.agentaudit.ingest.jsonl;

import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// Token counts as producers state them (metrics "Tokens").
public final class Tokens {
    private Tokens() {}

    /// What is not stated counts as 0 beside what is. Cached tokens beyond the input were not part
    /// of it: added.
    ///
    /// @return null when nothing is stated
    public static @Nullable TokenCounts of(
            @Nullable Long input, @Nullable Long output, @Nullable Long cached) {
        if (input == null && output == null && cached == null) {
            return null;
        }
        long in = input == null ? 0 : input;
        long fromCache = cached == null ? 0 : cached;
        return new TokenCounts(
                fromCache > in ? in + fromCache : in, output == null ? 0 : output, fromCache);
    }
}
