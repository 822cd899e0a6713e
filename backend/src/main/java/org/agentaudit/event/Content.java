package org.agentaudit.event;

import org.jspecify.annotations.Nullable;

/// The part of an event that can expire or be erased on its own: free text and personal data. Each
/// part is null when the producer did not state it or when it has expired.
///
/// @param params       the action's arguments after redaction, JSON text, usually an object
/// @param result       what came back, any JSON as text
/// @param reasoning    why the agent did it
/// @param decision     the choice made, for decision events
/// @param errorMessage what went wrong, in words
/// @param userId       the person or service on whose behalf the agent acted
/// @param summary      one line for people, in clear
/// @param unmapped     members of the line that have no place in an event, JSON object text
public record Content(
        @Nullable String params,
        @Nullable String result,
        @Nullable String reasoning,
        @Nullable Decision decision,
        @Nullable String errorMessage,
        @Nullable String userId,
        @Nullable String summary,
        @Nullable String unmapped) {

    /// Nothing stated, or nothing left.
    public static final Content NONE = new Content(null, null, null, null, null, null, null);

    /// Content of a line that says nothing beyond an event's members.
    public Content(
            @Nullable String params,
            @Nullable String result,
            @Nullable String reasoning,
            @Nullable Decision decision,
            @Nullable String errorMessage,
            @Nullable String userId,
            @Nullable String summary) {
        this(params, result, reasoning, decision, errorMessage, userId, summary, null);
    }

    /// Characters of the texts that may be long.
    public long length() {
        return length(params)
                + length(result)
                + length(reasoning)
                + length(errorMessage)
                + length(unmapped);
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
