package org.agentaudit.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
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
import org.agentaudit.proof.ContentParts;
import org.agentaudit.proof.EventProof;
import org.jspecify.annotations.Nullable;

/// The one conversion between an event and its two rows.
public final class EventRow {

    /// Columns of `audit_event` in the order this class writes them; to be read from an alias `e`.
    public static final String ENVELOPE_COLUMNS =
            """
            e.trace_id, e.occurred_at, e.event_id, e.arrival, e.received_at, e.event_type, e.type_name, e.agent_id,
            e.trace_derived, e.parent_event_id, e.session_id, e.conversation_id, e.task_id, e.source, e.action,
            e.param_count, e.confidence, e.handoff_from, e.handoff_to, e.handoff_depth, e.intervention, e.outcome,
            e.errored, e.error_type, e.duration_ms, e.input_tokens, e.output_tokens, e.cached_tokens, e.cost_usd,
            e.model, e.version, e.permission_level, e.resources, e.sensitive, e.tier, e.summary, e.redactions,
            e.source_format, e.producer, e.seq
            """;

    /// Columns of `event_content` to be read from an alias `c`, renamed where both tables have the
    /// name.
    public static final String CONTENT_COLUMNS =
            """
            c.params, c.result, c.reasoning, c.decision, c.error_message, c.user_id, c.summary AS clear_summary,
            c.unmapped
            """;

    /// SQL condition on an alias `e`: columns that mean nothing in the row, and would be read over,
    /// are empty.
    public static final String REGULAR =
            """
            ((e.event_type = 'HANDOFF' OR num_nonnulls(e.handoff_from, e.handoff_to, e.handoff_depth) = 0)
             AND num_nonnulls(e.input_tokens, e.output_tokens, e.cached_tokens) IN (0, 3)
             AND e.resources IS DISTINCT FROM '[]' AND e.redactions IS DISTINCT FROM '[]')
            """;

    /// What proves an event, to be read from aliases `e` and `c`.
    public static final String PROOF_COLUMNS = "e.commitments, c.salt";

    static final String COPY_ENVELOPE =
            "COPY audit_event ("
                    + ENVELOPE_COLUMNS.replace("e.", "")
                    + ", commitments) FROM STDIN (FORMAT binary)";
    static final String COPY_CONTENT =
            """
            COPY event_content (trace_id, occurred_at, event_id, params, result, reasoning, decision, error_message,
                                user_id, summary, unmapped, words, salt) FROM STDIN (FORMAT binary)
            """;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<ResourceRef>> RESOURCES = new TypeReference<>() {};
    private static final TypeReference<List<Redaction>> REDACTIONS = new TypeReference<>() {};

    private EventRow() {}

    static void writeEnvelope(Envelope e, long arrival, EventProof proof, CopyRows copy)
            throws SQLException {
        TokenCounts tokens = e.tokens();
        Handoff handoff = e.handoff();
        copy.add(e.traceId())
                .add(e.occurredAt())
                .add(e.id())
                .add(arrival)
                .add(e.receivedAt())
                .add(e.type())
                .add(e.typeName())
                .add(e.agentId())
                .add(e.traceDerived())
                .add(e.parentEventId())
                .add(e.sessionId())
                .add(e.conversationId())
                .add(e.taskId())
                .add(e.source())
                .add(e.action())
                .add(e.paramCount())
                .add(e.confidence())
                .add(handoff == null ? null : handoff.from())
                .add(handoff == null ? null : handoff.to())
                .add(handoff == null ? null : handoff.depth())
                .add(e.intervention())
                .add(e.outcome())
                .add(e.errored())
                .add(e.errorType())
                .add(e.durationMs())
                .add(tokens == null ? null : tokens.input())
                .add(tokens == null ? null : tokens.output())
                .add(tokens == null ? null : tokens.cached())
                .add(e.cost())
                .add(e.model())
                .add(e.version())
                .add(e.permissionLevel())
                .add(e.resources().isEmpty() ? null : json(e.resources()))
                .add(e.sensitive())
                .add(e.tier())
                .add(e.summary())
                .add(e.redactions().isEmpty() ? null : json(e.redactions()))
                .add(e.sourceFormat())
                .add(e.producer())
                .add(e.seq())
                .add(proof.commitments())
                .endRow();
    }

    static void writeContent(AuditEvent event, EventProof proof, CopyRows copy)
            throws SQLException {
        Envelope e = event.envelope();
        Content c = event.content();
        Decision decision = c.decision();
        copy.add(e.traceId())
                .add(e.occurredAt())
                .add(e.id())
                .add(c.params())
                .add(c.result())
                .add(c.reasoning())
                .add(decision == null ? null : json(decision))
                .add(c.errorMessage())
                .add(c.userId())
                .add(c.summary())
                .add(c.unmapped())
                .words(words(event))
                .add(proof.salt())
                .endRow();
    }

    /// The texts of the content as they are stored.
    static ContentParts parts(Content c) {
        Decision decision = c.decision();
        return new ContentParts(
                c.params(),
                c.result(),
                c.reasoning(),
                decision == null ? null : json(decision),
                c.errorMessage(),
                c.userId(),
                c.summary(),
                c.unmapped());
    }

    /// Reads the texts of the content from a row with its column list.
    public static ContentParts readParts(ResultSet row) throws SQLException {
        return new ContentParts(
                row.getString("params"),
                row.getString("result"),
                row.getString("reasoning"),
                row.getString("decision"),
                row.getString("error_message"),
                row.getString("user_id"),
                row.getString("clear_summary"),
                row.getString("unmapped"));
    }

    /// The content that such texts stand for.
    ///
    /// @throws IllegalStateException when the decision is not what this class writes
    public static Content content(ContentParts parts) {
        String decision = parts.decision();
        return new Content(
                parts.params(),
                parts.result(),
                parts.reasoning(),
                decision == null ? null : parse(decision, Decision.class),
                parts.errorMessage(),
                parts.userId(),
                parts.summary(),
                parts.unmapped());
    }

    /// Reads an event from a row with both column lists.
    public static AuditEvent read(ResultSet row) throws SQLException {
        return new AuditEvent(readEnvelope(row), content(readParts(row)));
    }

    /// Reads the envelope from a row with its column list.
    public static Envelope readEnvelope(ResultSet row) throws SQLException {
        String resources = row.getString("resources");
        String redactions = row.getString("redactions");
        EventType type = EventType.valueOf(row.getString("event_type"));
        return new Envelope(
                row.getObject("event_id", UUID.class),
                instant(row, "occurred_at"),
                instant(row, "received_at"),
                row.getLong("arrival"),
                type,
                row.getString("type_name"),
                row.getString("agent_id"),
                row.getString("trace_id"),
                row.getBoolean("trace_derived"),
                row.getObject("parent_event_id", UUID.class),
                row.getString("session_id"),
                row.getString("conversation_id"),
                row.getString("task_id"),
                Source.valueOf(row.getString("source")),
                row.getString("action"),
                row.getInt("param_count"),
                row.getObject("confidence", Double.class),
                type == EventType.HANDOFF
                        ? new Handoff(
                                row.getString("handoff_from"),
                                row.getString("handoff_to"),
                                row.getObject("handoff_depth", Integer.class))
                        : null,
                enumOrNull(InterventionKind.class, row.getString("intervention")),
                Outcome.valueOf(row.getString("outcome")),
                row.getBoolean("errored"),
                row.getString("error_type"),
                row.getObject("duration_ms", Double.class),
                tokens(row),
                row.getBigDecimal("cost_usd"),
                row.getString("model"),
                row.getString("version"),
                enumOrNull(PermissionLevel.class, row.getString("permission_level")),
                resources == null ? List.of() : parse(resources, RESOURCES),
                row.getObject("sensitive", Boolean.class),
                RetentionTier.valueOf(row.getString("tier")),
                row.getString("summary"),
                redactions == null ? List.of() : parse(redactions, REDACTIONS),
                SourceFormat.valueOf(row.getString("source_format")),
                row.getString("producer"),
                row.getObject("seq", Long.class));
    }

    /// A timestamp column that is never null.
    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /// A timestamp column that may be null.
    public static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static @Nullable TokenCounts tokens(ResultSet row) throws SQLException {
        Long input = row.getObject("input_tokens", Long.class);
        return input == null
                ? null
                : new TokenCounts(
                        input, row.getLong("output_tokens"), row.getLong("cached_tokens"));
    }

    private static <E extends Enum<E>> @Nullable E enumOrNull(
            Class<E> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    private static List<String> words(AuditEvent event) {
        Content c = event.content();
        SearchWords words = new SearchWords();
        words.addText(event.envelope().action());
        words.addText(event.summary());
        words.addText(c.errorMessage());
        words.addJson(c.params());
        words.addJson(c.result());
        words.addJson(c.unmapped());
        words.addText(c.reasoning());
        Decision decision = c.decision();
        if (decision != null) {
            words.addText(decision.question());
            words.addText(decision.chosen());
            for (Decision.DecisionOption option : decision.options()) {
                words.addText(option.option());
                words.addText(option.reasoning());
            }
        }
        return words.sorted();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of strings and numbers always serialise", e);
        }
    }

    private static <T> T parse(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored JSON does not parse as " + type.getName(), e);
        }
    }

    private static <T> T parse(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored JSON does not parse as " + type.getType(), e);
        }
    }
}
