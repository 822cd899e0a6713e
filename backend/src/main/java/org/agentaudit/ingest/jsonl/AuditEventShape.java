package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// The flat audit event of seed 003, twenty members.
final class AuditEventShape {
    private static final String PREFIX = "agent.";
    private static final Set<String> KNOWN =
            Set.of(
                    "event_id",
                    "id",
                    "event_type",
                    "agent_name",
                    "session_id",
                    "action",
                    "params",
                    "result",
                    "reasoning",
                    "confidence",
                    "duration_ms",
                    "token_count",
                    "model",
                    "error",
                    "error_type",
                    "outcome",
                    "status");

    /// A redaction names its detector behind a colon, which separates nothing else.
    private static final String REDACTED = "[REDACTED";

    private AuditEventShape() {}

    static EventDraft decode(ObjectNode line, Instant now) {
        Members members = new Members(line);
        String typeName = members.name("event_type");
        if (typeName == null) {
            throw new RejectedException("event_type is missing: name one such as agent.tool_call");
        }
        EventDraft draft = new EventDraft(SourceFormat.AUDIT_EVENT, type(typeName), typeName);
        LineDecoder.common(draft, line, members, now);
        draft.id = members.id("event_id", "id");
        draft.agentId = members.name("agent_name");
        draft.sessionId = members.name("session_id");
        action(draft, members);
        draft.params = members.find("params");
        draft.result = members.find("result");
        draft.reasoning = members.text("reasoning");
        Double confidence = members.confidence("confidence");
        draft.confidence = confidence == null || confidence == 0 ? null : confidence;
        draft.durationMs = members.durationMs("duration_ms");
        draft.model = members.name("model");
        draft.outcome = members.outcome("outcome", "status");
        LineDecoder.error(draft, members.find("error"));
        String errorType = members.name("error_type");
        draft.errorType = errorType == null ? draft.errorType : errorType;
        tokens(draft, members);
        if (draft.type == EventType.DECISION) {
            decision(draft);
        } else if (draft.type == EventType.HANDOFF) {
            draft.handoff = handoff(draft);
        }
        LineDecoder.keepUnknown("", line, members, KNOWN);
        return LineDecoder.finish(draft, members);
    }

    private static EventType type(String typeName) {
        String name = typeName.toLowerCase(Locale.ROOT);
        return EventTypes.named(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
    }

    /// `kind:name`, split at the first colon only: tools have names such as `mcp:server:tool`
    /// (B-003-08).
    private static void action(EventDraft draft, Members members) {
        JsonNode action = members.find("action");
        if (action == null) {
            return;
        }
        String whole = Members.asName("action", action);
        int colon = whole.indexOf(':');
        while (colon >= 0 && whole.startsWith(REDACTED, colon - REDACTED.length())) {
            colon = whole.indexOf(':', colon + 1);
        }
        if (colon < 0) {
            draft.action = whole;
            return;
        }
        draft.actionKind = whole.substring(0, colon);
        String name = whole.substring(colon + 1);
        draft.action = name.isEmpty() ? null : name;
    }

    /// A single count is input.
    private static void tokens(EventDraft draft, Members members) {
        Long stated = members.tokens("token_count");
        Long count = stated == null || stated == 0 ? null : stated;
        LineDecoder.usage(draft, count);
        if (draft.tokens == null && count != null) {
            draft.tokens = Tokens.of(count, null, null);
        }
    }

    private static void decision(EventDraft draft) {
        @Nullable JsonNode result = draft.result;
        ObjectNode answer = result instanceof ObjectNode members ? members : null;
        ObjectNode params = draft.params instanceof ObjectNode members ? members : null;
        Members stated =
                params == null
                        ? answer == null ? new Members() : new Members(answer)
                        : answer == null ? new Members(params) : new Members(params, answer);
        String chosen = stated.text("chosen");
        if (chosen == null && result != null && result.isTextual()) {
            chosen = result.textValue();
        }
        draft.decision =
                Decisions.of(
                        stated.text("question"),
                        stated.find("options_considered", "options"),
                        chosen,
                        draft.confidence);
    }

    private static Handoff handoff(EventDraft draft) {
        Members params =
                draft.params instanceof ObjectNode members ? new Members(members) : new Members();
        String to = params.name("target", "to");
        if (to == null && draft.actionKind != null) {
            to = draft.action;
        }
        return new Handoff(params.name("source", "from"), to, params.depth("depth"));
    }
}
