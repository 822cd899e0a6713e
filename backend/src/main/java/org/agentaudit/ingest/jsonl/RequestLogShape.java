package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventDraft;

/// The flat request log of seed 002: one line per model request.
final class RequestLogShape {
    private static final Set<String> KNOWN =
            Set.of(
                    "request_id",
                    "id",
                    "agent",
                    "agent_name",
                    "session_id",
                    "model",
                    "status",
                    "error_message",
                    "error",
                    "error_type",
                    "latency_ms",
                    "prompt_tokens",
                    "completion_tokens",
                    "cached_tokens");

    private RequestLogShape() {}

    static EventDraft decode(ObjectNode line, Instant now) {
        Members members = new Members(line);
        EventDraft draft =
                new EventDraft(SourceFormat.REQUEST_LOG, EventType.LLM_RESPONSE, "llm_response");
        LineDecoder.common(draft, line, members, now);
        draft.id = members.id("request_id", "id");
        draft.agentId = members.name("agent", "agent_name");
        draft.sessionId = members.name("session_id");
        draft.model = members.name("model");
        draft.outcome = members.outcome("status");
        LineDecoder.error(draft, members.find("error_message", "error"));
        String errorType = members.name("error_type");
        draft.errorType = errorType == null ? draft.errorType : errorType;
        draft.durationMs = members.durationMs("latency_ms");
        draft.tokens =
                Tokens.of(
                        members.tokens("prompt_tokens"),
                        members.tokens("completion_tokens"),
                        members.tokens("cached_tokens"));
        LineDecoder.keepUnknown("", line, members, KNOWN);
        return LineDecoder.finish(draft, members);
    }
}
