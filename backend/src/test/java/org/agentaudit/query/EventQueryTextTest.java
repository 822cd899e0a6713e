package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueryTextTest {

    private static Map<String, List<String>> read(String text) {
        EventQueryText.Parsed parsed = EventQueryText.parse(text);
        assertThat(parsed.problem()).as(text).isNull();
        return parsed.parameters();
    }

    @Test
    void fields_becomeParameters_andPlainWordsText() {
        assertThat(
                        read(
                                "agent:ops/* type:TOOL_CALL type:error tool:\"send mail\" status:FAILURE errored:true"
                                        + " late refund"))
                .isEqualTo(
                        Map.of(
                                "agent", List.of("ops/*"),
                                "type", List.of("TOOL_CALL", "error"),
                                "action", List.of("send mail"),
                                "outcome", List.of("FAILURE"),
                                "errored", List.of("true"),
                                "text", List.of("late refund")));
    }

    @Test
    void typedText_andPlainWords_areOneText() {
        assertThat(read("a text:\"b c\" d")).containsEntry("text", List.of("b c a d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "agent:ops/* type:TOOL_CALL type:ERROR tool:a tool:\"say \\\"hi\\\" \\\\ there\"",
                "status:FAILURE errored:false error:E_1 model:m trace:t session:s task:x user:u late refund",
                "text:\"a:b c\"",
                "tool:http://x/y?z=1&w"
            })
    void everyText_isTheOneOfItsParameters(String text) {
        EventSearch search = EventSearch.of(read(text));

        assertThat(read(EventQueryText.of(search))).isEqualTo(search.parameters());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refund agnet:x         | 7  | 5 | no field of this name",
                "https://example.org    | 0  | 5 | Put quotes",
                "agent:a type:NONE      | 8  | 9 | 'NONE' is no known type",
                "agent:                 | 0  | 6 | value is missing",
                "x trace:a trace:b      | 10 | 7 | given once",
                "tool:\"send mail       | 5  | 10 | does not end",
                "from:soon              | 0  | 9 | not a time",
            })
    void mistake_hasItsPlaceAndItsReason(String text, int at, int length, String reason) {
        EventQueryText.Problem problem = EventQueryText.parse(text).problem();

        assertThat(problem).isNotNull();
        assertThat(problem.at()).isEqualTo(at);
        assertThat(problem.length()).isEqualTo(length);
        assertThat(problem.message()).contains(reason);
    }

    @Test
    void longText_isRefused() {
        assertThat(EventQueryText.parse("x".repeat(2_001)).problem()).isNotNull();
    }
}
