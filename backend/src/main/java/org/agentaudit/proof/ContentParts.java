package org.agentaudit.proof;

import org.jspecify.annotations.Nullable;

/// The texts of an event's content exactly as they are stored; null where a part was not stated.
/// This, not its meaning, is what commitments are made of.
public record ContentParts(
        @Nullable String params,
        @Nullable String result,
        @Nullable String reasoning,
        @Nullable String decision,
        @Nullable String errorMessage,
        @Nullable String userId,
        @Nullable String summary,
        @Nullable String unmapped) {

    /// Nothing stated.
    public static final ContentParts NONE =
            new ContentParts(null, null, null, null, null, null, null, null);

    /// One part; null when it was not stated.
    public @Nullable String get(Part part) {
        return switch (part) {
            case PARAMS -> params;
            case RESULT -> result;
            case REASONING -> reasoning;
            case DECISION -> decision;
            case ERROR_MESSAGE -> errorMessage;
            case USER_ID -> userId;
            case SUMMARY -> summary;
            case UNMAPPED -> unmapped;
        };
    }

    /// Whether no part was stated.
    public boolean isEmpty() {
        return params == null
                && result == null
                && reasoning == null
                && decision == null
                && errorMessage == null
                && userId == null
                && summary == null
                && unmapped == null;
    }
}
