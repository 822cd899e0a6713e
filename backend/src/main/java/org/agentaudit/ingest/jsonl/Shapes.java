package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.RejectedException;

/// Tells a line's wire shape from its members.
public final class Shapes {
    /// Lines of a transcript that have no id, by their type and another member they have.
    private static final Map<String, String> TRANSCRIPT_LINES =
            Map.ofEntries(
                    Map.entry("file-history-snapshot", "snapshot"),
                    Map.entry("summary", "leafUuid"),
                    Map.entry("queue-operation", "operation"),
                    Map.entry("pr-link", "prUrl"),
                    Map.entry("mode", "mode"),
                    Map.entry("permission-mode", "permissionMode"),
                    Map.entry("last-prompt", "lastPrompt"),
                    Map.entry("ai-title", "aiTitle"),
                    Map.entry("custom-title", "customTitle"),
                    Map.entry("agent-name", "agentName"));

    /// Members that only a request log has.
    private static final List<String> REQUEST =
            List.of("request_id", "prompt_tokens", "completion_tokens", "latency_ms");

    /// Members of an audit event that has lost its `event_type`.
    private static final List<String> NAMELESS_AUDIT_EVENT = List.of("agent_name", "event_id");

    /// Members that only an event of the portal's own export has, all of them in every line.
    private static final List<String> EXPORT =
            List.of("traceDerived", "typeName", "receivedAt", "sourceFormat");

    private Shapes() {}

    /// The shape of a line.
    ///
    /// @throws RejectedException when it is none of those the portal knows
    public static SourceFormat of(JsonNode line) {
        if (line.path("eval").isObject() && line.has("plan")) {
            throw new RejectedException(
                    "this is an evaluation log of Inspect, which is not taken: send the samples as"
                            + " events");
        }
        if (hasAll(line, EXPORT)) {
            throw new RejectedException(
                    "this is a line of the portal's own export, which is for reading and is not"
                            + " taken back: archives come back by import of the archive files");
        }
        if (line.has("hook_event_name") || line.path("hook").has("hook_event_name")) {
            return SourceFormat.CLAUDE_CODE_HOOK;
        }
        String known = TRANSCRIPT_LINES.get(line.path("type").asText());
        if (line.has("parentUuid") && line.has("type")
                || known != null && line.has(known)
                || isMessage(line)) {
            return SourceFormat.CLAUDE_CODE_TRANSCRIPT;
        }
        if (line.path("action").isObject() || line.path("agent").isObject()) {
            return SourceFormat.LOG_ENTRY;
        }
        if (line.has("event_type")) {
            return SourceFormat.AUDIT_EVENT;
        }
        if (line.has("sessionId")
                || line.path("data").isObject()
                || line.has("type") && !line.has("agent_name")) {
            return SourceFormat.SESSION_EVENT;
        }
        if (hasAny(line, REQUEST)) {
            return SourceFormat.REQUEST_LOG;
        }
        if (hasAny(line, NAMELESS_AUDIT_EVENT)) {
            return SourceFormat.AUDIT_EVENT;
        }
        if (line.has("status") || line.has("model")) {
            return SourceFormat.REQUEST_LOG;
        }
        throw new RejectedException(
                "the shape is not recognised: an event needs event_type (audit_event), action.type"
                        + " (log_entry), type and data (session_event) or model and status"
                        + " (request_log); hook calls and transcripts of Claude Code are taken as"
                        + " they are, and so are exports of OTLP (resourceSpans, resourceLogs),"
                        + " Jaeger and Langfuse");
    }

    /// A message of a transcript, also when the line does not say what it follows.
    private static boolean isMessage(JsonNode line) {
        String type = line.path("type").asText();
        JsonNode message = line.path("message");
        return (type.equals("user") || type.equals("assistant"))
                && !line.path("data").isObject()
                && message.path("role").asText().equals(type)
                && (message.path("content").isTextual() || message.path("content").isArray());
    }

    private static boolean hasAll(JsonNode line, List<String> members) {
        for (String member : members) {
            if (!line.has(member)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasAny(JsonNode line, List<String> members) {
        for (String member : members) {
            if (line.has(member)) {
                return true;
            }
        }
        return false;
    }
}
