package org.agentaudit.ingest.normal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.pricing.PriceTable;
import org.jspecify.annotations.Nullable;

/// The rules that all wire shapes share (metrics "Normalising"): turns a decoder's draft into an
/// event.
public final class Normaliser {
    private static final String UNSPECIFIED = "unspecified";

    private final PriceTable prices;

    public Normaliser(PriceTable prices) {
        this.prices = prices;
    }

    /// The agent an event is about: the producer's word, else `unspecified`.
    public static String agentOf(EventDraft draft) {
        return Objects.requireNonNullElse(draft.agentId, UNSPECIFIED);
    }

    /// Who an invocation may have come from when that is no agent; null when there is no question.
    public static @Nullable String sourceToLookUp(EventDraft draft) {
        String source = draft.source;
        return draft.type != EventType.INVOCATION
                        || source == null
                        || source.equalsIgnoreCase("user")
                        || source.equalsIgnoreCase("system")
                ? null
                : source;
    }

    /// @param id         from the producer's text or from the line
    /// @param receivedAt our clock, to microseconds
    /// @param agents     names known to be agents; only those of [#sourceToLookUp] are asked for
    public AuditEvent event(
            EventDraft draft,
            UUID id,
            Instant receivedAt,
            List<Redaction> redactions,
            Set<String> agents) {
        Outcome outcome = draft.outcome;
        boolean errored =
                outcome == Outcome.FAILURE
                        || draft.failed
                        || draft.errorMessage != null
                        || draft.errorType != null
                        || draft.type == EventType.ERROR;
        if (outcome == null) {
            outcome =
                    errored
                            ? Outcome.FAILURE
                            : draft.type == EventType.TOOL_RESULT
                                    ? Outcome.SUCCESS
                                    : Outcome.UNKNOWN;
        }
        String action = action(draft);
        InterventionKind intervention =
                draft.type == EventType.HUMAN_INTERVENTION ? intervention(draft, action) : null;
        Handoff handoff = draft.type == EventType.HANDOFF ? draft.handoff : null;
        int paramCount = draft.params == null ? 0 : draft.params.size();
        String userId = draft.userId;
        Source source = source(draft.source);
        String asked = sourceToLookUp(draft);
        if (asked != null && !agents.contains(asked)) {
            source = Source.USER;
            userId = userId == null ? asked : userId;
        }
        Trace trace = trace(draft, id);
        Summaries summary =
                Summaries.of(
                        new Summaries.Parts(
                                draft.type,
                                action,
                                paramCount,
                                errored,
                                task(draft),
                                draft.decision,
                                draft.confidence,
                                draft.errorMessage,
                                draft.errorType,
                                handoff == null ? null : handoff.to(),
                                intervention));
        Envelope envelope =
                new Envelope(
                        id,
                        // a finer time would come back from PostgreSQL as another one
                        EventTimes.toMicros(
                                Objects.requireNonNullElse(draft.occurredAt, receivedAt)),
                        receivedAt,
                        0,
                        draft.type,
                        draft.typeName,
                        agentOf(draft),
                        trace.id,
                        trace.derived,
                        parent(draft, id),
                        draft.sessionId,
                        draft.conversationId,
                        draft.taskId,
                        source,
                        action,
                        paramCount,
                        draft.confidence,
                        handoff,
                        intervention,
                        outcome,
                        errored,
                        draft.errorType,
                        draft.durationMs,
                        draft.tokens,
                        cost(draft),
                        draft.model,
                        draft.version,
                        draft.permissionLevel,
                        draft.resources,
                        draft.sensitive,
                        RetentionTier.of(draft.type, errored),
                        summary.masked(),
                        redactions,
                        draft.format,
                        draft.producer,
                        draft.seq);
        Content content =
                new Content(
                        json(draft.params),
                        json(draft.result),
                        draft.reasoning,
                        draft.decision,
                        draft.errorMessage,
                        userId,
                        summary.clear().equals(summary.masked()) ? null : summary.clear(),
                        json(draft.unmapped));
        return new AuditEvent(envelope, content);
    }

    private @Nullable BigDecimal cost(EventDraft draft) {
        BigDecimal stated = draft.cost;
        return stated == null ? prices.cost(draft.model, draft.tokens) : PriceTable.plain(stated);
    }

    private static String action(EventDraft draft) {
        String action = draft.action;
        return action == null ? draft.type.name().toLowerCase(Locale.ROOT) : action;
    }

    private static Source source(@Nullable String source) {
        if (source == null) {
            return Source.UNKNOWN;
        }
        return switch (source.toLowerCase(Locale.ROOT)) {
            case "user" -> Source.USER;
            case "system" -> Source.SYSTEM;
            default -> Source.AGENT;
        };
    }

    private static Trace trace(EventDraft draft, UUID id) {
        String traceId = draft.traceId;
        if (traceId != null) {
            boolean own = traceId.equals(draft.id) || traceId.equalsIgnoreCase(id.toString());
            return new Trace(traceId, own && draft.type != EventType.INVOCATION);
        }
        String session = draft.sessionId;
        return new Trace(session == null ? id.toString() : "session:" + session, true);
    }

    /// A step is never its own parent: such a reference says nothing.
    private static @Nullable UUID parent(EventDraft draft, UUID id) {
        String sent = draft.parentId;
        UUID parent = sent == null ? null : EventIds.fromText(sent);
        return id.equals(parent) ? null : parent;
    }

    /// The first kind that fits the action or `params.kind`; what stands in front of the action's
    /// colon is asked last.
    private static InterventionKind intervention(EventDraft draft, String action) {
        String kind = draft.params == null ? "" : draft.params.path("kind").asText("");
        InterventionKind named = InterventionWords.kindOf(action, kind);
        return named == InterventionKind.OTHER && draft.actionKind != null
                ? InterventionWords.kindOf(draft.actionKind, "")
                : named;
    }

    private static @Nullable String task(EventDraft draft) {
        JsonNode task = draft.params == null ? null : draft.params.get("task");
        if (task == null || task.isNull() || task.isTextual() && task.textValue().isEmpty()) {
            return null;
        }
        return task.isTextual() ? task.textValue() : task.toString();
    }

    private static @Nullable String json(@Nullable JsonNode value) {
        return value == null ? null : value.toString();
    }

    private record Trace(String id, boolean derived) {}
}
