package org.agentaudit.ingest;

import static org.agentaudit.ingest.PipelineFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Redaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A14 H1 and B-001-12: path and size, row count, head and tail.
class MinimiserTest {
    private static AuditEvent call(String tool, String members) {
        return event(
                "{\"event_type\":\"agent.tool_call\",\"action\":\"tool_call:"
                        + tool
                        + "\","
                        + members
                        + "}");
    }

    private static String result(String tool, String result) {
        return Objects.requireNonNull(call(tool, "\"result\":" + result).content().result());
    }

    @Test
    void fileTools_keepPathAndSize() {
        AuditEvent event =
                call(
                        "Write",
                        "\"params\":{\"file_path\":\"/a.txt\",\"content\":\"one\\ntwo\",\"n\":1},"
                                + "\"result\":{\"filePath\":\"/a.txt\",\"originalFile\":null,"
                                + "\"structuredPatch\":[{\"oldStart\":1,\"lines\":[\"+one\",\"+two\"]}]}");
        assertThat(event.content().params())
                .isEqualTo(
                        "{\"file_path\":\"/a.txt\",\"content\":\"[MINIMISED: 7 characters, 2 lines]\",\"n\":1}");
        assertThat(event.content().result())
                .isEqualTo(
                        "{\"filePath\":\"/a.txt\",\"originalFile\":null,"
                                + "\"structuredPatch\":[{\"oldStart\":1,\"lines\":\"[MINIMISED: 10 characters, 2 lines]\"}]}");
        assertThat(event.envelope().redactions())
                .containsExactly(
                        new Redaction("/params/content", "minimised"),
                        new Redaction("/result/structuredPatch/0/lines", "minimised"));
        assertThat(event.envelope().redactions()).noneMatch(Redaction::removesSecret);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Read|\"ok\"|\"ok\"",
                "Read|\"a\\nb\"|\"[MINIMISED: 3 characters, 2 lines]\"",
                "Read|[{\"type\":\"text\",\"text\":\"a\\nb\"}]|[{\"type\":\"text\",\"text\":\"[MINIMISED: 3 characters, 2 lines]\"}]",
                "query_database|{\"rows\":[[1],[2]],\"ms\":3}|{\"rows\":\"[MINIMISED: 2 rows]\",\"ms\":3}",
                "query_database|[{\"id\":1}]|\"[MINIMISED: 1 row]\"",
                "query_database|\"[{\\\"id\\\":1},{\\\"id\\\":2}]\"|\"[MINIMISED: 2 rows]\"",
                "query_database|\"ok\"|\"ok\"",
                "query_database|[]|[]",
                "Bash|\"short\"|\"short\"",
                "read|\"a\\nb\"|\"a\\nb\"",
                "other|{\"rows\":[[1]],\"content\":\"x\"}|{\"rows\":[[1]],\"content\":\"x\"}"
            })
    void results_ofEachTool(String tool, String before, String after) {
        assertThat(result(tool, before)).isEqualTo(after);
    }

    @Test
    void shellOutput_keepsHeadAndTail_afterRedaction() {
        String secret = "password=hunter2";
        String output = secret + " " + "a".repeat(600) + "b".repeat(3_000) + "the error";
        String kept = result("Bash", "{\"stdout\":\"" + output + "\",\"interrupted\":false}");
        assertThat(kept)
                .startsWith("{\"stdout\":\"password=[REDACTED:password]")
                .contains("characters left out")
                .contains("the error\",\"interrupted\":false}")
                .doesNotContain("hunter2")
                .hasSizeLessThan(1_200);
    }

    @Test
    void shellOutput_longerThanATextMayBe_countsTheWhole() {
        String output = "x".repeat(2_000_000);
        assertThat(result("Bash", "\"" + output + "\"")).contains("[1999000 characters left out]");
    }

    @Test
    void resent_minimisedEvent_isADuplicate() {
        PipelineFixture fixture = new PipelineFixture();
        String line =
                "{\"event_id\":\"e1\",\"event_type\":\"agent.tool_call\",\"action\":\"tool_call:Write\","
                        + "\"params\":{\"content\":\"%s\"}}";
        assertThat(fixture.json(line.formatted("one")).accepted()).isEqualTo(1);
        assertThat(fixture.json(line.formatted("one")).duplicates()).isEqualTo(1);
        assertThat(fixture.json(line.formatted("two")).rejected()).hasSize(1);
    }
}
