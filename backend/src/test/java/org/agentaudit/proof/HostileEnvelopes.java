package org.agentaudit.proof;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Decision;
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
import org.jspecify.annotations.Nullable;

/// Any event that PostgreSQL can hold: every member absent or at its extremes, texts with whatever
/// breaks quoting.
public final class HostileEnvelopes {
    private static final String[] TEXTS = {
        "",
        " ",
        "\\",
        "\\N",
        "\\.",
        "\"",
        "\t\n\r\b\f\u0001\u001f\u007f\u0080\u2028\u2029",
        "\ufeffbom",
        "'; DROP TABLE audit_event; --",
        "{\"a\":[1e400,\"\\ud83d\"]}",
        "日本語 ไทย \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "e\u0301 \u00e9 \u212b \u00c5",
        "😀👩‍👩‍👧‍👦\udbff\udfff",
        "\uffff\ufffe\ufdd0",
        "</script><b>&amp;",
        "%s %n ${x} $1",
        "null",
        "0"
    };
    private static final double[] NUMBERS = {
        0.0,
        -0.0,
        1,
        -1,
        0.1,
        0.1 + 0.2,
        1e21,
        1e-7,
        123456789.125,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.MIN_NORMAL,
        9007199254740991d,
        9007199254740992d,
        9007199254740994d,
        1e20,
        999999999999999900000d,
        5e-324,
        333333333.33333329,
        1 / 3d
    };
    private static final long[] LONGS = {
        0, 1, Integer.MAX_VALUE, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE
    };

    private final Random random;

    public HostileEnvelopes(Random random) {
        this.random = random;
    }

    /// A new event with an id of its own.
    ///
    /// @param at when it happened, to microseconds
    public AuditEvent next(Instant at) {
        EventType type = one(EventType.values());
        Envelope envelope =
                new Envelope(
                        new UUID(random.nextLong(), random.nextLong()),
                        at,
                        Instant.ofEpochSecond(random.nextInt(), 1000L * random.nextInt(1_000_000)),
                        0,
                        type,
                        text(),
                        text(),
                        text(),
                        random.nextBoolean(),
                        maybe(() -> new UUID(random.nextLong(), random.nextLong())),
                        maybe(this::text),
                        maybe(this::text),
                        maybe(this::text),
                        one(Source.values()),
                        text(),
                        random.nextInt(),
                        maybe(this::number),
                        type == EventType.HANDOFF
                                ? maybe(
                                        () ->
                                                new Handoff(
                                                        maybe(this::text),
                                                        maybe(this::text),
                                                        maybe(random::nextInt)))
                                : null,
                        maybe(() -> one(InterventionKind.values())),
                        one(Outcome.values()),
                        random.nextBoolean(),
                        maybe(this::text),
                        maybe(this::duration),
                        maybe(() -> new TokenCounts(tokens(), tokens(), tokens())),
                        maybe(this::money),
                        maybe(this::text),
                        maybe(this::text),
                        maybe(() -> one(PermissionLevel.values())),
                        list(() -> new ResourceRef(text(), text())),
                        maybe(random::nextBoolean),
                        one(RetentionTier.values()),
                        text(),
                        list(() -> new Redaction(text(), text())),
                        one(SourceFormat.values()),
                        maybe(this::text),
                        maybe(() -> random.nextBoolean() ? whole() : -whole()));
        return new AuditEvent(envelope, random.nextInt(6) == 0 ? Content.NONE : content());
    }

    private Content content() {
        return new Content(
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(
                        () ->
                                new Decision(
                                        maybe(this::text),
                                        list(
                                                () ->
                                                        new Decision.DecisionOption(
                                                                text(),
                                                                maybe(this::text),
                                                                maybe(this::number))),
                                        maybe(this::text),
                                        maybe(this::number))),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (random.nextInt(3) > 0) {
                text.append(one(TEXTS));
            } else {
                int c = 1 + random.nextInt(Character.MAX_CODE_POINT);
                text.appendCodePoint(
                        c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c);
            }
        }
        return text.toString();
    }

    private double number() {
        double any = Double.longBitsToDouble(random.nextLong());
        return random.nextBoolean() || !Double.isFinite(any)
                ? NUMBERS[random.nextInt(NUMBERS.length)]
                : any;
    }

    /// What ingest takes for a duration, in milliseconds.
    private double duration() {
        double millis = Math.abs(number()) % 1e15;
        return millis < 1e-6 ? 0 : millis;
    }

    private long whole() {
        return LONGS[random.nextInt(LONGS.length)];
    }

    /// At most what ingest takes.
    private long tokens() {
        return Math.min(whole(), 1_000_000_000_000L);
    }

    private BigDecimal money() {
        return new BigDecimal(new BigInteger(random.nextInt(120), random), random.nextInt(40) - 10);
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    private <T> List<T> list(Supplier<T> value) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 1; i--) {
            list.add(value.get());
        }
        return list;
    }
}
