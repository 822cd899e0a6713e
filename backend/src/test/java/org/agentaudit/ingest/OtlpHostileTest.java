package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.ingest.normal.RejectedException;
import org.agentaudit.ingest.otlp.OtlpJson;
import org.agentaudit.ingest.otlp.OtlpProtobuf;
import org.agentaudit.ingest.otlp.SignalDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Both encodings of OTLP as one, and spans that no SDK would send.
class OtlpHostileTest {
    private static final String TRACE = "0123456789abcdef0123456789abcdef";
    private static final String TIMES =
            "\"startTimeUnixNano\":\"1763719200000000000\",\"endTimeUnixNano\":1763719200250000000";

    private static String request(String... spans) {
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
                + "\"value\":{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"scope\":{},\"spans\":["
                + String.join(",", spans)
                + "]}]}]}";
    }

    private static String span(String id, String members) {
        return "{\"traceId\":\"" + TRACE + "\",\"spanId\":\"" + id + "\"," + members + "}";
    }

    private static String attribute(String key, String value) {
        return "{\"key\":\"" + key + "\",\"value\":" + value + "}";
    }

    private static AuditEvent event(String members) {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = OtlpFixture.json(fixture, request(span("00000000000000aa", members)));
        assertThat(result.rejected()).isEmpty();
        return fixture.all().getFirst();
    }

    private static KeyValue pair(String key, AnyValue value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static AnyValue text(String value) {
        return AnyValue.newBuilder().setStringValue(value).build();
    }

    /// The same span in protobuf and in JSON, with every kind of value: a duplicate.
    @Test
    void span_inBothEncodings_isStoredOnce() {
        AnyValue list =
                AnyValue.newBuilder()
                        .setArrayValue(
                                ArrayValue.newBuilder()
                                        .addValues(AnyValue.newBuilder().setIntValue(-5))
                                        .addValues(AnyValue.newBuilder().setDoubleValue(1))
                                        .addValues(AnyValue.newBuilder()))
                        .build();
        AnyValue map =
                AnyValue.newBuilder()
                        .setKvlistValue(
                                KeyValueList.newBuilder().addValues(pair("inner", text("ä"))))
                        .build();
        Span span =
                Span.newBuilder()
                        .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(TRACE)))
                        .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex("00000000000000aa")))
                        .setParentSpanId(
                                ByteString.copyFrom(HexFormat.of().parseHex("00000000000000bb")))
                        .setName("execute_tool look")
                        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                        .setStartTimeUnixNano(1_763_719_200_000_000_000L)
                        .setEndTimeUnixNano(1_763_719_200_250_000_000L)
                        .addAttributes(pair("gen_ai.tool.call.arguments", text("{\"a\": [1]}")))
                        .addAttributes(pair("list", list))
                        .addAttributes(pair("map", map))
                        .addAttributes(
                                pair(
                                        "big",
                                        AnyValue.newBuilder().setIntValue(Long.MAX_VALUE).build()))
                        .addAttributes(
                                pair(
                                        "nan",
                                        AnyValue.newBuilder().setDoubleValue(Double.NaN).build()))
                        .addAttributes(
                                pair("yes", AnyValue.newBuilder().setBoolValue(true).build()))
                        .addAttributes(
                                pair(
                                        "bytes",
                                        AnyValue.newBuilder()
                                                .setBytesValue(ByteString.copyFromUtf8("hi"))
                                                .build()))
                        .addEvents(
                                Span.Event.newBuilder()
                                        .setName("exception")
                                        .setTimeUnixNano(1_763_719_200_200_000_000L)
                                        .addAttributes(pair("exception.type", text("x.Boom"))))
                        .addLinks(
                                Span.Link.newBuilder()
                                        .setTraceId(
                                                ByteString.copyFrom(HexFormat.of().parseHex(TRACE)))
                                        .setSpanId(
                                                ByteString.copyFrom(
                                                        HexFormat.of()
                                                                .parseHex("00000000000000cc"))))
                        .setStatus(
                                Status.newBuilder()
                                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                                        .setMessage("boom"))
                        .build();
        ExportTraceServiceRequest protobuf =
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(
                                ResourceSpans.newBuilder()
                                        .setResource(
                                                Resource.newBuilder()
                                                        .addAttributes(
                                                                pair("service.name", text("shop"))))
                                        .addScopeSpans(
                                                ScopeSpans.newBuilder()
                                                        .setScope(
                                                                InstrumentationScope.newBuilder()
                                                                        .setName("lib"))
                                                        .addSpans(span)))
                        .build();
        String json =
                request(
                                "{\"traceId\":\""
                                        + TRACE.toUpperCase(java.util.Locale.ROOT)
                                        + "\",\"spanId\":\"00000000000000AA\","
                                        + "\"parentSpanId\":\"00000000000000BB\",\"flags\":256,"
                                        + "\"name\":\"execute_tool look\",\"kind\":3,\"later\":{},"
                                        + TIMES
                                        + ",\"attributes\":["
                                        + String.join(
                                                ",",
                                                attribute(
                                                        "gen_ai.tool.call.arguments",
                                                        "{\"stringValue\":\"{\\\"a\\\":[1]}\"}"),
                                                attribute(
                                                        "list",
                                                        "{\"arrayValue\":{\"values\":[{\"intValue\":-5},"
                                                                + "{\"doubleValue\":1.0},{}]}}"),
                                                attribute(
                                                        "map",
                                                        "{\"kvlistValue\":{\"values\":["
                                                                + attribute(
                                                                        "inner",
                                                                        "{\"stringValue\":\"\\u00e4\"}")
                                                                + "]}}"),
                                                attribute(
                                                        "big",
                                                        "{\"intValue\":\"9223372036854775807\"}"),
                                                attribute("nan", "{\"doubleValue\":\"NaN\"}"),
                                                attribute("yes", "{\"boolValue\":true}"),
                                                attribute("bytes", "{\"bytesValue\":\"aGk=\"}"))
                                        + "],\"events\":[{\"name\":\"exception\","
                                        + "\"timeUnixNano\":\"1763719200200000000\",\"attributes\":["
                                        + attribute(
                                                "exception.type", "{\"stringValue\":\"x.Boom\"}")
                                        + "]}],\"links\":[{\"traceId\":\""
                                        + TRACE
                                        + "\",\"spanId\":\"00000000000000cc\"}],"
                                        + "\"status\":{\"code\":2,\"message\":\"boom\"}}")
                        .replace("\"scope\":{}", "\"scope\":{\"name\":\"lib\"}");
        PipelineFixture fixture = new PipelineFixture();
        assertThat(OtlpFixture.protobuf(fixture, protobuf).accepted()).isEqualTo(1);
        assertThat(OtlpFixture.json(fixture, json)).isEqualTo(new IngestResult(0, 1, List.of()));
        AuditEvent stored = fixture.all().getFirst();
        assertThat(stored.envelope().type()).isEqualTo(EventType.TOOL_CALL);
        assertThat(stored.envelope().errorType()).isEqualTo("Boom");
        assertThat(stored.content().params()).isEqualTo("{\"a\":[1]}");
        assertThat(stored.content().unmapped())
                .contains("\"list\":[-5,1.0,null]", "\"bytes\":\"aGk=\"", "\"nan\":\"NaN\"");
    }

    /// A span that cannot be an event never stops its neighbours, and is kept.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"traceId\":\"xyz\",\"spanId\":\"00000000000000aa\"|traceId must be 32",
                "\"traceId\":\"00000000000000000000000000000000\",\"spanId\":\"00000000000000aa\"|traceId",
                "\"traceId\":7,\"spanId\":\"00000000000000aa\"|traceId must be text",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\"|spanId must be 16",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"aa\"|spanId must be 16",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"00000000000000aa\","
                        + "\"startTimeUnixNano\":\"1999\"|is before 2000",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"00000000000000aa\","
                        + "\"startTimeUnixNano\":\"18446744073709551615\"|more than a day ahead",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"00000000000000aa\","
                        + "\"startTimeUnixNano\":\"18446744073709551616\"|startTimeUnixNano must be",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"00000000000000aa\","
                        + "\"attributes\":[{\"key\":\"n\",\"value\":{\"intValue\":\"9223372036854775808\"}}]"
                        + "|whole number of 64 bits",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"00000000000000aa\","
                        + "\"attributes\":[{\"key\":\"n\",\"value\":{\"doubleValue\":1e999}}]|beyond the range",
                "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"00000000000000aa\","
                        + "\"name\":\"a\",\"name\":\"b\"|occurs twice",
            })
    void span_thatIsNone_isRejectedAlone(String members, String reason) {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                OtlpFixture.json(
                        fixture,
                        request(
                                "{" + members + "}",
                                span("00000000000000ab", "\"name\":\"fine\"," + TIMES)));
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.rejected()).hasSize(1);
        assertThat(result.rejected().getFirst().reason()).contains(reason);
        assertThat(fixture.store.quarantine).hasSize(1);
        assertThat(fixture.counters.received()).isEqualTo(2);
    }

    @Test
    void times_thatAreMissingOrTurned_areNoReasonToReject() {
        Envelope none = event("\"name\":\"execute_tool x\"").envelope();
        assertThat(none.occurredAt()).isEqualTo(PipelineFixture.NOW);
        assertThat(none.durationMs()).isNull();
        assertThat(none.outcome()).as("has not ended").isEqualTo(Outcome.UNKNOWN);
        AuditEvent turned =
                event(
                        "\"name\":\"x\",\"startTimeUnixNano\":\"1763719200000000000\","
                                + "\"endTimeUnixNano\":\"1763719100000000000\"");
        assertThat(turned.envelope().durationMs()).isNull();
        assertThat(turned.content().unmapped())
                .contains("\"span.endTimeUnixNano\":1763719100000000000");
        assertThat(
                        event("\"name\":\"x\",\"endTimeUnixNano\":1763719200000000499")
                                .envelope()
                                .occurredAt())
                .isEqualTo("2025-11-21T10:00:00Z");
    }

    @Test
    void parents_ofThemselvesOrEachOther_endTheSearch() {
        assertThat(
                        event("\"parentSpanId\":\"00000000000000aa\"," + TIMES)
                                .envelope()
                                .parentEventId())
                .isNull();
        PipelineFixture fixture = new PipelineFixture();
        String call =
                "\"attributes\":["
                        + attribute("gen_ai.operation.name", "{\"stringValue\":\"chat\"}")
                        + ","
                        + attribute("gen_ai.usage.input_tokens", "{\"intValue\":5}")
                        + "],"
                        + TIMES;
        IngestResult result =
                OtlpFixture.json(
                        fixture,
                        request(
                                span(
                                        "00000000000000aa",
                                        "\"parentSpanId\":\"00000000000000bb\"," + call),
                                span(
                                        "00000000000000bb",
                                        "\"parentSpanId\":\"00000000000000aa\"," + call)));
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(fixture.all())
                .allSatisfy(each -> assertThat(each.envelope().tokens()).isNotNull());
    }

    @Test
    void attributes_manyDeepAndLong_areBounded() {
        String many =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> attribute("a" + i, "{\"intValue\":" + i + "}"))
                        .collect(Collectors.joining(","));
        AuditEvent full = event("\"attributes\":[" + many + "]," + TIMES);
        assertThat(full.content().unmapped()).contains("8000 more attributes were left out");

        StringBuilder deep = new StringBuilder("{\"intValue\":1}");
        for (int i = 0; i < 80; i++) {
            deep.insert(0, "{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":")
                    .append("}]}}");
        }
        PipelineFixture fixture = new PipelineFixture();
        IngestResult refused =
                OtlpFixture.json(
                        fixture,
                        request(
                                span(
                                        "00000000000000aa",
                                        "\"attributes\":["
                                                + attribute("d", deep.toString())
                                                + "],"
                                                + TIMES)));
        assertThat(refused.rejected().getFirst().reason()).contains("nested deeper");

        AuditEvent named = event("\"name\":\"" + "n".repeat(2_000) + "\"," + TIMES);
        assertThat(named.envelope().action()).hasSizeLessThanOrEqualTo(512).endsWith("…");
        assertThat(named.content().unmapped()).contains("n".repeat(2_000));
    }

    @Test
    void attribute_namedTwice_losesNeither() {
        assertThat(
                        event(
                                        "\"attributes\":["
                                                + attribute("k", "{\"stringValue\":\"one\"}")
                                                + ","
                                                + attribute("k", "{\"stringValue\":\"two\"}")
                                                + "],"
                                                + TIMES)
                                .content()
                                .unmapped())
                .contains("\"k\":\"one\"", "\"k'\":\"two\"");
    }

    /// A secret by its name inside arguments that are JSON in a text.
    @Test
    void arguments_asText_areRedactedByName() {
        AuditEvent event =
                event(
                        "\"name\":\"execute_tool login\",\"attributes\":["
                                + attribute(
                                        "gen_ai.tool.call.arguments",
                                        "{\"stringValue\":\"{\\\"password\\\":\\\"hunter2\\\"}\"}")
                                + "],"
                                + TIMES);
        assertThat(event.content().params()).doesNotContain("hunter2").contains("password");
        assertThat(event.envelope().redactions()).isNotEmpty();
    }

    @Test
    void span_withOtherWordsLater_isRefusedAndTheFirstStays() {
        PipelineFixture fixture = new PipelineFixture();
        OtlpFixture.json(fixture, request(span("00000000000000aa", "\"name\":\"a\"," + TIMES)));
        IngestResult second =
                OtlpFixture.json(
                        fixture, request(span("00000000000000aa", "\"name\":\"b\"," + TIMES)));
        assertThat(second.rejected().getFirst().reason()).isEqualTo(IngestPipeline.CONFLICT);
        assertThat(fixture.all().getFirst().envelope().action()).isEqualTo("a");
        assertThat(fixture.store.quarantine.getFirst().body()).contains("\"name\":\"b\"");
    }

    /// A fault in one span of a stored export is that span's alone.
    @Test
    void storedSpan_withAFault_isRejectedAlone() {
        String export = OtlpFixture.resource("any-agent.json");
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                fixture.json(
                        export.replace(
                                "\"name\": \"execute_tool add\"",
                                "\"name\": \"execute_tool add\", \"name\": \"other\""));
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.rejected().getFirst().reason()).contains("occurs twice");
        assertThat(fixture.all().getFirst().envelope().type()).isEqualTo(EventType.INVOCATION);
    }

    @Test
    void protobuf_thatIsNone_isRefusedAsAWhole() {
        assertThatThrownBy(
                        () ->
                                OtlpProtobuf.spans(
                                        new byte[] {(byte) 0xFF, 1, 2},
                                        ItemReader::textAsJson,
                                        signal -> {}))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }

    @Test
    void attribute_namedWithoutEnd_isRefusedAtOnce() {
        String same =
                IntStream.range(0, 100_000)
                        .mapToObj(i -> attribute("k", "{\"intValue\":1}"))
                        .collect(Collectors.joining(","));
        PipelineFixture fixture = new PipelineFixture(1 << 24);
        IngestResult result =
                OtlpFixture.json(
                        fixture,
                        request(
                                span("00000000000000aa", "\"attributes\":[" + same + "]," + TIMES),
                                span("00000000000000ab", TIMES)));
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.rejected().getFirst().reason()).contains("more than 16 times");
    }

    /// What a list around spans holds instead of spans is said, not passed over.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"resourceSpans\":[],\"resourceSpans\":[]}|occurs twice",
                "{\"resourceSpans\":{}}|resourceSpans must be an array",
                "{\"resourceLogs\":[{\"scopeLogs\":\"x\"}]}|scopeLogs must be an array",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":{}}]}]}|spans must be an array",
                "{\"resourceSpans\":[7]}|must be an object",
                "{\"resourceSpans\":[{\"scopeSpans\":[null]}]}|must be an object",
            })
    void list_thatIsNone_isRefusedWithAReason(String body, String reason) {
        PipelineFixture fixture = new PipelineFixture();
        assertThatThrownBy(() -> OtlpFixture.json(fixture, body))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.reason()).contains(reason));
        assertThat(fixture.store.events).isEmpty();
    }

    @Test
    void storedExport_withAListThatIsNone_isRejectedAlone() {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                fixture.json(
                        "[{\"resourceSpans\":[{\"scopeSpans\":7}]},"
                                + request(span("00000000000000ab", TIMES))
                                + "]");
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.rejected())
                .extracting(IngestResult.RejectedItem::reason)
                .containsExactly("scopeSpans must be an array");
        assertThat(fixture.store.quarantine).hasSize(1);
    }

    @Test
    void listInASpan_thatIsNone_isThatSpansFault() {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                OtlpFixture.json(
                        fixture,
                        request(
                                span("00000000000000aa", "\"events\":{}," + TIMES),
                                span("00000000000000ab", TIMES)));
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.rejected().getFirst().reason()).isEqualTo("events must be an array");
    }

    /// A resource is part of each of its spans: a small request must not become a large one.
    @Test
    void resource_ofManySpans_isBounded() {
        Resource.Builder resource = Resource.newBuilder();
        resource.addAttributes(pair("about", text("x".repeat(2 << 20))));
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        for (int i = 0; i < 100; i++) {
            spans.addSpans(Span.newBuilder());
        }
        ExportTraceServiceRequest request =
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(
                                ResourceSpans.newBuilder()
                                        .setResource(resource)
                                        .addScopeSpans(spans))
                        .build();
        PipelineFixture fixture = new PipelineFixture(1 << 24);
        assertThatThrownBy(() -> OtlpFixture.protobuf(fixture, request))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining("send them in several requests");
        assertThat(fixture.store.events).isEmpty();
    }

    /// Sums of what model calls state stay numbers.
    @Test
    void tokens_ofManyCallsInOne_doNotOverflow() {
        String outer =
                span(
                        "00000000000000aa",
                        "\"attributes\":["
                                + attribute("gen_ai.operation.name", "{\"stringValue\":\"chat\"}")
                                + "],"
                                + TIMES);
        String[] spans =
                IntStream.range(0, 9_999)
                        .mapToObj(
                                i ->
                                        i == 0
                                                ? outer
                                                : span(
                                                        "%016x".formatted(1_000 + i),
                                                        "\"parentSpanId\":\"00000000000000aa\",\"attributes\":["
                                                                + attribute(
                                                                        "gen_ai.operation.name",
                                                                        "{\"stringValue\":\"chat\"}")
                                                                + ","
                                                                + attribute(
                                                                        "gen_ai.usage.input_tokens",
                                                                        "{\"intValue\":1000000000000000}")
                                                                + "],"
                                                                + TIMES))
                        .toArray(String[]::new);
        List<ObjectNode> trees = new ArrayList<>();
        OtlpJson.signals(
                Objects.requireNonNull(OtlpFixture.read(request(spans))),
                ItemReader::textAsJson,
                signal -> trees.add(signal.tree()));
        SignalDecoder decoder = new SignalDecoder(trees, PipelineFixture.NOW);
        assertThat(decoder.decode(trees.getFirst()).getFirst().tokens).isNull();
    }

    /// A duration that leads before the year 2000 is none that a call took.
    @Test
    void toolResult_ofAHundredYears_beganWhenItWasTold() {
        String record =
                "{\"timeUnixNano\":\"1763719200000000000\",\"body\":{\"stringValue\":\"claude_code.tool_result\"},"
                        + "\"attributes\":["
                        + attribute("event.name", "{\"stringValue\":\"tool_result\"}")
                        + ","
                        + attribute("duration_ms", "{\"doubleValue\":3e12}")
                        + "]}";
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                OtlpFixture.json(
                        fixture,
                        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + record + "]}]}]}");
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(fixture.all())
                .hasSize(2)
                .allSatisfy(
                        event ->
                                assertThat(event.envelope().occurredAt())
                                        .isEqualTo("2025-11-21T10:00:00Z"));
    }
}
