package org.agentaudit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

class ProverTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant AT = Instant.parse("2026-11-21T14:03:00.25Z");
    private static final byte[] SALT = HEX.parseHex("000102030405060708090a0b0c0d0e0f");

    /// The worked example of the package's documentation.
    private static final String TEXT =
            """
            {"action":"transfer","agentId":"ops/planner","cachedTokens":"0","commitments":{"user_id":"COMMITMENT"},\
            "costUsd":"0.0125","durationMs":250.5,"errored":false,"id":"0192f7a0-0000-7000-8000-000000000001",\
            "inputTokens":"9007199254740993","leafVersion":1,"occurredAt":"2026-11-21T14:03:00.250000Z",\
            "outcome":"SUCCESS","outputTokens":"12","paramCount":2,"receivedAt":"2026-11-21T14:03:01.000000Z",\
            "resources":[{"identifier":"acct-7","type":"account"}],"source":"AGENT","sourceFormat":"AUDIT_EVENT",\
            "summary":"transfer","tier":"INFO","traceDerived":false,"traceId":"t-1","type":"TOOL_CALL",\
            "typeName":"agent.tool_call"}""";

    private static final Envelope ENVELOPE =
            new Envelope(
                    UUID.fromString("0192f7a0-0000-7000-8000-000000000001"),
                    AT,
                    Instant.parse("2026-11-21T14:03:01Z"),
                    77,
                    EventType.TOOL_CALL,
                    "agent.tool_call",
                    "ops/planner",
                    "t-1",
                    false,
                    null,
                    null,
                    null,
                    null,
                    Source.AGENT,
                    "transfer",
                    2,
                    null,
                    null,
                    null,
                    Outcome.SUCCESS,
                    false,
                    null,
                    250.5,
                    new TokenCounts(9007199254740993L, 12, 0),
                    new BigDecimal("0.012500"),
                    null,
                    null,
                    null,
                    List.of(new ResourceRef("account", "acct-7")),
                    null,
                    RetentionTier.INFO,
                    "transfer",
                    List.of(),
                    SourceFormat.AUDIT_EVENT,
                    null,
                    null);

    private final Prover prover = new Prover();

    @Test
    void leaf_workedExample_isComputedByHandAndDocumented() throws Exception {
        String commitment =
                HEX.formatHex(
                        sha256(
                                Arrays.copyOf(mac(SALT, "user_id"), 16),
                                "maria".getBytes(StandardCharsets.UTF_8)));
        String text = TEXT.replace("COMMITMENT", commitment);
        String leaf = HEX.formatHex(sha256(new byte[1], text.getBytes(StandardCharsets.UTF_8)));

        byte[] stored = HEX.parseHex("06" + commitment);
        assertThat(prover.canonical(ENVELOPE, stored)).isEqualTo(text);
        assertThat(HEX.formatHex(prover.leaf(ENVELOPE, stored))).isEqualTo(leaf);
        assertThat(prover.changed(SALT, user("maria"), stored)).isEmpty();

        String document =
                Files.readString(
                        Path.of(
                                System.getProperty("basedir", "."),
                                "src/main/java/org/agentaudit/proof/package-info.java"));
        assertThat(document.replaceAll("\\s*\\R///\\s*", "")).contains(text, "leaf " + leaf);
    }

    @Test
    void canonical_randomEnvelopes_equalTheReferenceImplementation() throws Exception {
        long seed = new Random().nextLong();
        HostileEnvelopes envelopes = new HostileEnvelopes(new Random(seed));
        for (int i = 0; i < 20_000; i++) {
            AuditEvent event = envelopes.next(AT);
            EventProof proof = prover.prove(event.envelope(), parts(event.content()));
            String reference =
                    new JsonCanonicalizer(tree(event.envelope(), proof.commitments()))
                            .getEncodedString();
            assertThat(prover.canonical(event.envelope(), proof.commitments()))
                    .as("seed %d, event %d", seed, i)
                    .isEqualTo(reference);
            assertThat(proof.leaf())
                    .isEqualTo(sha256(new byte[1], reference.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void prove_randomContents_commitmentsEqualMacAndHash() throws Exception {
        long seed = new Random().nextLong();
        HostileEnvelopes envelopes = new HostileEnvelopes(new Random(seed));
        for (int i = 0; i < 2_000; i++) {
            AuditEvent event = envelopes.next(AT);
            ContentParts parts = parts(event.content());
            EventProof proof = prover.prove(event.envelope(), parts);
            Map<Part, byte[]> expected = new TreeMap<>();
            for (Part part : Part.values()) {
                String value = parts.get(part);
                if (value != null) {
                    byte[] key = mac(Objects.requireNonNull(proof.salt()), part.partName());
                    expected.put(
                            part,
                            sha256(Arrays.copyOf(key, 16), value.getBytes(StandardCharsets.UTF_8)));
                }
            }
            assertThat(proof.commitments())
                    .as("seed %d, event %d", seed, i)
                    .isEqualTo(Commitments.of(expected));
            assertThat(prover.changed(proof.salt(), parts, proof.commitments())).isEmpty();
        }
    }

    @Test
    void prove_sameContentTwice_commitsDifferently() {
        EventProof one = prover.prove(ENVELOPE, user("maria"));
        EventProof two = prover.prove(ENVELOPE, user("maria"));
        assertThat(one.salt()).hasSize(16).isNotEqualTo(two.salt());
        assertThat(one.commitments()).hasSize(33).isNotEqualTo(two.commitments());
        assertThat(one.leaf()).isNotEqualTo(two.leaf());
    }

    @Test
    void changed_partSaltOrCommitment_isNamed() {
        EventProof proof = prover.prove(ENVELOPE, user("maria"));
        byte[] salt = Objects.requireNonNull(proof.salt());
        byte[] longer = Arrays.copyOf(salt, 17);
        byte[] other = salt.clone();
        other[3] ^= 1;
        assertThat(prover.changed(salt, user("mario"), proof.commitments()))
                .containsExactly(Part.USER_ID);
        assertThat(prover.changed(salt, ContentParts.NONE, proof.commitments()))
                .containsExactly(Part.USER_ID);
        assertThat(prover.changed(salt, user("maria"), null)).containsExactly(Part.USER_ID);
        assertThat(prover.changed(other, user("maria"), proof.commitments())).hasSize(1);
        assertThat(prover.changed(longer, user("maria"), proof.commitments())).hasSize(1);
        assertThat(prover.changed(null, user("maria"), proof.commitments())).hasSize(1);
    }

    @Test
    void leaf_commitmentsInAnotherForm_areRefused() {
        byte[] one = new byte[33];
        one[0] = 3;
        byte[] unknown = new byte[33];
        unknown[0] = 9;
        byte[] twice = new byte[66];
        twice[0] = 3;
        twice[33] = 3;
        assertThat(prover.leaf(ENVELOPE, one)).hasSize(32);
        for (byte[] wrong : List.of(new byte[0], new byte[33], new byte[34], unknown, twice)) {
            assertThatThrownBy(() -> prover.leaf(ENVELOPE, wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static ContentParts user(String name) {
        return new ContentParts(null, null, null, null, null, name, null, null);
    }

    /// As the store writes them, but for the decision, whose text is the store's matter.
    private static ContentParts parts(Content c) {
        return new ContentParts(
                c.params(),
                c.result(),
                c.reasoning(),
                c.decision() == null ? null : c.decision().toString(),
                c.errorMessage(),
                c.userId(),
                c.summary(),
                c.unmapped());
    }

    /// The format read from its description, by other means.
    private static String tree(Envelope e, byte[] commitments) throws Exception {
        DateTimeFormatter micros =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                        .withZone(ZoneOffset.UTC);
        ObjectNode json = JSON.createObjectNode();
        json.put("leafVersion", 1);
        json.put("id", e.id().toString());
        json.put("occurredAt", micros.format(e.occurredAt()));
        json.put("receivedAt", micros.format(e.receivedAt()));
        json.put("type", e.type().name());
        json.put("typeName", e.typeName());
        json.put("agentId", e.agentId());
        json.put("traceId", e.traceId());
        json.put("traceDerived", e.traceDerived());
        json.put("parentEventId", text(e.parentEventId()));
        json.put("sessionId", e.sessionId());
        json.put("conversationId", e.conversationId());
        json.put("taskId", e.taskId());
        json.put("source", e.source().name());
        json.put("action", e.action());
        json.put("paramCount", e.paramCount());
        json.put("confidence", e.confidence());
        if (e.handoff() != null) {
            json.put("handoffFrom", e.handoff().from());
            json.put("handoffTo", e.handoff().to());
            json.put("handoffDepth", e.handoff().depth());
        }
        json.put("intervention", text(e.intervention()));
        json.put("outcome", e.outcome().name());
        json.put("errored", e.errored());
        json.put("errorType", e.errorType());
        json.put("durationMs", e.durationMs());
        if (e.tokens() != null) {
            json.put("inputTokens", "" + e.tokens().input());
            json.put("outputTokens", "" + e.tokens().output());
            json.put("cachedTokens", "" + e.tokens().cached());
        }
        if (e.cost() != null) {
            json.put("costUsd", e.cost().stripTrailingZeros().toPlainString());
        }
        json.put("model", e.model());
        json.put("version", e.version());
        json.put("permissionLevel", text(e.permissionLevel()));
        json.put("sensitive", e.sensitive());
        json.put("tier", e.tier().name());
        json.put("summary", e.summary());
        json.put("sourceFormat", e.sourceFormat().name());
        json.put("producer", e.producer());
        json.put("seq", text(e.seq()));
        ArrayNode resources = json.putArray("resources");
        for (ResourceRef resource : e.resources()) {
            resources
                    .addObject()
                    .put("type", resource.type())
                    .put("identifier", resource.identifier());
        }
        ArrayNode redactions = json.putArray("redactions");
        for (Redaction redaction : e.redactions()) {
            redactions
                    .addObject()
                    .put("pointer", redaction.pointer())
                    .put("detector", redaction.detector());
        }
        if (commitments != null) {
            ObjectNode parts = json.putObject("commitments");
            for (int at = 0; at < commitments.length; at += 33) {
                parts.put(
                        Part.values()[commitments[at] - 1].partName(),
                        HEX.formatHex(commitments, at + 1, at + 33));
            }
        }
        return json.properties().stream()
                .filter(member -> !member.getValue().isNull())
                .filter(member -> !member.getValue().isArray() || !member.getValue().isEmpty())
                .map(member -> JSON.valueToTree(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }

    private static byte[] mac(byte[] key, String name) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[]... parts) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
