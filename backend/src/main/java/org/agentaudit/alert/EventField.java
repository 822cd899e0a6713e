package org.agentaudit.alert;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.finding.FindingKind;
import org.jspecify.annotations.Nullable;

/// The fields that conditions know, of an event or a finding ([ConditionSource] says of which). Of
/// an event all are of the envelope: content expires and is masked, an alert stays. The only place
/// where a name becomes a column.
enum EventField {
    AGENT_ID("e.agent_id", Type.TEXT, true),
    EVENT_TYPE("e.event_type", EventType.class, true),
    TYPE_NAME("e.type_name", Type.TEXT, true),
    ACTION("e.action", Type.TEXT, true),
    SOURCE("e.source", Source.class, true),
    OUTCOME_STATUS("e.outcome", Outcome.class, true),
    ERRORED("e.errored", Type.FLAG, true),
    /// `unspecified` for an errored event without a type, absent for one that is not errored.
    ERROR_TYPE(
            "CASE WHEN e.errored THEN coalesce(e.error_type, 'unspecified') END", Type.TEXT, false),
    TRACE_ID("e.trace_id", Type.TEXT, true),
    SESSION_ID("e.session_id", Type.TEXT, false),
    CONVERSATION_ID("e.conversation_id", Type.TEXT, false),
    TASK_ID("e.task_id", Type.TEXT, false),
    INTERVENTION("e.intervention", InterventionKind.class, false),
    PERMISSION_LEVEL("e.permission_level", PermissionLevel.class, false),
    SENSITIVE_DATA_ACCESSED("e.sensitive", Type.FLAG, false),
    MODEL("e.model", Type.TEXT, false),
    VERSION("e.version", Type.TEXT, false),
    TIER("e.tier", RetentionTier.class, true),
    SOURCE_FORMAT("e.source_format", SourceFormat.class, true),
    PRODUCER("e.producer", Type.TEXT, false),
    HANDOFF_TO("e.handoff_to", Type.TEXT, false),
    HANDOFF_DEPTH("e.handoff_depth", Type.NUMBER, false),
    CONFIDENCE("e.confidence", Type.NUMBER, false),
    /// Milliseconds; 0 is no duration, as in every mean of the portal.
    DURATION_MS("nullif(e.duration_ms, 0)", Type.NUMBER, false),
    INPUT_TOKENS("e.input_tokens", Type.NUMBER, false),
    OUTPUT_TOKENS("e.output_tokens", Type.NUMBER, false),
    CACHED_TOKENS("e.cached_tokens", Type.NUMBER, false),
    TOTAL_TOKENS("(e.input_tokens + e.output_tokens)", Type.NUMBER, false),
    COST_USD("e.cost_usd", Type.NUMBER, false),
    /// Of a finding.
    KIND("e.kind", FindingKind.class, true),
    /// Of a finding.
    SEVERITY("e.severity", Severity.class, true);

    /// What a field is compared with.
    enum Type {
        TEXT,
        /// One of the names of an enum.
        WORD,
        FLAG,
        NUMBER
    }

    private final String sql;
    private final Type type;
    private final @Nullable Class<? extends Enum<?>> words;
    private final boolean always;

    EventField(String sql, Type type, boolean always) {
        this.sql = sql;
        this.type = type;
        this.words = null;
        this.always = always;
    }

    EventField(String sql, Class<? extends Enum<?>> words, boolean always) {
        this.sql = sql;
        this.type = Type.WORD;
        this.words = words;
        this.always = always;
    }

    /// Expression over the alias `e`.
    String sql() {
        return sql;
    }

    Type type() {
        return type;
    }

    /// Whether every event, or finding, has a value.
    boolean always() {
        return always;
    }

    /// Name in conditions.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The name of the enum's value that `text` stands for, in any case; empty when it stands for
    /// none.
    Optional<String> value(String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
        return values(words).filter(name::equals).findFirst();
    }

    /// For people: the words this field is compared with.
    String choices() {
        return values(words)
                .map(value -> value.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> values(@Nullable Class<? extends Enum<?>> words) {
        return words == null
                ? Stream.empty()
                : Arrays.stream(words.getEnumConstants()).map(Enum::name);
    }
}
