package org.agentaudit.ingest.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import org.agentaudit.ingest.jsonl.Members;
import org.jspecify.annotations.Nullable;

/// Errors of the model's API, which wrap each other: the innermost one says what happened.
final class ApiErrors {
    private static final int DEEPEST = 5;

    private ApiErrors() {}

    /// For instance `overloaded_error`; null when none is stated.
    static @Nullable String type(JsonNode error) {
        String type = innermost(error).path("type").asText("");
        if (type.isEmpty() || type.length() > 100) {
            int status = error.path("status").asInt(0);
            return status == 0 ? null : "status " + status;
        }
        return type;
    }

    /// Null when none is stated.
    static @Nullable String message(JsonNode error) {
        JsonNode inner = innermost(error);
        String message = Members.asText(inner.get("message"));
        if (message == null) {
            message = Members.asText(error.get("message"));
        }
        return message != null || !error.isTextual() ? message : error.textValue();
    }

    private static JsonNode innermost(JsonNode error) {
        JsonNode inner = error;
        for (int i = 0; i < DEEPEST && inner.path("error").isObject(); i++) {
            inner = inner.get("error");
        }
        return inner;
    }
}
