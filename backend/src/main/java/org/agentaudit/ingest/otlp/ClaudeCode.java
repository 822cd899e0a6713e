package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.function.BinaryOperator;
import org.agentaudit.event.Decision;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.claudecode.CallNames;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.EventTimes;
import org.jspecify.annotations.Nullable;

/// What Claude Code exports by OpenTelemetry: log events, and spans when that is switched on. Its
/// hooks and transcripts tell of the same actions, so these are named by what all three know: the
/// session with the id of the tool use, of the request or of the prompt.
final class ClaudeCode {
    private static final String PREFIX = "claude_code.";
    private static final String WITHHELD = "<REDACTED>";

    private ClaudeCode() {}

    static boolean isLog(ObjectNode tree, @Nullable String event) {
        return event != null
                && (event.startsWith(PREFIX)
                        || tree.path("body").asText("").startsWith(PREFIX)
                        || tree.path("resource")
                                .path("service.name")
                                .asText("")
                                .startsWith("claude-code"));
    }

    /// @param event with or without the product's prefix; never null for such a log
    static List<EventDraft> log(
            ObjectNode tree,
            @Nullable String event,
            Attributes attributes,
            @Nullable Instant time) {
        String body = tree.path("body").asText("");
        String name = event == null ? body : event;
        name = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        EventDraft draft =
                new EventDraft(SourceFormat.OTLP, type(name, attributes), Attributes.fit(name));
        draft.occurredAt = time;
        draft.action = Attributes.fit(name);
        String session = attributes.name("session.id");
        String prompt = attributes.name("prompt.id");
        who(draft, attributes, session, prompt);
        switch (name) {
            case "user_prompt" -> {
                draft.source = "user";
                draft.identity = identity(session, prompt, CallNames::prompt);
                draft.parentId = null;
                String text = attributes.text("prompt");
                if (text != null && !text.equals(WITHHELD)) {
                    draft.params = SignalTree.NODES.objectNode().put("task", text);
                }
            }
            case "assistant_response" -> draft.result = attributes.find("response");
            case "tool_result" -> {
                return toolResult(draft, attributes, session);
            }
            case "tool_decision" -> decision(draft, attributes, session);
            case "api_request" -> request(draft, attributes, session);
            case "api_error", "api_refusal", "api_retries_exhausted", "internal_error" -> {
                draft.model = attributes.name("model");
                draft.errorType = attributes.name("error_type", "error_name");
                if (draft.errorType == null) {
                    String status = attributes.name("status_code");
                    draft.errorType = status == null ? name : "HTTP " + status;
                }
                draft.errorMessage = attributes.text("error", "error_message");
                draft.durationMs = attributes.milliseconds("duration_ms");
            }
            default -> {
                draft.durationMs = attributes.milliseconds("duration_ms");
                if (attributes.word("success").equals("false")) {
                    draft.outcome = Outcome.FAILURE;
                    draft.errorMessage = attributes.text("error");
                }
            }
        }
        return List.of(draft);
    }

    private static EventType type(String name, Attributes attributes) {
        return switch (name) {
            case "user_prompt" -> EventType.INVOCATION;
            case "tool_result" -> EventType.TOOL_CALL;
            case "tool_decision" ->
                    attributes.word("source").startsWith("user_")
                            ? EventType.HUMAN_INTERVENTION
                            : EventType.DECISION;
            case "api_request" -> EventType.LLM_RESPONSE;
            case "api_error", "api_refusal", "api_retries_exhausted", "internal_error" ->
                    EventType.ERROR;
            case "permission_mode_changed", "auth", "plugin_installed" -> EventType.SECURITY;
            case "skill_activated" -> EventType.SKILL_CALL;
            case "feedback_survey" -> EventType.USER_FEEDBACK;
            default -> EventType.OTHER;
        };
    }

    /// One user prompt is one trace; without its id the session is.
    private static void who(
            EventDraft draft,
            Attributes attributes,
            @Nullable String session,
            @Nullable String prompt) {
        String agent = attributes.name("agent.name");
        draft.agentId = agent == null ? CallNames.MAIN_AGENT : agent;
        draft.sessionId = session;
        draft.traceId = prompt;
        draft.parentId = identity(session, prompt, CallNames::prompt);
        draft.userId = attributes.name("user.email", "user.id");
        draft.version = attributes.name("app.version");
    }

    /// The name all sources give an action; null when one of its parts is not stated.
    private static @Nullable String identity(
            @Nullable String session, @Nullable String id, BinaryOperator<String> name) {
        return session == null || id == null ? null : name.apply(session, id);
    }

    /// The call and its result: hooks and transcripts tell them apart.
    private static List<EventDraft> toolResult(
            EventDraft call, Attributes attributes, @Nullable String session) {
        String tool = attributes.name("tool_name");
        String use = attributes.name("tool_use_id");
        call.action = tool == null ? "tool" : tool;
        call.identity = identity(session, use, CallNames::call);
        JsonNode input = attributes.find("tool_input", "tool_parameters");
        call.params =
                input == null || input.isObject()
                        ? input
                        : SignalTree.NODES.objectNode().set("input", input);
        EventDraft result = new EventDraft(SourceFormat.OTLP, EventType.TOOL_RESULT, call.typeName);
        result.occurredAt = call.occurredAt;
        result.agentId = call.agentId;
        result.sessionId = call.sessionId;
        result.traceId = call.traceId;
        result.userId = call.userId;
        result.version = call.version;
        result.action = call.action;
        result.durationMs = attributes.milliseconds("duration_ms");
        result.identity = identity(session, use, CallNames::result);
        result.parentId = call.identity;
        String success = attributes.text("success");
        if ("false".equals(success)) {
            result.outcome = Outcome.FAILURE;
            result.errorType = attributes.name("error_type");
            result.errorMessage = attributes.text("error");
        } else if ("true".equals(success)) {
            result.outcome = Outcome.SUCCESS;
        }
        if (call.occurredAt != null && result.durationMs != null) {
            // The event is told when the tool has ended; the call began before.
            Instant began =
                    call.occurredAt.minusNanos(Math.round(result.durationMs * 1_000) * 1_000);
            call.occurredAt = EventTimes.isTooEarly(began) ? call.occurredAt : began;
        }
        return List.of(call, result);
    }

    private static void decision(
            EventDraft draft, Attributes attributes, @Nullable String session) {
        String tool = attributes.name("tool_name");
        String chosen = attributes.name("decision");
        String toolUse = attributes.name("tool_use_id");
        String use = identity(session, toolUse, CallNames::call);
        draft.identity = decided(session, toolUse, draft.type == EventType.HUMAN_INTERVENTION);
        boolean rejected = "reject".equals(chosen);
        draft.parentId = use == null ? draft.parentId : use;
        draft.action = (rejected ? "reject " : "approve ") + (tool == null ? "tool" : tool);
        JsonNode parameters = attributes.find("tool_parameters");
        draft.params = parameters != null && parameters.isObject() ? parameters : null;
        if (draft.type == EventType.DECISION) {
            draft.decision = new Decision(null, List.of(), chosen, null);
            draft.reasoning = attributes.name("source");
        } else {
            draft.source = "user";
        }
    }

    /// Its input leaves cached tokens out.
    private static void request(EventDraft draft, Attributes attributes, @Nullable String session) {
        draft.identity = identity(session, attributes.name("request_id"), CallNames::request);
        draft.model = attributes.name("model");
        draft.durationMs = attributes.milliseconds("duration_ms");
        draft.outcome = Outcome.SUCCESS;
        tokens(draft, attributes);
        draft.cost = attributes.cost("cost_usd");
    }

    private static void tokens(EventDraft draft, Attributes attributes) {
        Long input = attributes.tokens("input_tokens");
        Long output = attributes.tokens("output_tokens");
        if (input == null && output == null) {
            return;
        }
        Long read = attributes.tokens("cache_read_tokens");
        Long made = attributes.tokens("cache_creation_tokens");
        long cached = read == null ? 0 : read;
        draft.tokens =
                Usage.counts(
                        (input == null ? 0 : input) + cached + (made == null ? 0 : made),
                        output,
                        cached);
    }

    static boolean isSpan(ObjectNode tree) {
        return tree.path("name").asText("").startsWith(PREFIX);
    }

    /// How logs, hooks and transcripts name the action of a span; null when they do not know it.
    ///
    /// @param toolUse id of the tool use that the span is part of; null when it is in none
    static @Nullable String identityOf(
            SpanBatch.Span span, @Nullable String session, @Nullable String toolUse) {
        Attributes attributes = span.attributes();
        return switch (span.tree().path("name").asText("")) {
            case "claude_code.interaction" ->
                    identity(session, attributes.name("prompt.id"), CallNames::prompt);
            case "claude_code.llm_request" ->
                    identity(session, attributes.name("request_id"), CallNames::request);
            case "claude_code.tool" -> identity(session, toolUse, CallNames::call);
            case "claude_code.tool.blocked_on_user" ->
                    decided(session, toolUse, attributes.word("source").startsWith("user"));
            case "claude_code.tool.execution" -> identity(session, toolUse, CallNames::result);
            default -> null;
        };
    }

    /// What a person says about a call hooks and transcripts know too.
    private static @Nullable String decided(
            @Nullable String session, @Nullable String toolUse, boolean byPerson) {
        return identity(session, toolUse, byPerson ? CallNames::human : CallNames::decision);
    }

    /// What a span says in words of its own.
    static void span(EventDraft draft, String name, Attributes attributes) {
        String agent = attributes.name("agent.name", "agent_id");
        draft.agentId = agent == null ? CallNames.MAIN_AGENT : agent;
        switch (name) {
            case "claude_code.interaction" -> {
                draft.source = "user";
                draft.action = "user_prompt";
                if (draft.params != null && draft.params.path("task").asText("").equals(WITHHELD)) {
                    draft.params = null;
                }
            }
            case "claude_code.tool" -> draft.outcome = null; // its execution tells it
            case "claude_code.tool.execution" -> {
                boolean failed = attributes.word("success").equals("false");
                draft.outcome = failed ? Outcome.FAILURE : Outcome.SUCCESS;
                draft.errorMessage = failed ? attributes.text("error") : null;
                draft.action = "tool";
            }
            case "claude_code.llm_request" -> {
                draft.model = attributes.name("model", "gen_ai.request.model");
                tokens(draft, attributes);
            }
            case "claude_code.tool.blocked_on_user" -> {
                boolean rejected = attributes.word("decision").equals("reject");
                String tool = attributes.name("tool_name");
                draft.action = (rejected ? "reject " : "approve ") + (tool == null ? "tool" : tool);
                draft.source = draft.type == EventType.HUMAN_INTERVENTION ? "user" : null;
            }
            default -> {
                // kept whole
            }
        }
    }
}
