package org.agentaudit.ingest;

import static org.agentaudit.ingest.PipelineFixture.event;
import static org.agentaudit.ingest.PipelineFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Redaction;
import org.agentaudit.ingest.redact.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest {
    private static final String GOOD = "{\"event_type\":\"agent.reasoning\",\"event_id\":\"good\"}";

    private static String call(String member) {
        return "{\"event_type\":\"agent.tool_call\",\"event_id\":\"e1\"," + member + "}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "hello",
                "{",
                "[{}",
                "[{},]",
                "{\"a\":1} x",
                "[] []",
                "{'a':1}",
                "nul",
                "{\"a\":01}",
                "{\"a\":\"\u0007\"}",
                "[1,2",
                "\u0000",
                "{\"a\":NaN}"
            })
    void ingest_noJsonAtAll_isRefusedAsAWhole(String body) {
        PipelineFixture fixture = new PipelineFixture();
        assertThatThrownBy(() -> fixture.json(body)).isInstanceOf(BadBodyException.class);
        assertThat(fixture.store.events).isEmpty();
        assertThat(fixture.store.quarantine).isEmpty();
    }

    @Test
    void ingest_bytesThatAreNotUtf8_areRefused() {
        byte[][] bodies = {
            {'"', (byte) 0xC0, (byte) 0x80, '"'},
            {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
            {'"', (byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
            {'"', (byte) 0xE2, (byte) 0x82, '"'},
            {(byte) 0xFF, (byte) 0xFE, '{', 0, '}', 0}
        };
        for (byte[] body : bodies) {
            assertThatThrownBy(
                            () -> new PipelineFixture().pipeline.ingest(body, false, null, "test"))
                    .isInstanceOf(BadBodyException.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "UTF-32"})
    void ingest_otherEncodings_areRefused(String charset) {
        PipelineFixture fixture = new PipelineFixture();
        for (String text : List.of("[" + GOOD + "]", GOOD, "{\"a\":1}", "1")) {
            byte[] body = text.getBytes(Charset.forName(charset));
            assertThatThrownBy(() -> fixture.pipeline.ingest(body, false, null, "test"))
                    .as(text)
                    .isInstanceOf(BadBodyException.class);
        }
        IngestResult lines =
                fixture.pipeline
                        .ingest(GOOD.getBytes(Charset.forName(charset)), true, null, "test")
                        .join();
        assertThat(lines.accepted()).isZero();
        assertThat(lines.rejected()).hasSize(1);
    }

    /// At the start of a body or a line (files put together) it is nothing; elsewhere it is no
    /// JSON.
    @Test
    void ingest_byteOrderMark_isSkippedAtTheStartOnly() {
        PipelineFixture fixture = new PipelineFixture();
        assertThat(fixture.json("\uFEFF" + GOOD).accepted()).isEqualTo(1);
        assertThat(fixture.json("\uFEFF[" + GOOD + "]").duplicates()).isEqualTo(1);
        assertThat(fixture.lines("\uFEFF" + GOOD).duplicates()).isEqualTo(1);
        assertThatThrownBy(() -> fixture.json("\uFEFF\uFEFF" + GOOD))
                .isInstanceOf(BadBodyException.class);
        assertThatThrownBy(() -> fixture.json("\uFEFF")).isInstanceOf(BadBodyException.class);
        assertThat(fixture.lines(GOOD + "\n\uFEFF" + GOOD).duplicates()).isEqualTo(2);
        assertThat(fixture.lines(GOOD + "\n \uFEFF" + GOOD).rejected()).hasSize(1);
    }

    @Test
    void ingest_emptyArray_isFine() {
        assertThat(new PipelineFixture().json(" [] ")).isEqualTo(new IngestResult(0, 0, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"text\"", "true", "null", "[1]", "[\"text\"]", "[[]]", "[null]"})
    void ingest_noObject_isOneRejectedEvent(String body) {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = fixture.json(body);
        assertThat(result.accepted()).isZero();
        assertThat(result.rejected()).hasSize(1);
        assertThat(result.rejected().getFirst().index()).isZero();
        assertThat(fixture.store.quarantine).hasSize(1);
    }

    /// Each refused with a reason that names the cause, its neighbours stored.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"event_type\":\"agent.error\",\"event_type\":\"agent.reasoning\"}|occurs twice",
                "{\"event_id\":\"x\"}|event_type is missing",
                "{\"event_type\":\"\",\"event_id\":\"x\"}|event_type is missing",
                "{\"event_type\":7e400}|beyond the range",
                "{\"event_type\":\"agent.error\",\"params\":{\"n\":1e400}}|beyond the range",
                "{\"event_type\":\"agent.error\",\"params\":{\"n\":1e-400}}|beyond the range",
                "{\"event_type\":{\"a\":1}}|event_type must be text",
                "{\"event_type\":\"agent.error\",\"agent_name\":[1]}|agent_name must be text",
                "{\"event_type\":\"agent.error\",\"trace_id\":{}}|trace_id must be text",
                "{\"event_type\":\"agent.error\",\"event_id\":true}|event_id must be text",
                "{\"event_type\":\"agent.error\",\"timestamp\":\"yesterday\"}|timestamp",
                "{\"event_type\":\"agent.error\",\"timestamp\":true}|timestamp must be",
                "{\"event_type\":\"agent.error\",\"timestamp\":0}|before 2000",
                "{\"event_type\":\"agent.error\",\"timestamp\":\"2026-11-22T12:00:01Z\"}|a day ahead",
                "{\"action\":{\"name\":\"x\"},\"agent\":{\"id\":\"a\"}}|action.type is missing",
                "{\"action\":{\"type\":\"tool\"},\"agent\":[1]}|agent must be an object",
                "{\"sessionId\":\"s\",\"data\":{}}|type is missing",
                "{\"type\":\"assistant\",\"data\":\"x\"}|data must be an object",
                "{\"foo\":1}|shape is not recognised",
                "{\"hook_event_name\":{}}|hook_event_name must be text",
                "{\"hook\":{\"hook_event_name\":\"Stop\"},\"event_id\":[]}|event_id must be text",
                "{\"parentUuid\":null,\"type\":\"\"}|type is missing",
                "{\"resourceSpans\":[]}|holds no span"
            })
    void ingest_lineThatCannotBeUnderstood_isRejectedAlone(String line, String reason) {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = fixture.json("[" + GOOD + "," + line + "," + GOOD + "]");
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.duplicates()).isEqualTo(1);
        assertThat(result.rejected()).hasSize(1);
        assertThat(result.rejected().getFirst().index()).isEqualTo(1);
        assertThat(result.rejected().getFirst().reason()).contains(reason);
        assertThat(fixture.store.quarantine).hasSize(1);
        assertThat(fixture.store.quarantine.getFirst().body()).startsWith("{");
        assertThat(fixture.counters.received()).isEqualTo(3);
    }

    @Test
    void ingest_deepNesting_isRejectedAlone() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        IngestResult result =
                new PipelineFixture().json("[" + call("\"result\":" + deep) + "," + GOOD + "]");
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.rejected().getFirst().reason()).contains("nested deeper than 100");
        String hundred = "[".repeat(99) + "]".repeat(99);
        assertThat(PipelineFixture.refusal(call("\"result\":" + hundred))).isNull();
        assertThat(PipelineFixture.refusal(call("\"result\":[" + hundred + "]"))).isNotNull();
    }

    /// Deeper than any reader goes, each in its own way: closed, with brackets in texts, or with
    /// members.
    @ParameterizedTest
    @ValueSource(ints = {101, 1_000, 1_001, 10_000, 100_000, 1_000_000})
    void ingest_anyDepth_isRejectedAlone(int depth) {
        List<String> deep =
                List.of(
                        "[".repeat(depth) + "]".repeat(depth),
                        "{\"a\":".repeat(depth) + "1" + "}".repeat(depth),
                        "[\"]}\\\"[\",".repeat(depth) + "0" + "]".repeat(depth));
        for (String value : deep) {
            String item = call("\"result\":" + value);
            PipelineFixture fixture = new PipelineFixture(1 << 26);
            for (IngestResult result :
                    List.of(
                            fixture.json("[" + GOOD + "," + item + "," + GOOD + "]"),
                            fixture.lines(GOOD + "\n" + item + "\n" + GOOD))) {
                assertThat(result.accepted() + result.duplicates()).isEqualTo(2);
                assertThat(result.rejected())
                        .extracting(rejected -> rejected.index(), rejected -> rejected.reason())
                        .containsExactly(
                                tuple(
                                        1L,
                                        "nested deeper than 100 levels: send the inner part as text"));
            }
            assertThat(fixture.store.quarantine).hasSize(2);
            assertThat(fixture.store.quarantine.getFirst().body())
                    .startsWith(item.substring(0, 250));
        }
    }

    /// What never ends is no JSON as one body, and one bad line among lines.
    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[\"", "[\"\\", "[}"})
    void ingest_depthThatNeverEnds_isNoJson(String opening) {
        for (String item : List.of(opening.repeat(20_000), "[".repeat(20_000) + opening)) {
            PipelineFixture fixture = new PipelineFixture();
            assertThatThrownBy(() -> fixture.json("[" + GOOD + "," + item + "," + GOOD + "]"))
                    .isInstanceOf(BadBodyException.class);
            assertThat(fixture.store.events).isEmpty();
            IngestResult lines = fixture.lines(GOOD + "\n" + item + "\n" + GOOD);
            assertThat(lines.accepted() + lines.duplicates()).isEqualTo(2);
            assertThat(lines.rejected()).hasSize(1);
        }
    }

    @Test
    void ingest_tooManyEvents_isRefusedAsAWhole() {
        PipelineFixture fixture = new PipelineFixture();
        String many = "[" + (GOOD + ",").repeat(100) + GOOD + "]";
        assertThatThrownBy(() -> fixture.json(many)).isInstanceOf(BodyTooLargeException.class);
        assertThat(fixture.store.events).isEmpty();
    }

    @Test
    void lines_badOnes_areRejectedWithTheirNumber() {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                fixture.lines("\uFEFF" + GOOD + "\r\n\n  \nnot json\n{\"a\":1} {}\n" + GOOD);
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.duplicates()).isEqualTo(1);
        assertThat(result.rejected().stream().map(item -> item.index())).containsExactly(1L, 2L);
        IngestResult allBad = fixture.lines("a\nb");
        assertThat(allBad.rejected()).hasSize(2);
        assertThat(allBad.accepted()).isZero();
    }

    /// A member of the wrong type that is not who, what or when: its meaning is lost, the member is
    /// kept.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"confidence\":\"high\"|{\"confidence\":\"high\"}",
                "\"confidence\":[1]|{\"confidence\":[1]}",
                "\"duration_ms\":-5|{\"duration_ms\":-5}",
                "\"duration_ms\":{}|{\"duration_ms\":{}}",
                "\"token_count\":-1|{\"token_count\":-1}",
                "\"token_count\":1.5|{\"token_count\":1.5}",
                "\"cost_usd\":\"cheap\"|{\"cost_usd\":\"cheap\"}",
                "\"cost_usd\":-1|{\"cost_usd\":-1}",
                "\"permission_level\":\"root\"|{\"permission_level\":\"root\"}",
                "\"sensitive_data_accessed\":1|{\"sensitive_data_accessed\":1}",
                "\"resources_accessed\":[7]|{\"resources_accessed\":[7]}",
                "\"seq\":\"first\"|{\"seq\":\"first\"}",
                "\"outcome\":\"meh\"|{\"outcome\":\"meh\"}"
            })
    void ingest_harmlessMemberOfWrongType_isKeptWithoutMeaning(String member, String kept) {
        AuditEvent event = event(call(member + ",\"params\":{\"a\":1}"));
        assertThat(event.content().params()).isEqualTo("{\"a\":1}");
        assertThat(event.content().unmapped()).isEqualTo(kept);
        assertThat(event.envelope().paramCount()).isEqualTo(1);
        assertThat(event.envelope().confidence()).isNull();
        assertThat(event.envelope().durationMs()).isNull();
        assertThat(event.envelope().tokens()).isNull();
        assertThat(event.envelope().cost()).isNull();
        assertThat(event.envelope().sensitive()).isNull();
        assertThat(event.envelope().seq()).isNull();
    }

    @Test
    void ingest_unknownMembersOfAKnownType_areKeptBesideItsParams() {
        AuditEvent event = event(call("\"zork\":{\"x\":1},\"params\":{\"a\":1}"));
        assertThat(event.content().params()).isEqualTo("{\"a\":1}");
        assertThat(event.content().unmapped()).isEqualTo("{\"zork\":{\"x\":1}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"request_id\":\"r\",\"model\":\"m\",\"status\":\"success\",\"zork\":1}|{\"zork\":1}",
                "{\"sessionId\":\"s\",\"type\":\"user\",\"data\":{\"content\":\"x\"},\"zork\":1}|{\"zork\":1}",
                "{\"id\":\"l\",\"agent\":{\"id\":\"a\",\"team\":2},\"action\":{\"type\":\"tool\",\"name\":\"t\",\"zork\":1},\"outcome\":{\"status\":\"success\"}}|{\"agent.team\":2,\"action.zork\":1}"
            })
    void ingest_unknownMembersOfEveryShape_areKept(String line, String kept) {
        assertThat(event(line).content().unmapped()).isEqualTo(kept);
    }

    @Test
    void ingest_unknownType_isKeptWhole() {
        AuditEvent event =
                event(
                        "{\"event_type\":\"agent.mystery\",\"agent_name\":\"a\",\"zork\":{\"x\":1},"
                                + "\"params\":{\"a\":1}}");
        assertThat(event.envelope().type()).isEqualTo(EventType.OTHER);
        assertThat(event.envelope().typeName()).isEqualTo("agent.mystery");
        assertThat(event.content().params()).isEqualTo("{\"a\":1}");
        assertThat(event.content().unmapped()).isEqualTo("{\"zork\":{\"x\":1}}");
        assertThat(event.envelope().paramCount()).isEqualTo(1);
    }

    @Test
    void ingest_charactersThatCannotBeStored_areWrittenOut() {
        AuditEvent event =
                event(
                        call(
                                "\"params\":{\"a\":\"x\\u0000y\\ud800z\\ud83d\\ude00\",\"b\\u0000\":1}"));
        assertThat(event.content().params())
                .isEqualTo("{\"a\":\"x\\\\u0000y\\\\ud800z\ud83d\ude00\",\"b\\\\u0000\":1}");
        assertThat(event.envelope().redactions())
                .containsExactly(
                        new Redaction("/params/a", "unstorable"),
                        new Redaction("/params/b\\u0000", "unstorable"));
    }

    /// Names, too, with half a character: the parser would refuse the whole body for one.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\\udfff|\\\\udfff",
                "\\ud800|\\\\ud800",
                "a\\uD800b|a\\\\uD800b",
                "\\ud800\\ud800|\\\\ud800\\\\ud800",
                "\\udc00\\ud800|\\\\udc00\\\\ud800",
                "\\ud83d\\ude00|\ud83d\ude00",
                "\\ud83d\\ude00\\ude00|\ud83d\ude00\\\\ude00",
                "\\\\ud800|\\\\ud800",
                "\\\\\\ud800|\\\\\\\\ud800",
                "\\\"\\udfff\\\"|\\\"\\\\udfff\\\""
            })
    void ingest_halfCharactersInNames_areWrittenOut(String name, String stored) {
        for (boolean lines : List.of(false, true)) {
            PipelineFixture fixture = new PipelineFixture();
            String line = call("\"params\":{\"" + name + "\" : \"\\ud800\"}");
            IngestResult result =
                    lines
                            ? fixture.lines(GOOD + "\n" + line)
                            : fixture.json("[" + GOOD + "," + line + "]");
            assertThat(result).isEqualTo(new IngestResult(2, 0, List.of()));
            assertThat(fixture.all().getLast().content().params())
                    .isEqualTo("{\"" + stored + "\":\"\\\\ud800\"}");
        }
    }

    @Test
    void ingest_memberTwiceInParams_keepsBoth() {
        AuditEvent event = event(call("\"params\":{\"a\":1,\"a\":2}"));
        assertThat(event.content().params()).isEqualTo("{\"a\":2,\"a (1)\":1}");
        assertThat(event.envelope().redactions())
                .containsExactly(new Redaction("/params/a (1)", "repeated_member"));
    }

    @Test
    void ingest_longNames_areRejectedAndLongTextsShortened() {
        assertThat(PipelineFixture.refusal(call("\"agent_name\":\"" + "a".repeat(513) + "\"")))
                .contains("513 bytes");
        String text = "head " + "x".repeat(1_500_000) + " tail";
        AuditEvent event = event(call("\"error\":\"" + text + "\""));
        String kept = Objects.requireNonNull(event.content().errorMessage());
        assertThat(kept.length()).isLessThan(1_100_000);
        assertThat(kept).startsWith("head ").endsWith(" tail").contains("characters left out");
        assertThat(event.envelope().redactions())
                .containsExactly(new Redaction("/error", "truncated"));
    }

    @Test
    void ingest_bigNumbers_stayAsSent() {
        AuditEvent event =
                event(
                        call(
                                "\"params\":{\"n\":123456789012345678901234567890,\"d\":0.1234567890123456789}"));
        assertThat(event.content().params())
                .isEqualTo("{\"n\":123456789012345678901234567890,\"d\":0.1234567890123456789}");
    }

    @Test
    void ingest_sameIdOtherBody_isRejectedAndTheFirstStays() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.json(call("\"reasoning\":\"one\""));
        IngestResult again = fixture.json(call("\"reasoning\":\"one\""));
        assertThat(again).isEqualTo(new IngestResult(0, 1, List.of()));
        IngestResult other = fixture.json("[" + GOOD + "," + call("\"password\":\"two\"") + "]");
        assertThat(other.accepted()).isEqualTo(1);
        assertThat(other.rejected())
                .containsExactly(
                        new IngestResult.RejectedItem(1, "e1", "id already used by another event"));
        assertThat(fixture.all().getFirst().content().reasoning()).isEqualTo("one");
        assertThat(fixture.store.quarantine).hasSize(1);
        assertThat(fixture.store.quarantine.getFirst().body()).contains("[REDACTED:password]");
        assertThat(fixture.counters.received())
                .isEqualTo(
                        fixture.counters.stored()
                                + fixture.counters.duplicates()
                                + fixture.counters.rejected())
                .isEqualTo(4);
    }

    @Test
    void lines_secretsInRefusedText_areNotKept() {
        PipelineFixture fixture = new PipelineFixture();
        fixture.lines("{\"event_type\": \"agent.error\", \"password\": \"hunter2\"");
        assertThat(fixture.store.quarantine.getFirst().body())
                .doesNotContain("hunter2")
                .contains("[REDACTED:password]");
    }

    @Test
    void utf8_validTexts_pass() {
        byte[] all = utf8("aé߿ࠀ\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff");
        assertThat(Utf8.firstFault(all, 0, all.length)).isEqualTo(-1);
    }

    /// Names that all become the same marker: 100,000 of them took longer than anyone waits.
    @Test
    void names_thatBecomeOneMarker_areToldApartInTime() {
        String names =
                IntStream.range(0, 100_000)
                        .mapToObj("\"AKIA%016d\":1"::formatted)
                        .collect(Collectors.joining(","));
        String params =
                PipelineFixture.event(
                                "{\"event_type\":\"agent.tool_call\",\"agent_name\":\"a\",\"action\":\"tool_call:x\",\"params\":{"
                                        + names
                                        + "}}")
                        .content()
                        .params();
        assertThat(params)
                .doesNotContain("AKIA")
                .contains("]\":1", "]'\":1", "]'2\":1", "]'99999\":1");
    }

    /// A value full of names, which were each read to the end of it again: minutes for 200 KB.
    @Test
    void value_thatIsFullOfNames_isReadOnce() {
        String text =
                Redactor.redactText(PipelineFixture.RULES, "PASSWORD=${".repeat(60_000) + " end");
        assertThat(text).isEqualTo("PASSWORD=[REDACTED:password] end");
        String cookies = "cookie:".repeat(60_000);
        assertThat(Redactor.redactText(PipelineFixture.RULES, cookies)).isEqualTo(cookies);
    }
}
