package org.agentaudit.analysis;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// A way to spend less, worked out from the period's requests and list prices.
///
/// @param agentId          null: about a model, whichever agents use it
/// @param because          the numbers it rests on, and the rule
/// @param estimatedSavings US dollars in the period; null when the model has no price
public record Optimization(
        @Nullable String agentId,
        String suggestion,
        String because,
        @Nullable BigDecimal estimatedSavings) {}
