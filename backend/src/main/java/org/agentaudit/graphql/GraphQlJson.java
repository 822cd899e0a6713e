package org.agentaudit.graphql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;

/// JSON of this door: strict when reading requests, exact when reading and writing stored content.
final class GraphQlJson {

    /// Deepest nesting of arrays and objects in a request.
    private static final int MAX_REQUEST_NESTING = 100;

    /// Far above what ingest accepts, so that whatever was stored can be shown.
    private static final int MAX_CONTENT_NESTING = 10_000;

    private static final JsonMapper REQUESTS =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_REQUEST_NESTING)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final JsonMapper CONTENT =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_CONTENT_NESTING)
                                                    .maxNumberLength(Integer.MAX_VALUE)
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .build())
                                    .streamWriteConstraints(
                                            StreamWriteConstraints.builder()
                                                    .maxNestingDepth(2 * MAX_CONTENT_NESTING)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .addModule(new SimpleModule().addSerializer(new PlainDecimal()))
                    .build();

    private GraphQlJson() {}

    /// @throws JsonProcessingException when the text is not one JSON value
    static JsonNode readRequest(String text) throws JsonProcessingException {
        return REQUESTS.readTree(text);
    }

    /// A JSON object as plain maps and lists.
    @SuppressWarnings("unchecked") // Jackson makes maps with string keys of JSON objects
    static Map<String, Object> plain(JsonNode object) {
        return REQUESTS.convertValue(object, Map.class);
    }

    /// Stored JSON text as a tree.
    static JsonNode readContent(String text) {
        try {
            return CONTENT.readTree(text);
        } catch (JsonProcessingException e) {
            // The text itself is content and must not reach the log.
            throw new IllegalStateException(
                    "stored content is not JSON: " + e.getClass().getName());
        }
    }

    static byte[] write(Object answer) {
        try {
            return CONTENT.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the answer cannot be written as JSON", e);
        }
    }

    /// Money without exponent: 0.0000001, not 1E-7.
    private static final class PlainDecimal extends StdSerializer<BigDecimal> {
        private static final long serialVersionUID = 1L;

        PlainDecimal() {
            super(BigDecimal.class);
        }

        @Override
        public void serialize(
                BigDecimal value, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            generator.writeNumber(value.toPlainString());
        }
    }
}
