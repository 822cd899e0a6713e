package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Finds the words in messages of models, whose forms differ: `content` as text or blocks, `parts`,
/// or wrapped in `message`.
final class Messages {
    private static final int MAX_DEPTH = 6;

    private Messages() {}

    /// The plain text of the only message, when it is nothing but text; otherwise the value itself.
    static JsonNode simplest(JsonNode value) {
        JsonNode message = value.isArray() && value.size() == 1 ? value.get(0) : value;
        if (!(message instanceof ObjectNode) || !isOnlyText(message)) {
            return value;
        }
        String text = text(message, 0);
        return text == null ? value : SignalTree.NODES.textNode(text);
    }

    private static boolean isOnlyText(JsonNode message) {
        JsonNode inner = message.has("message") ? message.get("message") : message;
        if (!inner.has("role") || inner.has("tool_calls")) {
            return false;
        }
        JsonNode content = inner.has("parts") ? inner.get("parts") : inner.path("content");
        if (content.isTextual()) {
            return true;
        }
        for (JsonNode part : content) {
            if (!part.path("type").asText("text").equals("text")) {
                return false;
            }
        }
        return content.isArray() && !content.isEmpty();
    }

    /// What the person asked last: the text of the last message of a user, the text itself, or the
    /// task of an object; null when there is none.
    static @Nullable String task(JsonNode input) {
        if (input.isTextual()) {
            return input.textValue();
        }
        if (input.isArray()) {
            for (int i = input.size() - 1; i >= 0; i--) {
                JsonNode message = input.get(i);
                JsonNode inner = message.has("message") ? message.get("message") : message;
                if (inner.path("role").asText("").equals("user")) {
                    return text(inner, 0);
                }
            }
            return input.size() > 0 && input.get(0).isTextual()
                    ? input.get(input.size() - 1).asText()
                    : null;
        }
        for (String name :
                new String[] {"task", "input", "query", "question", "prompt", "messages"}) {
            JsonNode value = input.path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                return value.isValueNode() ? value.asText() : task(value);
            }
        }
        return null;
    }

    /// What the model thought before it answered; null when it says nothing.
    static @Nullable String reasoning(JsonNode output) {
        StringJoiner thoughts = new StringJoiner("\n");
        for (JsonNode message : output.isArray() ? output : SignalTree.NODES.arrayNode()) {
            for (JsonNode part : message.path("parts")) {
                String type = part.path("type").asText("");
                if (type.equals("reasoning") || type.equals("thinking")) {
                    String text = text(part, 0);
                    thoughts.add(text == null ? "" : text);
                }
            }
        }
        return thoughts.length() == 0 ? null : thoughts.toString();
    }

    static @Nullable String text(JsonNode value, int depth) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (depth > MAX_DEPTH) {
            return null;
        }
        if (value.isArray()) {
            StringJoiner parts = new StringJoiner("\n");
            boolean any = false;
            for (JsonNode part : value) {
                String text = text(part, depth + 1);
                if (text != null) {
                    parts.add(text);
                    any = true;
                }
            }
            return any ? parts.toString() : null;
        }
        for (String name : new String[] {"message", "parts", "content", "text", "thinking"}) {
            JsonNode inner = value.path(name);
            if (inner.isTextual() || inner.isContainerNode() && !inner.isEmpty()) {
                return text(inner, depth + 1);
            }
        }
        return null;
    }
}
