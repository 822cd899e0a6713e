package org.agentaudit.ingest.normal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.agentaudit.event.Decision;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// What a decoder read from one item of its wire shape, before the rules that all shapes share. A
/// form to fill in: fields that stay null were not stated by the producer.
public final class EventDraft {
    public final SourceFormat format;
    public final EventType type;
    /// The producer's word for the type.
    public final String typeName;

    /// The id as sent; null when the item named none.
    public @Nullable String id;
    /// Names the event whatever source told it, before any id: the same action seen by another
    /// source is the same event, although it is told in other words. Null for most.
    public @Nullable String identity;
    /// The step this one follows from, as sent.
    public @Nullable String parentId;
    /// Null: the time of receipt.
    public @Nullable Instant occurredAt;
    public @Nullable String agentId;
    public @Nullable String traceId;
    public @Nullable String sessionId;
    public @Nullable String conversationId;
    public @Nullable String taskId;
    public @Nullable String source;
    /// Name of the action, without a `kind:` in front.
    public @Nullable String action;
    /// The `kind` in front of the action's name; null when there was none.
    public @Nullable String actionKind;

    public @Nullable JsonNode params;
    public @Nullable JsonNode result;
    public @Nullable String reasoning;
    public @Nullable Decision decision;
    public @Nullable Double confidence;
    public @Nullable Handoff handoff;
    /// What the producer states about the end; null when it states nothing.
    public @Nullable Outcome outcome;
    /// The producer says that there was an error, without saying which.
    public boolean failed;
    public @Nullable String errorType;
    public @Nullable String errorMessage;
    public @Nullable Double durationMs;
    public @Nullable TokenCounts tokens;
    public @Nullable BigDecimal cost;
    public @Nullable String model;
    public @Nullable String version;
    public @Nullable String userId;
    public @Nullable PermissionLevel permissionLevel;
    public List<ResourceRef> resources = List.of();
    public @Nullable Boolean sensitive;
    public @Nullable String producer;
    public @Nullable Long seq;
    /// Members that have no place of their own and must not be lost.
    public @Nullable ObjectNode unmapped;

    public EventDraft(SourceFormat format, EventType type, String typeName) {
        this.format = format;
        this.type = type;
        this.typeName = typeName;
    }
}
