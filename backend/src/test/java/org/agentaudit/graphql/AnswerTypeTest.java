package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|JSON",
                "application/*|JSON",
                "application/json|JSON",
                "application/graphql-response+json|GRAPHQL_RESPONSE",
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8|GRAPHQL_RESPONSE",
                "application/json, application/graphql-response+json|GRAPHQL_RESPONSE",
                "application/json;q=0.9, application/graphql-response+json;q=0.8|JSON",
                "application/graphql-response+json;q=0, */*|JSON",
                "application/json;q=0, */*;q=0.1|GRAPHQL_RESPONSE",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|JSON",
                "APPLICATION/JSON|JSON",
                "application/json;charset=utf-16|",
                "text/html|",
                "application/json;q=0|",
                "application/json;q=nonsense|",
            })
    void accepted_isTheBestOfTheTwo(String accept, AnswerType type) {
        assertThat(AnswerType.accepted(List.of(accept))).isEqualTo(type);
    }

    @Test
    void accepted_withoutHeader_isJson() {
        assertThat(AnswerType.accepted(List.of())).isEqualTo(AnswerType.JSON);
    }

    @Test
    void accepted_severalHeaders_countAsOne() {
        assertThat(AnswerType.accepted(List.of("text/html", "application/graphql-response+json")))
                .isEqualTo(AnswerType.GRAPHQL_RESPONSE);
    }
}
