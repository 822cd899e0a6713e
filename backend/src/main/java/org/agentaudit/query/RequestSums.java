package org.agentaudit.query;

import java.math.BigDecimal;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// Sums over model requests: events with tokens or a stated cost (metrics "Cost").
///
/// @param costed requests with a cost
/// @param cost   US dollars; null when no request has a cost
public record RequestSums(
        long requests, long costed, TokenCounts tokens, @Nullable BigDecimal cost) {

    /// Requests without a cost: their model has no price.
    public long unpriced() {
        return requests - costed;
    }
}
