package org.agentaudit.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.proof.Prover;

/// Events of every type with few agents and traces, so that runs, pairs and roll-ups overlap.
public final class RandomEvents {

    private static final String[] AGENTS = {
        "ops/planner", "ops/runner", "support", "böse\\%_agent", "研究"
    };
    private static final String[] ERRORS = {"TimeoutError", "RateLimitError", "ValidationError"};
    private static final String[] MODELS = {
        "anthropic/claude-haiku-4-5", "gpt-4o", null, "gpt-4o-mini", "häuslich", "😀", "ﬀ"
    };

    private RandomEvents() {}

    /// @param start events lie within `span` after it, to the microsecond
    public static List<NewEvent> make(Random random, int count, Instant start, Duration span) {
        Prover prover = new Prover();
        List<NewEvent> events = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            ids.add(id);
            EventType type = EventType.values()[random.nextInt(EventType.values().length)];
            boolean errored = type == EventType.ERROR || random.nextInt(12) == 0;
            Instant at =
                    start.plusNanos(1000L * (long) (random.nextDouble() * span.toNanos() / 1000));
            boolean derived = random.nextInt(6) == 0;
            String agent = AGENTS[random.nextInt(AGENTS.length)];
            String producer = random.nextInt(3) == 0 ? "producer-" + random.nextInt(3) : null;
            Envelope envelope =
                    new Envelope(
                            id,
                            at,
                            at.plusSeconds(random.nextInt(9000)),
                            0,
                            type,
                            "test." + type,
                            agent,
                            "trace-" + random.nextInt(Math.max(1, count / 12)),
                            derived,
                            random.nextInt(3) == 0 && i > 0
                                    ? ids.get(random.nextInt(ids.size()))
                                    : null,
                            "session-" + random.nextInt(5),
                            null,
                            random.nextBoolean() ? "task-" + random.nextInt(5) : null,
                            Source.AGENT,
                            "action-" + random.nextInt(4),
                            0,
                            null,
                            type == EventType.HANDOFF
                                    ? new Handoff(
                                            agent,
                                            AGENTS[random.nextInt(AGENTS.length)],
                                            random.nextBoolean() ? random.nextInt(8) : null)
                                    : null,
                            type == EventType.HUMAN_INTERVENTION
                                    ? InterventionKind.values()[random.nextInt(5)]
                                    : null,
                            errored ? Outcome.FAILURE : Outcome.values()[random.nextInt(5)],
                            errored,
                            errored && random.nextInt(4) > 0
                                    ? ERRORS[random.nextInt(ERRORS.length)]
                                    : null,
                            random.nextInt(3) == 0 ? null : random.nextInt(5000) / 4.0,
                            random.nextInt(3) == 0
                                    ? new TokenCounts(
                                            random.nextInt(10_000), random.nextInt(500), 7)
                                    : null,
                            random.nextInt(4) == 0
                                    ? new BigDecimal("0.0000007")
                                            .multiply(BigDecimal.valueOf(random.nextInt(1000)))
                                    : null,
                            MODELS[i % MODELS.length],
                            null,
                            random.nextInt(5) == 0 ? PermissionLevel.ADMIN : null,
                            random.nextInt(5) == 0
                                    ? List.of(new ResourceRef("file", "/tmp/\t\"x\"\\n"))
                                    : List.of(),
                            random.nextInt(4) == 0 ? random.nextBoolean() : null,
                            RetentionTier.of(type, errored),
                            "summary " + i,
                            random.nextInt(9) == 0
                                    ? List.of(
                                            new Redaction(
                                                    "/params/key",
                                                    i % 2 == 0 ? "password" : "aws_key"),
                                            new Redaction("/result", Redaction.MINIMISED))
                                    : List.of(),
                            SourceFormat.values()[random.nextInt(4)],
                            producer,
                            producer == null || random.nextInt(4) == 0
                                    ? null
                                    : sequence(random, producer, i, count));
            Content content =
                    random.nextInt(4) == 0
                            ? Content.NONE
                            : new Content(
                                    "{\"n\":" + i + ",\"text\":\"tab\\tline\\nback\\\\slash\"}",
                                    null,
                                    random.nextBoolean() ? "because " + i + "\r\n\\." : null,
                                    null,
                                    errored ? "it broke" : null,
                                    "user-" + random.nextInt(3),
                                    null);
            AuditEvent event = new AuditEvent(envelope, content);
            events.add(new NewEvent(event, digest(event), 1, prover));
        }
        return events;
    }

    /// The first producer counts up, the second starts again and again, the third gives any number
    /// at all.
    private static long sequence(Random random, String producer, int i, int count) {
        if (producer.endsWith("0")) {
            return i;
        }
        return producer.endsWith("1")
                ? i % Math.max(1, count / 4)
                : switch (random.nextInt(20)) {
                    case 0 -> Long.MAX_VALUE - random.nextInt(3);
                    case 1 -> Long.MIN_VALUE + random.nextInt(3);
                    default -> random.nextInt(20_000) - 5_000;
                };
    }

    /// A digest that differs when anything of the event does.
    public static byte[] digest(AuditEvent event) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(event.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
