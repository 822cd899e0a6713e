package org.agentaudit.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Reads one JSON value strictly. What would lose evidence (a member named twice, a number no double can hold, nesting
/// without end) does not stop the reader: the value is read to its end and the fault is reported, so that the values
/// beside it are still read.
final class ItemReader {
    /// Deepest nesting of one event.
    static final int MAX_DEPTH = 100;

    private static final int MAX_NUMBER_LENGTH = 1_000;
    /// Digits that a double holds exactly whatever they are.
    private static final int DOUBLE_DIGITS = 15;
    private static final int LONG_DIGITS = 18;
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    /// Deeper than this the reader itself gives up; what lies between is rejected item by item.
    private static final int MAX_PARSER_DEPTH = 10_000;

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

    private @Nullable String fault;

    /// One value and what is wrong with it; `fault` is null when nothing is.
    record Item(JsonNode value, @Nullable String fault) {}

    private ItemReader() {}

    /// Reads the value the parser stands on; afterwards the parser stands on its last token.
    ///
    /// @throws IOException when the text is no JSON
    static Item read(JsonParser parser) throws IOException {
        ItemReader reader = new ItemReader();
        JsonNode value = reader.value(parser, 1);
        return new Item(value, reader.fault);
    }

    private JsonNode value(JsonParser parser, int level) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> level > MAX_DEPTH ? tooDeep(parser) : object(parser, level);
            case START_ARRAY -> level > MAX_DEPTH ? tooDeep(parser) : array(parser, level);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IllegalStateException("not at a value: " + token);
        };
    }

    private JsonNode object(JsonParser parser, int level) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            JsonNode before = object.replace(name, value(parser, level + 1));
            if (before != null) {
                fault("member '" + brief(name) + "' occurs twice: send it once");
            }
        }
        return object;
    }

    private JsonNode array(JsonParser parser, int level) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, level + 1));
        }
        return array;
    }

    private JsonNode tooDeep(JsonParser parser) throws IOException {
        parser.skipChildren();
        fault("nested deeper than " + MAX_DEPTH + " levels: send the inner part as text");
        return NODES.nullNode();
    }

    private JsonNode whole(JsonParser parser) throws IOException {
        int length = parser.getTextLength();
        if (length <= LONG_DIGITS) {
            return NODES.numberNode(parser.getLongValue());
        }
        String text = parser.getText();
        return fits(text) ? NODES.numberNode(new BigInteger(text)) : NODES.numberNode(0);
    }

    private JsonNode decimal(String text) {
        if (!fits(text)) {
            return NODES.numberNode(0);
        }
        return text.length() <= DOUBLE_DIGITS + 1
                ? NODES.numberNode(Double.parseDouble(text))
                : NODES.numberNode(new BigDecimal(text));
    }

    private boolean fits(String text) {
        if (text.length() > MAX_NUMBER_LENGTH) {
            fault("a number has " + text.length() + " digits: send it as text");
            return false;
        }
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number) || number == 0 && !isZero(text)) {
            fault("number " + brief(text) + " is beyond the range of a double: send it as text");
            return false;
        }
        return true;
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

    private void fault(String reason) {
        if (fault == null) {
            fault = reason;
        }
    }

    private static String brief(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
