package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Decision.DecisionOption;
import org.jspecify.annotations.Nullable;

/// Reads the choice of a decision event.
final class Decisions {
    private Decisions() {}

    /// @return null when nothing of a decision is stated
    static @Nullable Decision of(
            @Nullable String question,
            @Nullable JsonNode options,
            @Nullable String chosen,
            @Nullable Double confidence) {
        List<DecisionOption> considered = options(options);
        return question == null && considered.isEmpty() && chosen == null && confidence == null
                ? null
                : new Decision(question, considered, chosen, confidence);
    }

    private static List<DecisionOption> options(@Nullable JsonNode options) {
        if (options == null || !options.isArray()) {
            return List.of();
        }
        List<DecisionOption> considered = new ArrayList<>();
        for (JsonNode option : options) {
            DecisionOption one = option(option);
            if (one != null) {
                considered.add(one);
            }
        }
        return considered;
    }

    private static @Nullable DecisionOption option(JsonNode option) {
        JsonNode named = option.isObject() ? option.get("option") : option;
        String text = Members.asText(Members.isStated(named) ? named : option);
        if (text == null) {
            return null;
        }
        BigDecimal score = Members.asNumber(option.get("score"));
        return new DecisionOption(
                text,
                Members.asText(option.get("reasoning")),
                score == null ? null : score.doubleValue());
    }
}
