package org.agentaudit.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The part of an event that is kept as evidence when its content has expired: ids, times, types,
/// outcome, amounts. Holds no free text written by agents or people except names (agent, action,
/// model, error type).
///
/// @param id              unique over the whole store
/// @param occurredAt      the producer's claim, UTC, microseconds
/// @param receivedAt      our clock, UTC, microseconds
/// @param arrival         orders events of equal time: greater arrived later; 0 before it is stored
/// @param type            what kind of step this is
/// @param typeName        the producer's own word for the type
/// @param agentId         the acting agent; `unspecified` when not stated
/// @param traceId         ties the steps of one piece of work together
/// @param traceDerived    true when the producer sent no trace id and one was derived
/// @param parentEventId   the step this one follows from; null when not stated
/// @param sessionId       null when not stated
/// @param conversationId  null when not stated
/// @param taskId          null when not stated
/// @param source          who caused the action
/// @param action          tool, skill, target kind, decision or task name
/// @param paramCount      members of the action's parameters; 0 when there are none
/// @param confidence      as stated, usually 0 to 1; null when not stated
/// @param handoff         null unless the event is a handoff
/// @param intervention    null unless the event is a human intervention
/// @param outcome         stated or implied, metrics "Outcome"
/// @param errored         metrics "Errored event"
/// @param errorType       null when the producer named none
/// @param durationMs      milliseconds; null when not stated, 0 is shown but left out of every mean
/// @param tokens          null when not stated
/// @param cost US dollars, stated or computed from the price table; null when neither is possible
/// @param model           null when not stated
/// @param version         of the agent, prompt or policy; null when not stated
/// @param permissionLevel null when not stated
/// @param resources       what the action touched; may be empty
/// @param sensitive       whether sensitive data was accessed; null when not stated
/// @param tier            retention tier
/// @param summary         one line for people with all content replaced by `[MASKED]`
/// @param redactions      what was replaced before storing; may be empty
/// @param sourceFormat    the wire shape
/// @param producer        the sender's name when it gave one
/// @param seq             the sender's sequence number when it gave one
public record Envelope(
        UUID id,
        Instant occurredAt,
        Instant receivedAt,
        long arrival,
        EventType type,
        String typeName,
        String agentId,
        String traceId,
        boolean traceDerived,
        @Nullable UUID parentEventId,
        @Nullable String sessionId,
        @Nullable String conversationId,
        @Nullable String taskId,
        Source source,
        String action,
        int paramCount,
        @Nullable Double confidence,
        @Nullable Handoff handoff,
        @Nullable InterventionKind intervention,
        Outcome outcome,
        boolean errored,
        @Nullable String errorType,
        @Nullable Double durationMs,
        @Nullable TokenCounts tokens,
        @Nullable BigDecimal cost,
        @Nullable String model,
        @Nullable String version,
        @Nullable PermissionLevel permissionLevel,
        List<ResourceRef> resources,
        @Nullable Boolean sensitive,
        RetentionTier tier,
        String summary,
        List<Redaction> redactions,
        SourceFormat sourceFormat,
        @Nullable String producer,
        @Nullable Long seq) {

    public Envelope {
        resources = List.copyOf(resources);
        redactions = List.copyOf(redactions);
    }

    /// When the event ended: its time plus its duration.
    public Instant endedAt() {
        Double duration = durationMs;
        return duration == null ? occurredAt : occurredAt.plusNanos(Math.round(duration * 1e6));
    }
}
