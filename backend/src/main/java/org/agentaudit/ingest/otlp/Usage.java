package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.ingest.normal.Amounts;
import org.jspecify.annotations.Nullable;

/// Tokens and cost of a model call as the conventions name them. The input is the total with cached
/// tokens, except where less input than cached shows that it is not.
final class Usage {
    private static final String[] INPUT = {
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.prompt_tokens",
        "llm.token_count.prompt",
        "llm.usage.prompt_tokens",
        "ai.usage.inputTokens",
        "ai.usage.promptTokens",
        "ai.usage.tokens",
        "metadata/prompt_tokens"
    };
    private static final String[] OUTPUT = {
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.completion_tokens",
        "llm.token_count.completion",
        "llm.usage.completion_tokens",
        "ai.usage.outputTokens",
        "ai.usage.completionTokens",
        "metadata/completion_tokens"
    };
    private static final String[] CACHED = {
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
        "llm.token_count.prompt_details.cache_read",
        "gen_ai.usage.details.cache_read_tokens",
        "ai.usage.cachedInputTokens"
    };
    private static final String[] TOTAL = {
        "llm.usage.total_tokens",
        "gen_ai.usage.total_tokens",
        "llm.token_count.total",
        "ai.usage.totalTokens",
        "metadata/total_tokens"
    };
    private static final String LANGFUSE = "langfuse.observation.usage_details";

    private Usage() {}

    static boolean isStated(Attributes attributes) {
        return attributes.has(INPUT) || attributes.has(OUTPUT) || attributes.has(TOTAL);
    }

    /// Null when nothing is stated. A total alone counts as input.
    static @Nullable TokenCounts tokens(Attributes attributes) {
        Long input = attributes.tokens(INPUT);
        Long output = attributes.tokens(OUTPUT);
        if (input == null && output == null) {
            TokenCounts langfuse = langfuse(attributes);
            if (langfuse != null) {
                return langfuse;
            }
            input = attributes.tokens(TOTAL);
            return input == null ? null : new TokenCounts(input, 0, 0);
        }
        attributes.tokens(TOTAL);
        return counts(input, output, attributes.tokens(CACHED));
    }

    /// @param cached tokens beyond the input were no part of it
    static TokenCounts counts(@Nullable Long input, @Nullable Long output, @Nullable Long cached) {
        long in = input == null ? 0 : input;
        long fromCache = cached == null ? 0 : cached;
        return new TokenCounts(
                fromCache > in ? in + fromCache : in, output == null ? 0 : output, fromCache);
    }

    private static @Nullable TokenCounts langfuse(Attributes attributes) {
        if (!attributes.has(LANGFUSE)) {
            return null;
        }
        JsonNode details = attributes.find(LANGFUSE);
        if (details == null || !details.isObject() || details.isEmpty()) {
            return null;
        }
        long cached =
                Math.max(
                        Math.max(
                                whole(details, "input_cached_tokens"),
                                whole(details, "input_cache_read")),
                        Math.max(
                                whole(details, "cache_read_input_tokens"),
                                whole(details, "prompt_details.cache_read")));
        return counts(whole(details, "input"), whole(details, "output"), cached);
    }

    private static long whole(JsonNode details, String name) {
        JsonNode value = details.path(name);
        return value.isIntegralNumber() && value.canConvertToLong()
                ? Math.clamp(value.longValue(), 0, Amounts.MAX_TOKENS)
                : 0;
    }

    /// US dollars; null when not stated.
    static @Nullable BigDecimal cost(Attributes attributes) {
        BigDecimal total =
                attributes.cost(
                        "gen_ai.usage.cost",
                        "gen_ai.usage.total_cost",
                        "llm.cost.total",
                        "langfuse.observation.cost",
                        "cost_usd");
        if (total == null) {
            JsonNode details = attributes.find("langfuse.observation.cost_details");
            JsonNode sum = details == null ? null : details.get("total");
            total =
                    sum != null && sum.isNumber() && sum.doubleValue() >= 0
                            ? sum.decimalValue()
                            : null;
        }
        if (total != null) {
            return total;
        }
        BigDecimal input =
                attributes.cost("gen_ai.usage.input_cost", "llm.cost.prompt", "cost_prompt");
        BigDecimal output =
                attributes.cost(
                        "gen_ai.usage.output_cost", "llm.cost.completion", "cost_completion");
        if (input == null || output == null) {
            return input == null ? output : input;
        }
        return input.add(output);
    }
}
