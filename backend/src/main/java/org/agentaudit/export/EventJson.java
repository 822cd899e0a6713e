package org.agentaudit.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// An event as the JSON object that GraphQL's `AuditEvent` is when every member is asked for that
/// lies in the event itself; a test holds the two together. What is absent is null, never left out.
public final class EventJson {

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /// Content may be nested as deeply as ingest takes it, and is written as it is stored.
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamWriteConstraints(
                            StreamWriteConstraints.builder().maxNestingDepth(20_000).build())
                    .build();

    private EventJson() {}

    /// A generator of lines: UTF-8, nothing between the values, the stream stays open.
    static JsonGenerator generator(OutputStream out) throws IOException {
        return JSON.createGenerator(out)
                .setRootValueSeparator(null)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    /// RFC 3339, UTC, microseconds.
    static String time(Instant at) {
        return MICROSECONDS.format(at);
    }

    /// Writes one event and a line feed.
    ///
    /// @param expiresOn the day the event's tier lets it go; null under a legal hold
    static void line(AuditEvent event, @Nullable LocalDate expiresOn, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        members(event, expiresOn, json);
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /// One event and a line feed, UTF-8.
    ///
    /// @param more members that follow the event's own
    public static byte[] line(
            AuditEvent event, @Nullable LocalDate expiresOn, Map<String, String> more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 10);
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            members(event, expiresOn, json);
            for (Map.Entry<String, String> member : more.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void members(AuditEvent event, @Nullable LocalDate expiresOn, JsonGenerator json)
            throws IOException {
        Envelope e = event.envelope();
        Content c = event.content();
        text(json, "id", e.id());
        text(json, "occurredAt", time(e.occurredAt()));
        text(json, "receivedAt", time(e.receivedAt()));
        text(json, "type", e.type());
        text(json, "typeName", e.typeName());
        text(json, "agentId", e.agentId());
        text(json, "traceId", e.traceId());
        json.writeBooleanField("traceDerived", e.traceDerived());
        text(json, "parentEventId", e.parentEventId());
        text(json, "sessionId", e.sessionId());
        text(json, "conversationId", e.conversationId());
        text(json, "taskId", e.taskId());
        text(json, "userId", c.userId());
        text(json, "source", e.source());
        text(json, "action", e.action());
        raw(json, "params", c.params());
        raw(json, "result", c.result());
        raw(json, "unmapped", c.unmapped());
        text(json, "reasoning", c.reasoning());
        number(json, "confidence", e.confidence());
        decision(json, c.decision());
        handoff(json, e.handoff());
        text(json, "intervention", e.intervention());
        text(json, "outcome", e.outcome());
        json.writeBooleanField("errored", e.errored());
        text(json, "errorType", e.errorType());
        text(json, "errorMessage", c.errorMessage());
        number(json, "durationMs", e.durationMs());
        tokens(json, e.tokens());
        cost(json, e.cost());
        text(json, "model", e.model());
        text(json, "version", e.version());
        text(json, "permissionLevel", e.permissionLevel());
        resources(json, e.resources());
        Boolean sensitive = e.sensitive();
        if (sensitive == null) {
            json.writeNullField("sensitiveDataAccessed");
        } else {
            json.writeBooleanField("sensitiveDataAccessed", sensitive);
        }
        text(json, "tier", e.tier());
        text(json, "expiresOn", expiresOn);
        text(json, "summary", event.summary());
        redactions(json, e.redactions());
        text(json, "sourceFormat", e.sourceFormat());
        text(json, "producer", e.producer());
        Long seq = e.seq();
        if (seq == null) {
            json.writeNullField("seq");
        } else {
            json.writeNumberField("seq", seq);
        }
    }

    private static void decision(JsonGenerator json, @Nullable Decision decision)
            throws IOException {
        if (decision == null) {
            json.writeNullField("decision");
            return;
        }
        json.writeObjectFieldStart("decision");
        text(json, "question", decision.question());
        json.writeArrayFieldStart("options");
        for (Decision.DecisionOption option : decision.options()) {
            json.writeStartObject();
            text(json, "option", option.option());
            text(json, "reasoning", option.reasoning());
            number(json, "score", option.score());
            json.writeEndObject();
        }
        json.writeEndArray();
        text(json, "chosen", decision.chosen());
        number(json, "confidence", decision.confidence());
        json.writeEndObject();
    }

    private static void handoff(JsonGenerator json, @Nullable Handoff handoff) throws IOException {
        if (handoff == null) {
            json.writeNullField("handoff");
            return;
        }
        json.writeObjectFieldStart("handoff");
        text(json, "from", handoff.from());
        text(json, "to", handoff.to());
        Integer depth = handoff.depth();
        if (depth == null) {
            json.writeNullField("depth");
        } else {
            json.writeNumberField("depth", depth);
        }
        json.writeEndObject();
    }

    private static void tokens(JsonGenerator json, @Nullable TokenCounts tokens)
            throws IOException {
        if (tokens == null) {
            json.writeNullField("tokens");
            return;
        }
        json.writeObjectFieldStart("tokens");
        json.writeNumberField("input", tokens.input());
        json.writeNumberField("output", tokens.output());
        json.writeNumberField("cached", tokens.cached());
        json.writeNumberField("total", tokens.total());
        json.writeEndObject();
    }

    private static void resources(JsonGenerator json, List<ResourceRef> resources)
            throws IOException {
        json.writeArrayFieldStart("resourcesAccessed");
        for (ResourceRef resource : resources) {
            json.writeStartObject();
            text(json, "type", resource.type());
            text(json, "identifier", resource.identifier());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void redactions(JsonGenerator json, List<Redaction> redactions)
            throws IOException {
        json.writeArrayFieldStart("redactions");
        for (Redaction redaction : redactions) {
            json.writeStartObject();
            text(json, "pointer", redaction.pointer());
            text(json, "detector", redaction.detector());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value)
            throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, value.toString());
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Double value)
            throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private static void cost(JsonGenerator json, @Nullable BigDecimal cost) throws IOException {
        json.writeFieldName("cost");
        if (cost == null) {
            json.writeNull();
        } else {
            json.writeNumber(cost.toPlainString());
        }
    }

    /// Stored JSON as it is, on one line: a line break in JSON text stands between its tokens.
    private static void raw(JsonGenerator json, String name, @Nullable String stored)
            throws IOException {
        json.writeFieldName(name);
        if (stored == null) {
            json.writeNull();
        } else {
            json.writeRawValue(stored.replace('\n', ' ').replace('\r', ' '));
        }
    }
}
