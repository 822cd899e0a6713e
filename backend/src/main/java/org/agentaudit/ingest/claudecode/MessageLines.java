package org.agentaudit.ingest.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.agentaudit.event.EventType;
import org.agentaudit.ingest.claudecode.TranscriptState.Call;
import org.agentaudit.ingest.claudecode.TranscriptState.SubAgent;
import org.agentaudit.ingest.claudecode.TranscriptState.Whole;
import org.agentaudit.ingest.jsonl.Members;
import org.agentaudit.ingest.jsonl.Tokens;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.EventIds;
import org.jspecify.annotations.Nullable;

/// Lines that hold a message: of the user (prompts and results of tools) or of the model.
final class MessageLines {
    private static final String SYNTHETIC = "<synthetic>";
    private static final String INTERRUPTED = "[Request interrupted by user";

    /// What the product itself writes into the conversation in the user's name.
    private static final Pattern NOT_TYPED =
            Pattern.compile(
                    "\\s*(?:<local-command-|Caveat: |<bash-std|<task-notification|<system-reminder>).*",
                    Pattern.DOTALL);

    private final TranscriptState state;

    MessageLines(TranscriptState state) {
        this.state = state;
    }

    /// Adds the events of a line; false when it holds no message to understand.
    boolean decode(TranscriptLine line) {
        if (!(line.json.get("message") instanceof ObjectNode message)) {
            return false;
        }
        switch (line.type()) {
            case "user" -> user(line, message);
            case "assistant" -> assistant(line, message);
            default -> {
                return false;
            }
        }
        return !line.events.isEmpty();
    }

    private void assistant(TranscriptLine line, ObjectNode message) {
        List<JsonNode> blocks = Blocks.of(message.get("content"));
        String texts = Blocks.texts(blocks);
        if (line.json.path("isApiErrorMessage").asBoolean()) {
            apiError(line, texts);
            return;
        }
        String model = new Members(message).name("model");
        if (SYNTHETIC.equals(model)) {
            line.other("assistant:synthetic").result = text(texts);
            return;
        }
        request(line, message, texts, model);
        for (JsonNode block : blocks) {
            String type = block.path("type").asText("");
            if (type.equals("thinking")) {
                thinking(line, message, block, model);
            } else if (type.endsWith("tool_use")) {
                call(line, block, type, model);
            } else if (type.endsWith("tool_result")) {
                result(line, block, type);
            } else if (!type.equals("text")) {
                line.other("assistant:" + shortWord(type)).params = block;
            }
        }
    }

    /// The product's own words for a request that failed: nothing was paid for it.
    private static void apiError(TranscriptLine line, String texts) {
        EventDraft error = line.draft(EventType.ERROR, "assistant");
        error.action = "api_request";
        JsonNode stated = line.json.path("error");
        String type = stated.isTextual() ? stated.textValue() : ApiErrors.type(stated);
        error.errorType = type == null || type.equals("unknown") ? null : shortWord(type);
        error.errorMessage = texts.isEmpty() ? null : texts;
        line.add(error);
    }

    /// One LLM_RESPONSE per request, at the line of its text or, when it has none, at its first
    /// line. A message comes in several lines that repeat its usage; only the last one has all of
    /// its output tokens.
    private void request(
            TranscriptLine line, ObjectNode message, String texts, @Nullable String model) {
        ObjectNode usage = message.get("usage") instanceof ObjectNode counts ? counts : null;
        if (usage == null && texts.isEmpty()) {
            return;
        }
        String messageId = new Members(message).id("id");
        Long stated = usage == null ? null : new Members(usage).tokens("output_tokens");
        Whole whole =
                state.whole(messageId, new Whole(stated == null ? 0 : stated, !texts.isEmpty()));
        if (texts.isEmpty() && whole.texts()) {
            return; // told by the line that has the text
        }
        EventDraft response = line.draft(EventType.LLM_RESPONSE, "assistant");
        String request = line.members.id("requestId");
        String known = request == null ? messageId : request;
        if (known != null && line.session != null) {
            String name = CallNames.request(line.session, known);
            if (state.told.putIfAbsent(name, true) != null) {
                if (!texts.isEmpty()) {
                    line.other("assistant").result = text(texts);
                }
                return;
            }
            response.identity = name;
        }
        response.model = model;
        response.result = text(texts);
        if (usage != null) {
            tokens(response, usage, whole.output());
        }
        response.cost = line.members.cost("costUSD");
        line.add(response);
    }

    /// Input as the API states it leaves out what was read from and written to the cache.
    private static void tokens(EventDraft response, ObjectNode usage, long output) {
        Members counts = new Members(usage);
        Long read = counts.tokens("cache_read_input_tokens");
        Long written = counts.tokens("cache_creation_input_tokens");
        Long fresh = counts.tokens("input_tokens");
        long cached = read == null ? 0 : read;
        long input = (fresh == null ? 0 : fresh) + cached + (written == null ? 0 : written);
        response.tokens = Tokens.of(input, output, cached);
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        params.set("usage", usage);
        response.params = params;
    }

    /// Copies of a message in another file have other line ids: the same thought of the same
    /// message is one event.
    private static void thinking(
            TranscriptLine line, ObjectNode message, JsonNode block, @Nullable String model) {
        String thought = block.path("thinking").asText("");
        if (thought.isBlank()) {
            return;
        }
        EventDraft reasoning = line.draft(EventType.REASONING, "thinking");
        reasoning.reasoning = thought;
        reasoning.model = model;
        String messageId = new Members(message).id("id");
        if (messageId != null && line.session != null) {
            reasoning.identity =
                    "cc:"
                            + line.session
                            + ":"
                            + messageId
                            + ":thinking:"
                            + HexFormat.of()
                                    .formatHex(
                                            EventIds.sha256(
                                                    thought.getBytes(StandardCharsets.UTF_8)));
        }
        line.add(reasoning);
    }

    private void call(TranscriptLine line, JsonNode block, String type, @Nullable String model) {
        Members members = new Members((ObjectNode) block);
        String id = members.id("id");
        String tool = members.name("name");
        JsonNode input = block.get("input");
        EventDraft call = line.tool(id, tool).call(type, input);
        call.model = model;
        line.add(call);
        if (id != null) {
            boolean agent = tool != null && ToolUse.AGENT_TOOLS.contains(tool);
            state.calls.put(
                    line.agentKey(id),
                    new Call(
                            tool,
                            line.agent,
                            line.trace(),
                            agent ? Transcripts.typeOf(input) : null));
        }
    }

    private void user(TranscriptLine line, ObjectNode message) {
        String prompt = line.members.name("promptId");
        if (prompt != null) {
            line.prompt(prompt);
        }
        List<JsonNode> blocks = Blocks.of(message.get("content"));
        for (JsonNode block : blocks) {
            String type = block.path("type").asText("");
            if (type.endsWith("tool_result")) {
                result(line, block, type);
            } else if (!type.equals("text")) {
                // images: that there was one, not what it shows
                line.other("user:" + shortWord(type)).params = Blocks.brief(block.get("source"));
            }
        }
        String texts = Blocks.texts(blocks);
        if (!texts.isEmpty()) {
            typed(line, texts, prompt);
        }
    }

    private void typed(TranscriptLine line, String texts, @Nullable String prompt) {
        ObjectNode json = line.json;
        if (texts.startsWith(INTERRUPTED)) {
            EventDraft stop = line.draft(EventType.HUMAN_INTERVENTION, "user");
            stop.action = "interrupt";
            stop.source = "user";
            stop.result = text(texts);
            line.add(stop);
            return;
        }
        boolean byProduct =
                line.agentId != null
                        || json.path("isSidechain").asBoolean()
                        || json.path("isMeta").asBoolean()
                        || json.path("isCompactSummary").asBoolean()
                        || NOT_TYPED.matcher(texts).matches();
        String known =
                prompt != null && line.session != null
                        ? CallNames.prompt(line.session, prompt)
                        : line.name();
        if (byProduct || known != null && state.told.putIfAbsent(known, true) != null) {
            line.other("user").result = text(texts);
            return;
        }
        if (prompt == null && line.uuid != null) {
            line.prompt(line.uuid);
        }
        EventDraft invocation = line.draft(EventType.INVOCATION, "user");
        invocation.identity = known;
        invocation.source = "user";
        invocation.params = JsonNodeFactory.instance.objectNode().put("task", texts);
        line.add(invocation);
    }

    private void result(TranscriptLine line, JsonNode block, String type) {
        String id = new Members((ObjectNode) block).id("tool_use_id");
        Call call = id == null ? null : state.calls.get(line.agentKey(id));
        ToolUse use = line.tool(id, call == null ? null : call.tool());
        if (call != null) {
            use =
                    new ToolUse(
                            use.format(),
                            use.session(),
                            call.trace(),
                            call.agent(),
                            use.at(),
                            id,
                            call.tool());
        }
        JsonNode content = block.get("content");
        boolean failed = block.path("is_error").asBoolean();
        String error = failed ? Blocks.answer(content) : null;
        EventDraft result = use.result(type, content, failed, error);
        ObjectNode answer =
                line.json.get("toolUseResult") instanceof ObjectNode members ? members : null;
        if (answer != null) {
            result.durationMs = new Members(answer).durationMs("durationMs", "totalDurationMs");
        }
        line.add(result);
        EventDraft human = use.human(type, failed, error);
        if (human != null) {
            line.add(human);
        }
        String started = answer == null ? null : new Members(answer).id("agentId");
        boolean agentTool =
                call != null && call.tool() != null && ToolUse.AGENT_TOOLS.contains(call.tool());
        if (started != null && agentTool && call != null) {
            if (!state.agents.containsKey(line.agentKey(started))) {
                line.add(startOf(use, started, call.type(), line.agentId == null ? 1 : null));
            }
            state.agents.put(
                    line.agentKey(started),
                    new SubAgent(
                            call.type() == null ? CallNames.unknownAgent(started) : call.type(),
                            call.trace()));
        }
    }

    /// The start of a sub-agent.
    EventDraft startOf(
            ToolUse use, String agentId, @Nullable String agentType, @Nullable Integer depth) {
        return use.handoff("agent", agentId, agentType, depth, null);
    }

    private static @Nullable JsonNode text(String text) {
        return text.isEmpty() ? null : TextNode.valueOf(text);
    }

    private static String shortWord(String type) {
        return type.length() <= 100 ? type : type.substring(0, 100);
    }
}
