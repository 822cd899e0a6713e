package org.agentaudit.analysis;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.pricing.ModelPrice;
import org.agentaudit.pricing.PriceTable;
import org.agentaudit.query.CostCounts;
import org.agentaudit.query.RequestQuery;
import org.agentaudit.query.RequestSums;

/// Where a period's requests would have cost less (metrics "Optimisations", checklist K12, K13): a
/// cheaper model of the same provider for agents with small requests, and more use of the prompt
/// cache.
@Singleton
public class CostOptimizations {

    private static final BigDecimal COST_ABOVE = BigDecimal.TEN;
    private static final long TOKENS_BELOW = 1_000;
    private static final long REQUESTS = 100;
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final int MILLION_DIGITS = 6;

    /// What has to be read for [#of].
    public static final RequestQuery.Thresholds THRESHOLDS =
            new RequestQuery.Thresholds(COST_ABOVE, TOKENS_BELOW, REQUESTS);

    private final PriceTable prices;

    CostOptimizations(PriceTable prices) {
        this.prices = prices;
    }

    /// The largest savings first, those that cannot be estimated last.
    public List<Optimization> of(CostCounts counts) {
        List<Optimization> found = new ArrayList<>();
        counts.small().stream().flatMap(this::cheaperModel).forEach(found::add);
        counts.uncached().stream().map(this::cache).forEach(found::add);
        found.sort(
                Comparator.comparing(
                        Optimization::estimatedSavings,
                        Comparator.nullsLast(Comparator.reverseOrder())));
        return List.copyOf(found);
    }

    /// Which price table the savings were worked out with.
    public String priceTable() {
        return prices.version();
    }

    private Stream<Optimization> cheaperModel(CostCounts.AgentModel used) {
        RequestSums sums = used.sums();
        TokenCounts tokens = sums.tokens();
        BigDecimal cost = sums.cost();
        Optional<ModelPrice> own = prices.find(used.model());
        if (cost == null || own.isEmpty()) {
            return Stream.empty();
        }
        ModelPrice cheapest = prices.cheapest(own.get().provider(), tokens).orElseThrow();
        BigDecimal cheaper = PriceTable.cost(cheapest, tokens);
        BigDecimal savings = PriceTable.plain(cost.subtract(cheaper));
        if (cheaper.compareTo(PriceTable.cost(own.get(), tokens)) >= 0 || savings.signum() <= 0) {
            return Stream.empty();
        }
        return Stream.of(
                new Optimization(
                        used.agentId(),
                        "Try %s (%s) instead of %s for these requests, where its quality is enough."
                                .formatted(cheapest.model(), cheapest.provider(), used.model()),
                        "%s on %s: %s requests of %s tokens on average (rule: below %s) for %s USD (rule: above %s USD)."
                                        .formatted(
                                                used.agentId(),
                                                used.model(),
                                                number(sums.requests()),
                                                mean(tokens, sums.requests()),
                                                number(TOKENS_BELOW),
                                                dollars(cost),
                                                COST_ABOVE)
                                + " The same %s tokens at the list price of %s: %s USD."
                                        .formatted(
                                                number(tokens.total()),
                                                cheapest.model(),
                                                dollars(cheaper)),
                        savings));
    }

    private Optimization cache(CostCounts.Row model) {
        TokenCounts tokens = model.sums().tokens();
        BigDecimal input = BigDecimal.valueOf(tokens.input());
        BigDecimal cached = BigDecimal.valueOf(tokens.cached());
        String because =
                "%s: %s of %s input tokens came from the cache (%s; rule: below 0.5) in %s requests (rule: at least %s)."
                        .formatted(
                                model.key(),
                                number(tokens.cached()),
                                number(tokens.input()),
                                cached.divide(input, 3, RoundingMode.HALF_UP).toPlainString(),
                                number(model.sums().requests()),
                                number(REQUESTS));
        String suggestion =
                "Keep the unchanging part of the prompts of %s first, so that more of them is read from the prompt cache."
                        .formatted(model.key());
        ModelPrice price = prices.find(model.key()).orElse(null);
        if (price == null) {
            return new Optimization(
                    null, suggestion, because + " The price table has no price for it.", null);
        }
        BigDecimal less =
                input.multiply(HALF)
                        .subtract(cached)
                        .multiply(price.input().subtract(price.cachedInput()))
                        .movePointLeft(MILLION_DIGITS);
        return new Optimization(
                null,
                suggestion,
                because
                        + (price.cacheRead() == null
                                ? " The price table has no price of cached input, so the input price counts."
                                : " At a rate of 0.5 the difference would have cost %s instead of %s USD per million tokens."
                                        .formatted(
                                                price.cachedInput().toPlainString(),
                                                price.input().toPlainString())),
                PriceTable.plain(less));
    }

    private static String mean(TokenCounts tokens, long requests) {
        return number(Math.round((double) tokens.total() / requests));
    }

    private static String dollars(BigDecimal amount) {
        return String.format(Locale.ROOT, "%,.2f", amount);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
