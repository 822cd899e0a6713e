package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// Who and what a span names, in whichever convention.
final class Names {
    static final String[] SESSION = {
        "gen_ai.conversation.id",
        "session.id",
        "langfuse.session.id",
        "traceloop.association.properties.session_id",
        "ai.telemetry.metadata.sessionId",
        "gcp.vertex.agent.session_id",
        "scope.agentic.session"
    };
    static final String[] USER = {
        "user.id",
        "enduser.id",
        "langfuse.user.id",
        "traceloop.association.properties.user_id",
        "ai.telemetry.metadata.userId",
        "user.email",
        "kagent.user_id"
    };
    static final String[] MODEL = {
        "gen_ai.response.model",
        "gen_ai.request.model",
        "llm.model_name",
        "ai.response.model",
        "ai.model.id",
        "embedding.model_name",
        "reranker.model_name",
        "langfuse.observation.model.name",
        "llm.response.model",
        "llm.request.model"
    };

    /// Monocle numbers the things a span is about from 1.
    private static final int MAX_ENTITIES = 6;

    private Names() {}

    /// The agent that a span itself names; a span that is an agent's run names it last by its own
    /// name.
    static @Nullable String agent(SpanKind kind, String name, Attributes attributes) {
        String agent = attributes.name("gen_ai.agent.name", "agent.name", "gen_ai.agent.id");
        if (agent == null) {
            agent = entity(attributes, "agent.");
        }
        if (agent != null || kind != SpanKind.AGENT && kind != SpanKind.WORKFLOW) {
            return agent;
        }
        if (kind == SpanKind.WORKFLOW) {
            return attributes.name("ai.telemetry.functionId", "langfuse.trace.name");
        }
        agent = attributes.name("graph.node.id", "traceloop.entity.name", "agent_name");
        if (agent != null) {
            return agent;
        }
        String own = name;
        for (String start : new String[] {"invoke_agent", "create_agent", "agent_run"}) {
            own = own.startsWith(start) ? own.substring(start.length()) : own;
        }
        own = own.strip();
        if (own.startsWith("[") && own.endsWith("]")) {
            own = own.substring(1, own.length() - 1).strip();
        }
        return own.isEmpty() ? null : Attributes.fit(own);
    }

    static String tool(String name, Attributes attributes) {
        String tool =
                attributes.name(
                        "gen_ai.tool.name",
                        "tool.name",
                        "ai.toolCall.name",
                        "traceloop.entity.name",
                        "tool_name");
        tool = tool == null ? entity(attributes, "tool.") : tool;
        tool = tool == null ? entity(attributes, "mcp.") : tool;
        if (tool == null) {
            String own = name.startsWith("execute_tool ") ? name.substring(13).strip() : name;
            tool = own.isEmpty() ? "tool" : Attributes.fit(own);
        }
        return tool;
    }

    static @Nullable String model(Attributes attributes) {
        String model = attributes.name(MODEL);
        return model == null ? entity(attributes, "model.llm") : model;
    }

    private static @Nullable String entity(Attributes attributes, String type) {
        for (int i = 1; i <= MAX_ENTITIES; i++) {
            if (attributes.word("entity." + i + ".type").startsWith(type)
                    && attributes.has("entity." + i + ".name")) {
                return attributes.name("entity." + i + ".name");
            }
        }
        return null;
    }

    /// The name of the program that sent a signal.
    static @Nullable String service(ObjectNode tree) {
        for (String place : new String[] {"attributes", "resource"}) {
            JsonNode service = tree.path(place).path("service.name");
            if (service.isTextual() && !service.textValue().isEmpty()) {
                return Attributes.fit(service.textValue());
            }
        }
        return null;
    }
}
