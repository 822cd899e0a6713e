package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// The session line of seed 000: timestamp, session, type and a bag of data that depends on the
/// type.
/// Members of `data` without a place of their own (an assistant's tool calls, a retry's attempt
/// number) are the action's parameters when `data.params` is missing, and are kept under
/// `unmapped` otherwise.
final class SessionEventShape {
    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();
    private static final Set<String> KNOWN =
            Set.of(
                    "id",
                    "event_id",
                    "sessionId",
                    "session_id",
                    "type",
                    "data",
                    "duration",
                    "tokensUsed",
                    "success",
                    "outcome",
                    "status",
                    "model",
                    "agent");
    private static final Set<String> KNOWN_DATA =
            Set.of(
                    "id",
                    "agent",
                    "params",
                    "result",
                    "reasoning",
                    "tool_call_id",
                    "metadata",
                    "success",
                    "outcome",
                    "status",
                    "error",
                    "model",
                    "confidence",
                    "content");

    private SessionEventShape() {}

    static EventDraft decode(ObjectNode line, Instant now) {
        JsonNode given = line.get("data");
        if (Members.isStated(given) && given != null && !given.isObject()) {
            throw new RejectedException("data must be an object, not " + Members.kind(given));
        }
        ObjectNode data = given instanceof ObjectNode members ? members : NOTHING;
        String typeName = new Members(line).name("type");
        if (typeName == null) {
            throw new RejectedException("type is missing: name one such as assistant or tool_call");
        }
        EventDraft draft = new EventDraft(SourceFormat.SESSION_EVENT, type(typeName), typeName);
        Members members = new Members(data, line);
        LineDecoder.common(draft, line, members, now);
        draft.id = new Members(line, data).id("id", "event_id");
        draft.sessionId = new Members(line).name("sessionId", "session_id");
        draft.agentId = members.name("agent");
        Members top = new Members(line);
        draft.durationMs = top.durationMs("duration");
        members.keepAll(top);
        draft.outcome = members.outcome("success", "outcome", "status");
        draft.confidence = members.confidence("confidence");
        draft.reasoning = members.text("reasoning");
        draft.result = members.find("result");
        draft.params = data.get("params");
        if (!Members.isStated(draft.params)) {
            draft.params = null;
        }
        if (draft.parentId == null) {
            draft.parentId = new Members(data).id("tool_call_id");
        }
        metadata(draft, members, data);
        error(draft, data);
        content(draft, data);
        if (draft.type == EventType.HANDOFF) {
            draft.handoff = handoff(members);
            if (draft.agentId == null) {
                draft.agentId = new Members(data).name("parent");
            }
        }
        action(draft, data);
        if (draft.type == EventType.DECISION) {
            decision(draft, data);
        }
        parameters(draft, data, members);
        if (draft.tokens == null) {
            LineDecoder.usage(draft, null);
        }
        LineDecoder.keepUnknown("", line, members, KNOWN);
        return LineDecoder.finish(draft, members);
    }

    private static EventType type(String typeName) {
        return switch (typeName.toLowerCase(Locale.ROOT)) {
            case "assistant" -> EventType.LLM_RESPONSE;
            case "user" -> EventType.INVOCATION;
            case "delegation" -> EventType.HANDOFF;
            default -> EventTypes.named(typeName);
        };
    }

    private static void metadata(EventDraft draft, Members members, ObjectNode data) {
        JsonNode given = data.get("metadata");
        ObjectNode metadata = given instanceof ObjectNode parts ? parts : NOTHING;
        draft.model = new Members(metadata, data, NOTHING).name("model");
        if (draft.model == null) {
            draft.model = members.name("model");
        }
        JsonNode used = new Members(metadata).find("tokensUsed");
        if (used == null) {
            used = members.find("tokensUsed");
        }
        if (used instanceof ObjectNode counts) {
            Members tokens = new Members(counts);
            draft.tokens =
                    Tokens.of(
                            tokens.tokens("input"),
                            tokens.tokens("output"),
                            tokens.tokens("cached"));
            if (draft.tokens == null) {
                draft.tokens = Tokens.of(tokens.tokens("total"), null, null);
            }
            if (tokens.unmapped() != null) {
                members.keep("tokensUsed", counts);
            }
        } else if (used != null) {
            Long total = Members.asWhole(used);
            if (total == null || total < 0) {
                members.keep("tokensUsed", used);
            } else {
                draft.tokens = Tokens.of(total, null, null);
            }
        }
    }

    /// `data.error`, else on error lines `data.type` and `data.message`.
    private static void error(EventDraft draft, ObjectNode data) {
        Members members = new Members(data);
        JsonNode error = members.find("error");
        if (error != null) {
            LineDecoder.error(draft, error);
        } else if (draft.type == EventType.ERROR) {
            draft.errorType = members.name("type");
            draft.errorMessage = members.text("message");
        }
    }

    /// What a line's `content` is depends on its type.
    private static void content(EventDraft draft, ObjectNode data) {
        JsonNode content = new Members(data).find("content");
        if (content == null) {
            return;
        }
        switch (draft.type) {
            case INVOCATION -> {
                ObjectNode params = JsonNodeFactory.instance.objectNode();
                if (draft.params instanceof ObjectNode sent) {
                    params.setAll(sent);
                } else if (draft.params != null) {
                    params.set("params", draft.params);
                }
                if (!params.has("task")) {
                    params.set("task", content);
                }
                draft.params = params;
            }
            case REASONING -> {
                if (draft.reasoning == null) {
                    draft.reasoning = Members.asText(content);
                }
            }
            default -> {
                if (draft.result == null) {
                    draft.result = content;
                }
            }
        }
    }

    private static void action(EventDraft draft, ObjectNode data) {
        Members members = new Members(data);
        for (String name : new String[] {"tool", "action", "decision", "name"}) {
            JsonNode value = members.find(name);
            if (value != null && value.isValueNode()) {
                draft.action = Members.asName(name, value);
                return;
            }
        }
        Handoff handoff = draft.handoff;
        if (handoff != null) {
            draft.action = handoff.to();
        }
    }

    private static Handoff handoff(Members members) {
        return new Handoff(
                members.name("parent", "from", "source"),
                members.name("child", "to", "target"),
                members.depth("depth"));
    }

    private static void decision(EventDraft draft, ObjectNode data) {
        ObjectNode nested = data.get("decision") instanceof ObjectNode parts ? parts : NOTHING;
        ObjectNode params = draft.params instanceof ObjectNode sent ? sent : NOTHING;
        Members choice = new Members(data, nested, params);
        draft.decision =
                Decisions.of(
                        choice.text("question"),
                        choice.find("options_considered", "options"),
                        choice.text("chosen"),
                        draft.confidence);
    }

    /// Adds what the data says beyond the members that have a place.
    private static void parameters(EventDraft draft, ObjectNode data, Members members) {
        ObjectNode rest = null;
        Set<String> placed = placed(draft.type);
        for (Map.Entry<String, JsonNode> member : data.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (!KNOWN_DATA.contains(name)
                    && !LineDecoder.COMMON.contains(name)
                    && !placed.contains(name)
                    && Members.isStated(value)
                    && !(value.isContainerNode() && value.isEmpty())) {
                rest = rest == null ? JsonNodeFactory.instance.objectNode() : rest;
                rest.set(name, value);
            }
        }
        rest = withMetadata(rest, data);
        if (rest == null) {
            return;
        }
        if (draft.params == null) {
            draft.params = rest;
        } else {
            rest.properties().forEach(entry -> members.keep(entry.getKey(), entry.getValue()));
        }
    }

    /// What `metadata` says beyond model and tokens, such as the temperature.
    private static @Nullable ObjectNode withMetadata(@Nullable ObjectNode rest, ObjectNode data) {
        JsonNode metadata = data.get("metadata");
        if (!(metadata instanceof ObjectNode parts)) {
            if (!Members.isStated(metadata) || metadata == null) {
                return rest;
            }
            ObjectNode all = rest == null ? JsonNodeFactory.instance.objectNode() : rest;
            return all.set("metadata", metadata);
        }
        ObjectNode more = parts.deepCopy().without(Set.of("model", "tokensUsed"));
        if (more.isEmpty()) {
            return rest;
        }
        ObjectNode all = rest == null ? JsonNodeFactory.instance.objectNode() : rest;
        return all.set("metadata", more);
    }

    private static Set<String> placed(EventType type) {
        return switch (type) {
            case HANDOFF ->
                    Set.of(
                            "tool", "action", "name", "parent", "child", "from", "to", "source",
                            "target", "depth");
            case DECISION ->
                    Set.of(
                            "tool",
                            "action",
                            "name",
                            "decision",
                            "question",
                            "options",
                            "options_considered",
                            "chosen");
            case ERROR -> Set.of("tool", "action", "name", "type", "message");
            default -> Set.of("tool", "action", "name");
        };
    }
}
