package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// The nested log entry of seed 001: agent, action, outcome, resources, security.
final class LogEntryShape {
    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();
    private static final Set<String> KNOWN =
            Set.of(
                    "id",
                    "event_id",
                    "agent",
                    "action",
                    "outcome",
                    "resources",
                    "security",
                    "model",
                    "reasoning",
                    "tokens_input",
                    "tokens_output",
                    "tokens_cached",
                    "duration_ms");

    private static final Set<String> KNOWN_AGENT = Set.of("id", "session_id", "conversation_id");
    private static final Set<String> KNOWN_ACTION = Set.of("type", "name", "parameters");
    private static final Set<String> KNOWN_DETAIL =
            Set.of(
                    "name",
                    "type",
                    "parameters",
                    "operation",
                    "target",
                    "reasoning",
                    "question",
                    "options_considered",
                    "options",
                    "chosen",
                    "confidence");
    private static final Set<String> KNOWN_OUTCOME = Set.of("status", "result", "error");
    private static final Set<String> KNOWN_RESOURCES =
            Set.of("tokens_input", "tokens_output", "tokens_cached", "duration_ms");

    private LogEntryShape() {}

    static EventDraft decode(ObjectNode line, Instant now) {
        Members top = new Members(line);
        ObjectNode agent = part(line, "agent");
        ObjectNode action = part(line, "action");
        ObjectNode outcome = part(line, "outcome");
        ObjectNode resources = part(line, "resources");
        ObjectNode security = part(line, "security");
        Members what = new Members(action);
        String typeName = what.name("type");
        if (typeName == null) {
            throw new RejectedException(
                    "action.type is missing: one of tool, skill, external, decision, error");
        }
        EventDraft draft = new EventDraft(SourceFormat.LOG_ENTRY, type(typeName), typeName);
        // Amounts and security may stand in their own part or at the top: one reader for both
        // places.
        Members members = new Members(security, resources, line);
        LineDecoder.common(draft, line, members, now);
        draft.id = top.id("id", "event_id");
        Members who = new Members(agent);
        draft.agentId = who.name("id");
        draft.sessionId = who.name("session_id");
        String conversation = who.name("conversation_id");
        draft.conversationId = conversation == null ? draft.conversationId : conversation;

        ObjectNode detail = detail(action, typeName);
        draft.action = what.name("name");
        if (draft.action == null) {
            draft.action = new Members(detail).name("name", "type");
        }
        draft.params = params(action, detail, members);
        draft.model = top.name("model");
        draft.reasoning = new Members(detail, line).text("reasoning");

        Members end = new Members(outcome);
        draft.outcome = end.outcome("status");
        draft.result = end.find("result");
        LineDecoder.error(draft, end.find("error"));
        draft.tokens =
                Tokens.of(
                        members.tokens("tokens_input"),
                        members.tokens("tokens_output"),
                        members.tokens("tokens_cached"));
        draft.durationMs = members.durationMs("duration_ms");
        if (draft.type == EventType.DECISION) {
            Members choice = new Members(detail);
            draft.confidence = choice.confidence("confidence");
            draft.decision =
                    Decisions.of(
                            choice.text("question"),
                            choice.find("options_considered", "options"),
                            choice.text("chosen"),
                            draft.confidence);
            members.keepAll(choice);
        }
        members.keepAll(end);
        LineDecoder.keepUnknown("", line, members, KNOWN);
        LineDecoder.keepUnknown("agent.", agent, members, KNOWN_AGENT);
        LineDecoder.keepUnknown("outcome.", outcome, members, KNOWN_OUTCOME);
        LineDecoder.keepUnknown("resources.", resources, members, KNOWN_RESOURCES);
        LineDecoder.keepUnknown("security.", security, members, Set.of());
        if (draft.type == EventType.OTHER) {
            members.keep("action", action);
        } else {
            String kind = typeName.toLowerCase(Locale.ROOT);
            LineDecoder.keepUnknown("action.", action, members, with(KNOWN_ACTION, kind));
            LineDecoder.keepUnknown("action." + kind + ".", detail, members, KNOWN_DETAIL);
        }
        return LineDecoder.finish(draft, members);
    }

    private static Set<String> with(Set<String> names, String name) {
        Set<String> all = new HashSet<>(names);
        all.add(name);
        return all;
    }

    private static EventType type(String typeName) {
        return switch (typeName.toLowerCase(Locale.ROOT)) {
            case "tool" -> EventType.TOOL_CALL;
            case "skill" -> EventType.SKILL_CALL;
            case "external" -> EventType.EXTERNAL_CALL;
            case "decision" -> EventType.DECISION;
            case "error" -> EventType.ERROR;
            default -> EventType.OTHER;
        };
    }

    /// A part of the entry; a part of another type would lose who, what or how it ended.
    private static ObjectNode part(ObjectNode line, String name) {
        JsonNode part = line.get(name);
        if (part instanceof ObjectNode members) {
            return members;
        }
        if (Members.isStated(part) && part != null) {
            throw new RejectedException(name + " must be an object, not " + Members.kind(part));
        }
        return NOTHING;
    }

    private static ObjectNode detail(ObjectNode action, String typeName) {
        JsonNode detail = action.get(typeName.toLowerCase(Locale.ROOT));
        return detail instanceof ObjectNode members ? members : NOTHING;
    }

    /// The call's parameters, with a skill's operation and an external call's target among them.
    private static @Nullable JsonNode params(
            ObjectNode action, ObjectNode detail, Members members) {
        JsonNode parameters = new Members(detail, action).find("parameters");
        ObjectNode params = null;
        for (String name : new String[] {"operation", "target"}) {
            JsonNode value = detail.get(name);
            if (!Members.isStated(value) || value == null) {
                continue;
            }
            if (parameters instanceof ObjectNode sent && !sent.has(name) || parameters == null) {
                params = params == null ? JsonNodeFactory.instance.objectNode() : params;
                params.set(name, value);
            } else {
                members.keep(name, value);
            }
        }
        if (params == null) {
            return parameters;
        }
        return parameters instanceof ObjectNode sent
                ? JsonNodeFactory.instance.objectNode().<ObjectNode>setAll(sent).setAll(params)
                : params;
    }
}
