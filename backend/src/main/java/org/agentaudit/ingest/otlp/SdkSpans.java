package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Spans in the JSON that OpenTelemetry SDKs print: `context.trace_id`, `start_time`, attributes as
/// an object. Ids are hexadecimal text, with or without `0x`, or plain numbers.
final class SdkSpans {
    private static final List<String> KINDS =
            List.of("unspecified", "internal", "server", "client", "producer", "consumer");

    private SdkSpans() {}

    static boolean isSpan(JsonNode value) {
        return value.path("context").has("trace_id")
                && value.path("context").has("span_id")
                && value.path("attributes").isObject();
    }

    /// All of `spans`. What stands beside them (any-agent: `final_output`) is the run's and goes to
    /// the span at its root.
    static void signals(ObjectNode document, Signal.JsonText json, Consumer<Signal> sink) {
        ObjectNode beside = document.deepCopy();
        beside.remove("spans");
        for (JsonNode span : document.path("spans")) {
            boolean root = span.path("parent").path("span_id").isNull() || !span.has("parent");
            sink.accept(signal(span, root && !beside.isEmpty() ? beside : null, json));
        }
    }

    static Signal signal(JsonNode span, @Nullable ObjectNode beside, Signal.JsonText json) {
        SignalTree tree = new SignalTree(json);
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.SPAN);
        out.put(SignalTree.FROM, "sdk");
        tree.faultsOf(span);
        JsonNode context = span.path("context");
        SignalTree.put(out, "traceId", id(context.get("trace_id"), 32));
        SignalTree.put(out, "spanId", id(context.get("span_id"), 16));
        JsonNode parent = span.path("parent");
        SignalTree.put(
                out,
                "parentSpanId",
                id(parent.isObject() ? parent.get("span_id") : first(span, "parent_id"), 16));
        SignalTree.put(out, "name", span.path("name").asText(""));
        SignalTree.put(out, "kind", SignalTree.NODES.numberNode(kind(span.path("kind"))));
        SignalTree.put(out, "startTimeUnixNano", time(tree, span.get("start_time")));
        SignalTree.put(out, "endTimeUnixNano", time(tree, span.get("end_time")));
        ObjectNode attributes = tree.attributes(span.get("attributes"));
        if (beside != null) {
            beside.properties()
                    .forEach(
                            member ->
                                    tree.attribute(
                                            attributes,
                                            member.getKey(),
                                            tree.plain(member.getValue())));
        }
        SignalTree.put(out, "attributes", attributes);
        ArrayNode events = SignalTree.NODES.arrayNode();
        for (JsonNode event : span.path("events")) {
            ObjectNode told = SignalTree.NODES.objectNode();
            SignalTree.put(told, "name", event.path("name").asText(""));
            SignalTree.put(told, "timeUnixNano", time(tree, event.get("timestamp")));
            SignalTree.put(told, "attributes", tree.attributes(event.get("attributes")));
            events.add(told);
        }
        SignalTree.put(out, "events", events);
        SignalTree.put(out, "links", tree.plain(span.get("links")));
        SignalTree.put(out, "status", status(span.path("status")));
        SignalTree.put(out, "resource", tree.attributes(span.path("resource").get("attributes")));
        SignalTree.put(
                out,
                "scope",
                tree.plain(first(span, "instrumentation_scope", "instrumentation_info")));
        return tree.signal(out);
    }

    private static @Nullable JsonNode first(JsonNode span, String... names) {
        for (String name : names) {
            if (span.hasNonNull(name)) {
                return span.get(name);
            }
        }
        return null;
    }

    private static @Nullable String id(@Nullable JsonNode value, int digits) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isIntegralNumber()) {
            BigInteger number = value.bigIntegerValue();
            String hex = number.toString(16);
            return number.signum() <= 0 || hex.length() > digits
                    ? number.toString()
                    : "0".repeat(digits - hex.length()) + hex;
        }
        String text = value.asText().toLowerCase(Locale.ROOT);
        return text.startsWith("0x") ? text.substring(2) : text;
    }

    private static long kind(JsonNode value) {
        String name = value.asText("").toLowerCase(Locale.ROOT).replace("spankind.", "");
        return Math.max(0, KINDS.indexOf(name));
    }

    /// Kept as sent: read when the span is decoded.
    private static @Nullable JsonNode time(SignalTree tree, @Nullable JsonNode value) {
        return value == null ? null : tree.plain(value);
    }

    private static ObjectNode status(JsonNode value) {
        ObjectNode status = SignalTree.NODES.objectNode();
        String code =
                (value.isObject() ? value.path("status_code") : value)
                        .asText("")
                        .toLowerCase(Locale.ROOT);
        long number = code.endsWith("error") ? 2 : code.endsWith("ok") ? 1 : 0;
        SignalTree.put(status, "code", SignalTree.NODES.numberNode(number));
        SignalTree.put(status, "message", value.path("description").asText(""));
        return status;
    }
}
