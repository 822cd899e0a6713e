package org.agentaudit.ingest.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionPropertyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RedactionRules RULES =
            RedactionRules.of(
                    new RedactionConfig(
                            List.of("badge"),
                            "employee=EMP-[0-9]+",
                            List.of(),
                            true,
                            List.of(),
                            List.of()));

    /// Pieces that secrets, their surroundings and markers are made of.
    private static final List<String> PIECES =
            List.of(
                    "password",
                    "token",
                    "api_key",
                    "Authorization",
                    "Bearer ",
                    "secret",
                    "cookie",
                    "--token",
                    "badge",
                    "=",
                    ":",
                    ": ",
                    " = ",
                    "\"",
                    "'",
                    "\\\"",
                    "\\",
                    "\\n",
                    "\n",
                    " ",
                    ",",
                    ";",
                    "&",
                    "{",
                    "}",
                    "[",
                    "]",
                    "(",
                    ")",
                    "<",
                    ">",
                    "@",
                    "://",
                    "/",
                    "%3D",
                    "%22",
                    "hunter2",
                    "abc.def",
                    "AKIAIOSFODNN7EXAMPLE",
                    "EMP-12",
                    "x@y.de",
                    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
                    "4111111111111111",
                    "null",
                    "5",
                    "[REDACTED]",
                    "[REDACTED:password]",
                    "[REDACTED:token",
                    "REDACTED:",
                    "value",
                    "-----BEGIN PRIVATE KEY-----",
                    "-----END PRIVATE KEY-----",
                    "curl -u ",
                    "$X",
                    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
                    "is ",
                    "|",
                    ">\n  ");

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(14); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static String redact(String text) {
        return RULES.redact(text, detector -> {});
    }

    @Test
    void redact_twice_isOnce() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int i = 0; i < 30_000; i++) {
            String text = text(random);
            String once = redact(text);
            assertThat(redact(once)).as("-Dseed=" + seed + " " + text).isEqualTo(once);
        }
    }

    @Test
    void redact_jsonInText_isJsonOfTheSameShape() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            JsonNode value =
                    JSON.createObjectNode()
                            .put(text(random), text(random))
                            .put("password", i)
                            .set(
                                    "list",
                                    JSON.createArrayNode()
                                            .add(text(random))
                                            .add(1)
                                            .add(text(random)));
            String once = redact(value.toString());
            JsonNode after = JSON.readTree(once);
            assertThat(after.get("password").asInt()).as("-Dseed=" + seed).isEqualTo(i);
            assertThat(after.get("list")).hasSize(3);
            JsonNode tree = new Redactor(RULES).rewrite(JSON.readTree(value.toString()));
            assertThat(new Redactor(RULES).rewrite(tree.deepCopy()))
                    .as("-Dseed=" + seed)
                    .isEqualTo(tree);
            assertThat(redact(once)).as("-Dseed=" + seed + " " + value).isEqualTo(once);
        }
    }

    /// RD5: four times the text costs about four times the work.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "token=\"",
                "token ",
                "secret: '",
                "token=\\\"",
                "://a:",
                "://a:b@",
                "-u ",
                "curl -u a:",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----;",
                "password",
                "passwordtoken_",
                "Authorization: Bearer ",
                "cookie: a=",
                "eyJ",
                "eyJaaaaaaaaaa.",
                "4111 ",
                "1234",
                "a@",
                "@a",
                "[REDACTED",
                "[REDACTED:password]",
                "{\"token\":",
                "[[\"",
                "\\",
                "%3A%2F%2F",
                "password is ",
                "name: password\n  value",
                "EMP-",
                "key=(",
                "ghp_",
                "<token>",
                "token:|\n"
            })
    void redact_hostileText_growsLinearly(String part) {
        redact(part.repeat(200));
        long small = cost(part.repeat(20_000 / part.length()));
        long large = cost(part.repeat(160_000 / part.length()));
        // Eight times the text; what is quadratic takes 64 times as long.
        assertThat(large)
                .as("nanoseconds, %s for an eighth", small)
                .isLessThan(24 * small + 50_000_000);
    }

    private static long cost(String text) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            assertThat(redact(text)).isNotNull();
            best =
                    Math.min(
                            best,
                            ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
        }
        return best;
    }
}
