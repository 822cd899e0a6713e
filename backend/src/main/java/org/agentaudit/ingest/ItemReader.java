package org.agentaudit.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.agentaudit.event.Redaction;
import org.agentaudit.ingest.redact.TextRewriter;
import org.jspecify.annotations.Nullable;

/// Reads one JSON value strictly. What would lose evidence (a member named twice, a number no
/// double can hold, nesting without end) does not stop the reader: the value is read to its end and
/// the fault is reported, so that the values beside it are still read; where it lies stands a POJO
/// node with the reason.
/// Inside what an action was given and what came back, a member named twice is no fault, since
/// agents write such objects: the last one keeps the name, as most readers have it, and the earlier
/// one is kept beside it under a name of its own.
final class ItemReader {
    /// Deepest nesting of one event.
    static final int MAX_DEPTH = 100;

    /// Deepest nesting of JSON inside a text.
    private static final int MAX_TEXT_DEPTH = 30;

    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final int MAX_REPEATED = 100;
    /// Digits that a double holds exactly whatever they are.
    private static final int DOUBLE_DIGITS = 15;
    private static final int LONG_DIGITS = 18;
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    /// Levels of a body that a parser sees; see [DeepNesting].
    static final int MAX_PARSER_DEPTH = 1_000;

    static final JsonFactory JSON =
            JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_PARSER_DEPTH)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// Members below which names are the agents' own.
    private static final Set<String> FREE =
            Set.of("params", "parameters", "result", "content", "context", "tool_calls");

    private final int maxDepth;
    private final List<Redaction> repeated = new ArrayList<>();
    private final Deque<String> path = new ArrayDeque<>();
    private @Nullable String fault;

    /// One value and what is wrong with it.
    ///
    /// @param fault    null when nothing is
    /// @param repeated where members that occurred twice are kept
    record Item(JsonNode value, @Nullable String fault, List<Redaction> repeated) {}

    private ItemReader(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /// Reads the value the parser stands on; afterwards the parser stands on its last token.
    ///
    /// @throws IOException when the text is no JSON
    static Item read(JsonParser parser) throws IOException {
        return read(parser, MAX_DEPTH);
    }

    /// @param maxDepth levels; deeper values are a fault
    static Item read(JsonParser parser, int maxDepth) throws IOException {
        ItemReader reader = new ItemReader(maxDepth);
        JsonNode value = reader.value(parser, 1, false);
        return new Item(value, reader.fault, reader.repeated);
    }

    /// A text that is one JSON value; null when it is none, or one with a fault.
    static @Nullable JsonNode textAsJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return null;
            }
            Item item = read(parser, MAX_TEXT_DEPTH);
            boolean alone = parser.nextToken() == null;
            return alone && item.fault == null && item.repeated.isEmpty() ? item.value : null;
        } catch (IOException e) {
            return null; // no JSON: it stays the text it is
        }
    }

    private JsonNode value(JsonParser parser, int level, boolean free) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> level > maxDepth ? tooDeep(parser) : object(parser, level, free);
            case START_ARRAY -> level > maxDepth ? tooDeep(parser) : array(parser, level, free);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IllegalStateException("not at a value: " + token);
        };
    }

    private JsonNode object(JsonParser parser, int level, boolean free) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            path.addLast(name);
            JsonNode value = value(parser, level + 1, free || FREE.contains(name));
            JsonNode before = object.replace(name, value);
            if (before != null) {
                repeated(object, name, before, free);
            }
            path.removeLast();
        }
        return object;
    }

    private void repeated(ObjectNode object, String name, JsonNode before, boolean free) {
        if (!free) {
            object.set(name, fault("member '" + brief(name) + "' occurs twice: send it once"));
            return;
        }
        if (repeated.size() == MAX_REPEATED) {
            fault("more than " + MAX_REPEATED + " members occur twice: send each once");
            return;
        }
        String place = name + " (" + (repeated.size() + 1) + ")";
        while (object.has(place)) {
            place = place + "'";
        }
        object.set(place, before);
        path.removeLast();
        path.addLast(place);
        repeated.add(new Redaction(TextRewriter.pointer(path), Redaction.REPEATED));
    }

    private JsonNode array(JsonParser parser, int level, boolean free) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            path.addLast(Integer.toString(array.size()));
            array.add(value(parser, level + 1, free));
            path.removeLast();
        }
        return array;
    }

    private JsonNode tooDeep(JsonParser parser) throws IOException {
        parser.skipChildren();
        return fault("nested deeper than " + maxDepth + " levels: send the inner part as text");
    }

    private JsonNode whole(JsonParser parser) throws IOException {
        int length = parser.getTextLength();
        if (length <= LONG_DIGITS) {
            return NODES.numberNode(parser.getLongValue());
        }
        String text = parser.getText();
        JsonNode fault = unfit(text);
        return fault == null ? NODES.numberNode(new BigInteger(text)) : fault;
    }

    private JsonNode decimal(String text) {
        JsonNode fault = unfit(text);
        if (fault != null) {
            return fault;
        }
        // Zero may carry an exponent of any size, which a decimal would keep.
        double number = Double.parseDouble(text);
        return text.length() <= DOUBLE_DIGITS + 1 || number == 0
                ? NODES.numberNode(number)
                : NODES.numberNode(new BigDecimal(text));
    }

    private @Nullable JsonNode unfit(String text) {
        if (text.length() > MAX_NUMBER_LENGTH) {
            return fault("a number has " + text.length() + " digits: send it as text");
        }
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number) || number == 0 && !isZero(text)) {
            return fault(
                    "number " + brief(text) + " is beyond the range of a double: send it as text");
        }
        return null;
    }

    private static boolean isZero(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                return true;
            }
            if (c >= '1' && c <= '9') {
                return false;
            }
        }
        return true;
    }

    private JsonNode fault(String reason) {
        if (fault == null) {
            fault = reason;
        }
        return new POJONode(reason);
    }

    private static String brief(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
