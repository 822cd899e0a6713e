package org.agentaudit.proof;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// Reads what [ArchiveWriter] and [LeafText] write. Whatever is not such a line fails with some
/// unchecked exception or an [IOException]; what passes is compared by its leaf.
final class ArchiveJson {
    private static final HexFormat HEX = HexFormat.of();
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private ArchiveJson() {}

    static JsonNode parse(byte[] line) throws IOException {
        return JSON.readTree(line);
    }

    static ArchiveHeader header(JsonNode line) {
        if (!ArchiveWriter.FORMAT.equals(text(line, "format"))) {
            throw new IllegalArgumentException("not an archive");
        }
        if (line.path("formatVersion").intValue() != ArchiveWriter.VERSION) {
            throw new IllegalArgumentException("an archive of another version");
        }
        return new ArchiveHeader(
                need(line, "portal"),
                Instant.parse(need(line, "from")),
                Instant.parse(need(line, "to")),
                line.required("events").longValue());
    }

    static ArchiveRecord record(JsonNode line) {
        JsonNode envelope = line.required("envelope");
        return new ArchiveRecord(
                envelope(envelope, Long.parseLong(need(line, "arrival"))),
                commitments(envelope.get("commitments")),
                content(line.get("content")),
                hex(line, "salt"),
                hex(line, "leaf"),
                HEX.parseHex(need(line, "digest")),
                line.required("redactionRules").intValue());
    }

    private static Envelope envelope(JsonNode e, long arrival) {
        if (e.required("leafVersion").intValue() != LeafText.VERSION) {
            throw new IllegalArgumentException("a leaf of another version");
        }
        EventType type = EventType.valueOf(need(e, "type"));
        String input = text(e, "inputTokens");
        return new Envelope(
                UUID.fromString(need(e, "id")),
                Instant.parse(need(e, "occurredAt")),
                Instant.parse(need(e, "receivedAt")),
                arrival,
                type,
                need(e, "typeName"),
                need(e, "agentId"),
                need(e, "traceId"),
                e.required("traceDerived").booleanValue(),
                opt(e, "parentEventId", UUID::fromString),
                text(e, "sessionId"),
                text(e, "conversationId"),
                text(e, "taskId"),
                Source.valueOf(need(e, "source")),
                need(e, "action"),
                e.required("paramCount").intValue(),
                number(e, "confidence"),
                type == EventType.HANDOFF
                        ? new Handoff(
                                text(e, "handoffFrom"),
                                text(e, "handoffTo"),
                                e.has("handoffDepth") ? e.get("handoffDepth").intValue() : null)
                        : null,
                opt(e, "intervention", InterventionKind::valueOf),
                Outcome.valueOf(need(e, "outcome")),
                e.required("errored").booleanValue(),
                text(e, "errorType"),
                number(e, "durationMs"),
                input == null
                        ? null
                        : new TokenCounts(
                                Long.parseLong(input),
                                Long.parseLong(need(e, "outputTokens")),
                                Long.parseLong(need(e, "cachedTokens"))),
                opt(e, "costUsd", BigDecimal::new),
                text(e, "model"),
                text(e, "version"),
                opt(e, "permissionLevel", PermissionLevel::valueOf),
                list(e, "resources", r -> new ResourceRef(need(r, "type"), need(r, "identifier"))),
                e.has("sensitive") ? e.get("sensitive").booleanValue() : null,
                RetentionTier.valueOf(need(e, "tier")),
                need(e, "summary"),
                list(e, "redactions", r -> new Redaction(need(r, "pointer"), need(r, "detector"))),
                SourceFormat.valueOf(need(e, "sourceFormat")),
                text(e, "producer"),
                opt(e, "seq", Long::valueOf));
    }

    private static byte @Nullable [] commitments(@Nullable JsonNode node) {
        Map<Part, byte[]> commitments = new EnumMap<>(Part.class);
        if (node != null) {
            for (Part part : Part.values()) {
                byte[] hash = hex(node, part.partName());
                if (hash != null) {
                    commitments.put(part, hash);
                }
            }
        }
        return Commitments.of(commitments);
    }

    private static @Nullable ContentParts content(@Nullable JsonNode node) {
        return node == null
                ? null
                : new ContentParts(
                        text(node, "params"),
                        text(node, "result"),
                        text(node, "reasoning"),
                        text(node, "decision"),
                        text(node, "error_message"),
                        text(node, "user_id"),
                        text(node, "summary"),
                        text(node, "unmapped"));
    }

    static byte @Nullable [] hex(JsonNode node, String name) {
        return opt(node, name, HEX::parseHex);
    }

    private static String need(JsonNode node, String name) {
        String text = node.required(name).textValue();
        if (text == null) {
            throw new IllegalArgumentException("a member is no text");
        }
        return text;
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.has(name) ? need(node, name) : null;
    }

    private static @Nullable Double number(JsonNode node, String name) {
        return node.has(name) ? (Double) node.get(name).doubleValue() : null;
    }

    private static <T> @Nullable T opt(JsonNode node, String name, Function<String, T> as) {
        String text = text(node, name);
        return text == null ? null : as.apply(text);
    }

    private static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> as) {
        List<T> list = new ArrayList<>();
        for (JsonNode each : node.path(name)) {
            list.add(as.apply(each));
        }
        return list;
    }
}
