package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/// Any JSON value, more often than not with members that the pipeline knows.
final class RandomJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);
    private static final List<String> NAMES =
            List.of(
                    "event_type",
                    "event_id",
                    "id",
                    "agent_name",
                    "agent",
                    "action",
                    "type",
                    "data",
                    "params",
                    "result",
                    "outcome",
                    "status",
                    "error",
                    "timestamp",
                    "trace_id",
                    "sessionId",
                    "confidence",
                    "token_count",
                    "tokensUsed",
                    "metadata",
                    "security",
                    "resources",
                    "duration_ms",
                    "duration",
                    "model",
                    "cost_usd",
                    "seq",
                    "password",
                    "decision",
                    "tool",
                    "tool_call_id",
                    "resources_accessed",
                    "name",
                    "content",
                    "source",
                    "x y",
                    "é",
                    "");
    private static final List<String> TEXTS =
            List.of(
                    "agent.tool_call",
                    "agent.token_usage",
                    "assistant",
                    "tool",
                    "delegation",
                    "success",
                    "error",
                    "2026-11-20T10:00:00Z",
                    "gpt-4o",
                    "admin",
                    "",
                    "token: abcdefgh",
                    "\u0000",
                    "\ud83d\ude00",
                    "\u2028\"\\\b\f\n\r\t\u001f",
                    "a/b~c",
                    "1e5",
                    "evt-1");

    private final Random random;
    private final List<String> names;
    private final List<String> texts;

    RandomJson(long seed) {
        this(seed, true);
    }

    /// @param secrets whether there is anything in it that redaction changes
    RandomJson(long seed, boolean secrets) {
        random = new Random(seed);
        names = NAMES.stream().filter(name -> secrets || !name.equals("password")).toList();
        texts =
                TEXTS.stream()
                        .filter(text -> secrets || !text.startsWith("token") && !text.equals("\0"))
                        .toList();
    }

    JsonNode value(int depth) {
        int kind = random.nextInt(depth > 4 ? 6 : 9);
        return switch (kind) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextLong() >> random.nextInt(64));
            case 3 -> number();
            case 4, 5 -> NODES.textNode(texts.get(random.nextInt(texts.size())));
            case 6 -> array(depth);
            default -> object(depth);
        };
    }

    ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(8); i > 0; i--) {
            object.set(names.get(random.nextInt(names.size())), value(depth + 1));
        }
        return object;
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(depth + 1));
        }
        return array;
    }

    private JsonNode number() {
        double number = Double.longBitsToDouble(random.nextLong());
        return NODES.numberNode(
                new BigDecimal(Double.isFinite(number) ? number : random.nextDouble()));
    }
}
