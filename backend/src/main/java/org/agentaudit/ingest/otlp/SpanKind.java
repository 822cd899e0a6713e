package org.agentaudit.ingest.otlp;

import java.util.Locale;
import java.util.Set;

/// What a span is about, in whichever convention it was written.
enum SpanKind {
    AGENT,
    WORKFLOW,
    MODEL,
    TOOL,
    MEMORY,
    /// Retrieval, embedding, reranking: a service beside the model that answers.
    LOOKUP,
    PLAN,
    GUARDRAIL,
    APPROVAL,
    /// The end of a tool's call that another span tells.
    RESULT,
    /// Everything else: requests of HTTP and databases, steps of frameworks.
    OTHER;

    private static final Set<String> MODEL_WORDS =
            Set.of(
                    "chat",
                    "completion",
                    "text_completion",
                    "generate_content",
                    "call_llm",
                    "responses");

    /// The first convention that the span speaks decides.
    static SpanKind of(String name, Attributes attributes) {
        if (name.startsWith("claude_code.")) {
            return claudeCode(name);
        }
        SpanKind kind = ofOperation(attributes.word("gen_ai.operation.name"));
        if (kind == OTHER) {
            kind = ofOpenInference(attributes.word("openinference.span.kind"));
        }
        if (kind == OTHER) {
            kind = ofTraceloop(attributes.word("traceloop.span.kind"));
        }
        if (kind == OTHER) {
            kind = ofVercel(attributes.word("ai.operationId"));
        }
        if (kind == OTHER) {
            kind = ofMonocle(attributes.word("span.type"));
        }
        if (kind == OTHER) {
            kind = ofLangfuse(attributes.word("langfuse.observation.type"));
        }
        if (kind == OTHER && attributes.word("mcp.method.name").equals("tools/call")) {
            kind = TOOL;
        }
        if (kind == OTHER) {
            kind = ofRequest(attributes.word("llm.request.type"));
        }
        return kind == OTHER ? ofName(name, attributes) : kind;
    }

    private static SpanKind ofOperation(String word) {
        return switch (word) {
            case "invoke_agent", "create_agent" -> AGENT;
            case "invoke_workflow" -> WORKFLOW;
            case "execute_tool" -> TOOL;
            case "embeddings", "retrieval", "rerank" -> LOOKUP;
            case "plan" -> PLAN;
            case "create_memory",
                    "search_memory",
                    "update_memory",
                    "upsert_memory",
                    "delete_memory",
                    "create_memory_store",
                    "delete_memory_store" ->
                    MEMORY;
            default -> MODEL_WORDS.contains(word) ? MODEL : OTHER;
        };
    }

    private static SpanKind ofOpenInference(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "LLM" -> MODEL;
            case "TOOL" -> TOOL;
            case "AGENT" -> AGENT;
            case "RETRIEVER", "EMBEDDING", "RERANKER" -> LOOKUP;
            case "GUARDRAIL" -> GUARDRAIL;
            default -> OTHER;
        };
    }

    private static SpanKind ofTraceloop(String word) {
        return switch (word) {
            case "workflow" -> WORKFLOW;
            case "agent" -> AGENT;
            case "tool" -> TOOL;
            default -> OTHER;
        };
    }

    /// `ai.generateText` and its like are the whole loop; the calls of the model are below it.
    private static SpanKind ofVercel(String word) {
        return switch (word) {
            case "ai.toolCall" -> TOOL;
            case "ai.generateText", "ai.streamText", "ai.generateObject", "ai.streamObject" ->
                    WORKFLOW;
            default ->
                    word.endsWith(".doGenerate") || word.endsWith(".doStream")
                            ? MODEL
                            : word.endsWith(".doEmbed") ? LOOKUP : OTHER;
        };
    }

    private static SpanKind ofMonocle(String word) {
        return switch (word) {
            case "inference", "inference.framework", "inference.modelapi" -> MODEL;
            case "agentic.tool.invocation", "agentic.mcp.invocation" -> TOOL;
            case "agentic.invocation" -> AGENT;
            case "agentic.turn", "agentic.request", "workflow" -> WORKFLOW;
            case "retrieval", "embedding" -> LOOKUP;
            default -> OTHER;
        };
    }

    private static SpanKind ofLangfuse(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "GENERATION" -> MODEL;
            case "TOOL" -> TOOL;
            case "AGENT" -> AGENT;
            case "TRACE" -> WORKFLOW;
            case "RETRIEVER", "EMBEDDING" -> LOOKUP;
            case "GUARDRAIL" -> GUARDRAIL;
            default -> OTHER;
        };
    }

    private static SpanKind ofRequest(String word) {
        return switch (word) {
            case "chat", "completion" -> MODEL;
            case "embedding", "rerank" -> LOOKUP;
            default -> OTHER;
        };
    }

    private static SpanKind claudeCode(String name) {
        return switch (name) {
            case "claude_code.interaction" -> WORKFLOW;
            case "claude_code.llm_request" -> MODEL;
            case "claude_code.tool" -> TOOL;
            case "claude_code.tool.blocked_on_user" -> APPROVAL;
            case "claude_code.tool.execution" -> RESULT;
            default -> OTHER;
        };
    }

    private static SpanKind ofName(String name, Attributes attributes) {
        if (name.startsWith("execute_tool ")) {
            return TOOL;
        }
        if (name.startsWith("invoke_agent ") || name.startsWith("agent_run [")) {
            return AGENT;
        }
        boolean called =
                attributes.has("gen_ai.request.model", "gen_ai.response.model", "llm.model_name")
                        && Usage.isStated(attributes);
        return called || name.equals("call_llm") ? MODEL : OTHER;
    }
}
