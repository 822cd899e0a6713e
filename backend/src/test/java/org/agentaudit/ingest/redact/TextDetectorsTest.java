package org.agentaudit.ingest.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A14 H4 and B-001-11: what the seed's patterns miss, and what they eat.
class TextDetectorsTest {
    private static final RedactionRules RULES = RedactionRules.of(RedactionConfig.DEFAULT);

    static String redact(String text) {
        return RULES.redact(text, detector -> {});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "password=hunter2|password=[REDACTED:password]",
                "PASSWORD: hunter2 now|PASSWORD: [REDACTED:password] now",
                "psql password=hunter2&sslmode=on|psql password=[REDACTED:password]&sslmode=on",
                "https://x/y?token=abc&next=/z|https://x/y?token=[REDACTED:token]&next=/z",
                "{\"password\": \"hunter2\", \"user\": \"a\"}|{\"password\": \"[REDACTED:password]\", \"user\": \"a\"}",
                "{\\\"api_key\\\":\\\"abc\\\",\\\"b\\\":1}|{\\\"api_key\\\":\\\"[REDACTED:api_key]\\\",\\\"b\\\":1}",
                "api-key=abc,next|api-key=[REDACTED:api_key],next",
                "apikey:abc|apikey:[REDACTED:api_key]",
                "secret_key=abc|secret_key=[REDACTED:secret]",
                "AWS_SECRET_ACCESS_KEY=abc/def+1|AWS_SECRET_ACCESS_KEY=[REDACTED:secret]",
                "token=abc123|token=[REDACTED:token]",
                "access_token: 'abc 123'|access_token: '[REDACTED:token]'",
                "curl --token abc x|curl --token [REDACTED:token] x",
                "run --password=x --v|run --password=[REDACTED:password] --v",
                "['--token', 'abc', 'x']|['--token', '[REDACTED:token]', 'x']",
                "Authorization: Bearer abc.def|Authorization: Bearer [REDACTED:authorization]",
                "Authorization: Basic dXNlcjpwYXNz|Authorization: Basic [REDACTED:authorization]",
                "sent Bearer abcdefghijklmnop1234|sent Bearer [REDACTED:bearer_token]",
                "Cookie: sid=abc123; theme=dark|Cookie: [REDACTED:cookie]",
                "postgres://bob:hunter2@db/x|postgres://bob:[REDACTED:url_password]@db/x",
                "amqp://u:a%40b@h:5672/v|amqp://u:[REDACTED:url_password]@h:5672/v",
                "redis://:hunter2@cache:6379|redis://:[REDACTED:url_password]@cache:6379",
                "jdbc:oracle:thin:scott/tiger@//h|jdbc:oracle:thin:scott/[REDACTED:url_password]@//h",
                "jdbc:postgresql://h/d?user=a&password=b|jdbc:postgresql://h/d?user=a&password=[REDACTED:password]",
                "Server=db;User Id=sa;Password=My$ecret;Encrypt=yes|Server=db;User Id=sa;Password=[REDACTED:password];Encrypt=yes",
                "AccountName=x;AccountKey=abc+d/e==;Suffix=y|AccountName=x;AccountKey=[REDACTED:secret];Suffix=y",
                "curl -u bob:hunter2 https://x|curl -u bob:[REDACTED:url_password] https://x",
                "password%3Dhunter2%26x=1|password%3D[REDACTED:password]%26x=1",
                "%22password%22%3A%22hunter2%22%2C|%22password%22%3A%22[REDACTED:password]%22%2C",
                "<password>hunter2</password>|<password>[REDACTED:password]</password>",
                "<add key=\"Password\" value=\"hunter2\" />|<add key=\"Password\" value=\"[REDACTED:password]\" />",
                "- name: DB_PASSWORD\\n  value: hunter2|- name: DB_PASSWORD\\n  value: [REDACTED:password]",
                "f(token: str, password: str = \"hunter22x\")|f(token: str, password: str = \"[REDACTED:password]\")",
                "setProperty(\"API_TOKEN\", \"abc123\")|setProperty(\"API_TOKEN\", \"[REDACTED:token]\")",
                "the password is hunter2.|the password is [REDACTED:password].",
                "API key: abc123|API key: [REDACTED:api_key]",
                "adafruit = \"0a1b2c3d4e5f60718293a4b5c6d7e8f9\"|adafruit = \"[REDACTED:provider_key]\"",
                "card 4111 1111 1111 1111 ok|card [REDACTED:payment_card] ok",
                "4111-1111-1111-1111|[REDACTED:payment_card]",
                "378282246310005|[REDACTED:payment_card]",
                "bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaws/x|bot[REDACTED:telegram_token]/x"
            })
    void redact_secrets_goAndTheRestStays(String before, String after) {
        assertThat(redact(before)).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token:5",
                "tokens: 100",
                "token: 1,500",
                "\"token_count\": 7",
                "max_token = 100",
                "\"max_tokens\": \"4096\"",
                "next_page_token=abc",
                "token = getToken()",
                "token=${TOKEN}",
                "--token $GITHUB_TOKEN",
                "password = os.environ[\"X\"]",
                "password=self.password",
                "password=password)",
                "secret = config.get(\"secret\")",
                "token: str",
                "password: Optional[str] = None",
                "secret: SecretStr,",
                "password policy",
                "Reset your password: click the link below",
                "the secret of it",
                "the token is valid for an hour",
                "reset your password: [Reset Password](https://x.y/z)",
                "API key: https://x.y/docs",
                "--- PASS: TestParser (0.00s)",
                "want := \"token=\" + highEntropy",
                "client_secret: clientSecret,",
                "return token == expectedToken",
                "case \"token\":\n  return authenticate",
                "Unexpected token: < in JSON",
                "tokenizer = AutoTokenizer()",
                "secretary: Smith",
                "token_type: bearer",
                "password: null",
                "password: ********",
                "password=<password>",
                "api_key=YOUR_API_KEY",
                "Handle token: string",
                "PWD=/home/build",
                "bearer of news",
                "sk-learn",
                "task-759bbe56-3fad-4bbb-a540",
                "https://example.org/a@b",
                "http://host:8080/path@x",
                "2024-01-01T10:00:00Z://x",
                "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
                "\"integrity\": \"sha512-Qb1y/9d8AKIA0p+Zq==\"",
                "id 41111111111111112222",
                "order 4111111111111112",
                "a4111111111111111",
                "1700000000000",
                "550e8400-e29b-41d4-a716-446655440000",
                "4.1.1.1, 4111.1111",
                "mail jane@example.com",
                "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
                "[REDACTED:token]: x",
                "[REDACTED] and [REDACTED:password]"
            })
    void redact_whatIsNoSecret_stays(String text) {
        assertThat(redact(text)).isEqualTo(text);
    }

    @Test
    void redact_privateKeys_wholeEscapedOrCutOff() {
        String begin = "-----BEGIN RSA PRIVATE KEY-----";
        String end = begin.replace("BEGIN", "END");
        String gone = "[REDACTED:private_key]";
        assertThat(redact("a\n" + begin + "\nMII\n" + end + "\nb")).isEqualTo("a\n" + gone + "\nb");
        assertThat(redact("a " + begin + "\\nMII\\n" + end + " b")).isEqualTo("a " + gone + " b");
        assertThat(redact("k = '" + begin + "\nMII\n" + end + "'")).isEqualTo("k = '" + gone + "'");
        assertThat(redact("private_key: \"" + begin + "\\nMII\\n" + end + "\\n\""))
                .doesNotContain("MII");
        assertThat(redact(begin + " cut off")).isEqualTo(gone);
        assertThat(redact(begin + "\nMIIEow\nabc+/=\n\nThe end is missing."))
                .isEqualTo(gone + "\n\nThe end is missing.");
    }

    @Test
    void redact_jsonInText_staysJsonAndNumbersStay() {
        assertThat(redact("{\"password\": 12345, \"token\": null, \"n\": 4111111111111111}"))
                .isEqualTo("{\"password\": 12345, \"token\": null, \"n\": 4111111111111111}");
        assertThat(redact("{ \"a\" : {\"secret\": [\"x\", 1, {\"b\":\"y\"}]},\n \"c\":1.50 }"))
                .isEqualTo(
                        "{ \"a\" : {\"secret\": [\"[REDACTED:secret]\", 1, {\"b\":\"[REDACTED:secret]\"}]},\n \"c\":1.50 }");
        assertThat(
                        redact(
                                "[{\"name\":\"DB_PASSWORD\",\"value\":\"x\"},{\"name\":\"A\",\"value\":\"b\"}]"))
                .isEqualTo(
                        "[{\"name\":\"DB_PASSWORD\",\"value\":\"[REDACTED:password]\"},{\"name\":\"A\",\"value\":\"b\"}]");
        assertThat(redact("{\"body\":\"{\\\"password\\\":\\\"a\\\\\\\"b\\\"}\"}"))
                .isEqualTo("{\"body\":\"{\\\"password\\\":\\\"[REDACTED:password]\\\"}\"}");
        assertThat(redact("{\"pass\\u0077ord\":\"x1y2\"}"))
                .isEqualTo("{\"pass\\u0077ord\":\"[REDACTED:password]\"}");
    }

    /// An agent that writes a marker hides nothing behind it.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "password=[REDACTED:password]hunter2|password=[REDACTED:password]",
                "password=[REDACTED]hunter2|password=[REDACTED:password]",
                "password=[REDACTED:hunter2]|password=[REDACTED:password]",
                "password=\"[REDACTED:password] hunter2\"|password=\"[REDACTED:password]\"",
                "[REDACTED:AKIAIOSFODNN7EXAMPLE]|[REDACTED:[REDACTED:aws_key]]"
            })
    void redact_markersOfTheAgent_hideNothing(String before, String after) {
        assertThat(redact(before)).isEqualTo(after);
    }

    @Test
    void redact_tellsTheDetectors() {
        List<String> found = new ArrayList<>();
        RULES.redact("password=a1 https://u:p@h AKIAIOSFODNN7EXAMPLE", found::add);
        assertThat(found).containsExactly("password", "url_password", "aws_key");
    }

    /// What stands in no assignment.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "https://a.blob.core.windows.net/c/f?sv=2022-11-02&se=2026-01-01&sp=r&sig=aB3dE%2FgHi9%3D|https://a.blob.core.windows.net/c/f?sv=2022-11-02&se=2026-01-01&sp=r&sig=[REDACTED:secret]",
                "GET /c/f?sig=aB3dE%2FgHi9%3D&sv=2022-11-02 now|GET /c/f?sig=[REDACTED:secret]&sv=2022-11-02 now",
                "SharedAccessSignature sr=ns&sig=aB3dEgHi9kLm%3d&se=1700000000&skn=root|SharedAccessSignature sr=ns&sig=[REDACTED:secret]&se=1700000000&skn=root",
                "BlobEndpoint=https://x/;SharedAccessSignature=sv=2021&sig=aB3dEgHi9kLm%3D|BlobEndpoint=https://x/;SharedAccessSignature=sv=2021&sig=[REDACTED:secret]",
                "machine api.x.com login bob password hunter2|machine api.x.com login bob password [REDACTED:password]",
                "machine h\\n  login bob\\n  password sesame\\n# end|machine h\\n  login bob\\n  password [REDACTED:password]\\n# end",
                "login bob password hunter2|login bob password [REDACTED:password]",
                "{\"auths\":{\"r.io\":{\"auth\":\"dXNlcjpwYXNz\"}}}|{\"auths\":{\"r.io\":{\"auth\":\"[REDACTED:authorization]\"}}}",
                "cat config: {\"auths\":{\"r.io\":{\"auth\": \"dXNlcjpwYXNz\"}}}|cat config: {\"auths\":{\"r.io\":{\"auth\": \"[REDACTED:authorization]\"}}}",
                "user.4111111111111111|user.[REDACTED:payment_card]",
                "phone.4111 1111 1111 1111|phone.[REDACTED:payment_card]",
                "sshpass -p hunter2 ssh -p 22 h|sshpass -p [REDACTED:password] ssh -p 22 h",
                "sshpass -p 'open sesame' ssh h|sshpass -p '[REDACTED:password]' ssh h",
                "mysql -u root -phunter2 shop|mysql -u root -p[REDACTED:password] shop",
                "cd x && mysqldump -h db -uroot -phunter2 shop > f|cd x && mysqldump -h db -uroot -p[REDACTED:password] shop > f",
                "docker exec db mariadb -phunter2|docker exec db mariadb -p[REDACTED:password]"
            })
    void redact_loginsWithoutAssignment_go(String before, String after) {
        assertThat(redact(before)).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x/y?sig=aB3dEgHi9kLm&page=2",
                "def f(sig=signature_of(x), se=1)",
                "login page password reset",
                "the login form password field was empty",
                "machine h login bob password $PASSWORD",
                "\"auth\": \"required\"",
                "{\"auth\": \"OAuth2Bearer\"}",
                "{\"auth\": \"authentication\"}",
                "0.4111111111111111",
                "ssh -p 2222 host",
                "sshpass -p $SSH_PASSWORD ssh h",
                "mysql -p shop",
                "mysql -P3306 -h db",
                "mysql-client -p5432",
                "find . -name mysql -prune",
                "echo mysql; mkdir -pv a/b1"
            })
    void redact_whatIsNoLogin_stays(String text) {
        assertThat(redact(text)).isEqualTo(text);
    }
}
