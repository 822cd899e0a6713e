package org.agentaudit.ingest.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Made-up secrets of every form, in each of eight carriers (RD1), against text that holds none.
class SecretCorpusTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RedactionRules RULES = RedactionRules.of(RedactionConfig.DEFAULT);
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String HEX = "0123456789abcdef";
    private static final String ANY =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final Random random = new Random(20);

    private String some(String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /// Detector to a secret that its form alone gives away.
    private Map<String, String> secrets() {
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("aws_key", "AKIA" + some(UPPER, 16));
        secrets.put("github_token", "ghp_" + some(ANY, 36));
        secrets.put("gitlab_token", "glpat-" + some(ANY, 20));
        secrets.put("slack_token", "xoxb-" + some("123456789", 11) + "-" + some(ANY, 24));
        secrets.put("stripe_key", "sk_live_" + some(ANY, 24));
        secrets.put("google_key", "AIza" + some(ANY, 35));
        secrets.put("anthropic_key", "sk-ant-api03-" + some(ANY, 93) + "AA");
        secrets.put("openai_key", "sk-proj-" + some(ANY, 48));
        secrets.put("npm_token", "npm_" + some(ANY, 36));
        secrets.put("pypi_token", "pypi-AgEIcHlwaS5vcmc" + some(ANY, 60));
        secrets.put("sendgrid_key", "SG." + some(ANY, 22) + "." + some(ANY, 43));
        secrets.put("twilio_key", "SK" + some(HEX, 32));
        secrets.put("azure_secret", some(ANY, 3) + "8Q~" + some(ANY, 34));
        secrets.put("databricks_token", "dapi" + some(HEX, 32));
        secrets.put("huggingface_token", "hf_" + some(ANY, 34));
        secrets.put("vault_token", "hvs." + some(ANY, 95));
        secrets.put("digitalocean_token", "dop_v1_" + some(HEX, 64));
        secrets.put("shopify_token", "shpat_" + some(HEX, 32));
        secrets.put("telegram_token", "7" + some("0123456789", 9) + ":A" + some(ANY, 34));
        secrets.put("portal_key", "aap_" + some(ANY, 32));
        secrets.put("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJ" + some(ANY, 40) + "." + some(ANY, 43));
        secrets.put("provider_key", "pplx-" + some(ANY, 48));
        secrets.put("payment_card", "4539 1488 0343 6467");
        return secrets;
    }

    private static List<String> carriers(String name, String secret) throws Exception {
        ObjectNode inner = JSON.createObjectNode().put(name, secret).put("n", 1);
        return List.of(
                "deploy --target x --" + name + "=" + secret + " --verbose",
                "export " + name.toUpperCase(Locale.ROOT) + "=" + secret + "\nexport A=b",
                inner.toString(),
                JSON.createObjectNode().put("body", inner.toString()).toString(),
                "https://api.example.com/v1?a=1&"
                        + name
                        + "="
                        + secret.replace(" ", "%20")
                        + "&next=2",
                "GET / HTTP/1.1\nX-" + name + ": " + secret + "\nAccept: */*",
                "Error: failed (" + name + "=" + secret + ")\n    at run (/srv/app.js:10:5)",
                "--- a/x\n+++ b/x\n-old\n+" + name + ": \"" + secret + "\"\n line");
    }

    @Test
    void forms_inEveryCarrier_areFoundByTheirOwnDetector() throws Exception {
        for (Map.Entry<String, String> secret : secrets().entrySet()) {
            for (String text : carriers("value", secret.getValue())) {
                if (secret.getKey().equals("payment_card") && text.contains("%20")) {
                    continue; // percent-encoded blanks within a card number are not looked for
                }
                List<String> found = new ArrayList<>();
                String after = RULES.redact(text, found::add);
                assertThat(after).as(text).doesNotContain(secret.getValue());
                assertThat(found).as(text).contains(secret.getKey());
                assertThat(RULES.redact(after, found::add)).isEqualTo(after);
            }
        }
    }

    @Test
    void names_inEveryCarrier_areEnough() throws Exception {
        for (String name :
                List.of("password", "api_key", "client_secret", "access_token", "secret_key")) {
            String secret = "Tr0ub4dor-" + some(ANY, 6);
            for (String text : carriers(name, secret)) {
                String after = RULES.redact(text, detector -> {});
                assertThat(after).as(text).doesNotContain(secret).contains("[REDACTED:");
                assertThat(after).as(text).hasSizeGreaterThan(text.length() - secret.length());
            }
        }
    }

    /// Values like those of the generator of test events: every planted secret goes, nothing else.
    @Test
    void ordinaryEvents_stayAsTheyAre() throws Exception {
        int touched = 0;
        int values = 0;
        for (int i = 0; i < 4_000; i++) {
            String hash = some(HEX, 16);
            String planted =
                    switch (i % 40) {
                        case 0 -> "psql -h db1 password=Pw-" + hash;
                        case 10 -> "api_key=ak_test_" + hash;
                        case 20 -> "CLIENT_SECRET=sec_" + hash;
                        case 30 -> "https://api.example.com/v1?token=tok_" + hash;
                        default -> "git log --oneline -" + i % 50;
                    };
            ObjectNode params =
                    JSON.createObjectNode()
                            .put("command", planted)
                            .put("file_path", "src/" + some("abcdefgh", 8) + "/Token" + i + ".java")
                            .put("id", hash + some(HEX, 24))
                            .put(
                                    "uuid",
                                    new java.util.UUID(random.nextLong(), random.nextLong())
                                            .toString())
                            .put("image", "data:image/png;base64," + some(ANY + "+/", 200) + "==")
                            .put("integrity", "sha512-" + some(ANY + "+/", 86) + "==")
                            .put("version", i % 9 + ".12." + i)
                            .put("time", "2026-11-21T12:00:" + i % 60 + ".123456Z")
                            .put("max_tokens", "4096")
                            .put("tokens", i)
                            .put("query", "SELECT * FROM orders WHERE id = " + random.nextInt())
                            .put("note", "The token of case " + i + " was reset by the secretary.");
            JsonNode before = params.deepCopy();
            JsonNode after = new Redactor(RULES).rewrite(params);
            for (var member : before.properties()) {
                JsonNode now = after.get(member.getKey());
                boolean isPlanted = i % 10 == 0 && member.getKey().equals("command");
                values++;
                if (isPlanted) {
                    assertThat(now.asText()).doesNotContain(hash);
                } else if (!now.equals(member.getValue())) {
                    touched++;
                }
            }
        }
        assertThat(touched).as("of " + values).isLessThanOrEqualTo(values / 1_000);
    }
}
