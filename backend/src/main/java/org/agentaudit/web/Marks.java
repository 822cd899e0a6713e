package org.agentaudit.web;

import java.util.Locale;

/// The shape and the word of a state, the same for outcomes, timeline states and verdicts.
/// Templates see it as `#mark`.
public final class Marks {

    /// Which of the six shapes: `ok`, `warn`, `fail`, `pending`, `unknown` or `na`.
    public String kind(Enum<?> state) {
        return switch (state.name()) {
            case "SUCCESS", "OK", "PASS", "RESOLVED", "SENT" -> "ok";
            case "PARTIAL", "WARNING", "WARN", "OPEN" -> "warn";
            case "FAILURE", "FAILED", "FAIL", "CRITICAL", "FIRING" -> "fail";
            case "PENDING", "INVESTIGATING", "ACKNOWLEDGED" -> "pending";
            case "NOT_APPLICABLE", "INFO" -> "na";
            default -> "unknown";
        };
    }

    /// The state as a word beside its shape.
    public String word(Enum<?> state) {
        return switch (state.name()) {
            case "SUCCESS" -> "success";
            case "OK" -> "ok";
            case "PASS" -> "passed";
            case "PARTIAL" -> "partial";
            case "WARNING", "WARN" -> "warning";
            case "FAILURE", "FAILED", "FAIL" -> "failed";
            case "PENDING" -> "pending";
            case "NOT_APPLICABLE" -> "not applicable";
            case "OPEN",
                    "INVESTIGATING",
                    "RESOLVED",
                    "FIRING",
                    "ACKNOWLEDGED",
                    "CRITICAL",
                    "INFO",
                    "SENT" ->
                    state.name().toLowerCase(Locale.ROOT);
            case "INSUFFICIENT_EVIDENCE" -> "insufficient evidence";
            default -> "unknown";
        };
    }
}
