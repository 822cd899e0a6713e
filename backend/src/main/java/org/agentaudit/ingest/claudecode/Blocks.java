package org.agentaudit.ingest.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The blocks a message consists of.
final class Blocks {
    private static final int SHORT = 200;

    private Blocks() {}

    /// The content of a message: a list of blocks, or one text.
    static List<JsonNode> of(@Nullable JsonNode content) {
        if (content == null || content.isNull()) {
            return List.of();
        }
        List<JsonNode> blocks = new ArrayList<>();
        for (JsonNode block : content.isArray() ? content : List.of(content)) {
            blocks.add(block.isObject() ? block : textBlock(block));
        }
        return blocks;
    }

    private static ObjectNode textBlock(JsonNode text) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "text")
                .put("text", text.isTextual() ? text.textValue() : text.toString());
    }

    /// The text of a text block; null for other blocks and for text of spaces only.
    static @Nullable String text(JsonNode block) {
        JsonNode text = block.path("text");
        return block.path("type").asText().equals("text")
                        && text.isTextual()
                        && !text.textValue().isBlank()
                ? text.textValue()
                : null;
    }

    /// The texts of all blocks, one per line.
    static String texts(Iterable<JsonNode> blocks) {
        StringBuilder texts = new StringBuilder();
        for (JsonNode block : blocks) {
            String text = text(block);
            if (text != null) {
                texts.append(texts.isEmpty() ? "" : "\n").append(text);
            }
        }
        return texts.toString();
    }

    /// What a tool gave back, as text.
    static @Nullable String answer(@Nullable JsonNode content) {
        if (content == null || content.isNull()) {
            return null;
        }
        if (content.isTextual()) {
            return content.textValue();
        }
        String texts = content.isArray() ? texts(content) : "";
        return texts.isEmpty() ? content.toString() : texts;
    }

    /// The short members of an object: counts, flags, ids. Null when there are none.
    static @Nullable ObjectNode brief(@Nullable JsonNode value) {
        if (!(value instanceof ObjectNode members)) {
            return null;
        }
        ObjectNode brief = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            JsonNode one = member.getValue();
            if (one.isValueNode() && !one.isNull() && one.asText().length() <= SHORT) {
                brief.set(member.getKey(), one);
            }
        }
        return brief.isEmpty() ? null : brief;
    }
}
