package org.agentaudit.ingest.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.agentaudit.event.Redaction;

/// Visits every text and every name of a JSON value in the order written, replaces some of them in
/// place and records where.
public abstract class TextRewriter {
    /// More places than this in one event are recorded as the event itself.
    private static final int MAX_PLACES = 1_000;

    private final Set<Redaction> redactions = new LinkedHashSet<>();
    private final Deque<String> path = new ArrayDeque<>();

    /// What was replaced so far, in order.
    public final List<Redaction> redactions() {
        return List.copyOf(redactions);
    }

    /// The value with its texts rewritten; objects and arrays are changed in place.
    public final JsonNode rewrite(JsonNode value) {
        return rewrite(Place.TOP, value);
    }

    /// @param place what the names around it say
    protected abstract String text(Place place, String text);

    /// The name is known to stay as it is.
    protected abstract boolean isPlain(String name);

    /// The name a member is to have instead.
    ///
    /// @param found told what happened to it
    protected abstract String name(String name, Consumer<String> found);

    /// What a member of an object is.
    protected abstract Place member(Place place, ObjectNode object, String name);

    /// What an element of an array is.
    protected abstract Place element(Place place, ArrayNode array, int index);

    /// Records what happened to the text at hand.
    protected final void found(String detector) {
        redactions.add(
                new Redaction(redactions.size() < MAX_PLACES ? pointer(path) : "", detector));
    }

    /// The JSON pointer (RFC 6901) of a path.
    public static String pointer(Collection<String> path) {
        StringBuilder pointer = new StringBuilder();
        for (String step : path) {
            pointer.append('/').append(step.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    private JsonNode rewrite(Place place, JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> object(place, (ObjectNode) value);
            case ARRAY -> array(place, (ArrayNode) value);
            case STRING -> {
                String before = value.textValue();
                String after = text(place, before);
                yield after.equals(before) ? value : TextNode.valueOf(after);
            }
            default -> value;
        };
    }

    private JsonNode array(Place place, ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
            JsonNode before = array.get(i);
            if (hasText(before)) {
                path.addLast(Integer.toString(i));
                JsonNode after = rewrite(element(place, array, i), before);
                path.removeLast();
                if (after != before) {
                    array.set(i, after);
                }
            }
        }
        return array;
    }

    private JsonNode object(Place place, ObjectNode object) {
        List<String> names = null;
        int number = 0;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = entry.getKey();
            String after = name;
            if (isPlain(name)) {
                path.addLast(name);
            } else {
                List<String> faults = new ArrayList<>();
                after = name(name, faults::add);
                path.addLast(after);
                faults.forEach(this::found);
            }
            if (!after.equals(name) || names != null) {
                names = names == null ? namesBefore(object, number) : names;
                names.add(after);
            }
            JsonNode before = entry.getValue();
            if (hasText(before)) {
                JsonNode rewritten = rewrite(member(place, object, name), before);
                if (rewritten != before) {
                    entry.setValue(rewritten);
                }
            }
            path.removeLast();
            number++;
        }
        if (names != null) {
            rename(object, names);
        }
        return object;
    }

    private static List<String> namesBefore(ObjectNode object, int count) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return new ArrayList<>(names.subList(0, count));
    }

    private static void rename(ObjectNode object, List<String> names) {
        List<JsonNode> values = new ArrayList<>();
        object.forEach(values::add);
        object.removeAll();
        // Goes on counting where it stopped: thousands of names may have become the same one.
        Map<String, Integer> used = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String name = names.get(i);
            String free = name;
            while (object.has(free)) {
                int number = used.merge(name, 1, Integer::sum);
                free = name + "'" + (number == 1 ? "" : number);
            }
            object.set(free, values.get(i));
        }
    }

    private static boolean hasText(JsonNode value) {
        return value.isTextual() || value.isContainerNode();
    }
}
