package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    /// RFC 8785, 3.2.2 and 3.2.3
    @Test
    void bytes_theExampleOfTheStandard() throws IOException {
        String text =
                """
                {"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
                 "string":"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                 "literals":[null,true,false]}""";
        assertThat(CanonicalJson.bytes(read(text)))
                .asString()
                .isEqualTo(
                        "{\"literals\":[null,true,false],"
                                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void bytes_randomValues_equalTheReferenceImplementation() throws IOException {
        long seed = System.nanoTime();
        RandomJson random = new RandomJson(seed);
        for (int i = 0; i < 500; i++) {
            String text = random.object(0).toString();
            JsonNode value = read(text);
            assertThat(CanonicalJson.bytes(value))
                    .as("seed %d, value %s", seed, text)
                    .isEqualTo(new JsonCanonicalizer(text).getEncodedUTF8());
        }
    }

    @Test
    void bytes_wholeNumbersBeyondADouble_areRounded() {
        assertThat(CanonicalJson.bytes(JsonNodeFactory.instance.numberNode(9007199254740993L)))
                .asString()
                .isEqualTo("9007199254740992");
    }

    private static JsonNode read(String text) throws IOException {
        try (JsonParser parser = ItemReader.JSON.createParser(text)) {
            parser.nextToken();
            return ItemReader.read(parser).value();
        }
    }
}
