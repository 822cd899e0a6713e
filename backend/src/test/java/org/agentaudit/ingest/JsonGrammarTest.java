package org.agentaudit.ingest;

import static org.agentaudit.ingest.PipelineFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is JSON (RFC 8259) and what is not, as an event's parameter, in an array and in lines
/// (RB1).
class JsonGrammarTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String GOOD = "{\"event_type\":\"agent.reasoning\",\"event_id\":\"good\"}";
    private static final String START =
            "{\"event_type\":\"agent.reasoning\",\"event_id\":\"odd\",\"params\":{\"v\":";

    private static byte[] around(String before, byte[] value, String after) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(utf8(before));
        body.writeBytes(value);
        body.writeBytes(utf8(after));
        return body.toByteArray();
    }

    private static IngestResult send(PipelineFixture fixture, byte[] body, boolean lines) {
        return fixture.pipeline.ingest(body, lines, null, "test").join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "[[]]",
                "[{}]",
                "{\"\":0}",
                "[null]",
                "[true,false]",
                "\"\"",
                "\"a\"",
                "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
                "\"\\u0061\"",
                "\"\\uD83D\\uDE00\"",
                "\"\\u20ac\"",
                "\"\\u0012\"",
                "\"\\u2028\\u2029\"",
                "\"\u007f\"",
                "\"\uffff\"",
                "\"😀\"",
                "\"é\"",
                "\"\\uFFFE\"",
                "\"\\uDBFF\\uDFFF\"",
                "{\"a\":{\"a\":{\"a\":1}}}",
                "[1,2,[3,[4]]]",
                "0",
                "-1",
                "1.5",
                "-0.5",
                "12345678901234567890123456789",
                "1234567890.0123456789",
                "[9007199254740993]",
                "9223372036854775808",
                "-9223372036854775809",
                "100",
                "0.1",
                "[ 1 , 2 ]",
                "{ \"a\" : [ ] }",
                "[\t1\r]",
                "{\"\\u0041\":1}",
                "\"\\/\"",
                "{\"__proto__\":1,\"constructor\":2}",
                "\"<script>alert(1)</script>\"",
                "\"'; DROP TABLE audit_event; --\"",
                "\"%s%n${jndi:x}\"",
                "\"\\u202e\\u200b\"",
                "1.7976931348623157e308",
                "1e308",
                "-1e-300",
                "0.000000000000000000000000000001"
            })
    void json_isStoredAsSent(String json) throws Exception {
        assertStored(json, json);
    }

    /// Numbers keep their value, not their spelling; minus nothing is nothing.
    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "-0 ¦ 0",
                "-0.0 ¦ -0.0",
                "0e1 ¦ 0",
                "0E-400 ¦ 0",
                "-0e99999 ¦ 0",
                "1e2 ¦ 100",
                "1E+2 ¦ 100",
                "1e-7 ¦ 0.0000001",
                "123e45 ¦ 123e45",
                "5e-324 ¦ 4.9e-324"
            })
    void number_isStoredByItsValue(String json, String kept) throws Exception {
        assertStored(json, kept);
    }

    private static void assertStored(String sent, String kept) throws Exception {
        PipelineFixture fixture = new PipelineFixture();
        byte[] array = utf8("[" + GOOD + "," + START + sent + "}}]");
        assertThat(send(fixture, array, false)).isEqualTo(new IngestResult(2, 0, List.of()));
        byte[] lines = utf8(GOOD + "\n" + START + sent + "}}");
        assertThat(send(fixture, lines, true)).isEqualTo(new IngestResult(0, 2, List.of()));
        String params = fixture.all().getLast().content().params();
        JsonNode read = exact(params == null ? "null" : params).path("v");
        assertThat(read.equals(JsonGrammarTest::compare, exact(kept)))
                .as("%s was stored as %s", sent, params)
                .isTrue();
    }

    private static JsonNode exact(String json) throws Exception {
        return MAPPER.reader()
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(json);
    }

    /// Numbers by their value, everything else as it is; 0 when equal.
    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }

    static List<byte[]> noJson() {
        List<String> texts =
                List.of(
                        "",
                        "[",
                        "]",
                        "{",
                        "}",
                        "[1",
                        "[1,",
                        "[1,]",
                        "[,1]",
                        "[1,,2]",
                        "[1 2]",
                        "[1:2]",
                        "[\"a\"",
                        "[\"a\",",
                        "{\"a\"}",
                        "{\"a\":}",
                        "{\"a\":1,}",
                        "{,}",
                        "{\"a\" 1}",
                        "{\"a\",1}",
                        "{\"a\":1 \"b\":2}",
                        "{\"a\":1;}",
                        "{a:1}",
                        "{'a':1}",
                        "{1:1}",
                        "{null:1}",
                        "{[1]:1}",
                        "{\"a\":1}}",
                        "[1]]",
                        "{]",
                        "[}",
                        "{\"a\":[1}",
                        "[{\"a\":1]",
                        "'a'",
                        "a",
                        "tru",
                        "truee",
                        "True",
                        "TRUE",
                        "nul",
                        "NULL",
                        "undefined",
                        "NaN",
                        "-NaN",
                        "Infinity",
                        "-Infinity",
                        "inf",
                        "+1",
                        "++1",
                        "--1",
                        "-",
                        "- 1",
                        "1.",
                        ".5",
                        "-.5",
                        "1.e1",
                        "1e",
                        "1e+",
                        "1e-",
                        "1e1.5",
                        "1e1e1",
                        "01",
                        "-01",
                        "00",
                        "1a",
                        "0x1F",
                        "1_000",
                        "1,5",
                        "１",
                        "1.2.3",
                        "1f",
                        "1L",
                        "\"",
                        "\"\\\"",
                        "\"\\",
                        "\"\\x41\"",
                        "\"\\a\"",
                        "\"\\u\"",
                        "\"\\u00\"",
                        "\"\\u00g0\"",
                        "\"\\U00000041\"",
                        "\"\\ud800\\u\"",
                        "\"a\nb\"",
                        "\"a\tb\"",
                        "\"a\u0000b\"",
                        "\"a\u001fb\"",
                        "\"a\" \"b\"",
                        "\"a\"b",
                        "/* c */ 1",
                        "1 // c",
                        "1 # c",
                        "[1/**/]",
                        "<a/>",
                        "\u00a01",
                        "\u20281",
                        "\u000b1",
                        "\f1",
                        "1\u0000",
                        "\u0000",
                        "*",
                        "@",
                        "`a`",
                        "\\u0061",
                        "{\"a\":\"b\"} {}",
                        "1 2");
        List<byte[]> bytes = new ArrayList<>(texts.stream().map(PipelineFixture::utf8).toList());
        bytes.add(new byte[] {'"', (byte) 0xFF, '"'});
        bytes.add(new byte[] {'"', (byte) 0x80, '"'});
        bytes.add(new byte[] {'"', (byte) 0xC3, '"'});
        bytes.add(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'});
        bytes.add(new byte[] {'"', (byte) 0xC1, (byte) 0xBF, '"'});
        bytes.add(new byte[] {'"', (byte) 0xE0, (byte) 0x80, (byte) 0xAF, '"'});
        bytes.add(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'});
        bytes.add(new byte[] {'"', (byte) 0xED, (byte) 0xBF, (byte) 0xBF, '"'});
        bytes.add(new byte[] {'"', (byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0xAF, '"'});
        bytes.add(new byte[] {'"', (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'});
        bytes.add(new byte[] {'"', (byte) 0xF8, (byte) 0x88, (byte) 0x80, (byte) 0x80, '"'});
        bytes.add(new byte[] {'"', (byte) 0xE2, (byte) 0x82, '"'});
        bytes.add(new byte[] {'"', (byte) 0xFE, (byte) 0xFE, (byte) 0xFF, '"'});
        return bytes;
    }

    /// As a body or anywhere in one: refused as a whole, nothing stored. As one of several lines:
    /// that line alone is rejected.
    @ParameterizedTest
    @MethodSource
    void noJson(byte[] text) {
        for (byte[] body :
                List.of(
                        text,
                        around(START, text, "}}"),
                        around("[" + GOOD + "," + START, text, "}}]"))) {
            PipelineFixture fixture = new PipelineFixture();
            assertThatThrownBy(() -> send(fixture, body, false))
                    .isInstanceOf(BadBodyException.class)
                    .message()
                    .isNotBlank()
                    .doesNotContain("com.fasterxml", "JsonParser");
            assertThat(fixture.store.events).isEmpty();
            assertThat(fixture.store.quarantine).isEmpty();
        }
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = send(fixture, around(GOOD + "\n" + START, text, "}}\n" + GOOD), true);
        boolean brokenInTwo = new String(text).contains("\n");
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.duplicates()).isEqualTo(1);
        assertThat(result.rejected()).hasSize(brokenInTwo ? 2 : 1);
        assertThat(result.rejected().getFirst().index()).isEqualTo(1);
        assertThat(fixture.store.quarantine).hasSize(brokenInTwo ? 2 : 1);
    }

    /// JSON whose value no double holds, or whose meaning is open: the item is rejected alone, with
    /// what to change.
    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "1e400 ¦ number 1e400 is beyond the range of a double: send it as text",
                "-1e400 ¦ number -1e400 is beyond the range of a double: send it as text",
                "1e131071 ¦ number 1e131071 is beyond the range of a double: send it as text",
                "1e999999999999 ¦ number 1e999999999999 is beyond the range of a double: send it as text",
                "1e-400 ¦ number 1e-400 is beyond the range of a double: send it as text",
                "1.8e308 ¦ number 1.8e308 is beyond the range of a double: send it as text"
            })
    void numberNoDoubleHolds(String number, String reason) {
        rejectedAlone(START + number + "}}", reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {310, 1_000, 1_001, 100_000})
    void integersOfManyDigits(int digits) {
        String number = "1".repeat(digits);
        rejectedAlone(
                START + number + "}}",
                digits > 1_000
                        ? "a number has " + digits + " digits: send it as text"
                        : "number "
                                + number.substring(0, 60)
                                + "… is beyond the range of a double: send it as text");
    }

    private static void rejectedAlone(String item, String reason) {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result =
                send(fixture, utf8("[" + GOOD + "," + item + "," + GOOD + "]"), false);
        assertThat(result)
                .isEqualTo(
                        new IngestResult(
                                1, 1, List.of(new IngestResult.RejectedItem(1, "odd", reason))));
        assertThat(fixture.store.quarantine.getFirst().body()).isEqualTo(BatchDecoder.kept(item));
    }

    @Test
    void repeatedMembers_outsideWhatAnActionWasGiven_areRejected() {
        rejectedAlone(
                "{\"event_type\":\"agent.error\",\"event_id\":\"odd\",\"outcome\":\"success\",\"outcome\":\"error\"}",
                "member 'outcome' occurs twice: send it once");
        rejectedAlone(
                "{\"event_type\":\"agent.error\",\"event_id\":\"odd\",\"zork\":{\"\\u0061\":1,\"a\":1}}",
                "member 'a' occurs twice: send it once");
    }
}
