package org.agentaudit.ingest.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.jsonl.Members;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Decodes what a Claude Code hook gets on standard input. Hooks carry neither a time nor, for most
/// events, an id; the installed script adds both around the payload: `{"event_id": …, "timestamp":
/// …, "hook": payload}`. Without them the time is the time of receipt.
///
/// A prompt is the invocation, not the session it is part of. A call is told before and after it
/// ran; both tell the same TOOL_CALL. What no event type stands for is OTHER, kept whole.
public final class HookDecoder {
    /// Member that holds the payload beside `event_id` and `timestamp`.
    public static final String PAYLOAD = "hook";

    /// Events that the script writes about itself: how many it could not keep.
    static final String SPOOL_GAP = "SpoolGap";

    /// Members every payload may have and that have a place of their own.
    private static final Set<String> PLACED =
            Set.of(
                    "session_id",
                    "hook_event_name",
                    "prompt_id",
                    "agent_type",
                    "event_id",
                    "timestamp");

    /// Members every payload may have that say where it happened rather than what.
    private static final Set<String> SURROUNDINGS =
            Set.of("transcript_path", "cwd", "permission_mode", "agent_id", "effort");

    private static final Set<String> TOOL =
            Set.of(
                    "tool_name",
                    "tool_input",
                    "parameters",
                    "tool_response",
                    "result",
                    "tool_use_id",
                    "error",
                    "duration_ms");

    private static final int LONGEST_TYPE = 100;

    private final ObjectNode payload;
    private final Members members;
    private final String event;
    private final @Nullable String session;
    private final @Nullable String trace;
    private final @Nullable String eventId;
    private final @Nullable Instant at;
    private final String agent;

    private HookDecoder(ObjectNode line, Instant now) {
        payload = line.get(PAYLOAD) instanceof ObjectNode inner ? inner : line;
        members = new Members(payload);
        Members outer = new Members(line);
        eventId = outer.id("event_id");
        at = outer.time("timestamp", now);
        event = eventName();
        session = members.name("session_id");
        trace = members.name("prompt_id");
        agent = Objects.requireNonNullElse(members.name("agent_type"), CallNames.MAIN_AGENT);
    }

    /// The events a payload tells, in order.
    ///
    /// @param line after redaction: a payload, or one that the script has put id and time around
    /// @param now  for times that lie ahead
    /// @throws RejectedException when it cannot be understood; says what to change
    public static List<EventDraft> decode(ObjectNode line, Instant now) {
        return new HookDecoder(line, now).events();
    }

    /// Payloads as seed 001 has them do not name the event; what they hold tells it.
    private String eventName() {
        String name = members.name("hook_event_name");
        if (name != null) {
            return name.equals("PostToolCall") ? "PostToolUse" : name;
        }
        if (members.find("tool_name") == null) {
            throw new RejectedException(
                    "hook_event_name is missing: send what the hook got on standard input");
        }
        if (members.find("error") != null) {
            return "PostToolUseFailure";
        }
        return members.find("tool_response", "result") == null ? "PreToolUse" : "PostToolUse";
    }

    private List<EventDraft> events() {
        List<EventDraft> events =
                switch (event) {
                    case "PreToolUse" -> beforeCall();
                    case "PostToolUse", "PostToolUseFailure" -> afterCall();
                    case "PostToolBatch" -> batch();
                    case "PermissionRequest" -> List.of(person("permission_request"));
                    case "ElicitationResult" -> List.of(person("elicitation"));
                    case "PermissionDenied" -> List.of(security("permission_denied"));
                    case "ConfigChange" -> List.of(security("config_change"));
                    case "UserPromptSubmit" -> List.of(prompt());
                    case "SubagentStart" -> List.of(subagent());
                    case "StopFailure" -> List.of(failure());
                    case SPOOL_GAP -> List.of(gap());
                    default -> List.of(other());
                };
        EventDraft first = events.getFirst();
        keep(first);
        // With a name common to all sources the id of the delivery says nothing more.
        first.id = eventId;
        return events;
    }

    private EventDraft draft(EventType type) {
        EventDraft draft = new EventDraft(SourceFormat.CLAUDE_CODE_HOOK, type, event);
        draft.sessionId = session;
        draft.traceId = trace;
        draft.agentId = agent;
        draft.occurredAt = at;
        return draft;
    }

    private ToolUse tool() {
        return new ToolUse(
                SourceFormat.CLAUDE_CODE_HOOK,
                session,
                trace,
                agent,
                at,
                members.id("tool_use_id"),
                members.name("tool_name"));
    }

    private @Nullable JsonNode input() {
        return members.find("tool_input", "parameters");
    }

    /// Old versions give calls no id. There what comes after the call tells it, and what comes
    /// before is kept beside it, so that it counts once.
    private List<EventDraft> beforeCall() {
        ToolUse tool = tool();
        return List.of(tool.id() == null ? other() : tool.call(event, input()));
    }

    private List<EventDraft> afterCall() {
        ToolUse tool = tool();
        JsonNode response = members.find("tool_response", "result");
        String error = members.text("error");
        boolean failed = event.equals("PostToolUseFailure") || error != null || isError(response);
        if (failed && error == null) {
            error = Members.asText(response);
        }
        List<EventDraft> events = new ArrayList<>();
        events.add(tool.call(event, input()));
        EventDraft result = tool.result(event, response, failed, error);
        result.durationMs = members.durationMs("duration_ms");
        events.add(result);
        if (result.errorType == null
                && Boolean.TRUE.equals(new Members(payload).bool("is_interrupt"))) {
            result.errorType = "Interrupted";
        }
        EventDraft human = tool.human(event, failed, error);
        if (human != null) {
            events.add(human);
        }
        if (response instanceof ObjectNode answer && tool.tool() != null) {
            String started = new Members(answer).id("agentId");
            if (started != null && ToolUse.AGENT_TOOLS.contains(tool.tool())) {
                JsonNode type = input() == null ? null : input().get("subagent_type");
                events.add(tool.handoff(event, started, text(type), depth(), null));
            }
        }
        return events;
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        return value == null || !value.isTextual() || value.textValue().isEmpty()
                ? null
                : value.textValue();
    }

    /// Only the main agent's sub-agents are known to be at depth 1.
    private @Nullable Integer depth() {
        return members.find("agent_id") == null ? 1 : null;
    }

    private static boolean isError(@Nullable JsonNode response) {
        return response instanceof ObjectNode answer
                && (answer.path("is_error").asBoolean() || answer.path("isError").asBoolean());
    }

    /// The calls of a batch were told one by one before, with their outcomes: only what is new of
    /// them is stored.
    private List<EventDraft> batch() {
        List<EventDraft> events = new ArrayList<>();
        events.add(other());
        JsonNode calls = members.find("tool_calls");
        for (JsonNode call : calls == null ? List.<JsonNode>of() : calls) {
            if (!(call instanceof ObjectNode parts)) {
                continue; // stays in the batch's own event
            }
            Members named = new Members(parts);
            ToolUse tool =
                    new ToolUse(
                            SourceFormat.CLAUDE_CODE_HOOK,
                            session,
                            trace,
                            agent,
                            at,
                            named.id("tool_use_id"),
                            named.name("tool_name"));
            if (tool.name() != null) {
                events.add(tool.call(event, named.find("tool_input", "parameters")));
            }
        }
        return events;
    }

    private EventDraft prompt() {
        EventDraft prompt = draft(EventType.INVOCATION);
        String source = members.name("source");
        prompt.source = source == null || source.equals("sdk") ? "user" : source;
        if (!prompt.source.equals("user")) {
            prompt.source = "system"; // a timer or the product itself asked
        }
        ObjectNode params = rest(Set.of("prompt"));
        JsonNode task = members.find("prompt");
        if (task != null) {
            params.set("task", task);
        }
        prompt.params = params;
        if (session != null && trace != null) {
            prompt.identity = CallNames.prompt(session, trace);
        }
        return prompt;
    }

    private EventDraft subagent() {
        String started = members.id("agent_id");
        if (started == null) {
            return other();
        }
        ToolUse parent =
                new ToolUse(
                        SourceFormat.CLAUDE_CODE_HOOK,
                        session,
                        trace,
                        CallNames.MAIN_AGENT,
                        at,
                        null,
                        null);
        return parent.handoff(event, started, members.name("agent_type"), null, rest(Set.of()));
    }

    /// A question to a person, or a person's answer.
    private EventDraft person(String action) {
        EventDraft asked = draft(EventType.HUMAN_INTERVENTION);
        asked.action = action;
        asked.params = rest(Set.of());
        asked.parentId = tool().name();
        return asked;
    }

    private EventDraft security(String action) {
        EventDraft security = draft(EventType.SECURITY);
        security.action = action;
        security.params = rest(Set.of());
        security.parentId = tool().name();
        return security;
    }

    private EventDraft failure() {
        EventDraft failure = draft(EventType.ERROR);
        failure.action = "stop";
        JsonNode stated = payload.path("error");
        boolean word = stated.isTextual() && stated.textValue().length() <= LONGEST_TYPE;
        failure.errorType = word ? stated.textValue() : null;
        failure.errorMessage = word ? members.text("error_details") : members.text("error");
        failure.params = rest(word ? Set.of("error", "error_details") : Set.of("error"));
        return failure;
    }

    private EventDraft gap() {
        EventDraft gap = draft(EventType.ERROR);
        gap.action = "spool";
        gap.errorType = SPOOL_GAP;
        gap.errorMessage =
                "the spool was full or its events could not be sent: "
                        + payload.path("dropped").asText("some")
                        + " events are not recorded";
        gap.params = rest(Set.of());
        return gap;
    }

    private EventDraft other() {
        EventDraft other = draft(EventType.OTHER);
        other.action = event;
        other.params = rest(Set.of("last_assistant_message", "model"));
        other.result = members.find("last_assistant_message");
        other.model = members.name("model");
        return other;
    }

    /// What the payload says beyond what every payload has.
    private ObjectNode rest(Set<String> placed) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : payload.properties()) {
            String name = member.getKey();
            if (!PLACED.contains(name)
                    && !SURROUNDINGS.contains(name)
                    && !placed.contains(name)
                    && Members.isStated(member.getValue())) {
                rest.set(name, member.getValue());
            }
        }
        return rest;
    }

    /// What has no place in an event is kept with the first one.
    private void keep(EventDraft first) {
        boolean call = first.type == EventType.TOOL_CALL;
        for (Map.Entry<String, JsonNode> member : payload.properties()) {
            String name = member.getKey();
            if (Members.isStated(member.getValue())
                    && (SURROUNDINGS.contains(name)
                            || call && !TOOL.contains(name) && !PLACED.contains(name))) {
                members.keep(name, member.getValue());
            }
        }
        first.unmapped = members.unmapped();
        if (payload.path("permission_mode").asText().equals("plan")) {
            first.permissionLevel = PermissionLevel.READONLY;
        }
    }
}
