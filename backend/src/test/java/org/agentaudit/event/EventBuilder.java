package org.agentaudit.event;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes one event for a test: what is not said is absent, ids come from names, times from the
/// start of the trace.
public final class EventBuilder {
    private final String name;
    private final Instant occurredAt;
    private final EventType type;
    private final String agent;
    private final String action;
    private String traceId = "trace-1";
    private boolean traceDerived;
    private long arrival;
    private @Nullable Instant receivedAt;
    private @Nullable String sessionId;
    private @Nullable String taskId;
    private @Nullable UUID parent;
    private @Nullable Handoff handoff;
    private @Nullable InterventionKind intervention;
    private Outcome outcome = Outcome.UNKNOWN;
    private boolean errored;
    private @Nullable String errorType;
    private @Nullable Double durationMs;
    private @Nullable BigDecimal cost;
    private @Nullable TokenCounts tokens;
    private String summary;
    private SourceFormat format = SourceFormat.AUDIT_EVENT;
    private @Nullable String params;
    private @Nullable String result;
    private @Nullable String reasoning;
    private @Nullable Decision decision;
    private @Nullable String errorMessage;
    private @Nullable String userId;

    private EventBuilder(
            String name, Instant occurredAt, EventType type, String agent, String action) {
        this.name = name;
        this.occurredAt = occurredAt;
        this.type = type;
        this.agent = agent;
        this.action = action;
        this.summary = action;
        if (type == EventType.TOOL_RESULT) {
            outcome = Outcome.SUCCESS;
        }
        if (type == EventType.ERROR) {
            failed(null, null);
        }
    }

    public static EventBuilder event(
            String name, Instant occurredAt, EventType type, String agent, String action) {
        return new EventBuilder(name, occurredAt, type, agent, action);
    }

    /// The id that an event of that name has.
    public static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    public EventBuilder trace(String value) {
        traceId = value;
        return this;
    }

    public EventBuilder derivedTrace() {
        traceDerived = true;
        return this;
    }

    public EventBuilder arrival(long value) {
        arrival = value;
        return this;
    }

    /// A second after it occurred, unless said.
    public EventBuilder received(Instant value) {
        receivedAt = value;
        return this;
    }

    public EventBuilder session(String value) {
        sessionId = value;
        return this;
    }

    public EventBuilder task(String value) {
        taskId = value;
        return this;
    }

    public EventBuilder parent(String parentName) {
        parent = id(parentName);
        return this;
    }

    public EventBuilder handoff(String from, String to, int depth) {
        handoff = new Handoff(from, to, depth);
        return this;
    }

    public EventBuilder intervention(InterventionKind value) {
        intervention = value;
        return this;
    }

    public EventBuilder outcome(Outcome value) {
        outcome = value;
        return this;
    }

    public EventBuilder failed(@Nullable String type, @Nullable String message) {
        outcome = Outcome.FAILURE;
        errored = true;
        errorType = type;
        errorMessage = message;
        return this;
    }

    public EventBuilder ms(double value) {
        durationMs = value;
        return this;
    }

    public EventBuilder tokens(long input, long output, long cached) {
        tokens = new TokenCounts(input, output, cached);
        return this;
    }

    public EventBuilder cost(String value) {
        cost = new BigDecimal(value);
        return this;
    }

    public EventBuilder summary(String value) {
        summary = value;
        return this;
    }

    public EventBuilder format(SourceFormat value) {
        format = value;
        return this;
    }

    public EventBuilder params(String value) {
        params = value;
        return this;
    }

    public EventBuilder result(String value) {
        result = value;
        return this;
    }

    public EventBuilder reasoning(String value) {
        reasoning = value;
        return this;
    }

    public EventBuilder decision(Decision value) {
        decision = value;
        return this;
    }

    public EventBuilder user(String value) {
        userId = value;
        return this;
    }

    public Envelope envelope() {
        return build().envelope();
    }

    public AuditEvent build() {
        Envelope envelope =
                new Envelope(
                        id(name),
                        occurredAt,
                        receivedAt == null ? occurredAt.plusSeconds(1) : receivedAt,
                        arrival,
                        type,
                        "agent." + type.name().toLowerCase(java.util.Locale.ROOT),
                        agent,
                        traceId,
                        traceDerived,
                        parent,
                        sessionId,
                        null,
                        taskId,
                        Source.AGENT,
                        action,
                        params == null ? 0 : 1,
                        decision == null ? null : decision.confidence(),
                        handoff,
                        intervention,
                        outcome,
                        errored,
                        errorType,
                        durationMs,
                        tokens,
                        cost,
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        RetentionTier.of(type, errored),
                        errorMessage == null ? summary : "Error: [MASKED]",
                        List.of(),
                        format,
                        null,
                        null);
        Content content =
                new Content(params, result, reasoning, decision, errorMessage, userId, summary);
        return new AuditEvent(envelope, content);
    }
}
