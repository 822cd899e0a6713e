package org.agentaudit.finding;

/// What is concluded; names are those of the GraphQL contract.
public enum FindingKind {
    ITERATION_LIMIT(false),
    DELEGATION_DEPTH(false),
    POSSIBLE_HALLUCINATION(true),
    DUPLICATE_READS(true),
    READ_WITHOUT_SEARCH(true),
    DURATION_OUTLIER(false),
    UNUSUAL_TOOL(false),
    EXCESSIVE_RETRIES(false),
    TOKEN_REGRESSION(false),
    SUCCESS_REGRESSION(false),
    SECRET_IN_EVENT(false),
    PROMPT_INJECTION_SUSPECTED(true);

    private final boolean heuristic;

    FindingKind(boolean heuristic) {
        this.heuristic = heuristic;
    }

    /// Whether it rests on a rule of thumb and not on a count against a limit.
    public boolean heuristic() {
        return heuristic;
    }
}
