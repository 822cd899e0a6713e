package org.agentaudit.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which events to read. A null part restricts nothing; an empty list matches nothing.
///
/// @param from inclusive, on `occurredAt`
/// @param to   exclusive
/// @param text words that all occur in action, summary, error message, params, result or reasoning
public record EventFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable List<EventType> types,
        @Nullable List<String> agentIds,
        @Nullable String traceId,
        @Nullable String sessionId,
        @Nullable String taskId,
        @Nullable String conversationId,
        @Nullable String userId,
        @Nullable List<String> models,
        @Nullable List<String> actions,
        @Nullable List<Outcome> outcomes,
        @Nullable List<String> errorTypes,
        @Nullable List<RetentionTier> tiers,
        @Nullable Boolean sensitiveDataAccessed,
        @Nullable Boolean errored,
        @Nullable List<InterventionKind> interventions,
        @Nullable List<PermissionLevel> permissionLevels,
        @Nullable List<SourceFormat> sourceFormats,
        @Nullable String text) {

    /// Everything.
    public static final EventFilter ALL = builder().build();

    /// Stands for an event without an error type in filters and tallies.
    public static final String UNSPECIFIED = "unspecified";

    public static Builder builder() {
        return new Builder();
    }

    /// Collects the parts by name; what is not set stays null.
    public static final class Builder {
        private @Nullable Instant from;
        private @Nullable Instant to;
        private @Nullable List<EventType> types;
        private @Nullable List<String> agentIds;
        private @Nullable String traceId;
        private @Nullable String sessionId;
        private @Nullable String taskId;
        private @Nullable String conversationId;
        private @Nullable String userId;
        private @Nullable List<String> models;
        private @Nullable List<String> actions;
        private @Nullable List<Outcome> outcomes;
        private @Nullable List<String> errorTypes;
        private @Nullable List<RetentionTier> tiers;
        private @Nullable Boolean sensitiveDataAccessed;
        private @Nullable Boolean errored;
        private @Nullable List<InterventionKind> interventions;
        private @Nullable List<PermissionLevel> permissionLevels;
        private @Nullable List<SourceFormat> sourceFormats;
        private @Nullable String text;

        private Builder() {}

        public Builder from(@Nullable Instant value) {
            from = value;
            return this;
        }

        public Builder to(@Nullable Instant value) {
            to = value;
            return this;
        }

        public Builder types(@Nullable List<EventType> value) {
            types = value;
            return this;
        }

        public Builder agentIds(@Nullable List<String> value) {
            agentIds = value;
            return this;
        }

        public Builder traceId(@Nullable String value) {
            traceId = value;
            return this;
        }

        public Builder sessionId(@Nullable String value) {
            sessionId = value;
            return this;
        }

        public Builder taskId(@Nullable String value) {
            taskId = value;
            return this;
        }

        public Builder conversationId(@Nullable String value) {
            conversationId = value;
            return this;
        }

        public Builder userId(@Nullable String value) {
            userId = value;
            return this;
        }

        public Builder models(@Nullable List<String> value) {
            models = value;
            return this;
        }

        public Builder actions(@Nullable List<String> value) {
            actions = value;
            return this;
        }

        public Builder outcomes(@Nullable List<Outcome> value) {
            outcomes = value;
            return this;
        }

        public Builder errorTypes(@Nullable List<String> value) {
            errorTypes = value;
            return this;
        }

        public Builder tiers(@Nullable List<RetentionTier> value) {
            tiers = value;
            return this;
        }

        public Builder sensitiveDataAccessed(@Nullable Boolean value) {
            sensitiveDataAccessed = value;
            return this;
        }

        public Builder errored(@Nullable Boolean value) {
            errored = value;
            return this;
        }

        public Builder interventions(@Nullable List<InterventionKind> value) {
            interventions = value;
            return this;
        }

        public Builder permissionLevels(@Nullable List<PermissionLevel> value) {
            permissionLevels = value;
            return this;
        }

        public Builder sourceFormats(@Nullable List<SourceFormat> value) {
            sourceFormats = value;
            return this;
        }

        public Builder text(@Nullable String value) {
            text = value;
            return this;
        }

        public EventFilter build() {
            return new EventFilter(
                    from,
                    to,
                    types,
                    agentIds,
                    traceId,
                    sessionId,
                    taskId,
                    conversationId,
                    userId,
                    models,
                    actions,
                    outcomes,
                    errorTypes,
                    tiers,
                    sensitiveDataAccessed,
                    errored,
                    interventions,
                    permissionLevels,
                    sourceFormats,
                    text);
        }
    }
}
