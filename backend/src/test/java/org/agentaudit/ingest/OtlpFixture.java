package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.ingest.otlp.OtlpJson;
import org.agentaudit.ingest.otlp.OtlpProtobuf;
import org.jspecify.annotations.Nullable;

/// OTLP through the pipeline without HTTP, and events as lines to compare.
final class OtlpFixture {
    private OtlpFixture() {}

    static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(
                        OtlpFixture.class.getResourceAsStream("/ingest/otlp/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static IngestResult json(PipelineFixture fixture, String body) {
        JsonNode request = Objects.requireNonNull(read(body));
        return fixture.pipeline
                .ingest(
                        body.length(),
                        sink -> OtlpJson.signals(request, ItemReader::textAsJson, sink),
                        "test")
                .join();
    }

    static IngestResult protobuf(PipelineFixture fixture, ExportTraceServiceRequest request) {
        byte[] body = request.toByteArray();
        return fixture.pipeline
                .ingest(
                        body.length,
                        sink -> {
                            try {
                                OtlpProtobuf.spans(body, ItemReader::textAsJson, sink);
                            } catch (InvalidProtocolBufferException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        "test")
                .join();
    }

    static @Nullable JsonNode read(String body) {
        try (var parser = ItemReader.JSON.createParser(body)) {
            parser.nextToken();
            return ItemReader.read(parser, 500).value();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What an event says, without ids and receive time; one line for each part stated.
    static String text(AuditEvent event) {
        Envelope e = event.envelope();
        Content c = event.content();
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s %s agent=%s action=%s %s"
                        .formatted(e.type(), e.typeName(), e.agentId(), e.action(), e.outcome()));
        lines.add("at " + e.occurredAt() + (e.durationMs() == null ? "" : " ms=" + e.durationMs()));
        lines.add("trace " + e.traceId() + (e.traceDerived() ? " (derived)" : ""));
        add(lines, "parent", e.parentEventId());
        add(lines, "session", e.sessionId());
        add(lines, "conversation", e.conversationId());
        add(lines, "source", e.source());
        add(lines, "user", c.userId());
        add(lines, "version", e.version());
        add(lines, "model", e.model());
        add(lines, "tokens", e.tokens());
        add(lines, "cost", e.cost() == null ? null : e.cost().stripTrailingZeros().toPlainString());
        add(lines, "handoff", e.handoff());
        add(lines, "intervention", e.intervention());
        add(lines, "decision", c.decision());
        add(lines, "errorType", e.errorType());
        add(lines, "error", c.errorMessage());
        add(lines, "resources", e.resources().isEmpty() ? null : e.resources());
        add(lines, "params", c.params());
        add(lines, "result", c.result());
        add(lines, "reasoning", c.reasoning());
        add(lines, "unmapped", c.unmapped());
        return e.id() + " " + String.join("\n    ", lines) + "\n";
    }

    private static void add(List<String> lines, String name, @Nullable Object value) {
        if (value != null) {
            lines.add(name + " " + value);
        }
    }
}
