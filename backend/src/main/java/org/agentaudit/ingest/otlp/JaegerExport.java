package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// What the Jaeger user interface exports: `data[].spans[]` with tags, references, times in
/// microseconds, and one table of processes per trace.
final class JaegerExport {
    private static final Map<String, Long> KINDS =
            Map.of("internal", 1L, "server", 2L, "client", 3L, "producer", 4L, "consumer", 5L);
    private static final long NANOS_PER_MICRO = 1_000;

    private JaegerExport() {}

    static void signals(ObjectNode document, Signal.JsonText json, Consumer<Signal> sink) {
        for (JsonNode trace : document.path("data")) {
            for (JsonNode span : trace.path("spans")) {
                sink.accept(signal(span, trace.path("processes"), new SignalTree(json)));
            }
        }
    }

    private static Signal signal(JsonNode span, JsonNode processes, SignalTree tree) {
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.SPAN);
        out.put(SignalTree.FROM, "jaeger");
        tree.faultsOf(span);
        SignalTree.put(out, "traceId", id(span, "traceID"));
        SignalTree.put(out, "spanId", id(span, "spanID"));
        ArrayNode links = SignalTree.NODES.arrayNode();
        for (JsonNode reference : span.path("references")) {
            if (reference.path("refType").asText("").equals("CHILD_OF")
                    && !out.has("parentSpanId")) {
                SignalTree.put(out, "parentSpanId", id(reference, "spanID"));
            } else {
                links.add(
                        SignalTree.NODES
                                .objectNode()
                                .put("traceId", id(reference, "traceID"))
                                .put("spanId", id(reference, "spanID")));
            }
        }
        SignalTree.put(out, "links", links);
        SignalTree.put(out, "name", span.path("operationName").asText(""));
        long start = span.path("startTime").asLong(0);
        long duration = span.path("duration").asLong(0);
        if (start > 0 && start < Long.MAX_VALUE / NANOS_PER_MICRO / 2) {
            out.put("startTimeUnixNano", start * NANOS_PER_MICRO);
            if (duration >= 0 && duration < start) {
                out.put("endTimeUnixNano", (start + duration) * NANOS_PER_MICRO);
            }
        } else {
            tree.fault("startTime must be microseconds since 1970");
        }
        ObjectNode attributes = pairs(tree, span.path("tags"));
        status(out, attributes);
        SignalTree.put(out, "attributes", attributes);
        ArrayNode events = SignalTree.NODES.arrayNode();
        for (JsonNode log : span.path("logs")) {
            ObjectNode fields = pairs(tree, log.path("fields"));
            ObjectNode told = SignalTree.NODES.objectNode();
            JsonNode name = fields.remove("event");
            SignalTree.put(told, "name", name == null ? "" : name.asText());
            SignalTree.put(
                    told,
                    "timeUnixNano",
                    SignalTree.NODES.numberNode(log.path("timestamp").asLong(0) * NANOS_PER_MICRO));
            SignalTree.put(told, "attributes", fields);
            events.add(told);
        }
        SignalTree.put(out, "events", events);
        JsonNode process = processes.path(span.path("processID").asText(""));
        ObjectNode resource = pairs(tree, process.path("tags"));
        SignalTree.put(resource, "service.name", process.path("serviceName").asText(""));
        SignalTree.put(out, "resource", resource);
        return tree.signal(out);
    }

    /// Tags that Jaeger makes of what OTLP has its own members for become those members again.
    private static void status(ObjectNode out, ObjectNode attributes) {
        JsonNode kind = attributes.remove("span.kind");
        SignalTree.put(
                out,
                "kind",
                SignalTree.NODES.numberNode(
                        kind == null ? 0L : KINDS.getOrDefault(kind.asText(), 0L)));
        JsonNode code = attributes.remove("otel.status_code");
        JsonNode error = attributes.remove("error");
        boolean failed = error != null && error.asBoolean();
        String word = code == null ? "" : code.asText().toUpperCase(Locale.ROOT);
        ObjectNode status = SignalTree.NODES.objectNode();
        long number = word.equals("ERROR") || failed ? 2 : word.equals("OK") ? 1 : 0;
        SignalTree.put(status, "code", SignalTree.NODES.numberNode(number));
        JsonNode message = attributes.remove("otel.status_description");
        SignalTree.put(status, "message", message == null ? "" : message.asText());
        SignalTree.put(out, "status", status);
        ObjectNode scope = SignalTree.NODES.objectNode();
        SignalTree.put(scope, "name", attributes.remove("otel.scope.name"));
        SignalTree.put(scope, "version", attributes.remove("otel.scope.version"));
        SignalTree.put(out, "scope", scope);
    }

    private static ObjectNode pairs(SignalTree tree, JsonNode tags) {
        ObjectNode attributes = SignalTree.NODES.objectNode();
        for (JsonNode tag : tags) {
            tree.attribute(attributes, tag.path("key").asText(""), tree.plain(tag.get("value")));
        }
        return attributes;
    }

    private static String id(JsonNode place, String name) {
        return place.path(name).asText("").toLowerCase(Locale.ROOT);
    }
}
