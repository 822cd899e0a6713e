package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.agentaudit.event.EventType;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.otlp.SpanBatch.Span;
import org.jspecify.annotations.Nullable;

/// One log record as an event. What a record says inside a span repeats that span (the content of a
/// model call, the exception it ended with), so only records outside of spans count as calls; a
/// record of severity ERROR or above that is no event of the conventions is an error of its own.
final class LogDecoder {
    static final String DETAILS = "gen_ai.client.inference.operation.details";
    private static final int ERROR = 17;

    private final ObjectNode tree;
    private final SpanBatch batch;
    private final Instant now;
    private final Attributes attributes;

    LogDecoder(ObjectNode tree, SpanBatch batch, Instant now) {
        this.tree = tree;
        this.batch = batch;
        this.now = now;
        this.attributes = new Attributes(tree);
    }

    List<EventDraft> decode() {
        String event = event();
        if (ClaudeCode.isLog(tree, event)) {
            List<EventDraft> drafts = ClaudeCode.log(tree, event, attributes, time());
            EventDraft first = drafts.getFirst();
            ObjectNode rest = rest(first);
            if (tree.path("body").isContainerNode()) {
                SignalTree.put(rest, "log.body", tree.get("body"));
            }
            first.unmapped = rest;
            return drafts;
        }
        String traceId = SignalIds.valid(tree, "traceId", 32);
        String spanId = traceId == null ? null : SignalIds.valid(tree, "spanId", 16);
        boolean convention = event != null && event.startsWith("gen_ai.");
        EventDraft draft =
                new EventDraft(
                        SourceFormat.OTLP,
                        type(event, convention, spanId != null),
                        event == null ? "log" : event);
        draft.traceId = traceId;
        draft.parentId = spanId == null ? null : traceId + ":" + spanId;
        draft.occurredAt = time();
        Span around = batch.around(tree);
        String agent = attributes.name("gen_ai.agent.name", "agent.name", "gen_ai.agent.id");
        if (agent == null) {
            agent = around == null ? Names.service(tree) : batch.agentOf(around);
        }
        draft.agentId = agent;
        draft.conversationId = attributes.name("gen_ai.conversation.id");
        draft.sessionId = attributes.name(Names.SESSION);
        draft.userId = attributes.name(Names.USER);
        if (traceId != null && draft.sessionId == null) {
            draft.sessionId = batch.sessionOf(traceId);
        }
        draft.action =
                event == null ? Attributes.fit(tree.path("severityText").asText("log")) : event;
        content(draft);
        draft.unmapped = rest(draft);
        return List.of(draft);
    }

    /// The name of the event, where either version of the conventions puts it.
    private @Nullable String event() {
        String name = tree.path("eventName").asText("");
        return name.isEmpty() ? attributes.name("event.name") : Attributes.fit(name);
    }

    private EventType type(@Nullable String event, boolean convention, boolean inSpan) {
        if (convention) {
            return inSpan || event == null
                    ? EventType.OTHER
                    : switch (event) {
                        case DETAILS -> EventType.LLM_RESPONSE;
                        case "gen_ai.client.operation.exception" -> EventType.ERROR;
                        default -> EventType.OTHER;
                    };
        }
        return tree.path("severityNumber").asInt(0) >= ERROR
                        || attributes.has("exception.type", "exception.message")
                ? EventType.ERROR
                : EventType.OTHER;
    }

    private @Nullable Instant time() {
        return SignalTimes.first(tree, now, "timeUnixNano", "observedTimeUnixNano");
    }

    private void content(EventDraft draft) {
        JsonNode body = tree.get("body");
        if (draft.type == EventType.ERROR) {
            draft.errorType = SpanDecoder.simple(attributes.name("exception.type"));
            if (draft.errorType == null) {
                draft.errorType = attributes.name("error.type");
            }
            String message = attributes.text("exception.message");
            draft.errorMessage = message == null && body != null ? Messages.text(body, 0) : message;
            if (message != null || draft.errorMessage == null) {
                draft.result = body;
            }
            return;
        }
        if (draft.type == EventType.LLM_RESPONSE) {
            SpanContent content = new SpanContent(tree, attributes);
            draft.model = Names.model(attributes);
            draft.params = content.prompt();
            JsonNode answer = content.answer();
            draft.result = answer == null ? body : Messages.simplest(answer);
            draft.reasoning = answer == null ? null : Messages.reasoning(answer);
            draft.tokens = Usage.tokens(attributes);
            draft.cost = Usage.cost(attributes);
            draft.errorType = attributes.name("error.type");
            return;
        }
        draft.result = body;
    }

    private ObjectNode rest(EventDraft draft) {
        ObjectNode rest = SignalTree.NODES.objectNode();
        attributes.rest(rest);
        if (draft.traceId == null || !tree.path("traceId").asText("").equals(draft.traceId)) {
            SignalTree.put(rest, "log.traceId", tree.get("traceId"));
            SignalTree.put(rest, "log.spanId", tree.get("spanId"));
        }
        SignalTree.put(rest, "log.severityNumber", tree.get("severityNumber"));
        SignalTree.put(rest, "log.severityText", tree.get("severityText"));
        SignalTree.put(rest, "resource", tree.get("resource"));
        SignalTree.put(rest, "scope", tree.get("scope"));
        return rest;
    }
}
