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
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.claudecode.TranscriptState.Place;
import org.agentaudit.ingest.claudecode.TranscriptState.SubAgent;
import org.agentaudit.ingest.jsonl.Members;
import org.agentaudit.ingest.normal.EventDraft;
import org.jspecify.annotations.Nullable;

/// The envelope of one line, and the events made from it so far: each follows from the one before.
final class TranscriptLine {
    /// Members with a place of their own, and those that are the same in every line of a session.
    private static final Set<String> PLACED =
            Set.of(
                    "type",
                    "subtype",
                    "uuid",
                    "parentUuid",
                    "sessionId",
                    "agentId",
                    "timestamp",
                    "version",
                    "message",
                    "requestId",
                    "promptId",
                    "toolUseResult",
                    "isSidechain",
                    "userType",
                    "costUSD");

    /// Where rather than what.
    private static final Set<String> SURROUNDINGS =
            Set.of("cwd", "gitBranch", "slug", "entrypoint", "permissionMode");

    final ObjectNode json;
    final Members members;
    final @Nullable String uuid;
    final @Nullable String session;
    final @Nullable Instant at;
    final String agent;
    final @Nullable String agentId;
    final List<EventDraft> events = new ArrayList<>();
    private final TranscriptState state;
    private @Nullable String trace;
    private @Nullable String parent;

    /// @param nested a line of a sub-agent, inside a line of its caller
    TranscriptLine(
            ObjectNode json,
            TranscriptState state,
            Instant now,
            @Nullable TranscriptLine nested,
            @Nullable String nestedAgent) {
        this.json = json;
        this.state = state;
        members = new Members(json);
        uuid = members.id("uuid");
        String named = members.name("sessionId");
        session = named != null ? named : nested != null ? nested.session : state.session;
        Instant stated = members.time("timestamp", now);
        if (stated == null) {
            stated = new Members(object("snapshot")).time("timestamp", now);
        }
        at = stated != null ? stated : nested != null ? nested.at : state.time;
        agentId = nestedAgent != null ? nestedAgent : members.id("agentId");
        SubAgent known = agentId == null ? null : state.agents.get(agentKey(agentId));
        agent =
                agentId == null
                        ? CallNames.MAIN_AGENT
                        : known == null ? CallNames.unknownAgent(agentId) : known.name();
        String prompt = state.prompts.get(promptKey());
        trace = prompt != null ? prompt : known == null ? null : known.trace();
        if (trace == null && nested != null) {
            trace = nested.trace();
        }
        parent = parentName(nested != null);
        if (nested == null) {
            state.session = session;
            state.time = at;
        }
    }

    private ObjectNode object(String name) {
        return json.get(name) instanceof ObjectNode part
                ? part
                : JsonNodeFactory.instance.objectNode();
    }

    String agentKey(String id) {
        return session + "/" + id;
    }

    private String promptKey() {
        return session + "/" + (agentId == null ? "" : agentId);
    }

    String type() {
        return json.path("type").asText();
    }

    @Nullable String trace() {
        return trace;
    }

    /// From here on the agent works on this prompt.
    void prompt(String prompt) {
        trace = prompt;
        state.prompts.put(promptKey(), prompt);
        parent = parentName(false);
    }

    /// The event that the line before became, when it is known and of the same trace.
    private @Nullable String parentName(boolean nested) {
        String before = members.id("parentUuid");
        Place place =
                nested && agentId != null
                        ? state.last.get(agentKey(agentId))
                        : before == null ? null : state.places.get(before);
        return place != null && same(place.trace(), trace) ? place.name() : null;
    }

    private static boolean same(@Nullable String a, @Nullable String b) {
        return a == null ? b == null : a.equals(b);
    }

    /// What the event of this line is called unless all sources have a name for it: by the line,
    /// and by its place in the line after the first; null when the line has no id.
    @Nullable String name() {
        if (uuid == null) {
            return null;
        }
        return events.isEmpty() ? uuid : "cc:" + session + ":" + uuid + ":" + events.size();
    }

    EventDraft draft(EventType type, String typeName) {
        EventDraft draft = new EventDraft(SourceFormat.CLAUDE_CODE_TRANSCRIPT, type, typeName);
        draft.sessionId = session;
        draft.traceId = trace;
        draft.agentId = agent;
        draft.occurredAt = at;
        draft.identity = name();
        return draft;
    }

    ToolUse tool(@Nullable String id, @Nullable String tool) {
        return new ToolUse(
                SourceFormat.CLAUDE_CODE_TRANSCRIPT, session, trace, agent, at, id, tool);
    }

    /// Adds an event that follows from the one before, unless it knows better.
    void add(EventDraft event) {
        if (event.identity == null) {
            event.identity = name();
        }
        if (event.parentId == null) {
            event.parentId = parent;
        }
        event.version = members.name("version");
        events.add(event);
        if (event.identity != null) {
            parent = event.identity;
        }
    }

    /// Adds an event for what no event type stands for.
    EventDraft other(String typeName) {
        EventDraft other = draft(EventType.OTHER, typeName);
        other.action = typeName;
        add(other);
        return other;
    }

    /// What the line says beyond its envelope.
    ObjectNode rest(Set<String> placed) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
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

    /// Ends the line: later lines find its last event, and the first one keeps what has no place.
    List<EventDraft> finish(boolean restIsKept) {
        EventDraft lastEvent = events.getLast();
        String name = lastEvent.identity;
        if (name != null) {
            Place place = new Place(name, lastEvent.traceId);
            if (uuid != null) {
                state.places.put(uuid, place);
            }
            if (agentId != null) {
                state.last.put(agentKey(agentId), place);
            }
        }
        EventDraft first = events.getFirst();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String key = member.getKey();
            boolean place = SURROUNDINGS.contains(key);
            if ((place || !restIsKept && !PLACED.contains(key))
                    && Members.isStated(member.getValue())) {
                members.keep(key, member.getValue());
            }
        }
        ObjectNode answer = Blocks.brief(json.get("toolUseResult"));
        if (answer != null) {
            members.keep("toolUseResult", answer);
        }
        first.unmapped = members.unmapped();
        if (json.path("permissionMode").asText().equals("plan")) {
            first.permissionLevel = PermissionLevel.READONLY;
        }
        return events;
    }
}
