package org.agentaudit.ingest.normal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.agentaudit.event.Decision;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.jspecify.annotations.Nullable;

/// One line about an event for people (metrics "Summary line"), in clear and with its content
/// masked.
///
/// @param clear  with content
/// @param masked the same form with every piece of content replaced by `[MASKED]`; equal to `clear`
///     when there is none
record Summaries(String clear, String masked) {
    private static final String MASK = "[MASKED]";
    private static final int TASK_CODE_POINTS = 100;
    /// Longer error messages are cut in the line, never in the message itself.
    private static final int ERROR_CODE_POINTS = 10_000;

    /// What the line is made of.
    ///
    /// @param task         the task of an invocation; null when not stated
    /// @param errorMessage content
    /// @param handoffTo    null when not stated
    record Parts(
            EventType type,
            String action,
            int paramCount,
            boolean errored,
            @Nullable String task,
            @Nullable Decision decision,
            @Nullable Double confidence,
            @Nullable String errorMessage,
            @Nullable String errorType,
            @Nullable String handoffTo,
            @Nullable InterventionKind intervention) {}

    static Summaries of(Parts parts) {
        return switch (parts.type) {
            case INVOCATION -> of("Task received: ", cut(parts.task, TASK_CODE_POINTS), "", "");
            case TOOL_CALL ->
                    same(
                            "Called tool '%s' with %d params"
                                    .formatted(parts.action, parts.paramCount));
            case TOOL_RESULT ->
                    parts.errored
                            ? error("Tool '" + parts.action + "' failed: ", parts)
                            : same("Tool '" + parts.action + "' returned");
            case DECISION -> decision(parts);
            case ERROR -> error("Error: ", parts);
            case HANDOFF ->
                    same("Handoff to " + (parts.handoffTo == null ? "unknown" : parts.handoffTo));
            case HUMAN_INTERVENTION -> {
                InterventionKind kind =
                        parts.intervention == null ? InterventionKind.OTHER : parts.intervention;
                yield same("Human " + kind.name().toLowerCase(Locale.ROOT) + ": " + parts.action);
            }
            case REASONING,
                    SKILL_CALL,
                    EXTERNAL_CALL,
                    LLM_RESPONSE,
                    TOKEN_USAGE,
                    USER_FEEDBACK,
                    RETRY,
                    CIRCUIT_BREAKER,
                    FALLBACK,
                    SECURITY,
                    COMPLIANCE,
                    OTHER ->
                    same(parts.action);
        };
    }

    private static Summaries decision(Parts parts) {
        String chosen = parts.decision == null ? null : parts.decision.chosen();
        Double confidence = parts.confidence;
        String bracket =
                confidence == null
                        ? ""
                        : " (confidence: "
                                + BigDecimal.valueOf(confidence)
                                        .movePointRight(2)
                                        .setScale(0, RoundingMode.HALF_UP)
                                        .toPlainString()
                                + "%)";
        return of("Decision: ", chosen, parts.action, bracket);
    }

    private static Summaries error(String start, Parts parts) {
        String type = parts.errorType;
        return of(
                start,
                cut(parts.errorMessage, ERROR_CODE_POINTS),
                type == null ? "unspecified" : type,
                "");
    }

    /// A line with one piece of content, or what stands for it when there is none.
    private static Summaries of(
            String start, @Nullable String content, String otherwise, String end) {
        return content == null
                ? same(start + otherwise + end)
                : new Summaries(start + content + end, start + MASK + end);
    }

    private static Summaries same(String line) {
        return new Summaries(line, line);
    }

    private static @Nullable String cut(@Nullable String text, int codePoints) {
        if (text == null || text.length() <= codePoints) {
            return text;
        }
        return text.codePointCount(0, text.length()) <= codePoints
                ? text
                : text.substring(0, text.offsetByCodePoints(0, codePoints));
    }
}
