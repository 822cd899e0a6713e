package org.agentaudit.ingest.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agentaudit.event.Redaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RedactionConfig config(String patterns, String... off) {
        return new RedactionConfig(List.of(), patterns, List.of(off), false, List.of(), List.of());
    }

    private static String text(RedactionConfig config, String text) {
        return RedactionRules.of(config).redact(text, detector -> {});
    }

    private static JsonNode tree(String json) throws Exception {
        return new Redactor(RedactionRules.of(RedactionConfig.DEFAULT))
                .rewrite(JSON.readTree(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "DB_PASSWORD",
                "dbPassword",
                "userpassword",
                "pwd",
                "passphrase",
                "githubToken",
                "access-token",
                "refresh_token",
                "CSRFToken",
                "x-api-key",
                "apiKey",
                "OPENAI_API_KEY",
                "client_secret",
                "clientSecret",
                "appsecret",
                "secret_key",
                "AWS_SECRET_ACCESS_KEY",
                "private_key",
                "sshPrivateKey",
                "Authorization",
                "Proxy-Authorization",
                "cookie",
                "Set-Cookie",
                "session_cookie",
                "connection_string",
                "connectionString",
                "credentials",
                "password1",
                "password_hash",
                "api_key_prod",
                "tokenValue",
                "encryption_key",
                "spring.datasource.password",
                "http.request.header.authorization",
                "http.request.header.set-cookie",
                "http.response.header.x-api-key.0",
                "db.connection_string",
                "app.api_key"
            })
    void names_ofSecrets(String name) throws Exception {
        JsonNode before = JSON.createObjectNode().put(name, "Xk9z");
        assertThat(tree(before.toString()).get(name).asText()).startsWith("[REDACTED:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token_count",
                "max_tokens",
                "tokens",
                "maxToken",
                "tokenizer",
                "token_type",
                "secretary",
                "next_page_token",
                "stop_token",
                "password_policy",
                "key",
                "cache_key",
                "primaryKey",
                "public_key",
                "author",
                "authored_by",
                "passed",
                "bypass",
                "tests_pass",
                "session_id",
                "user_id",
                "monkey",
                "keyboard",
                "cookie_policy",
                "token_limit",
                "secret_name",
                "connection",
                "compass",
                "gen_ai.usage.input_tokens",
                "gen_ai.usage.input_token",
                "llm.token_count.prompt",
                "llm.token_count.completion_details.reasoning",
                "gen_ai.token.type",
                "app.key",
                "db.connection.id",
                "http.request.header.authority"
            })
    void names_ofNoSecrets(String name) throws Exception {
        JsonNode before = JSON.createObjectNode().put(name, "Xk9z");
        assertThat(tree(before.toString())).isEqualTo(before);
    }

    @Test
    void structure_everyTextBelowASecretsName_andNothingBesideIt() throws Exception {
        JsonNode after =
                tree(
                        "{\"credentials\":{\"user\":\"a1\",\"n\":5,\"list\":[\"b2\",true]},"
                                + "\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"c3\"},{\"name\":\"A\",\"value\":\"d\"}],"
                                + "\"attributes\":[{\"key\":\"db.password\",\"value\":{\"stringValue\":\"e4\"}}],"
                                + "\"args\":[\"curl\",\"--token\",\"f5\",\"x\"],"
                                + "\"schema\":{\"password\":{\"type\":\"string\",\"description\":\"The password\"}},"
                                + "\"logprobs\":[{\"token\":\" the\",\"logprob\":-0.1}],"
                                + "\"token\":5}");
        assertThat(after.toString())
                .isEqualTo(
                        "{\"credentials\":{\"user\":\"[REDACTED:credential]\",\"n\":5,\"list\":[\"[REDACTED:credential]\",true]},"
                                + "\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"[REDACTED:password]\"},{\"name\":\"A\",\"value\":\"d\"}],"
                                + "\"attributes\":[{\"key\":\"db.password\",\"value\":{\"stringValue\":\"[REDACTED:password]\"}}],"
                                + "\"args\":[\"curl\",\"--token\",\"[REDACTED:token]\",\"x\"],"
                                + "\"schema\":{\"password\":{\"type\":\"string\",\"description\":\"The password\"}},"
                                + "\"logprobs\":[{\"token\":\" the\",\"logprob\":-0.1}],"
                                + "\"token\":5}");
    }

    @Test
    void structure_namesThatAreSecrets_go() throws Exception {
        Redactor redactor = new Redactor(RedactionRules.of(RedactionConfig.DEFAULT));
        JsonNode after =
                redactor.rewrite(JSON.readTree("{\"AKIAIOSFODNN7EXAMPLE\":{\"a\":1},\"b\":2}"));
        assertThat(after.toString()).isEqualTo("{\"[REDACTED:aws_key]\":{\"a\":1},\"b\":2}");
        assertThat(redactor.redactions())
                .containsExactly(new Redaction("/[REDACTED:aws_key]", "aws_key"));
    }

    @Test
    void settings_addAndTakeAway() {
        RedactionConfig config =
                new RedactionConfig(
                        List.of("Patient-Number"),
                        "employee=EMP-[0-9]{6}\n\ncase_id=case ([A-Z]{2}[0-9]{4})",
                        List.of("jwt"),
                        true,
                        List.of("test_token"),
                        List.of("AKIAIOSFODNN7EXAMPLE"));
        assertThat(text(config, "patient_number: 17a"))
                .isEqualTo("patient_number: [REDACTED:configured_key]");
        assertThat(
                        new Redactor(RedactionRules.of(config))
                                .rewrite(
                                        JSON.createObjectNode()
                                                .put("http.request.header.patient-number", "17a")
                                                .put("app.patient.number", "17b")
                                                .put("app.patient_number.count", "17c")
                                                .put("impatient_number", "17d"))
                                .toString())
                .isEqualTo(
                        "{\"http.request.header.patient-number\":\"[REDACTED:configured_key]\","
                                + "\"app.patient.number\":\"[REDACTED:configured_key]\","
                                + "\"app.patient_number.count\":\"17c\",\"impatient_number\":\"17d\"}");
        assertThat(text(config, "by EMP-123456, case AB1234"))
                .isEqualTo("by [REDACTED:employee], case [REDACTED:case_id]");
        assertThat(text(config, "mail Jane.Roe@example.com!")).isEqualTo("mail [REDACTED:email]!");
        assertThat(text(config, "test_token=abc AKIAIOSFODNN7EXAMPLE"))
                .isEqualTo("test_token=abc AKIAIOSFODNN7EXAMPLE");
        String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc";
        assertThat(text(config, jwt)).isEqualTo(jwt);
        assertThat(text(config, text(config, "EMP-123456"))).isEqualTo("[REDACTED:employee]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=(", "A B=x", "=x", "name", "token=x", "a=x*", "a=x\na=y"})
    void settings_badPatterns_areNamed(String patterns) {
        assertThatThrownBy(() -> RedactionRules.of(config(patterns)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("portal.redaction.patterns: ");
    }

    @Test
    void settings_limits() {
        assertThatThrownBy(() -> RedactionRules.of(config("a=" + "x".repeat(1_001))))
                .hasMessageContaining("1000");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 51; i++) {
            many.append("p").append(i).append("=x\n");
        }
        assertThatThrownBy(() -> RedactionRules.of(config(many.toString())))
                .hasMessageContaining("50");
        assertThatThrownBy(() -> RedactionRules.of(config("", "jtw"))).hasMessageContaining("jtw");
    }

    /// So that "when the redaction rules have changed in between, the id alone decides" holds.
    @Test
    void version_changesWithEverySetting_andIsASmallint() {
        List<RedactionConfig> configs =
                List.of(
                        RedactionConfig.DEFAULT,
                        config("a=x"),
                        config("a=y"),
                        config("", "jwt"),
                        new RedactionConfig(List.of(), "", List.of(), true, List.of(), List.of()),
                        new RedactionConfig(
                                List.of("k"), "", List.of(), false, List.of(), List.of()),
                        new RedactionConfig(
                                List.of(), "", List.of(), false, List.of("k"), List.of()),
                        new RedactionConfig(
                                List.of(), "", List.of(), false, List.of(), List.of("k")));
        Set<Integer> versions = new HashSet<>();
        for (RedactionConfig config : configs) {
            int version = RedactionRules.of(config).version();
            assertThat(version).isBetween((int) Short.MIN_VALUE, (int) Short.MAX_VALUE);
            assertThat(RedactionRules.of(config).version()).isEqualTo(version);
            versions.add(version);
        }
        assertThat(versions).hasSize(configs.size());
    }
}
