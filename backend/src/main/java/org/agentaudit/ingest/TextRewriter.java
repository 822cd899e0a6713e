package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.Redaction;

/// Visits every text of a JSON value, replaces some of them in place and records where.
abstract class TextRewriter {
    /// More places than this in one event are recorded as the event itself.
    private static final int MAX_PLACES = 1_000;

    private final Set<Redaction> redactions = new LinkedHashSet<>();
    private final Deque<String> path = new ArrayDeque<>();

    /// What was replaced so far, in order.
    final List<Redaction> redactions() {
        return List.copyOf(redactions);
    }

    /// The value with its texts rewritten; objects and arrays are changed in place.
    final JsonNode rewrite(JsonNode value) {
        return rewrite("", value);
    }

    /// @param member name of the nearest member that holds the text; empty outside of objects
    abstract String text(String member, String text);

    /// The name a member is to have instead.
    abstract String name(String name);

    /// Records what happened to the text at hand.
    final void found(String detector) {
        redactions.add(
                new Redaction(redactions.size() < MAX_PLACES ? pointer(path) : "", detector));
    }

    /// The JSON pointer (RFC 6901) of a path.
    static String pointer(Collection<String> path) {
        StringBuilder pointer = new StringBuilder();
        for (String step : path) {
            pointer.append('/').append(step.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    private JsonNode rewrite(String member, JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> object((ObjectNode) value);
            case ARRAY -> array(member, (ArrayNode) value);
            case STRING -> {
                String before = value.textValue();
                String after = text(member, before);
                yield after.equals(before) ? value : TextNode.valueOf(after);
            }
            default -> value;
        };
    }

    private JsonNode array(String member, ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
            JsonNode before = array.get(i);
            if (hasText(before)) {
                path.addLast(Integer.toString(i));
                JsonNode after = rewrite(member, before);
                path.removeLast();
                if (after != before) {
                    array.set(i, after);
                }
            }
        }
        return array;
    }

    private JsonNode object(ObjectNode object) {
        boolean sameNames = true;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = entry.getKey();
            String storable = name(name);
            sameNames &= storable.equals(name);
            JsonNode before = entry.getValue();
            if (hasText(before)) {
                path.addLast(storable);
                JsonNode after = rewrite(name, before);
                path.removeLast();
                if (after != before) {
                    entry.setValue(after);
                }
            }
        }
        if (!sameNames) {
            rename(object);
        }
        return object;
    }

    private void rename(ObjectNode object) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>();
        object.properties()
                .forEach(entry -> entries.add(Map.entry(entry.getKey(), entry.getValue())));
        object.removeAll();
        for (Map.Entry<String, JsonNode> entry : entries) {
            String name = name(entry.getKey());
            while (object.has(name)) {
                name = name + "'";
            }
            if (!name.equals(entry.getKey())) {
                path.addLast(name);
                found(Redactor.UNSTORABLE);
                path.removeLast();
            }
            object.set(name, entry.getValue());
        }
    }

    private static boolean hasText(JsonNode value) {
        return value.isTextual() || value.isContainerNode();
    }
}
