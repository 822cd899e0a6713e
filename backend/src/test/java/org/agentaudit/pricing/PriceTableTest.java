package org.agentaudit.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.agentaudit.event.TokenCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {
    private static final PriceTable PRICES = new PriceTable();

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5,anthropic,claude-haiku-4-5",
        "Claude-Haiku-4-5,anthropic,claude-haiku-4-5",
        "anthropic/claude-haiku-4-5,anthropic,claude-haiku-4-5",
        "claude-haiku-4-5-20251001,anthropic,claude-haiku-4-5",
        "claude-haiku-4-5@20251001,anthropic,claude-haiku-4-5",
        "openrouter/anthropic/claude-sonnet-4.5,anthropic,claude-sonnet-4-5",
        "gpt-4o-2024-08-06,openai,gpt-4o",
        "gpt-4o-2031-01-01,openai,gpt-4o",
        "azure/o1,azure,o1",
        "o1,openai,o1",
        "mistral-large-latest,mistral,mistral-large",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0,aws-bedrock,anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-sonnet-4-5,anthropic,claude-sonnet-4-5",
        "bedrock/eu.anthropic.claude-opus-5,aws-bedrock,anthropic.claude-opus-5",
        "amazon.nova-pro-v1:0,aws-bedrock,amazon.nova-pro-v1:0",
        "openai/gpt-oss-120b,groq,openai/gpt-oss-120b"
    })
    void find_namesAsProducersWriteThem(String sent, String provider, String model) {
        ModelPrice price = PRICES.find(sent).orElseThrow();
        assertThat(price.provider()).isEqualTo(provider);
        assertThat(price.model()).isEqualTo(model);
    }

    @ParameterizedTest
    @CsvSource({"gpt4", "claude-haiku-4-5-turbo", "unknown", "gpt-4o-mini-xl", "''", "/"})
    void find_otherNames_haveNoPrice(String sent) {
        assertThat(PRICES.find(sent)).isEmpty();
        assertThat(PRICES.cost(sent, new TokenCounts(1, 1, 0))).isNull();
    }

    /// (200 × 1 + 800 × 0.1 + 500 × 5) ÷ 1,000,000
    @Test
    void cost_cachedInput_atItsOwnPrice() {
        assertThat(PRICES.cost("anthropic/claude-haiku-4-5", new TokenCounts(1000, 500, 800)))
                .isEqualTo(new BigDecimal("0.00278"));
    }

    @Test
    void cost_cacheReadUnknown_atTheInputPrice() {
        ModelPrice price =
                new ModelPrice(
                        "m", "p", List.of("m"), new BigDecimal("3"), new BigDecimal("15"), null);
        assertThat(PriceTable.cost(price, new TokenCounts(1_000_000, 0, 400_000)))
                .isEqualTo(new BigDecimal("3"));
    }

    @Test
    void cost_smallestAmounts_areExact() {
        assertThat(PRICES.cost("deepseek-v4-pro", new TokenCounts(1, 0, 1)))
                .isEqualTo(new BigDecimal("0.000000003625"));
        assertThat(PRICES.cost("gpt-4o", TokenCounts.ZERO)).isEqualTo(BigDecimal.ZERO);
        assertThat(PRICES.cost("gpt-4o", null)).isNull();
        String unknown = null;
        assertThat(PRICES.cost(unknown, TokenCounts.ZERO)).isNull();
    }

    @Test
    void table_everyRow_findsItselfWithItsProvider() {
        assertThat(PRICES.prices()).hasSize(165);
        for (ModelPrice price : PRICES.prices()) {
            assertThat(PRICES.find(price.model())).isPresent();
            assertThat(price.input().signum()).isNotNegative();
        }
    }
}
