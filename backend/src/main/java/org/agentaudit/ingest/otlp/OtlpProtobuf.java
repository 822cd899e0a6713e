package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// Reads OTLP in protobuf.
public final class OtlpProtobuf {
    /// Three messages for each level of a nested value, and some around it.
    private static final int MAX_DEPTH = 250;

    private final Signal.JsonText json;

    private OtlpProtobuf(Signal.JsonText json) {
        this.json = json;
    }

    /// Spans of a trace export request, one after the other.
    ///
    /// @throws InvalidProtocolBufferException when the bytes are no such request
    public static void spans(byte[] body, Signal.JsonText json, Consumer<Signal> sink)
            throws InvalidProtocolBufferException {
        ExportTraceServiceRequest request =
                parsed(() -> ExportTraceServiceRequest.parseFrom(input(body)));
        OtlpProtobuf reader = new OtlpProtobuf(json);
        for (var resource : request.getResourceSpansList()) {
            for (var scope : resource.getScopeSpansList()) {
                for (Span span : scope.getSpansList()) {
                    sink.accept(reader.span(span, resource.getResource(), scope.getScope()));
                }
            }
        }
    }

    /// Log records of a log export request, one after the other.
    ///
    /// @throws InvalidProtocolBufferException when the bytes are no such request
    public static void logs(byte[] body, Signal.JsonText json, Consumer<Signal> sink)
            throws InvalidProtocolBufferException {
        ExportLogsServiceRequest request =
                parsed(() -> ExportLogsServiceRequest.parseFrom(input(body)));
        OtlpProtobuf reader = new OtlpProtobuf(json);
        for (var resource : request.getResourceLogsList()) {
            for (var scope : resource.getScopeLogsList()) {
                for (LogRecord record : scope.getLogRecordsList()) {
                    sink.accept(reader.log(record, resource.getResource(), scope.getScope()));
                }
            }
        }
    }

    private interface Parse<T> {
        T run() throws IOException;
    }

    private static <T> T parsed(Parse<T> parse) throws InvalidProtocolBufferException {
        try {
            return parse.run();
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static CodedInputStream input(byte[] body) {
        CodedInputStream input = CodedInputStream.newInstance(body);
        input.setRecursionLimit(MAX_DEPTH);
        return input;
    }

    private Signal span(Span span, Resource resource, InstrumentationScope scope) {
        SignalTree tree = new SignalTree(json);
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.SPAN);
        SignalTree.put(out, "traceId", hex(span.getTraceId()));
        SignalTree.put(out, "spanId", hex(span.getSpanId()));
        SignalTree.put(out, "parentSpanId", hex(span.getParentSpanId()));
        SignalTree.put(out, "traceState", span.getTraceState());
        SignalTree.put(out, "name", span.getName());
        SignalTree.put(out, "kind", SignalTree.NODES.numberNode((long) span.getKindValue()));
        SignalTree.put(out, "startTimeUnixNano", SignalTree.unsigned(span.getStartTimeUnixNano()));
        SignalTree.put(out, "endTimeUnixNano", SignalTree.unsigned(span.getEndTimeUnixNano()));
        SignalTree.put(out, "attributes", attributes(tree, span.getAttributesList(), 1));
        ArrayNode events = SignalTree.NODES.arrayNode();
        for (Span.Event event : span.getEventsList()) {
            ObjectNode told = SignalTree.NODES.objectNode();
            SignalTree.put(told, "name", event.getName());
            SignalTree.put(told, "timeUnixNano", SignalTree.unsigned(event.getTimeUnixNano()));
            SignalTree.put(told, "attributes", attributes(tree, event.getAttributesList(), 1));
            events.add(told);
        }
        SignalTree.put(out, "events", events);
        ArrayNode links = SignalTree.NODES.arrayNode();
        for (Span.Link link : span.getLinksList()) {
            ObjectNode told = SignalTree.NODES.objectNode();
            SignalTree.put(told, "traceId", hex(link.getTraceId()));
            SignalTree.put(told, "spanId", hex(link.getSpanId()));
            SignalTree.put(told, "attributes", attributes(tree, link.getAttributesList(), 1));
            links.add(told);
        }
        SignalTree.put(out, "links", links);
        ObjectNode status = SignalTree.NODES.objectNode();
        SignalTree.put(
                status,
                "code",
                SignalTree.NODES.numberNode((long) span.getStatus().getCodeValue()));
        SignalTree.put(status, "message", span.getStatus().getMessage());
        SignalTree.put(out, "status", status);
        around(tree, out, resource, scope);
        return tree.signal(out);
    }

    private Signal log(LogRecord record, Resource resource, InstrumentationScope scope) {
        SignalTree tree = new SignalTree(json);
        ObjectNode out = SignalTree.NODES.objectNode().put(SignalTree.SIGNAL, SignalTree.LOG);
        SignalTree.put(out, "timeUnixNano", SignalTree.unsigned(record.getTimeUnixNano()));
        SignalTree.put(
                out, "observedTimeUnixNano", SignalTree.unsigned(record.getObservedTimeUnixNano()));
        SignalTree.put(
                out,
                "severityNumber",
                SignalTree.NODES.numberNode((long) record.getSeverityNumberValue()));
        SignalTree.put(out, "severityText", record.getSeverityText());
        SignalTree.put(out, "body", value(tree, record.getBody(), 1));
        SignalTree.put(out, "attributes", attributes(tree, record.getAttributesList(), 1));
        SignalTree.put(out, "traceId", hex(record.getTraceId()));
        SignalTree.put(out, "spanId", hex(record.getSpanId()));
        SignalTree.put(out, "eventName", record.getEventName());
        around(tree, out, resource, scope);
        return tree.signal(out);
    }

    private static void around(
            SignalTree tree, ObjectNode out, Resource resource, InstrumentationScope scope) {
        SignalTree.put(out, "resource", attributes(tree, resource.getAttributesList(), 1));
        ObjectNode told = SignalTree.NODES.objectNode();
        SignalTree.put(told, "name", scope.getName());
        SignalTree.put(told, "version", scope.getVersion());
        SignalTree.put(told, "attributes", attributes(tree, scope.getAttributesList(), 1));
        SignalTree.put(out, "scope", told);
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static ObjectNode attributes(SignalTree tree, List<KeyValue> list, int level) {
        ObjectNode attributes = SignalTree.NODES.objectNode();
        for (KeyValue pair : list) {
            tree.attribute(attributes, pair.getKey(), value(tree, pair.getValue(), level));
        }
        return attributes;
    }

    private static JsonNode value(SignalTree tree, AnyValue any, int level) {
        if (!tree.deepEnough(level)) {
            return SignalTree.NODES.nullNode();
        }
        return switch (any.getValueCase()) {
            case STRING_VALUE -> tree.text(any.getStringValue());
            case BOOL_VALUE -> SignalTree.NODES.booleanNode(any.getBoolValue());
            case INT_VALUE -> SignalTree.NODES.numberNode(any.getIntValue());
            case DOUBLE_VALUE -> SignalTree.number(any.getDoubleValue());
            case ARRAY_VALUE -> {
                ArrayNode array = SignalTree.NODES.arrayNode();
                for (AnyValue element : any.getArrayValue().getValuesList()) {
                    array.add(value(tree, element, level + 1));
                }
                yield array;
            }
            case KVLIST_VALUE -> attributes(tree, any.getKvlistValue().getValuesList(), level + 1);
            case BYTES_VALUE ->
                    SignalTree.NODES.textNode(
                            Base64.getEncoder().encodeToString(any.getBytesValue().toByteArray()));
            // Indexes into a table that only profiles have.
            case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> SignalTree.NODES.nullNode();
        };
    }
}
