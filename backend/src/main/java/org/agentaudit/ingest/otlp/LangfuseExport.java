package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What Langfuse exports of one trace: `{trace, observations[]}`. The trace is the run itself, each
/// observation a span below it; their members get the names that Langfuse's own OpenTelemetry
/// attributes have, and what instrumentations had sent is taken from `metadata.attributes`.
final class LangfuseExport {
    /// Members of an observation with a place in a span, and the attribute they are.
    private static final Map<String, String> ATTRIBUTES =
            Map.of(
                    "type", "langfuse.observation.type",
                    "input", "langfuse.observation.input",
                    "output", "langfuse.observation.output",
                    "model", "langfuse.observation.model.name",
                    "usageDetails", "langfuse.observation.usage_details",
                    "totalCost", "langfuse.observation.cost");

    private static final List<String> PLACED =
            List.of(
                    "id",
                    "traceId",
                    "parentObservationId",
                    "name",
                    "startTime",
                    "endTime",
                    "level",
                    "statusMessage",
                    "metadata");

    private LangfuseExport() {}

    static void signals(ObjectNode document, Signal.JsonText json, Consumer<Signal> sink) {
        JsonNode trace = document.path("trace");
        sink.accept(trace(trace, new SignalTree(json)));
        for (JsonNode observation : document.path("observations")) {
            sink.accept(observation(observation, trace, new SignalTree(json)));
        }
    }

    private static Signal trace(JsonNode trace, SignalTree tree) {
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.SPAN);
        out.put(SignalTree.FROM, "langfuse");
        tree.faultsOf(trace);
        String id = trace.path("id").asText("");
        SignalTree.put(out, "traceId", id);
        SignalTree.put(out, "spanId", "trace:" + id);
        SignalTree.put(out, "name", trace.path("name").asText(""));
        SignalTree.put(out, "startTimeUnixNano", trace.get("timestamp"));
        ObjectNode attributes = SignalTree.NODES.objectNode();
        for (Map.Entry<String, JsonNode> member : trace.properties()) {
            String name =
                    switch (member.getKey()) {
                        case "id", "timestamp" -> "";
                        case "name" -> "langfuse.trace.name";
                        case "input" -> "langfuse.trace.input";
                        case "output" -> "langfuse.trace.output";
                        default -> "langfuse.trace." + member.getKey();
                    };
            if (!name.isEmpty()) {
                tree.attribute(attributes, name, tree.plain(member.getValue()));
            }
        }
        session(attributes, trace);
        attributes.put("langfuse.observation.type", "TRACE");
        SignalTree.put(out, "attributes", attributes);
        return tree.signal(out);
    }

    private static Signal observation(JsonNode observation, JsonNode trace, SignalTree tree) {
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.SPAN);
        out.put(SignalTree.FROM, "langfuse");
        tree.faultsOf(observation);
        String traceId = trace.path("id").asText("");
        JsonNode parent = observation.path("parentObservationId");
        SignalTree.put(out, "traceId", traceId);
        SignalTree.put(out, "spanId", observation.path("id").asText(""));
        SignalTree.put(
                out, "parentSpanId", parent.isTextual() ? parent.textValue() : "trace:" + traceId);
        SignalTree.put(out, "name", observation.path("name").asText(""));
        SignalTree.put(out, "startTimeUnixNano", observation.get("startTime"));
        SignalTree.put(out, "endTimeUnixNano", observation.get("endTime"));
        JsonNode metadata = observation.path("metadata");
        ObjectNode attributes = tree.attributes(metadata.get("attributes"));
        for (Map.Entry<String, JsonNode> member : metadata.properties()) {
            if (!List.of("attributes", "resourceAttributes", "scope").contains(member.getKey())) {
                tree.attribute(
                        attributes, "metadata." + member.getKey(), tree.plain(member.getValue()));
            }
        }
        for (Map.Entry<String, JsonNode> member : observation.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (PLACED.contains(name)
                    || value.isNull()
                    || value.isContainerNode() && value.isEmpty()) {
                continue;
            }
            String place = ATTRIBUTES.getOrDefault(name, "langfuse.observation." + name);
            tree.attribute(attributes, place, tree.plain(value));
        }
        session(attributes, trace);
        SignalTree.put(out, "attributes", attributes);
        if (observation.path("level").asText("").equals("ERROR")) {
            ObjectNode status = SignalTree.NODES.objectNode().put("code", 2L);
            SignalTree.put(status, "message", observation.path("statusMessage").asText(""));
            SignalTree.put(out, "status", status);
        }
        SignalTree.put(out, "resource", tree.attributes(metadata.get("resourceAttributes")));
        SignalTree.put(out, "scope", tree.plain(metadata.get("scope")));
        return tree.signal(out);
    }

    private static void session(ObjectNode attributes, JsonNode trace) {
        SignalTree.put(attributes, "langfuse.session.id", trace.path("sessionId").asText(""));
        SignalTree.put(attributes, "langfuse.user.id", trace.path("userId").asText(""));
    }
}
