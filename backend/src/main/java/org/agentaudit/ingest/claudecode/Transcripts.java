package org.agentaudit.ingest.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.agentaudit.event.EventType;
import org.agentaudit.ingest.claudecode.TranscriptState.Call;
import org.agentaudit.ingest.claudecode.TranscriptState.SubAgent;
import org.agentaudit.ingest.jsonl.Members;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Decodes the lines of Claude Code transcripts. The format is internal to the product and changes,
/// so a line of any type becomes an event; what no event type stands for is OTHER.
///
/// A line refers to others: its prompt, the message it is a part of, the agent that works. One
/// instance therefore reads a request, or all files of an import, in order. A prompt is a trace.
/// Not safe for several threads.
public final class Transcripts {
    private final TranscriptState state = new TranscriptState();
    private final MessageLines messages = new MessageLines(state);
    private boolean any;

    /// Whether a line of a transcript was decoded since the start of the file.
    public boolean any() {
        return any;
    }

    /// Another file begins: what its lines leave out is not taken from the file before.
    public void startFile() {
        any = false;
        state.startFile();
    }

    /// Takes note of a line that will be decoded later: what a message cost is known only at its
    /// last line. Keeps no text of it.
    public void lookAhead(JsonNode line) {
        state.lookAhead(line);
    }

    /// The events a line tells, in order; at least one.
    ///
    /// @param line after redaction
    /// @param now  for times that lie ahead
    /// @throws RejectedException when it cannot be understood; says what to change
    public List<EventDraft> decode(ObjectNode line, Instant now) {
        if (new Members(line).name("type") == null) {
            throw new RejectedException("type is missing: a line of a transcript has one");
        }
        any = true;
        TranscriptLine read = new TranscriptLine(line, state, now, null, null);
        return switch (read.type()) {
            case "user", "assistant" ->
                    messages.decode(read) ? read.finish(false) : whole(read, read.type());
            case "progress" -> progress(read, now);
            case "system" -> system(read);
            default -> whole(read, read.type());
        };
    }

    private static List<EventDraft> whole(TranscriptLine line, String typeName) {
        ObjectNode rest = line.rest(Set.of());
        if (line.json.hasNonNull("message")) {
            rest.set("message", line.json.get("message"));
        }
        line.other(typeName).params = rest;
        return line.finish(true);
    }

    /// Steps of a sub-agent are lines of their own. Of a tool that reports again and again how far
    /// it is only the first report is kept: the last one comes again as its result.
    private List<EventDraft> progress(TranscriptLine line, Instant now) {
        JsonNode data = line.json.path("data");
        String kind = data.path("type").asText("");
        if (kind.equals("agent_progress") && data.path("message") instanceof ObjectNode step) {
            return step(line, data, step, now);
        }
        String typeName = kind.isEmpty() ? "progress" : "progress:" + cut(kind);
        EventDraft report = line.draft(EventType.OTHER, typeName);
        report.action = typeName;
        report.params = line.rest(Set.of("toolUseID", "parentToolUseID"));
        String use = line.members.id("parentToolUseID", "toolUseID");
        if (!kind.equals("hook_progress") && use != null && line.session != null) {
            report.identity = "cc:" + line.session + ":progress:" + use + ":" + kind;
        }
        line.add(report);
        return line.finish(true);
    }

    private List<EventDraft> step(
            TranscriptLine line, JsonNode data, ObjectNode step, Instant now) {
        String agentId = data.path("agentId").asText("");
        if (agentId.isEmpty()) {
            return whole(line, "progress:agent_progress");
        }
        String key = line.agentKey(agentId);
        EventDraft start = null;
        if (!state.agents.containsKey(key)) {
            String use = line.members.id("parentToolUseID");
            Call call = use == null ? null : state.calls.get(line.agentKey(use));
            start =
                    messages.startOf(
                            line.tool(use, null), agentId, call == null ? null : call.type(), 1);
            state.agents.put(
                    key,
                    new SubAgent(
                            call == null || call.type() == null
                                    ? CallNames.unknownAgent(agentId)
                                    : call.type(),
                            call == null ? line.trace() : call.trace()));
        }
        TranscriptLine inner = new TranscriptLine(step, state, now, line, agentId);
        if (start != null) {
            inner.add(start);
        }
        if (!messages.decode(inner)) {
            inner.other("progress:agent_progress").params = step;
        }
        inner.finish(false);
        if (line.uuid != null) {
            EventDraft last = inner.events.getLast();
            if (last.identity != null) {
                state.places.put(line.uuid, new TranscriptState.Place(last.identity, last.traceId));
            }
        }
        return inner.events;
    }

    private static List<EventDraft> system(TranscriptLine line) {
        String subtype = line.json.path("subtype").asText("");
        if (!subtype.equals("api_error")) {
            EventDraft other = line.other(subtype.isEmpty() ? "system" : "system:" + cut(subtype));
            other.params = line.rest(Set.of("durationMs"));
            other.durationMs = line.members.durationMs("durationMs");
            return line.finish(true);
        }
        EventDraft error = line.draft(EventType.ERROR, "system:api_error");
        error.action = "api_request";
        JsonNode body = line.json.path("error");
        error.errorType = ApiErrors.type(body);
        error.errorMessage = ApiErrors.message(body);
        error.params = line.rest(Set.of("error"));
        line.add(error);
        return line.finish(true);
    }

    private static String cut(String word) {
        return word.length() <= 100 ? word : word.substring(0, 100);
    }

    static @Nullable String typeOf(@Nullable JsonNode input) {
        JsonNode type = input == null ? null : input.get("subagent_type");
        return type == null || !type.isTextual() || type.textValue().isEmpty()
                ? null
                : cut(type.textValue());
    }
}
