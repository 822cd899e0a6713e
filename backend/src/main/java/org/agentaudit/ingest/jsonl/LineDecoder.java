package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Decodes one line of any of the four seed shapes.
/// Members without a place in an event, and members of the wrong type, are kept as `unmapped`.
public final class LineDecoder {
    private LineDecoder() {}

    /// The event a line tells.
    ///
    /// @param line  after redaction
    /// @param shape one of the four
    /// @param now   for lines whose time lies ahead
    /// @throws RejectedException when the line cannot be understood; says what to change
    public static EventDraft decode(ObjectNode line, SourceFormat shape, Instant now) {
        return switch (shape) {
            case AUDIT_EVENT -> AuditEventShape.decode(line, now);
            case LOG_ENTRY -> LogEntryShape.decode(line, now);
            case SESSION_EVENT -> SessionEventShape.decode(line, now);
            case REQUEST_LOG -> RequestLogShape.decode(line, now);
            case CLAUDE_CODE_HOOK, CLAUDE_CODE_TRANSCRIPT, OTLP, MCP ->
                    throw new IllegalArgumentException("no seed shape: " + shape);
        };
    }

    /// The id a line names, whatever else is wrong with it; null when it names none.
    public static @Nullable String idOf(JsonNode line) {
        for (String member : new String[] {"event_id", "id", "request_id"}) {
            String id = id(line.get(member));
            if (id != null) {
                return id;
            }
        }
        return id(line.path("data").get("id"));
    }

    /// A POJO node stands where the reader found a fault.
    private static @Nullable String id(@Nullable JsonNode id) {
        return Members.isStated(id) && id != null && id.isValueNode() && !id.isPojo()
                ? id.asText()
                : null;
    }

    /// What any shape may say at its top level.
    ///
    /// @param line    its own time comes before any in a part of it
    /// @param members all places where these may stand
    static void common(EventDraft draft, ObjectNode line, Members members, Instant now) {
        Instant time = new Members(line).time("timestamp", now);
        draft.occurredAt = time == null ? members.time("timestamp", now) : time;
        draft.traceId = members.name("trace_id");
        draft.parentId = members.id("parent_event_id");
        draft.taskId = members.name("task_id");
        draft.userId = members.name("user_id");
        draft.conversationId = members.name("conversation_id");
        draft.version = members.name("version");
        draft.source = members.name("source");
        draft.permissionLevel = members.permissionLevel();
        draft.resources = members.resources();
        draft.sensitive = members.bool("sensitive_data_accessed");
        draft.cost = members.cost("cost_usd");
        draft.producer = members.name("producer");
        draft.seq = members.whole("seq");
    }

    /// Names every shape may use at its top level.
    static final Set<String> COMMON =
            Set.of(
                    "timestamp",
                    "trace_id",
                    "parent_event_id",
                    "task_id",
                    "user_id",
                    "conversation_id",
                    "version",
                    "source",
                    "permission_level",
                    "resources_accessed",
                    "sensitive_data_accessed",
                    "cost_usd",
                    "producer",
                    "seq");

    /// An error as an object with type and message, as text, or as true for one without either.
    static void error(EventDraft draft, @Nullable JsonNode error) {
        if (error instanceof ObjectNode parts) {
            Members named = new Members(parts);
            draft.errorType = named.name("type");
            String message = named.text("message");
            draft.errorMessage =
                    message == null && draft.errorType == null && !parts.isEmpty()
                            ? parts.toString()
                            : message;
        } else if (error != null && error.isBoolean()) {
            draft.failed = error.booleanValue();
        } else {
            draft.errorMessage = Members.asText(error);
        }
    }

    /// What a TOKEN_USAGE event's params count is used where it agrees with the line's own count.
    ///
    /// @param count null when the line states none
    static void usage(EventDraft draft, @Nullable Long count) {
        if (draft.type != EventType.TOKEN_USAGE || !(draft.params instanceof ObjectNode params)) {
            return;
        }
        Members usage = new Members(params);
        Long input = usage.tokens("prompt_tokens");
        Long output = usage.tokens("completion_tokens");
        long total = (input == null ? 0 : input) + (output == null ? 0 : output);
        if (count == null || count == total) {
            draft.tokens = Tokens.of(input, output, usage.tokens("cached_tokens"));
            BigDecimal cost = usage.cost("cost_usd");
            draft.cost = draft.cost == null ? cost : draft.cost;
        }
    }

    /// Ends a draft: a call's id in its params is the parent when none is named, and what was set
    /// aside is kept.
    static EventDraft finish(EventDraft draft, Members members) {
        if (draft.parentId == null && draft.params != null) {
            JsonNode call = draft.params.get("tool_call_id");
            if (Members.isStated(call) && call != null && call.isValueNode()) {
                draft.parentId = call.asText();
            }
        }
        draft.unmapped = members.unmapped();
        return draft;
    }

    /// Keeps the members that have no place in an event.
    ///
    /// @param prefix stands before their names: empty for those of the line itself
    static void keepUnknown(String prefix, ObjectNode part, Members members, Set<String> known) {
        for (Map.Entry<String, JsonNode> member : part.properties()) {
            String name = member.getKey();
            if (!known.contains(name)
                    && !COMMON.contains(name)
                    && Members.isStated(member.getValue())) {
                members.keep(prefix + name, member.getValue());
            }
        }
    }
}
