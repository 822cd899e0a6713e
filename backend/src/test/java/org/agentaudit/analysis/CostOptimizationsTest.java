package org.agentaudit.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.pricing.PriceTable;
import org.agentaudit.query.CostCounts;
import org.agentaudit.query.Period;
import org.agentaudit.query.RequestSums;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Savings by hand (metrics "Optimisations"). Which candidates there are is decided in SQL; see
/// RequestReportsOracleIT.
class CostOptimizationsTest {

    @TempDir Path folder;
    private CostOptimizations optimizations;

    @BeforeEach
    void prices() throws Exception {
        String json =
                """
                [{"model": "big", "provider": "p", "inputPerMTok": 10, "outputPerMTok": 50, "cacheReadPerMTok": 1},
                 {"model": "small", "provider": "p", "inputPerMTok": 1, "outputPerMTok": 5, "cacheReadPerMTok": 0.1},
                 {"model": "free", "provider": "q", "inputPerMTok": 0, "outputPerMTok": 0},
                 {"model": "alone", "provider": "r", "inputPerMTok": 4, "outputPerMTok": 4}]
                """;
        Path file = Files.writeString(folder.resolve("prices.json"), json);
        optimizations = new CostOptimizations(new PriceTable(file.toString()));
    }

    private static RequestSums sums(
            long requests, long input, long output, long cached, @Nullable String cost) {
        return new RequestSums(
                requests,
                requests,
                new TokenCounts(input, output, cached),
                cost == null ? null : new BigDecimal(cost));
    }

    private List<Optimization> of(
            List<CostCounts.AgentModel> small, List<CostCounts.Row> uncached) {
        Period period = Period.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        return optimizations.of(
                new CostCounts(period, sums(0, 0, 0, 0, null), List.of(), small, uncached));
    }

    /// (800,000 × 10 + 200,000 × 1 + 100,000 × 50) ÷ 1,000,000 = 13.2, a tenth of it at `small`.
    @Test
    void cheaperModel_ofTheSameProvider_savesTheDifferenceToTheCost() {
        List<Optimization> found =
                of(
                        List.of(
                                new CostCounts.AgentModel(
                                        "ops/a",
                                        "big",
                                        sums(2_000, 1_000_000, 100_000, 200_000, "13.2"))),
                        List.of());
        assertThat(found).hasSize(1);
        Optimization optimization = found.getFirst();
        assertThat(optimization.agentId()).isEqualTo("ops/a");
        assertThat(optimization.estimatedSavings()).isEqualByComparingTo("11.88");
        assertThat(optimization.suggestion()).contains("small").contains("big");
        assertThat(optimization.because())
                .contains("2,000 requests")
                .contains("550 tokens on average (rule: below 1,000)")
                .contains("13.20 USD (rule: above 10 USD)")
                .contains("1.32 USD");
    }

    @Test
    void cheaperModel_isNotSuggested_whenThereIsNoneOrNothingToSave() {
        assertThat(
                        of(
                                List.of(
                                        // already the cheapest of its provider
                                        new CostCounts.AgentModel(
                                                "a", "small", sums(10, 1_000, 10, 0, "12")),
                                        // the only one of its provider, others are of others
                                        new CostCounts.AgentModel(
                                                "a", "alone", sums(10, 1_000, 10, 0, "12")),
                                        new CostCounts.AgentModel(
                                                "a", "unknown", sums(10, 1_000, 10, 0, "12")),
                                        // a stated cost below the cheapest list price
                                        new CostCounts.AgentModel(
                                                "a", "big", sums(90_000, 80_000_000, 0, 0, "11")),
                                        // a stated cost without tokens
                                        new CostCounts.AgentModel(
                                                "a", "big", sums(10, 0, 0, 0, "12"))),
                                List.of()))
                .isEmpty();
    }

    /// Half of 1,000,001 less 100,000, at 9 dollars per million less.
    @Test
    void cache_savesWhatARateOfAHalfWouldHaveCostLess() {
        List<Optimization> found =
                of(
                        List.of(),
                        List.of(
                                new CostCounts.Row("big", sums(100, 1_000_001, 5, 100_000, "9")),
                                new CostCounts.Row("mystery", sums(200, 10, 5, 1, null)),
                                new CostCounts.Row("alone", sums(300, 10, 5, 1, "1"))));
        assertThat(found)
                .extracting(Optimization::estimatedSavings)
                .usingElementComparator(
                        (a, b) -> a == null || b == null ? (a == b ? 0 : 1) : a.compareTo(b))
                .containsExactly(new BigDecimal("3.6000045"), BigDecimal.ZERO, null);
        assertThat(found).allMatch(optimization -> optimization.agentId() == null);
        assertThat(found.getFirst().because())
                .contains("100,000 of 1,000,001 input tokens")
                .contains("(0.100; rule: below 0.5)")
                .contains("in 100 requests (rule: at least 100)");
        assertThat(found.getLast().because()).contains("no price");
    }

    @Test
    void optimizations_areOrderedBySavings() {
        List<Optimization> found =
                of(
                        List.of(
                                new CostCounts.AgentModel(
                                        "a", "big", sums(2_000, 1_000_000, 0, 0, "10.5")),
                                new CostCounts.AgentModel(
                                        "b", "big", sums(2_000, 1_000_000, 0, 0, "30"))),
                        List.of(new CostCounts.Row("big", sums(4_000, 4_000_000, 0, 0, "40"))));
        assertThat(found)
                .extracting(o -> o.estimatedSavings().toPlainString())
                .containsExactly("29", "18", "9.5");
    }
}
