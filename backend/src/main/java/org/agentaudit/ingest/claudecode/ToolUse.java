package org.agentaudit.ingest.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.jsonl.Members;
import org.agentaudit.ingest.normal.EventDraft;
import org.jspecify.annotations.Nullable;

/// One use of a tool and the events that tell it.
///
/// @param session null when the source names none
/// @param trace   null: derived from the session
/// @param at      null: the time of receipt
/// @param id      `tool_use_id`; null in payloads of old versions
/// @param tool    name as the agent reported it, also of MCP tools
record ToolUse(
        SourceFormat format,
        @Nullable String session,
        @Nullable String trace,
        String agent,
        @Nullable Instant at,
        @Nullable String id,
        @Nullable String tool) {

    static final Set<String> AGENT_TOOLS = Set.of("Agent", "Task");
    private static final int MAX_IDENTIFIER = 4_096;
    private static final Map<String, String> RESOURCES =
            Map.of("file_path", "file", "notebook_path", "file", "path", "file", "url", "url");

    /// How a refusal by the user begins in the text that is given to the model.
    private static final List<String> REFUSALS =
            List.of(
                    "The user doesn't want to proceed with this tool use",
                    "The user doesn't want to take this action right now");

    static final String REJECTED = "UserRejected";

    /// The name all sources give the call; null without an id.
    @Nullable String name() {
        return session == null || id == null ? null : CallNames.call(session, id);
    }

    private EventDraft draft(EventType type, String typeName) {
        EventDraft draft = new EventDraft(format, type, typeName);
        draft.sessionId = session;
        draft.traceId = trace;
        draft.agentId = agent;
        draft.occurredAt = at;
        draft.action = tool;
        return draft;
    }

    EventDraft call(String typeName, @Nullable JsonNode input) {
        EventDraft call = draft(EventType.TOOL_CALL, typeName);
        call.identity = name();
        call.params = object(input);
        call.resources = resources(input);
        return call;
    }

    /// What came back. A failure stands here alone, so that it counts once.
    ///
    /// @param error null when the call succeeded
    EventDraft result(
            String typeName, @Nullable JsonNode response, boolean failed, @Nullable String error) {
        EventDraft result = draft(EventType.TOOL_RESULT, typeName);
        String call = name();
        if (call != null && session != null && id != null) {
            result.identity = CallNames.result(session, id);
            result.parentId = call;
        }
        result.outcome = failed ? Outcome.FAILURE : Outcome.SUCCESS;
        if (failed) {
            result.errorMessage = error;
            result.errorType = isRefusal(error) ? REJECTED : null;
        } else {
            result.result = Members.isStated(response) ? response : null;
        }
        return result;
    }

    /// What a person said to the call, told by its result: that it was refused, that a plan was
    /// approved, or the answer to a question. Null when nobody was asked.
    @Nullable EventDraft human(String typeName, boolean failed, @Nullable String error) {
        String action =
                isRefusal(error)
                        ? tool == null ? "reject" : "reject:" + tool
                        : failed || tool == null
                                ? null
                                : switch (tool) {
                                    case "ExitPlanMode" -> "approve:plan";
                                    case "AskUserQuestion" -> "answer";
                                    default -> null;
                                };
        if (action == null) {
            return null;
        }
        EventDraft human = draft(EventType.HUMAN_INTERVENTION, typeName);
        human.action = action;
        human.source = "user";
        human.parentId = name();
        if (session != null && id != null) {
            human.identity = CallNames.human(session, id);
        }
        return human;
    }

    /// The start of a sub-agent. Named by the sub-agent's id, which the hook of its start, the
    /// answer of the tool and the transcript all have.
    ///
    /// @param to    type of the sub-agent
    /// @param depth null when it is not known
    EventDraft handoff(
            String typeName,
            String agentId,
            @Nullable String to,
            @Nullable Integer depth,
            @Nullable JsonNode params) {
        EventDraft handoff = draft(EventType.HANDOFF, typeName);
        String target = to == null ? CallNames.unknownAgent(agentId) : to;
        handoff.action = target;
        handoff.handoff = new Handoff(agent, target, depth);
        handoff.params = params;
        handoff.parentId = name();
        if (session != null) {
            handoff.identity = CallNames.agent(session, agentId);
        }
        return handoff;
    }

    static boolean isRefusal(@Nullable String error) {
        return error != null && REFUSALS.stream().anyMatch(error::startsWith);
    }

    /// Parameters are an object; anything else is kept as the only one.
    private static @Nullable JsonNode object(@Nullable JsonNode input) {
        if (input == null || !Members.isStated(input)) {
            return null;
        }
        if (input.isObject()) {
            return input;
        }
        return JsonNodeFactory.instance.objectNode().set("input", input);
    }

    private static List<ResourceRef> resources(@Nullable JsonNode input) {
        if (!(input instanceof ObjectNode members)) {
            return List.of();
        }
        List<ResourceRef> resources = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            String type = RESOURCES.get(member.getKey());
            String text = member.getValue().isTextual() ? member.getValue().textValue() : "";
            if (type != null && !text.isEmpty() && text.length() <= MAX_IDENTIFIER) {
                resources.add(new ResourceRef(type, text));
            }
        }
        return resources;
    }
}
