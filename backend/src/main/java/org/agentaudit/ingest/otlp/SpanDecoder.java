package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.event.Decision;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.otlp.SpanBatch.Span;
import org.jspecify.annotations.Nullable;

/// One span as an event. A span that ended without an error is a completed call, so it carries its
/// own result and outcome. An agent below another agent is a handoff as well.
final class SpanDecoder {
    private static final String[] TYPE_WORDS = {
        "gen_ai.operation.name",
        "openinference.span.kind",
        "traceloop.span.kind",
        "ai.operationId",
        "span.type",
        "langfuse.observation.type",
        "mcp.method.name",
        "llm.request.type"
    };
    private static final List<String> SPAN_KINDS =
            List.of("", "internal", "server", "client", "producer", "consumer");
    private static final int LONGEST_CHOICE = 500;

    private final ObjectNode tree;
    private final SpanBatch batch;
    private final Span span;
    private final Instant now;
    private final Attributes attributes;
    private final SpanContent content;

    SpanDecoder(ObjectNode tree, SpanBatch batch, Instant now) {
        this.tree = tree;
        this.batch = batch;
        this.span = batch.of(tree);
        this.now = now;
        this.attributes = new Attributes(tree);
        this.content = new SpanContent(tree, attributes);
    }

    List<EventDraft> decode() {
        String traceId = SignalIds.trace(tree);
        String id = traceId + ":" + SignalIds.span(tree);
        SpanKind kind = batch.isRepetition(span) ? SpanKind.OTHER : span.kind();
        String typeName = attributes.name(TYPE_WORDS);
        String name = tree.path("name").asText("");
        if (typeName == null) {
            typeName = name.startsWith("claude_code.") ? Attributes.fit(name) : "span";
        }
        EventType type =
                kind == SpanKind.APPROVAL && !attributes.word("source").startsWith("user")
                        ? EventType.DECISION
                        : type(kind);
        EventDraft draft = new EventDraft(SourceFormat.OTLP, type, typeName);
        draft.id = id;
        draft.traceId = traceId;
        String parent = SignalIds.parent(tree);
        draft.parentId = parent == null ? null : traceId + ":" + parent;
        draft.occurredAt = SignalTimes.first(tree, now, "startTimeUnixNano", "endTimeUnixNano");
        draft.durationMs = SignalTimes.duration(tree);
        draft.agentId = batch.agentOf(span);
        who(draft, traceId);
        draft.action = Attributes.fit(name);
        outcome(draft, kind);
        List<EventDraft> drafts = new ArrayList<>();
        switch (kind) {
            case TOOL, MEMORY -> {
                draft.action = kind == SpanKind.TOOL ? Names.tool(name, attributes) : typeName;
                draft.params = content.arguments();
                draft.result = content.toolResult();
            }
            case MODEL -> {
                draft.model = Names.model(attributes);
                draft.params = content.prompt();
                JsonNode answer = content.answer();
                draft.result = answer == null ? null : Messages.simplest(answer);
                draft.reasoning = answer == null ? null : Messages.reasoning(answer);
                draft.tokens = Usage.tokens(attributes);
                draft.cost = Usage.cost(attributes);
            }
            case LOOKUP -> {
                draft.model = Names.model(attributes);
                draft.params = content.arguments();
                draft.result = content.found();
                draft.tokens = Usage.tokens(attributes);
                draft.cost = Usage.cost(attributes);
            }
            case AGENT, WORKFLOW -> {
                draft.model = Names.model(attributes);
                draft.params = content.task();
                draft.result = content.outcome();
                handoff(draft, id, kind, drafts);
                String flow = attributes.name("gen_ai.workflow.name", "traceloop.entity.name");
                if (kind == SpanKind.WORKFLOW && flow != null) {
                    draft.action = flow;
                }
            }
            case PLAN -> {
                draft.params = content.arguments();
                JsonNode plan = content.outcome();
                draft.result = plan;
                draft.reasoning = plan == null ? null : Messages.text(plan, 0);
            }
            case GUARDRAIL -> {
                draft.params = content.arguments();
                draft.result = content.outcome();
                JsonNode verdict = draft.result;
                String chosen = verdict == null ? null : Messages.text(verdict, 0);
                if (chosen != null && chosen.length() <= LONGEST_CHOICE) {
                    draft.decision = new Decision(null, List.of(), chosen, null);
                }
            }
            case APPROVAL, RESULT, OTHER -> {
                // kept whole
            }
        }
        resources(draft);
        if (ClaudeCode.isSpan(tree)) {
            ClaudeCode.span(draft, name, attributes);
            claudeCode(draft, traceId);
        }
        draft.unmapped = rest(draft);
        drafts.add(draft);
        return drafts;
    }

    /// One prompt is one trace, and what hooks and transcripts know too has the name they know.
    private void claudeCode(EventDraft draft, String traceId) {
        String session = batch.sessionOf(traceId);
        draft.identity = ClaudeCode.identityOf(span, session, toolUse(span));
        String prompt = batch.inherited(span, "prompt.id");
        draft.traceId = prompt == null ? traceId : prompt;
        Span parent = batch.parentOf(span);
        String above =
                parent == null ? null : ClaudeCode.identityOf(parent, session, toolUse(parent));
        draft.parentId = above == null ? draft.parentId : above;
        String tool = batch.inherited(span, "tool_name");
        if (tool != null && draft.action != null && draft.action.endsWith("tool")) {
            draft.action = draft.action.substring(0, draft.action.length() - 4) + tool;
        }
    }

    private @Nullable String toolUse(Span of) {
        return batch.inherited(of, "tool_use_id", "gen_ai.tool.call.id");
    }

    private static EventType type(SpanKind kind) {
        return switch (kind) {
            case AGENT, WORKFLOW -> EventType.INVOCATION;
            case MODEL -> EventType.LLM_RESPONSE;
            case TOOL, MEMORY -> EventType.TOOL_CALL;
            case LOOKUP -> EventType.EXTERNAL_CALL;
            case PLAN, GUARDRAIL -> EventType.DECISION;
            case APPROVAL -> EventType.HUMAN_INTERVENTION;
            case RESULT -> EventType.TOOL_RESULT;
            case OTHER -> EventType.OTHER;
        };
    }

    private void who(EventDraft draft, String traceId) {
        draft.conversationId = attributes.name("gen_ai.conversation.id");
        String session = attributes.name(Names.SESSION);
        draft.sessionId = session == null ? batch.sessionOf(traceId) : session;
        String user = attributes.name(Names.USER);
        draft.userId = user == null ? batch.userOf(traceId) : user;
        draft.taskId = attributes.name("gen_ai.task.id");
        draft.version = attributes.name("gen_ai.agent.version");
        String agent = span.agent();
        if (agent != null && agent.equals(draft.agentId)) {
            attributes.name("gen_ai.agent.name", "agent.name");
        }
    }

    private void outcome(EventDraft draft, SpanKind kind) {
        int code = tree.path("status").path("code").asInt(0);
        if (SpanBatch.isFailed(tree, attributes)) {
            draft.outcome = Outcome.FAILURE;
            String type = attributes.name("error.type");
            String thrown = attributes.name("exception/exception.type", "exception.type");
            draft.errorType =
                    type == null || type.equals("_OTHER") && thrown != null ? simple(thrown) : type;
            String message = tree.path("status").path("message").asText("");
            draft.errorMessage =
                    message.isEmpty()
                            ? attributes.text(
                                    "exception/exception.message",
                                    "exception.message",
                                    "error.message",
                                    "error")
                            : message;
        } else if (code == 1 || kind != SpanKind.OTHER && tree.has("endTimeUnixNano")) {
            draft.outcome = Outcome.SUCCESS;
        }
    }

    /// The class without its package, as errors are named everywhere else.
    static @Nullable String simple(@Nullable String type) {
        return type == null ? null : type.substring(type.lastIndexOf('.') + 1);
    }

    /// Who passed the work to this agent: stated, or the agent around it.
    private void handoff(EventDraft draft, String id, SpanKind kind, List<EventDraft> drafts) {
        Span caller = batch.callerOf(span);
        String around = caller == null ? null : batch.agentOf(caller);
        String to = draft.agentId;
        if (around != null && !around.equals(to)) {
            draft.source = around;
        }
        if (kind != SpanKind.AGENT || to == null) {
            return;
        }
        String stated = attributes.name("graph.node.parent_id", "entity.1.from_agent");
        String from = stated == null ? around : stated;
        if (from == null || from.equals(to)) {
            return;
        }
        EventDraft handoff = new EventDraft(SourceFormat.OTLP, EventType.HANDOFF, draft.typeName);
        handoff.id = id + ":handoff";
        handoff.traceId = draft.traceId;
        handoff.parentId = draft.parentId;
        handoff.occurredAt = draft.occurredAt;
        handoff.agentId = from;
        handoff.action = to;
        handoff.handoff = new Handoff(from, to, Math.max(1, batch.depthOf(span)));
        handoff.sessionId = draft.sessionId;
        handoff.conversationId = draft.conversationId;
        handoff.userId = draft.userId;
        handoff.taskId = draft.taskId;
        drafts.add(handoff);
    }

    private void resources(EventDraft draft) {
        List<ResourceRef> resources = new ArrayList<>();
        String uri = attributes.name("mcp.resource.uri");
        if (uri != null) {
            resources.add(new ResourceRef("mcp_resource", uri));
        }
        String source = attributes.name("gen_ai.data_source.id");
        if (source != null) {
            resources.add(new ResourceRef("data_source", source));
        }
        draft.resources = resources;
    }

    /// Everything that has no place in the event.
    private ObjectNode rest(EventDraft draft) {
        ObjectNode rest = SignalTree.NODES.objectNode();
        attributes.rest(rest);
        String name = tree.path("name").asText("");
        if (!name.equals(draft.action)) {
            SignalTree.put(rest, "span.name", name);
        }
        int kind = tree.path("kind").asInt(0);
        SignalTree.put(
                rest,
                "span.kind",
                kind > 0 && kind < SPAN_KINDS.size()
                        ? SPAN_KINDS.get(kind)
                        : kind == 0 ? "" : Integer.toString(kind));
        if (draft.durationMs == null) {
            SignalTree.put(rest, "span.endTimeUnixNano", tree.get("endTimeUnixNano"));
        }
        if (draft.outcome != Outcome.FAILURE) {
            SignalTree.put(rest, "span.status.message", tree.path("status").get("message"));
        }
        SignalTree.put(rest, "span.traceState", tree.get("traceState"));
        SignalTree.put(rest, "span.links", tree.get("links"));
        ArrayNode events = content.eventsLeft();
        SignalTree.put(rest, "span.events", events);
        SignalTree.put(rest, "resource", tree.get("resource"));
        SignalTree.put(rest, "scope", tree.get("scope"));
        SignalTree.put(rest, "stored.by", tree.path(SignalTree.FROM).asText(""));
        return rest;
    }
}
