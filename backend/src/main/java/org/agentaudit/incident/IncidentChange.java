package org.agentaudit.incident;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.TypedText;
import org.jspecify.annotations.Nullable;

/// What to change about an incident. Null leaves a part as it is, an empty text takes it away.
///
/// @param severity        how grave
/// @param assignee        user name; empty: nobody
/// @param duties          ids of the reporting times that apply; replace those there are
/// @param rootCause       at most [#MAXIMUM_TEXT] characters; empty: none
/// @param recommendations replace those there are; at most [#MAXIMUM_RECOMMENDATIONS] of
///     [#MAXIMUM_RECOMMENDATION] characters
/// @param note            is appended; at most [#MAXIMUM_TEXT] characters
/// @param version of the incident that was read: anything else is a conflict; null: does not matter
public record IncidentChange(
        @Nullable IncidentStatus status,
        @Nullable Severity severity,
        @Nullable String assignee,
        @Nullable List<String> duties,
        @Nullable String rootCause,
        @Nullable List<String> recommendations,
        @Nullable String note,
        @Nullable Integer version) {

    public static final int MAXIMUM_TEXT = 10_000;
    public static final int MAXIMUM_RECOMMENDATIONS = 50;
    public static final int MAXIMUM_RECOMMENDATION = 1_000;

    /// @throws BadInputException when nothing is to change, or a text is too long or blank
    public IncidentChange {
        // user names are in lower case
        assignee = assignee == null ? null : assignee.strip().toLowerCase(Locale.ROOT);
        duties = duties == null ? null : List.copyOf(duties);
        rootCause = lines("rootCause", rootCause, MAXIMUM_TEXT);
        note = lines("note", note, MAXIMUM_TEXT);
        if (note != null && note.isEmpty()) {
            throw new BadInputException("'note' is blank: leave it out or write something.");
        }
        if (recommendations != null) {
            if (recommendations.size() > MAXIMUM_RECOMMENDATIONS) {
                throw new BadInputException(
                        "'recommendations' holds more than %d texts."
                                .formatted(MAXIMUM_RECOMMENDATIONS));
            }
            recommendations =
                    recommendations.stream()
                            .map(
                                    text ->
                                            TypedText.lines(
                                                    "recommendations",
                                                    text,
                                                    MAXIMUM_RECOMMENDATION))
                            .toList();
            if (recommendations.stream().anyMatch(String::isEmpty)) {
                throw new BadInputException("'recommendations' holds a blank text.");
            }
        }
        if (status == null
                && severity == null
                && assignee == null
                && duties == null
                && rootCause == null
                && recommendations == null
                && note == null) {
            throw new BadInputException(
                    "Nothing to change: give 'status', 'assignee', 'rootCause', 'recommendations' or"
                            + " 'note'.");
        }
    }

    /// As GraphQL has it, whatever was read before.
    public IncidentChange(
            @Nullable IncidentStatus status,
            @Nullable String assignee,
            @Nullable String rootCause,
            @Nullable List<String> recommendations,
            @Nullable String note) {
        this(status, null, assignee, null, rootCause, recommendations, note, null);
    }

    /// What changes, in words without the texts themselves, for the access log and the record of
    /// the handling.
    String described() {
        List<String> parts = new ArrayList<>();
        if (status != null) {
            parts.add("status " + status);
        }
        if (severity != null) {
            parts.add("severity " + severity);
        }
        if (assignee != null) {
            parts.add(assignee.isEmpty() ? "no assignee" : "assignee " + assignee);
        }
        if (duties != null) {
            parts.add(
                    duties.isEmpty()
                            ? "no reporting time applies"
                            : "reporting times " + String.join(" ", duties));
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

    private static @Nullable String lines(String name, @Nullable String text, int maximum) {
        return text == null ? null : TypedText.lines(name, text, maximum);
    }
}
