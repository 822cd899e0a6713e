package org.agentaudit.ingest;

import static org.agentaudit.ingest.PipelineFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Redaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    /// A14 H4 and B-001-11: what the seed's patterns miss, and what they eat
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "password=hunter2|password=[REDACTED]",
                "PASSWORD: hunter2 now|PASSWORD: [REDACTED] now",
                "psql password=hunter2&sslmode=on|psql password=[REDACTED]&sslmode=on",
                "{\"password\": \"hunter2\", \"user\": \"a\"}|{\"password\": \"[REDACTED]\", \"user\": \"a\"}",
                "{\\\"api_key\\\":\\\"abc\\\",\\\"b\\\":1}|{\\\"api_key\\\":\\\"[REDACTED]\\\",\\\"b\\\":1}",
                "api-key=abc,next|api-key=[REDACTED],next",
                "apikey:abc|apikey:[REDACTED]",
                "secret_key=abc|secret_key=[REDACTED]",
                "AWS_SECRET_ACCESS_KEY=abc/def+1|AWS_SECRET_ACCESS_KEY=[REDACTED]",
                "token=abc123|token=[REDACTED]",
                "access_token: 'abc 123'|access_token: '[REDACTED]'",
                "curl --token abc x|curl --token [REDACTED] x",
                "Authorization: Bearer abc.def|Authorization: Bearer [REDACTED]",
                "Authorization: Basic dXNlcjpwYXNz|Authorization: Basic [REDACTED]",
                "sent Bearer abcdefghijklmnop1234|sent Bearer [REDACTED]",
                "postgres://bob:hunter2@db/x|postgres://bob:[REDACTED]@db/x",
                "AKIAIOSFODNN7EXAMPLE|[REDACTED]",
                "ghp_0123456789abcdefghijABCDEFGHIJ012345|[REDACTED]",
                "xoxb-123456789012-abcdef|[REDACTED]",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc|[REDACTED]"
            })
    void redactText_secrets_goAndTheRestStays(String before, String after) {
        assertThat(Redactor.redactText(before)).isEqualTo(after);
    }

    @Test
    void redactText_keysOfProvidersAndPrivateKeys_go() {
        assertThat(Redactor.redactText("key sk-" + "ant-api03-" + "abcdefghij0123456789" + " end"))
                .isEqualTo("key [REDACTED] end");
        String begin = "-----BEGIN RSA PRIVATE KEY-----";
        assertThat(
                        Redactor.redactText(
                                "a\n" + begin + "\nMII\n" + begin.replace("BEGIN", "END") + "\nb"))
                .isEqualTo("a\n[REDACTED]\nb");
        assertThat(Redactor.redactText(begin + " cut off")).isEqualTo("[REDACTED]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token:5",
                "tokens: 100",
                "\"token_count\": 7",
                "max_token = 100",
                "token = getToken()",
                "token=${TOKEN}",
                "password policy",
                "the secret of it",
                "task-759bbe56-3fad-4bbb-a540",
                "https://example.org/a@b",
                "2024-01-01T10:00:00Z://x",
                "bearer of news",
                "sk-learn",
                "password: null",
                "Handle token: string"
            })
    void redactText_whatIsNoSecret_stays(String text) {
        assertThat(Redactor.redactText(text)).isEqualTo(text);
    }

    @Test
    void redact_byMemberName_textsOnly() {
        AuditEvent event =
                event(
                        "{\"event_type\":\"agent.tool_call\",\"params\":{\"Password\":\"x\",\"token\":5,"
                                + "\"api-key\":[\"y\"],\"Authorization\":\"z\",\"token_count\":\"9\","
                                + "\"a/b\":{\"private_key\":\"k\"},\"secret\":\"\"}}");
        assertThat(event.content().params())
                .isEqualTo(
                        "{\"Password\":\"[REDACTED]\",\"token\":5,\"api-key\":[\"[REDACTED]\"],"
                                + "\"Authorization\":\"[REDACTED]\",\"token_count\":\"9\","
                                + "\"a/b\":{\"private_key\":\"[REDACTED]\"},\"secret\":\"\"}");
        assertThat(event.envelope().redactions())
                .containsExactly(
                        new Redaction("/params/Password", "key"),
                        new Redaction("/params/api-key/0", "key"),
                        new Redaction("/params/Authorization", "key"),
                        new Redaction("/params/a~1b/private_key", "key"));
    }

    @Test
    void redact_runsBeforeIdAndDigest() {
        String line = "{\"event_type\":\"agent.error\",\"error\":\"password=%s\"}";
        AuditEvent one = event(line.formatted("one"));
        AuditEvent two = event(line.formatted("two"));
        assertThat(one.envelope().id()).isEqualTo(two.envelope().id());
        assertThat(one.summary()).isEqualTo("Error: password=[REDACTED]");
        assertThat(one.envelope().redactions())
                .isEqualTo(List.of(new Redaction("/error", "password")));
    }

    @Test
    @Timeout(20)
    void redactText_hostileText_staysLinear() {
        for (String part : Set.of("token=\"", "token ", "secret: '", "://a:", "-----BEGIN ")) {
            List<String> found = new ArrayList<>();
            String text = part.repeat(50_000);
            assertThat(TextDetectors.redact(text, found::add)).isNotNull();
        }
    }
}
