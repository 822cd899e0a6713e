package org.agentaudit.export;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// An event as API Activity of OCSF 1.8: the agent is the actor, the action the operation. More
/// special classes (process, file) require members that events do not have. What OCSF has no place
/// for stands in `unmapped` under its name in GraphQL.
final class EventOcsf {

    private static final String VERSION = "1.8.0";
    private static final int APPLICATION = 6;
    private static final int API_ACTIVITY = 6003;
    private static final int OTHER = 99;
    private static final int INFORMATIONAL = 1;
    private static final int MEDIUM = 3;

    private EventOcsf() {}

    /// Writes one event and a line feed.
    static void line(AuditEvent event, JsonGenerator json) throws IOException {
        Envelope e = event.envelope();
        json.writeStartObject();
        json.writeNumberField("activity_id", OTHER);
        json.writeStringField("activity_name", words(e.type()));
        json.writeNumberField("category_uid", APPLICATION);
        json.writeStringField("category_name", "Application Activity");
        json.writeNumberField("class_uid", API_ACTIVITY);
        json.writeStringField("class_name", "API Activity");
        json.writeNumberField("type_uid", API_ACTIVITY * 100 + OTHER);
        json.writeStringField("type_name", "API Activity: Other");
        json.writeNumberField("severity_id", e.errored() ? MEDIUM : INFORMATIONAL);
        json.writeStringField("severity", e.errored() ? "Medium" : "Informational");
        json.writeNumberField("time", e.occurredAt().toEpochMilli());
        Double duration = e.durationMs();
        if (duration != null) {
            json.writeNumberField("duration", Math.round(duration));
        }
        json.writeStringField("message", event.summary());
        json.writeNumberField("status_id", statusId(e.outcome()));
        json.writeStringField("status", words(e.outcome()));
        metadata(e, json);
        actor(event, json);
        api(event, json);
        json.writeObjectFieldStart("src_endpoint");
        json.writeStringField("name", e.agentId());
        json.writeEndObject();
        if (!e.resources().isEmpty()) {
            json.writeArrayFieldStart("resources");
            for (ResourceRef resource : e.resources()) {
                json.writeStartObject();
                json.writeStringField("type", resource.type());
                json.writeStringField("name", resource.identifier());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        model(e, json);
        unmapped(event, json);
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private static void metadata(Envelope e, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("metadata");
        json.writeStringField("version", VERSION);
        json.writeObjectFieldStart("product");
        json.writeStringField("name", "Agent Audit Portal");
        json.writeStringField("vendor_name", "Agent Audit Portal");
        json.writeEndObject();
        json.writeStringField("uid", e.id().toString());
        json.writeStringField("correlation_uid", e.traceId());
        json.writeStringField("event_code", e.typeName());
        json.writeStringField("original_time", EventJson.time(e.occurredAt()));
        json.writeNumberField("logged_time", e.receivedAt().toEpochMilli());
        json.writeStringField("log_name", "agent-audit");
        if (e.model() != null) {
            json.writeArrayFieldStart("profiles");
            json.writeString("ai_operation");
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void actor(AuditEvent event, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("actor");
        json.writeStringField("app_name", event.envelope().agentId());
        String session = event.envelope().sessionId();
        if (session != null) {
            json.writeObjectFieldStart("session");
            json.writeStringField("uid", session);
            json.writeEndObject();
        }
        String user = event.content().userId();
        if (user != null) {
            json.writeObjectFieldStart("user");
            json.writeStringField("uid", user);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void api(AuditEvent event, JsonGenerator json) throws IOException {
        Envelope e = event.envelope();
        json.writeObjectFieldStart("api");
        json.writeStringField("operation", e.action());
        json.writeObjectFieldStart("request");
        json.writeStringField("uid", e.id().toString());
        json.writeEndObject();
        if (e.errored()) {
            json.writeObjectFieldStart("response");
            optional(json, "error", e.errorType());
            optional(json, "error_message", event.content().errorMessage());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void model(Envelope e, JsonGenerator json) throws IOException {
        String model = e.model();
        if (model == null) {
            return;
        }
        json.writeObjectFieldStart("ai_model");
        json.writeStringField("name", model);
        json.writeStringField("ai_provider", provider(model));
        json.writeEndObject();
        TokenCounts tokens = e.tokens();
        if (tokens != null || e.conversationId() != null) {
            json.writeObjectFieldStart("message_context");
            optional(json, "uid", e.conversationId());
            if (tokens != null) {
                json.writeNumberField("prompt_tokens", tokens.input());
                json.writeNumberField("completion_tokens", tokens.output());
                json.writeNumberField("total_tokens", tokens.total());
            }
            json.writeEndObject();
        }
    }

    private static void unmapped(AuditEvent event, JsonGenerator json) throws IOException {
        Envelope e = event.envelope();
        Content c = event.content();
        json.writeObjectFieldStart("unmapped");
        json.writeStringField("type", e.type().name());
        json.writeStringField("traceId", e.traceId());
        json.writeBooleanField("traceDerived", e.traceDerived());
        optional(json, "parentEventId", e.parentEventId());
        optional(json, "conversationId", e.conversationId());
        optional(json, "taskId", e.taskId());
        json.writeStringField("source", e.source().name());
        json.writeStringField("outcome", e.outcome().name());
        optional(json, "cost", e.cost() == null ? null : e.cost().toPlainString());
        optional(json, "permissionLevel", e.permissionLevel());
        optional(json, "sensitiveDataAccessed", e.sensitive());
        optional(json, "intervention", e.intervention());
        optional(json, "version", e.version());
        json.writeStringField("tier", e.tier().name());
        optional(json, "params", c.params());
        optional(json, "result", c.result());
        optional(json, "reasoning", c.reasoning());
        optional(json, "decisionChosen", c.decision() == null ? null : c.decision().chosen());
        optional(json, "handoffTo", e.handoff() == null ? null : e.handoff().to());
        optional(json, "unmapped", c.unmapped());
        json.writeEndObject();
    }

    private static int statusId(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> 1;
            case FAILURE -> 2;
            case UNKNOWN -> 0;
            case PARTIAL, PENDING -> OTHER;
        };
    }

    /// Who makes the model, as far as its name tells; required beside the name.
    private static String provider(String model) {
        int slash = model.indexOf('/');
        if (slash > 0) {
            return model.substring(0, slash);
        }
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("claude")) {
            return "Anthropic";
        }
        if (name.startsWith("gpt") || name.matches("o\\d.*")) {
            return "OpenAI";
        }
        return name.startsWith("gemini") ? "Google" : "Unknown";
    }

    private static String words(Enum<?> constant) {
        String words = constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static void optional(JsonGenerator json, String name, @Nullable Object value)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value.toString());
        }
    }
}
