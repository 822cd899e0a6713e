package org.agentaudit.pricing;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Current list price of one model at one provider, US dollars per million tokens.
///
/// @param names     the model's id and the other names it goes by; matched whole, in any case
/// @param cacheRead price of input read from the prompt cache; null when unknown, the input price
///     then applies
public record ModelPrice(
        String model,
        String provider,
        List<String> names,
        BigDecimal input,
        BigDecimal output,
        @Nullable BigDecimal cacheRead) {

    public ModelPrice {
        names = List.copyOf(names);
    }

    /// What cached input costs.
    public BigDecimal cachedInput() {
        BigDecimal known = cacheRead;
        return known == null ? input : known;
    }
}
