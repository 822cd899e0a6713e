package org.agentaudit.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agentaudit.event.TokenCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables of one's own, and the matching rules (metrics "Cost") at their limits.
class PriceFileTest {

    /// Input prices tell which row was found.
    private static final String RULES =
            """
            [{"model": "m-1", "provider": "first", "inputPerMTok": 1, "outputPerMTok": 2},
             {"model": "m-1", "provider": "openai", "inputPerMTok": 2, "outputPerMTok": 2},
             {"model": "anthropic.m-2", "provider": "aws-bedrock", "inputPerMTok": 3, "outputPerMTok": 2},
             {"model": "m-2", "provider": "anthropic", "inputPerMTok": 4, "outputPerMTok": 2},
             {"model": "m-3-20250101", "provider": "first", "inputPerMTok": 5, "outputPerMTok": 2},
             {"model": "m-3", "provider": "second", "inputPerMTok": 6, "outputPerMTok": 2},
             {"model": "Org/M-4", "provider": "first", "inputPerMTok": 7, "outputPerMTok": 2, "matchPrefixes": ["four"]},
             {"model": "us.m-5", "provider": "first", "inputPerMTok": 8, "outputPerMTok": 2},
             {"model": "m-5", "provider": "second", "inputPerMTok": 9, "outputPerMTok": 2}]
            """;

    @TempDir Path folder;

    private PriceTable table(String json) throws IOException {
        return new PriceTable(Files.writeString(folder.resolve("mine.json"), json).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "m-1,1", // first in file order
        "openai/m-1,2", // the named provider's row first
        "azure/m-1,1", // a provider without such a row
        "x/openai/m-1,2",
        "M-1,1", // any case
        "m-1-latest,1",
        "m-1-v2,1",
        "m-1-v2:0,1",
        "m-1-20250102,1",
        "m-1-2025-01-02,1",
        "m-1@20250102,1",
        "m-1-20250102-v1:0,1", // several of them
        "us.anthropic.m-2,3", // the region alone is tried before region and vendor
        "anthropic.m-2-v1:0,3",
        "mistral.m-2,4", // without the vendor
        "m-3-20250101,5", // as sent before without the date
        "m-3-20250102,6",
        "org/m-4,7", // as sent, path and all
        "FOUR,7",
        "x/four-latest,7",
        "us.m-5,8",
        "eu.m-5,9",
        "us.m-5-v1:0,8"
    })
    void find_byTheRules_atTheirLimits(String sent, BigDecimal input) throws IOException {
        assertThat(table(RULES).find(sent).orElseThrow().input()).isEqualByComparingTo(input);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m-1-2025010", // seven digits are no date
                "m-1-202501022",
                "m-1-2025-1-2",
                "m-1-v", // no version
                "m-1-v1:",
                "m-1:0",
                "m-1-preview",
                "m-1/", // the path is all there is
                "m-10", // matched whole, not by its start
                "four-and-more",
                "m-4",
                "mars.m-1x",
                "unspecified"
            })
    void find_whatTheRulesDoNotCover_hasNoPrice(String sent) throws IOException {
        assertThat(table(RULES).find(sent)).isEmpty();
    }

    @Test
    void table_ofOnesOwn_replacesTheOneThatComesWithThePortal() throws IOException {
        PriceTable table =
                table(
                        """
                        [{"model": "house", "provider": "own", "inputPerMTok": 0.5, "outputPerMTok": 1e1,
                          "cacheReadPerMTok": null, "asOf": "2026-11-01"}]
                        """);
        assertThat(table.cost("house", new TokenCounts(1_000_000, 100_000, 500_000)))
                .isEqualByComparingTo("1.5");
        assertThat(table.find("gpt-4o")).isEmpty();
        assertThat(table.version())
                .matches("mine\\.json, 1 prices, checked up to 2026-11-01, SHA-256 [0-9a-f]{12}");
        assertThat(new PriceTable().version())
                .startsWith("model-prices.json, 165 prices, checked up to 2026-");
    }

    @Test
    void cheapest_isTheProvidersRowAtWhichTheTokensCostLeast() throws IOException {
        PriceTable table =
                table(
                        """
                        [{"model": "a", "provider": "p", "inputPerMTok": 1, "outputPerMTok": 9},
                         {"model": "b", "provider": "p", "inputPerMTok": 2, "outputPerMTok": 2},
                         {"model": "c", "provider": "p", "inputPerMTok": 2, "outputPerMTok": 2},
                         {"model": "d", "provider": "q", "inputPerMTok": 0, "outputPerMTok": 0}]
                        """);
        assertThat(table.cheapest("p", new TokenCounts(100, 1, 0)).orElseThrow().model())
                .isEqualTo("a");
        assertThat(table.cheapest("p", new TokenCounts(100, 100, 0)).orElseThrow().model())
                .isEqualTo("b");
        assertThat(table.cheapest("r", TokenCounts.ZERO)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|'mine.json' must hold a JSON array of prices.",
                "[]|'mine.json' must hold a JSON array of prices.",
                "[1]|in 'mine.json', 'model' of entry 1 must be a name.",
                "[{\"model\":\"a\",\"provider\":\" \"}]|in 'mine.json', 'provider' of entry 1 must be a name.",
                "[{\"model\":\"a\",\"provider\":\"p\",\"inputPerMTok\":\"1\"}]|in 'mine.json', 'inputPerMTok' of entry 1 must be a number.",
                "[{\"model\":\"a\",\"provider\":\"p\",\"inputPerMTok\":-1,\"outputPerMTok\":1}]|in 'mine.json', 'inputPerMTok' of entry 1 must be 0 to 1,000,000 with at most 12 decimal places.",
                "[{\"model\":\"a\",\"provider\":\"p\",\"inputPerMTok\":1,\"outputPerMTok\":1e999999}]|in 'mine.json', 'outputPerMTok' of entry 1 must be 0 to 1,000,000 with at most 12 decimal places.",
                "[{\"model\":\"a\",\"provider\":\"p\",\"inputPerMTok\":1,\"outputPerMTok\":1,\"matchPrefixes\":\"b\"}]|in 'mine.json', 'matchPrefixes' of entry 1 must be a list of names.",
                "[{\"model\":\"a\"|'mine.json' is no JSON: see line 1.",
                "[] []|'mine.json' is no JSON: see line 1."
            })
    void file_thatIsNoTable_saysWhatIsWrong(String json, String message) {
        assertThatThrownBy(() -> table(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void file_thatIsNotThere_saysSo() {
        String missing = folder.resolve("none.json").toString();
        assertThatThrownBy(() -> new PriceTable(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no file");
        assertThatThrownBy(() -> new PriceTable("a\0b"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
