package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What went into a span's step and what came out of it, wherever the conventions put it: in
/// attributes, in flattened lists of attributes, or in span events.
final class SpanContent {
    private static final String DETAILS = "gen_ai.client.inference.operation.details/";
    private static final String[] ARGUMENTS = {
        "gen_ai.tool.call.arguments",
        "gen_ai.tool.args",
        "ai.toolCall.args",
        "gcp.vertex.agent.tool_call_args",
        "traceloop.entity.input",
        "langfuse.observation.input",
        "gen_ai.retrieval.query.text",
        "gen_ai.memory.query.text",
        "gen_ai.input.messages",
        "input.value",
        "input",
        "ai.value",
        "ai.values",
        "tool_input",
        "tool_parameters",
        "tool.parameters",
        "full_command",
        "data.input/input"
    };
    private static final String[] TOOL_RESULT = {
        "gen_ai.tool.call.result",
        "ai.toolCall.result",
        "gcp.vertex.agent.tool_response",
        "gen_ai.output",
        "traceloop.entity.output",
        "langfuse.observation.output",
        "output.value",
        "output",
        "data.output/response",
        "data.output/output"
    };
    private static final String[] PROMPT = {
        "gen_ai.input.messages",
        DETAILS + "gen_ai.input.messages",
        "ai.prompt.messages",
        "ai.prompt"
    };
    private static final String[] PROMPT_OTHERWISE = {
        "gen_ai.prompt",
        "gen_ai.content.prompt/gen_ai.prompt",
        "langfuse.observation.input",
        "traceloop.entity.input",
        "input.value",
        "gcp.vertex.agent.llm_request",
        "data.input/input"
    };
    private static final String[] ANSWER = {
        "gen_ai.output.messages",
        DETAILS + "gen_ai.output.messages",
        "ai.response.text",
        "ai.response.object",
        "ai.response.toolCalls",
        "gen_ai.output"
    };
    private static final String[] ANSWER_OTHERWISE = {
        "gen_ai.completion",
        "gen_ai.content.completion/gen_ai.completion",
        "langfuse.observation.output",
        "traceloop.entity.output",
        "output.value",
        "gcp.vertex.agent.llm_response",
        "data.output/response",
        "data.output/output"
    };
    private static final String[] TASK = {
        "gen_ai.input.messages",
        "langfuse.observation.input",
        "langfuse.trace.input",
        "traceloop.entity.input",
        "ai.prompt.messages",
        "ai.prompt",
        "input.value",
        "user_prompt",
        "data.input/input",
        "data.input/query"
    };
    private static final String[] OUTCOME = {
        "gen_ai.output.messages",
        "langfuse.observation.output",
        "langfuse.trace.output",
        "traceloop.entity.output",
        "ai.response.text",
        "ai.response.object",
        "gen_ai.output",
        "output.value",
        "output",
        "final_output",
        "final_result",
        "data.output/response",
        "data.output/output"
    };

    private final ObjectNode tree;
    private final Attributes attributes;
    private boolean promptEventsUsed;
    private boolean choiceEventsUsed;

    SpanContent(ObjectNode tree, Attributes attributes) {
        this.tree = tree;
        this.attributes = attributes;
    }

    /// Arguments as an object; anything else under `input`.
    @Nullable JsonNode arguments() {
        return object(attributes.find(ARGUMENTS), "input");
    }

    @Nullable JsonNode toolResult() {
        return attributes.find(TOOL_RESULT);
    }

    /// What a retrieval, embedding or reranking gave.
    @Nullable JsonNode found() {
        JsonNode documents = attributes.list("retrieval.documents");
        if (documents == null) {
            documents = attributes.list("reranker.output_documents");
        }
        return documents == null ? toolResult() : documents;
    }

    /// What the model was given, with the system's instructions when they are apart.
    @Nullable JsonNode prompt() {
        JsonNode prompt = attributes.find(PROMPT);
        if (prompt == null) {
            prompt = attributes.list("llm.input_messages");
        }
        if (prompt == null) {
            prompt = attributes.list("gen_ai.prompt");
        }
        if (prompt == null) {
            prompt = promptEvents();
        }
        if (prompt == null) {
            prompt = attributes.find(PROMPT_OTHERWISE);
        }
        JsonNode params = object(prompt, prompt != null && prompt.isArray() ? "messages" : "input");
        JsonNode system = attributes.find("gen_ai.system_instructions");
        if (system == null) {
            return params;
        }
        ObjectNode both = SignalTree.NODES.objectNode();
        both.set("system", system);
        return params instanceof ObjectNode members ? both.setAll(members) : both;
    }

    /// What the model answered.
    @Nullable JsonNode answer() {
        JsonNode answer = attributes.find(ANSWER);
        if (answer == null) {
            answer = attributes.list("llm.output_messages");
        }
        if (answer == null) {
            answer = attributes.list("gen_ai.completion");
        }
        if (answer == null) {
            answer = choiceEvents();
        }
        return answer == null ? attributes.find(ANSWER_OTHERWISE) : answer;
    }

    /// What an agent was asked: the words under `task`, and what was sent under `input` when it is
    /// more than words.
    @Nullable JsonNode task() {
        JsonNode input = attributes.find(TASK);
        if (input == null) {
            return null;
        }
        ObjectNode params = SignalTree.NODES.objectNode();
        String task = Messages.task(input);
        if (task != null && !task.isEmpty()) {
            params.put("task", task);
        }
        if (!input.isTextual()) {
            params.set("input", input);
        }
        return params;
    }

    @Nullable JsonNode outcome() {
        JsonNode outcome = attributes.find(OUTCOME);
        return outcome == null ? null : Messages.simplest(outcome);
    }

    private static @Nullable JsonNode object(@Nullable JsonNode value, String name) {
        if (value == null || value.isObject()) {
            return value;
        }
        return SignalTree.NODES.objectNode().set(name, value);
    }

    /// Messages as span events, one each (until version 1.36 of the conventions).
    private @Nullable JsonNode promptEvents() {
        ArrayNode messages = SignalTree.NODES.arrayNode();
        for (JsonNode event : tree.path("events")) {
            if (isPrompt(event)) {
                ObjectNode message = SignalTree.NODES.objectNode();
                message.put("role", event.path("name").asText("").split("\\.", 4)[1]);
                members(event, message);
                messages.add(message);
            }
        }
        promptEventsUsed = !messages.isEmpty();
        return messages.isEmpty() ? null : messages;
    }

    private @Nullable JsonNode choiceEvents() {
        ArrayNode choices = SignalTree.NODES.arrayNode();
        for (JsonNode event : tree.path("events")) {
            if (isChoice(event)) {
                ObjectNode choice = SignalTree.NODES.objectNode();
                members(event, choice);
                choices.add(choice);
            }
        }
        choiceEventsUsed = !choices.isEmpty();
        return choices.isEmpty() ? null : choices;
    }

    private static void members(JsonNode event, ObjectNode message) {
        for (Map.Entry<String, JsonNode> member : event.path("attributes").properties()) {
            if (!member.getKey().equals("gen_ai.system")) {
                message.set(member.getKey(), member.getValue());
            }
        }
    }

    private static boolean isPrompt(JsonNode event) {
        String name = event.path("name").asText("");
        return name.startsWith("gen_ai.") && name.endsWith(".message");
    }

    private static boolean isChoice(JsonNode event) {
        return event.path("name").asText("").equals("gen_ai.choice");
    }

    /// The span's events without what was read as content.
    ArrayNode eventsLeft() {
        ArrayNode left = SignalTree.NODES.arrayNode();
        for (JsonNode event : tree.path("events")) {
            if (promptEventsUsed && isPrompt(event) || choiceEventsUsed && isChoice(event)) {
                continue;
            }
            JsonNode members = event.path("attributes");
            String start = event.path("name").asText("") + "/";
            ObjectNode unused = SignalTree.NODES.objectNode();
            for (Map.Entry<String, JsonNode> member : members.properties()) {
                if (!attributes.isUsed(start + member.getKey())) {
                    unused.set(member.getKey(), member.getValue());
                }
            }
            if (unused.size() == members.size()) {
                left.add(event);
            } else if (!unused.isEmpty()) {
                ObjectNode rest = ((ObjectNode) event).deepCopy();
                rest.set("attributes", unused);
                left.add(rest);
            }
        }
        return left;
    }
}
