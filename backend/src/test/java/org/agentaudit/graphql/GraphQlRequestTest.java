package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphQlRequestTest {

    @Test
    void body_isRead_unknownMembersAreIgnored() throws Exception {
        assertThat(
                        body(
                                "{\"query\":\"{ me { username } }\",\"operationName\":null,"
                                        + "\"variables\":{\"n\":12345678901,\"x\":null},\"more\":1}"))
                .satisfies(
                        request -> {
                            assertThat(request.query()).isEqualTo("{ me { username } }");
                            assertThat(request.operationName()).isNull();
                            assertThat(request.variables())
                                    .containsEntry("n", 12345678901L)
                                    .containsEntry("x", null);
                            assertThat(request.extensions()).isEmpty();
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "null",
                "\"{ me }\"",
                "[{\"query\":\"{ __typename }\"}]",
                "{}",
                "{\"query\":null}",
                "{\"query\":1}",
                "{\"query\":\" \"}",
                "{\"query\":[\"{ __typename }\"]}",
                "{\"query\":\"{ __typename }\"} trailing",
                "{\"query\":\"{ __typename }\",\"query\":\"{ me }\"}",
                "{\"query\":\"{ __typename }\",\"operationName\":1}",
                "{\"query\":\"{ __typename }\",\"variables\":[]}",
                "{\"query\":\"{ __typename }\",\"variables\":\"{}\"}",
                "{\"query\":\"{ __typename }\",\"extensions\":1}",
            })
    void body_ofAnotherShape_isMalformed(String body) {
        assertThatThrownBy(() -> body(body)).isInstanceOf(GraphQlRequest.Malformed.class);
    }

    @Test
    void body_deeplyNested_isMalformed() {
        String body =
                "{\"query\":\"{ a }\",\"variables\":{\"a\":"
                        + "[".repeat(5_000)
                        + "]".repeat(5_000)
                        + "}}";
        assertThatThrownBy(() -> body(body)).isInstanceOf(GraphQlRequest.Malformed.class);
    }

    @Test
    void body_notUtf8_isMalformed() {
        byte[] latin1 = "{\"query\":\"{ me } # é\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> GraphQlRequest.ofBody(latin1))
                .isInstanceOf(GraphQlRequest.Malformed.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void parameters_areRead() throws Exception {
        GraphQlRequest request = GraphQlRequest.ofParameters("{ me }", "", "{\"a\":1}", null);
        assertThat(request.operationName()).isNull();
        assertThat(request.variables()).isEqualTo(Map.of("a", 1));
        assertThatThrownBy(() -> GraphQlRequest.ofParameters("{ me }", null, "[1]", null))
                .isInstanceOf(GraphQlRequest.Malformed.class);
        assertThatThrownBy(() -> GraphQlRequest.ofParameters(null, null, null, null))
                .isInstanceOf(GraphQlRequest.Malformed.class);
    }

    private static GraphQlRequest body(String text) throws GraphQlRequest.Malformed {
        return GraphQlRequest.ofBody(text.getBytes(StandardCharsets.UTF_8));
    }
}
