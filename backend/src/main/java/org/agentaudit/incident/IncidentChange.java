package org.agentaudit.incident;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// What to change about an incident. Null leaves a part as it is, an empty text takes it away.
///
/// @param assignee        user name; empty: nobody
/// @param rootCause       at most [#MAXIMUM_TEXT] characters; empty: none
/// @param recommendations replace those there are; at most [#MAXIMUM_RECOMMENDATIONS] of
///     [#MAXIMUM_RECOMMENDATION] characters
/// @param note            is appended; at most [#MAXIMUM_TEXT] characters
public record IncidentChange(
        @Nullable IncidentStatus status,
        @Nullable String assignee,
        @Nullable String rootCause,
        @Nullable List<String> recommendations,
        @Nullable String note) {

    public static final int MAXIMUM_TEXT = 10_000;
    public static final int MAXIMUM_RECOMMENDATIONS = 50;
    public static final int MAXIMUM_RECOMMENDATION = 1_000;

    /// @throws BadInputException when nothing is to change, or a text is too long or blank
    public IncidentChange {
        // user names are in lower case
        assignee = assignee == null ? null : assignee.strip().toLowerCase(Locale.ROOT);
        rootCause = rootCause == null ? null : rootCause.strip();
        note = note == null ? null : note.strip();
        requireLength("rootCause", rootCause, MAXIMUM_TEXT);
        requireLength("note", note, MAXIMUM_TEXT);
        if (note != null && note.isEmpty()) {
            throw new BadInputException("'note' is blank: leave it out or write something.");
        }
        if (recommendations != null) {
            recommendations = recommendations.stream().map(String::strip).toList();
            if (recommendations.size() > MAXIMUM_RECOMMENDATIONS) {
                throw new BadInputException(
                        "'recommendations' holds more than %d texts."
                                .formatted(MAXIMUM_RECOMMENDATIONS));
            }
            for (String recommendation : recommendations) {
                requireLength("recommendations", recommendation, MAXIMUM_RECOMMENDATION);
                if (recommendation.isEmpty()) {
                    throw new BadInputException("'recommendations' holds a blank text.");
                }
            }
        }
        if (status == null
                && assignee == null
                && rootCause == null
                && recommendations == null
                && note == null) {
            throw new BadInputException(
                    "Nothing to change: give 'status', 'assignee', 'rootCause', 'recommendations' or"
                            + " 'note'.");
        }
    }

    /// What changes, in words without the texts themselves, for the access log.
    String described() {
        List<String> parts = new ArrayList<>();
        if (status != null) {
            parts.add("status " + status);
        }
        if (assignee != null) {
            parts.add(assignee.isEmpty() ? "no assignee" : "assignee " + assignee);
        }
        if (rootCause != null) {
            parts.add(rootCause.isEmpty() ? "root cause removed" : "root cause");
        }
        if (recommendations != null) {
            parts.add(recommendations.size() + " recommendations");
        }
        if (note != null) {
            parts.add("note");
        }
        return String.join(", ", parts);
    }

    private static void requireLength(String name, @Nullable String text, int maximum) {
        if (text != null && text.codePointCount(0, text.length()) > maximum) {
            throw new BadInputException(
                    "'%s' has more than %,d characters.".formatted(name, maximum));
        }
    }
}
