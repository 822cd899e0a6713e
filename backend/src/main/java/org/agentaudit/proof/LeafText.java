package org.agentaudit.proof;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// The text a leaf is the hash of; the format is described in the package's documentation. Members
/// are written in the order that RFC 8785 demands, so that nothing needs sorting.
final class LeafText {
    /// Version of the format.
    static final int VERSION = 1;

    private static final HexFormat HEX = HexFormat.of();

    /// Parts in the order of their names.
    private static final Part[] BY_NAME = {
        Part.DECISION,
        Part.ERROR_MESSAGE,
        Part.PARAMS,
        Part.REASONING,
        Part.RESULT,
        Part.SUMMARY,
        Part.UNMAPPED,
        Part.USER_ID
    };

    private final StringBuilder out;
    private boolean first = true;

    private LeafText(StringBuilder out) {
        this.out = out;
    }

    /// Appends the text of an event.
    ///
    /// @param commitments in stored form; null when no part was stated
    /// @throws IllegalArgumentException when a value has no place in the format: a number that is
    ///     not finite, a time finer than microseconds
    static void write(Envelope e, byte @Nullable [] commitments, StringBuilder out) {
        new LeafText(out).envelope(e, commitments);
    }

    private void envelope(Envelope e, byte @Nullable [] commitments) {
        Handoff handoff = e.handoff();
        TokenCounts tokens = e.tokens();
        out.append('{');
        text("action", e.action());
        text("agentId", e.agentId());
        text("cachedTokens", tokens == null ? null : Long.toString(tokens.cached()));
        commitments(commitments);
        number("confidence", e.confidence());
        text("conversationId", e.conversationId());
        text("costUsd", cost(e.cost()));
        number("durationMs", e.durationMs());
        text("errorType", e.errorType());
        flag("errored", e.errored());
        whole("handoffDepth", handoff == null ? null : handoff.depth());
        text("handoffFrom", handoff == null ? null : handoff.from());
        text("handoffTo", handoff == null ? null : handoff.to());
        text("id", e.id().toString());
        text("inputTokens", tokens == null ? null : Long.toString(tokens.input()));
        text("intervention", name(e.intervention()));
        whole("leafVersion", VERSION);
        text("model", e.model());
        time("occurredAt", e.occurredAt());
        text("outcome", e.outcome().name());
        text("outputTokens", tokens == null ? null : Long.toString(tokens.output()));
        whole("paramCount", e.paramCount());
        text("parentEventId", e.parentEventId() == null ? null : e.parentEventId().toString());
        text("permissionLevel", name(e.permissionLevel()));
        text("producer", e.producer());
        time("receivedAt", e.receivedAt());
        redactions(e.redactions());
        resources(e.resources());
        flag("sensitive", e.sensitive());
        text("seq", e.seq() == null ? null : e.seq().toString());
        text("sessionId", e.sessionId());
        text("source", e.source().name());
        text("sourceFormat", e.sourceFormat().name());
        text("summary", e.summary());
        text("taskId", e.taskId());
        text("tier", e.tier().name());
        flag("traceDerived", e.traceDerived());
        text("traceId", e.traceId());
        text("type", e.type().name());
        text("typeName", e.typeName());
        text("version", e.version());
        out.append('}');
    }

    private void member(String name) {
        out.append(first ? "\"" : ",\"").append(name).append("\":");
        first = false;
    }

    private void text(String name, @Nullable String value) {
        if (value != null) {
            member(name);
            JsonText.string(value, out);
        }
    }

    private void number(String name, @Nullable Double value) {
        if (value != null) {
            member(name);
            JsonText.number(value, out);
        }
    }

    private void whole(String name, @Nullable Integer value) {
        if (value != null) {
            member(name);
            out.append(value.intValue());
        }
    }

    private void flag(String name, @Nullable Boolean value) {
        if (value != null) {
            member(name);
            out.append(value.booleanValue());
        }
    }

    private void time(String name, Instant value) {
        member(name);
        out.append('"');
        time(value, out);
        out.append('"');
    }

    private void commitments(byte @Nullable [] commitments) {
        if (commitments == null) {
            return;
        }
        member("commitments");
        char open = '{';
        for (Part part : BY_NAME) {
            int at = Commitments.indexOf(commitments, part);
            if (at >= 0) {
                out.append(open).append('"').append(part.partName()).append("\":\"");
                out.append(HEX.formatHex(commitments, at, at + Commitments.HASH_BYTES)).append('"');
                open = ',';
            }
        }
        out.append('}');
    }

    private void redactions(List<Redaction> redactions) {
        if (redactions.isEmpty()) {
            return;
        }
        member("redactions");
        char open = '[';
        for (Redaction redaction : redactions) {
            out.append(open).append("{\"detector\":");
            JsonText.string(redaction.detector(), out);
            out.append(",\"pointer\":");
            JsonText.string(redaction.pointer(), out);
            out.append('}');
            open = ',';
        }
        out.append(']');
    }

    private void resources(List<ResourceRef> resources) {
        if (resources.isEmpty()) {
            return;
        }
        member("resources");
        char open = '[';
        for (ResourceRef resource : resources) {
            out.append(open).append("{\"identifier\":");
            JsonText.string(resource.identifier(), out);
            out.append(",\"type\":");
            JsonText.string(resource.type(), out);
            out.append('}');
            open = ',';
        }
        out.append(']');
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    /// Without exponent and without zeros at the end, whatever the scale.
    private static @Nullable String cost(@Nullable BigDecimal value) {
        return value == null ? null : value.stripTrailingZeros().toPlainString();
    }

    /// `2026-11-21T14:03:00.250000Z`, always six digits of a second.
    static void time(Instant value, StringBuilder out) {
        if (value.getNano() % 1000 != 0) {
            throw new IllegalArgumentException("a time of an event is finer than microseconds");
        }
        LocalDateTime at = LocalDateTime.ofEpochSecond(value.getEpochSecond(), 0, ZoneOffset.UTC);
        if (at.getYear() < 0 || at.getYear() > 9999) {
            out.append(at.getYear() < 0 ? '-' : '+');
        }
        digits(Math.abs(at.getYear()), 4, out);
        out.append('-');
        digits(at.getMonthValue(), 2, out);
        out.append('-');
        digits(at.getDayOfMonth(), 2, out);
        out.append('T');
        digits(at.getHour(), 2, out);
        out.append(':');
        digits(at.getMinute(), 2, out);
        out.append(':');
        digits(at.getSecond(), 2, out);
        out.append('.');
        digits(value.getNano() / 1000, 6, out);
        out.append('Z');
    }

    private static void digits(int value, int width, StringBuilder out) {
        int limit = 10;
        for (int i = 1; i < width; i++) {
            if (value < limit) {
                out.append('0');
            }
            limit *= 10;
        }
        out.append(value);
    }
}
