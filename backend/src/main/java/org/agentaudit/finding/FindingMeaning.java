package org.agentaudit.finding;

import org.jspecify.annotations.Nullable;

/// What a kind of finding means, for the page.
///
/// @param words     when it is concluded
/// @param precision how often it was right where that was measured (README, Findings); null: not
///     measured
public record FindingMeaning(String words, @Nullable String precision) {

    static FindingMeaning of(FindingKind kind) {
        return switch (kind) {
            case ITERATION_LIMIT -> unmeasured("More model responses in a run than the limit.");
            case DELEGATION_DEPTH -> unmeasured("A handoff deeper than the limit.");
            case EXCESSIVE_RETRIES ->
                    unmeasured("More retries by an agent in a session than the limit.");
            case DURATION_OUTLIER ->
                    unmeasured("A run took far longer than the agent's earlier ones.");
            case UNUSUAL_TOOL ->
                    unmeasured("A tool the agent had not used for long, although it worked a lot.");
            case TOKEN_REGRESSION ->
                    unmeasured("More tokens per session than in the weeks before.");
            case SUCCESS_REGRESSION ->
                    unmeasured("Fewer invocations succeed than in the weeks before.");
            case SECRET_IN_EVENT -> unmeasured("A secret detector fires on a stored event.");
            case PROMPT_INJECTION_SUSPECTED ->
                    new FindingMeaning(
                            "A text from outside reads like instructions to the agent; critical when a later call does"
                                    + " what it asks.",
                            "99.7 % right and 77.5 % found on held-out AgentDojo traces of one attack");
            case POSSIBLE_HALLUCINATION ->
                    unmeasured(
                            "A response cites a source although nothing was read before in its run.");
            case DUPLICATE_READS ->
                    unmeasured("An agent read a file again that had not changed since.");
            case READ_WITHOUT_SEARCH ->
                    unmeasured("An agent read a file without having searched for it.");
        };
    }

    private static FindingMeaning unmeasured(String words) {
        return new FindingMeaning(words, null);
    }
}
