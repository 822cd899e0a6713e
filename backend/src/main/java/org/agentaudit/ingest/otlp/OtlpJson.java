package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Reads OTLP/JSON, which is not the usual JSON form of protobuf: ids are hexadecimal. Members it
/// does not know are ignored, as the protocol demands. Faults of one span or record are that one's.
public final class OtlpJson {
    private static final Map<String, Integer> KINDS =
            Map.of("INTERNAL", 1, "SERVER", 2, "CLIENT", 3, "PRODUCER", 4, "CONSUMER", 5);
    private static final BigInteger MAX_UNSIGNED =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final Signal.JsonText json;
    private final Consumer<Signal> sink;

    private OtlpJson(Signal.JsonText json, Consumer<Signal> sink) {
        this.json = json;
        this.sink = sink;
    }

    /// Spans and log records of an export request, in the order sent.
    ///
    /// @param request with `resourceSpans`, `resourceLogs`, or `batches` as Tempo writes them;
    ///     places where the reader found a fault hold a [POJONode] with the reason
    /// @throws RejectedException when what lies around spans and records is not as OTLP has it, so
    ///     that they cannot be told apart
    public static void signals(JsonNode request, Signal.JsonText json, Consumer<Signal> sink) {
        OtlpJson reader = new OtlpJson(json, sink);
        reader.resources(request, "resourceSpans");
        reader.resources(request, "batches");
        reader.resources(request, "resourceLogs");
    }

    private void resources(JsonNode request, String list) {
        for (JsonNode resource : listed(request, list)) {
            JsonNode about = resource.get("resource");
            for (String name : new String[] {"scopeSpans", "instrumentationLibrarySpans"}) {
                for (JsonNode scope : listed(resource, name)) {
                    for (JsonNode span : listed(scope, "spans")) {
                        sink.accept(span(span, about, scope));
                    }
                }
            }
            for (String name : new String[] {"scopeLogs", "instrumentationLibraryLogs"}) {
                for (JsonNode scope : listed(resource, name)) {
                    for (JsonNode record :
                            listed(scope, scope.has("logRecords") ? "logRecords" : "logs")) {
                        sink.accept(log(record, about, scope));
                    }
                }
            }
        }
    }

    /// The elements of a list that spans and records lie in. A list that is none is refused: to
    /// pass over it would lose all of them without a word.
    private static Iterable<JsonNode> listed(JsonNode place, String name) {
        JsonNode list = place.isObject() ? place.get(name) : place;
        if (list == null || list.isNull() && place.isObject()) {
            return List.of();
        }
        if (list instanceof ArrayNode elements && place.isObject()) {
            return elements;
        }
        throw new RejectedException(
                list instanceof POJONode found
                        ? String.valueOf(found.getPojo())
                        : place.isObject()
                                ? name + " must be an array"
                                : "what holds " + name + " must be an object");
    }

    /// The elements of a list inside a span.
    private static Iterable<JsonNode> elements(SignalTree tree, JsonNode span, String name) {
        JsonNode list = span.get(name);
        if (list != null && !list.isNull() && !list.isArray()) {
            tree.fault(name + " must be an array");
        }
        return elements(list);
    }

    private static Iterable<JsonNode> elements(@Nullable JsonNode array) {
        return array instanceof ArrayNode elements ? elements : List.of();
    }

    private Signal span(JsonNode span, @Nullable JsonNode resource, JsonNode scope) {
        SignalTree tree = new SignalTree(json);
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.SPAN);
        object(tree, span, "a span");
        SignalTree.put(out, "traceId", id(tree, span, "traceId"));
        SignalTree.put(out, "spanId", id(tree, span, "spanId"));
        SignalTree.put(out, "parentSpanId", id(tree, span, "parentSpanId"));
        SignalTree.put(out, "traceState", text(tree, span, "traceState"));
        SignalTree.put(out, "name", text(tree, span, "name"));
        SignalTree.put(out, "kind", kind(span.get("kind")));
        SignalTree.put(out, "startTimeUnixNano", unsigned(tree, span, "startTimeUnixNano"));
        SignalTree.put(out, "endTimeUnixNano", unsigned(tree, span, "endTimeUnixNano"));
        SignalTree.put(out, "attributes", attributes(tree, span.get("attributes")));
        ArrayNode events = SignalTree.NODES.arrayNode();
        for (JsonNode event : elements(tree, span, "events")) {
            ObjectNode told = SignalTree.NODES.objectNode();
            SignalTree.put(told, "name", text(tree, event, "name"));
            SignalTree.put(told, "timeUnixNano", unsigned(tree, event, "timeUnixNano"));
            SignalTree.put(told, "attributes", attributes(tree, event.get("attributes")));
            events.add(told);
        }
        SignalTree.put(out, "events", events);
        ArrayNode links = SignalTree.NODES.arrayNode();
        for (JsonNode link : elements(tree, span, "links")) {
            ObjectNode told = SignalTree.NODES.objectNode();
            SignalTree.put(told, "traceId", id(tree, link, "traceId"));
            SignalTree.put(told, "spanId", id(tree, link, "spanId"));
            SignalTree.put(told, "attributes", attributes(tree, link.get("attributes")));
            links.add(told);
        }
        SignalTree.put(out, "links", links);
        JsonNode status = span.get("status");
        if (status != null) {
            ObjectNode told = SignalTree.NODES.objectNode();
            SignalTree.put(told, "code", status(status.get("code")));
            SignalTree.put(told, "message", text(tree, status, "message"));
            SignalTree.put(out, "status", told);
        }
        around(tree, out, resource, scope);
        return tree.signal(out);
    }

    private Signal log(JsonNode record, @Nullable JsonNode resource, JsonNode scope) {
        SignalTree tree = new SignalTree(json);
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.LOG);
        object(tree, record, "a log record");
        SignalTree.put(out, "timeUnixNano", unsigned(tree, record, "timeUnixNano"));
        SignalTree.put(out, "observedTimeUnixNano", unsigned(tree, record, "observedTimeUnixNano"));
        SignalTree.put(out, "severityNumber", whole(record.get("severityNumber")));
        SignalTree.put(out, "severityText", text(tree, record, "severityText"));
        SignalTree.put(out, "body", value(tree, record.get("body"), 1));
        SignalTree.put(out, "attributes", attributes(tree, record.get("attributes")));
        SignalTree.put(out, "traceId", id(tree, record, "traceId"));
        SignalTree.put(out, "spanId", id(tree, record, "spanId"));
        SignalTree.put(out, "eventName", text(tree, record, "eventName"));
        around(tree, out, resource, scope);
        return tree.signal(out);
    }

    private void around(
            SignalTree tree, ObjectNode out, @Nullable JsonNode resource, JsonNode scope) {
        found(tree, resource);
        if (resource != null) {
            SignalTree.put(out, "resource", attributes(tree, resource.get("attributes")));
        }
        JsonNode named =
                scope.has("scope") ? scope.get("scope") : scope.get("instrumentationLibrary");
        found(tree, named);
        if (named != null) {
            ObjectNode told = SignalTree.NODES.objectNode();
            SignalTree.put(told, "name", text(tree, named, "name"));
            SignalTree.put(told, "version", text(tree, named, "version"));
            SignalTree.put(told, "attributes", attributes(tree, named.get("attributes")));
            SignalTree.put(out, "scope", told);
        }
    }

    private static void object(SignalTree tree, JsonNode value, String what) {
        if (value instanceof POJONode found) {
            tree.fault(String.valueOf(found.getPojo()));
        } else if (!value.isObject()) {
            tree.fault(what + " must be a JSON object");
        } else {
            value.forEach(member -> found(tree, member));
        }
    }

    private static void found(SignalTree tree, @Nullable JsonNode value) {
        if (value instanceof POJONode found) {
            tree.fault(String.valueOf(found.getPojo()));
        }
    }

    /// In lower case, as the protocol allows both. Whether it is an id is decided later, so that
    /// what was sent is kept.
    private static @Nullable String id(SignalTree tree, JsonNode place, String name) {
        String text = text(tree, place, name);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(SignalTree tree, JsonNode place, String name) {
        JsonNode value = place.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof POJONode found) {
            tree.fault(String.valueOf(found.getPojo()));
            return null;
        }
        if (!value.isTextual()) {
            tree.fault(name + " must be text");
            return null;
        }
        return value.textValue();
    }

    private static @Nullable JsonNode unsigned(SignalTree tree, JsonNode place, String name) {
        JsonNode value = place.get(name);
        if (value == null || value.isNull() || value.isTextual() && value.textValue().isEmpty()) {
            return null;
        }
        BigInteger number = SignalTree.whole(value);
        if (number == null || number.signum() < 0 || number.compareTo(MAX_UNSIGNED) > 0) {
            tree.fault(name + " must be nanoseconds since 1970, a whole number or its text");
            return null;
        }
        return SignalTree.unsigned(number.longValue());
    }

    private static @Nullable JsonNode whole(@Nullable JsonNode value) {
        BigInteger number = SignalTree.whole(value);
        return number == null || number.bitLength() > 31
                ? null
                : SignalTree.NODES.numberNode(number.longValue());
    }

    /// The number, or the name that Tempo writes.
    private static @Nullable JsonNode kind(@Nullable JsonNode value) {
        String name = value == null ? "" : value.asText().replace("SPAN_KIND_", "");
        Integer kind = KINDS.get(name);
        return kind == null ? whole(value) : SignalTree.NODES.numberNode((long) kind);
    }

    private static @Nullable JsonNode status(@Nullable JsonNode value) {
        return switch (value == null ? "" : value.asText()) {
            case "STATUS_CODE_OK" -> SignalTree.NODES.numberNode(1L);
            case "STATUS_CODE_ERROR" -> SignalTree.NODES.numberNode(2L);
            default -> whole(value);
        };
    }

    private static ObjectNode attributes(SignalTree tree, @Nullable JsonNode list) {
        return attributes(tree, list, 1);
    }

    private static ObjectNode attributes(SignalTree tree, @Nullable JsonNode list, int level) {
        ObjectNode attributes = SignalTree.NODES.objectNode();
        if (list instanceof POJONode found) {
            tree.fault(String.valueOf(found.getPojo()));
        }
        for (JsonNode pair : elements(list)) {
            if (pair instanceof POJONode found) {
                tree.fault(String.valueOf(found.getPojo()));
                continue;
            }
            String key = text(tree, pair, "key");
            tree.attribute(
                    attributes, key == null ? "" : key, value(tree, pair.get("value"), level));
        }
        return attributes;
    }

    private static JsonNode value(SignalTree tree, @Nullable JsonNode any, int level) {
        if (any instanceof POJONode found) {
            tree.fault(String.valueOf(found.getPojo()));
        }
        if (any == null || !any.isObject() || !tree.deepEnough(level)) {
            return SignalTree.NODES.nullNode();
        }
        for (Map.Entry<String, JsonNode> member : any.properties()) {
            JsonNode value = member.getValue();
            if (value instanceof POJONode found) {
                tree.fault(String.valueOf(found.getPojo()));
                return SignalTree.NODES.nullNode();
            }
            if (value.isNull()) {
                continue;
            }
            switch (member.getKey()) {
                case "stringValue", "bytesValue" -> {
                    if (!value.isTextual()) {
                        tree.fault(member.getKey() + " must be text");
                        return SignalTree.NODES.nullNode();
                    }
                    return member.getKey().equals("stringValue")
                            ? tree.text(value.textValue())
                            : value;
                }
                case "boolValue" -> {
                    if (!value.isBoolean()) {
                        tree.fault("boolValue must be true or false");
                    }
                    return value;
                }
                case "intValue" -> {
                    BigInteger number = SignalTree.whole(value);
                    if (number == null || number.bitLength() > 63) {
                        tree.fault("intValue must be a whole number of 64 bits, or its text");
                        return SignalTree.NODES.nullNode();
                    }
                    return SignalTree.NODES.numberNode(number.longValue());
                }
                case "doubleValue" -> {
                    return decimal(tree, value);
                }
                case "arrayValue" -> {
                    ArrayNode array = SignalTree.NODES.arrayNode();
                    for (JsonNode element : elements(value.get("values"))) {
                        array.add(value(tree, element, level + 1));
                    }
                    return array;
                }
                case "kvlistValue" -> {
                    return attributes(tree, value.get("values"), level + 1);
                }
                default -> {
                    // a member of a later version: ignored
                }
            }
        }
        return SignalTree.NODES.nullNode();
    }

    private static JsonNode decimal(SignalTree tree, JsonNode value) {
        if (value.isNumber()) {
            return SignalTree.number(value.doubleValue());
        }
        try {
            if (value.isTextual() && value.textValue().length() <= 40) {
                return SignalTree.number(Double.parseDouble(value.textValue()));
            }
        } catch (NumberFormatException e) {
            // neither a number nor the name of one: told below
        }
        tree.fault("doubleValue must be a number, or NaN, Infinity or -Infinity as text");
        return SignalTree.NODES.nullNode();
    }
}
