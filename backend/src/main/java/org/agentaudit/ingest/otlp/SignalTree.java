package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Builds one [Signal]: leaves out what says nothing and remembers the first fault.
final class SignalTree {
    static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    static final String SIGNAL = "signal";
    static final String SPAN = "span";
    static final String LOG = "log";
    /// What stored it, for signals that did not come as OTLP; their ids and times have other forms.
    static final String FROM = "from";

    /// Deepest nesting of a value of an attribute.
    private static final int MAX_DEPTH = 60;
    /// Most attributes of one name in one place.
    private static final int MAX_SAME = 16;

    private final Signal.JsonText json;
    private @Nullable String fault;

    SignalTree(Signal.JsonText json) {
        this.json = json;
    }

    Signal signal(ObjectNode tree) {
        return new Signal(tree, fault);
    }

    void fault(String reason) {
        if (fault == null) {
            fault = reason;
        }
    }

    /// Sets a text, number or object that states something.
    static void put(ObjectNode tree, String name, @Nullable JsonNode value) {
        if (value == null
                || value.isNull()
                || value.isTextual() && value.textValue().isEmpty()
                || value.isNumber() && value.decimalValue().signum() == 0
                || value.isContainerNode() && value.isEmpty()) {
            return;
        }
        tree.set(name, value);
    }

    static void put(ObjectNode tree, String name, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            tree.put(name, text);
        }
    }

    /// A text of an attribute: JSON objects and arrays in texts are taken as such, so that what is
    /// inside them is seen by name.
    JsonNode text(String text) {
        if (!text.isEmpty() && (text.charAt(0) == '{' || text.charAt(0) == '[')) {
            JsonNode value = json.parse(text);
            if (value != null && value.isContainerNode()) {
                return value;
            }
        }
        return NODES.textNode(text);
    }

    static JsonNode number(double number) {
        return Double.isFinite(number)
                ? NODES.numberNode(number)
                : NODES.textNode(Double.toString(number));
    }

    static JsonNode unsigned(long number) {
        return number >= 0
                ? NODES.numberNode(number)
                : NODES.numberNode(new BigInteger(Long.toUnsignedString(number)));
    }

    /// Adds an attribute; one named before keeps its name, the later one is kept beside it. A name
    /// that comes again and again is a fault: looking for a free one would take ever longer.
    void attribute(ObjectNode attributes, String name, JsonNode value) {
        String free = name;
        for (int times = 1; attributes.has(free); times++) {
            if (times == MAX_SAME) {
                fault("an attribute occurs more than " + MAX_SAME + " times: send it as an array");
                return;
            }
            free = free + "'";
        }
        attributes.set(free, value);
    }

    /// Whether a value this deep may hold more; says so as a fault when not.
    boolean deepEnough(int level) {
        if (level > MAX_DEPTH) {
            fault("an attribute is nested deeper than " + MAX_DEPTH + " levels: send it as text");
            return false;
        }
        return true;
    }

    /// A value of any JSON beside OTLP: texts that are JSON are taken as such, faults are
    /// remembered.
    JsonNode plain(@Nullable JsonNode value) {
        if (value == null) {
            return NODES.nullNode();
        }
        return value.isTextual() ? text(value.textValue()) : checked(value, 1);
    }

    /// Remembers the first place where the reader found a fault, for forms whose members are read
    /// one by one.
    void faultsOf(JsonNode value) {
        if (value instanceof POJONode found) {
            fault(String.valueOf(found.getPojo()));
        }
        value.forEach(this::faultsOf);
    }

    /// The value without the places where the reader found a fault.
    private JsonNode checked(JsonNode value, int level) {
        if (value instanceof POJONode found) {
            fault(String.valueOf(found.getPojo()));
            return NODES.nullNode();
        }
        if (!value.isContainerNode()) {
            return value;
        }
        if (!deepEnough(level)) {
            return NODES.nullNode();
        }
        if (value instanceof ObjectNode members) {
            members.properties()
                    .forEach(member -> member.setValue(checked(member.getValue(), level + 1)));
        } else {
            var elements = (com.fasterxml.jackson.databind.node.ArrayNode) value;
            for (int i = 0; i < elements.size(); i++) {
                elements.set(i, checked(elements.get(i), level + 1));
            }
        }
        return value;
    }

    /// All members of an object as attributes.
    ObjectNode attributes(@Nullable JsonNode members) {
        ObjectNode attributes = NODES.objectNode();
        if (members instanceof ObjectNode object) {
            object.properties()
                    .forEach(
                            member ->
                                    attribute(
                                            attributes, member.getKey(), plain(member.getValue())));
        }
        return attributes;
    }

    /// A whole number that may be written as text; null when it is neither.
    static @Nullable BigInteger whole(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        if (value.isIntegralNumber()) {
            return value.bigIntegerValue();
        }
        try {
            if (value.isNumber()) {
                BigDecimal number = value.decimalValue();
                return Math.abs((long) number.scale()) > 40 ? null : number.toBigIntegerExact();
            }
            String text = value.isTextual() ? value.textValue() : "";
            return text.isEmpty() || text.length() > 40 ? null : new BigInteger(text);
        } catch (ArithmeticException | NumberFormatException e) {
            return null; // no whole number: the caller says so
        }
    }
}
