package org.agentaudit.pricing;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// List prices of models and what a request costs at them (metrics "Cost"). Immutable; safe for any
/// thread.
@Singleton
public final class PriceTable {
    /// Decimal places a cost is kept with: prices have at most six, a token is a millionth of their
    /// unit.
    public static final int SCALE = 12;

    /// Names remembered; a producer that invents names without end does not fill the memory.
    private static final int MAX_REMEMBERED = 10_000;

    private final String version;
    private final List<ModelPrice> prices;
    private final Map<String, List<ModelPrice>> byName = new HashMap<>();
    private final Map<String, Optional<ModelPrice>> found = new ConcurrentHashMap<>();

    /// @param file of prices (`PORTAL_PRICE_TABLE`), see [PriceFile]; empty: those that come with
    ///     the portal
    /// @throws IllegalArgumentException when the file cannot be understood; the message is one line
    @Inject
    public PriceTable(@Value("${portal.price-table:}") String file) {
        this(file.isBlank() ? PriceFile.builtIn() : PriceFile.read(file.strip()));
    }

    /// The table that comes with the portal.
    public PriceTable() {
        this(PriceFile.builtIn());
    }

    PriceTable(PriceFile file) {
        this.version = file.version();
        this.prices = file.prices();
        for (ModelPrice price : this.prices) {
            for (String name : price.names()) {
                List<ModelPrice> rows =
                        byName.computeIfAbsent(
                                name.toLowerCase(Locale.ROOT), key -> new ArrayList<>());
                if (!rows.contains(price)) {
                    rows.add(price);
                }
            }
        }
    }

    /// Makes sure that a file of prices can be understood.
    ///
    /// @throws IllegalArgumentException when it cannot; the message is one line
    public static void requireReadable(String file) {
        PriceFile.read(file);
    }

    /// Which prices these are, for people.
    public String version() {
        return version;
    }

    /// Every row in file order.
    public List<ModelPrice> prices() {
        return prices;
    }

    /// The price of a model under any of its names.
    ///
    /// @param model as the producer wrote it, with or without provider, region, version and date
    public Optional<ModelPrice> find(String model) {
        Optional<ModelPrice> known = found.get(model);
        if (known != null) {
            return known;
        }
        Optional<ModelPrice> price = match(new ModelName(model));
        if (found.size() < MAX_REMEMBERED) {
            found.put(model, price);
        }
        return price;
    }

    /// The provider's row at which the tokens cost least, the first such in file order; empty for a
    /// provider without rows.
    public Optional<ModelPrice> cheapest(String provider, TokenCounts tokens) {
        return prices.stream()
                .filter(price -> price.provider().equals(provider))
                .min(Comparator.comparing(price -> cost(price, tokens)));
    }

    /// US dollars for a request; null when there are no tokens or the model has no price.
    public @Nullable BigDecimal cost(@Nullable String model, @Nullable TokenCounts tokens) {
        if (model == null || tokens == null) {
            return null;
        }
        return find(model).map(price -> cost(price, tokens)).orElse(null);
    }

    /// US dollars for tokens at a given price.
    public static BigDecimal cost(ModelPrice price, TokenCounts tokens) {
        long uncached = Math.max(0, tokens.input() - tokens.cached());
        BigDecimal dollars =
                BigDecimal.valueOf(uncached)
                        .multiply(price.input())
                        .add(BigDecimal.valueOf(tokens.cached()).multiply(price.cachedInput()))
                        .add(BigDecimal.valueOf(tokens.output()).multiply(price.output()))
                        .movePointLeft(6);
        return plain(dollars);
    }

    /// An amount in the form it is kept in: at most [#SCALE] decimal places, no trailing zeros, no
    /// exponent.
    public static BigDecimal plain(BigDecimal dollars) {
        BigDecimal shortest = dollars.setScale(SCALE, RoundingMode.HALF_UP).stripTrailingZeros();
        return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }

    private Optional<ModelPrice> match(ModelName name) {
        String provider = name.provider();
        for (String candidate : name.candidates()) {
            List<ModelPrice> rows = byName.get(candidate);
            if (rows != null) {
                return rows.stream()
                        .filter(row -> row.provider().equals(provider))
                        .findFirst()
                        .or(() -> Optional.of(rows.getFirst()));
            }
        }
        return Optional.empty();
    }
}
