package org.agentaudit.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;
import org.agentaudit.store.SearchWords;
import org.jspecify.annotations.Nullable;

/// The one place that turns a filter and a viewer's scope into SQL: constant fragments over
/// `audit_event e` and `event_content c`, every value bound.
final class EventConditions {

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final List<String> fragments = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private boolean needsContent;
    private boolean filtersContent;

    private EventConditions() {}

    /// @throws BadInputException when the filter contradicts itself
    static EventConditions of(Viewer viewer, EventFilter filter) {
        EventConditions all = new EventConditions();
        Instant from = filter.from();
        Instant to = filter.to();
        if (from != null && to != null && !from.isBefore(to)) {
            throw new BadInputException("The filter's 'from' must lie before its 'to'.");
        }
        all.scope(viewer);
        all.add("e.occurred_at >= ?", from);
        all.add("e.occurred_at < ?", to);
        all.addNames("e.event_type = ANY (?)", filter.types());
        all.addTexts("e.agent_id = ANY (?)", filter.agentIds());
        String traceId = filter.traceId();
        if (traceId != null) {
            // The bounds of the trace let the planner skip the partitions it has no event in.
            all.add("e.trace_id = ?", traceId);
            all.add("e.occurred_at >= (SELECT first_at FROM trace WHERE trace_id = ?)", traceId);
            all.add("e.occurred_at <= (SELECT last_at FROM trace WHERE trace_id = ?)", traceId);
        }
        all.addLinked("e.session_id = ?", "session", filter.sessionId());
        all.addLinked("e.task_id = ?", "task", filter.taskId());
        all.addLinked("e.conversation_id = ?", "conversation", filter.conversationId());
        all.addContent("c.user_id = ?", filter.userId());
        all.addTexts("e.model = ANY (?)", filter.models());
        all.addTexts("e.action = ANY (?)", filter.actions());
        all.addNames("e.outcome = ANY (?)", filter.outcomes());
        all.addTexts(
                "e.errored AND coalesce(e.error_type, 'unspecified') = ANY (?)",
                filter.errorTypes());
        all.addNames("e.tier = ANY (?)", filter.tiers());
        Boolean sensitive = filter.sensitiveDataAccessed();
        if (sensitive != null) {
            all.fragments.add(sensitive ? "e.sensitive" : "NOT e.sensitive");
        }
        Boolean errored = filter.errored();
        if (errored != null) {
            all.fragments.add(errored ? "e.errored" : "NOT e.errored");
        }
        all.addNames("e.intervention = ANY (?)", filter.interventions());
        all.addNames("e.permission_level = ANY (?)", filter.permissionLevels());
        all.addNames("e.source_format = ANY (?)", filter.sourceFormats());
        String text = filter.text();
        if (text != null) {
            String words = SearchWords.query(text);
            if (words == null) {
                throw new BadInputException("The filter's 'text' holds no word to search for.");
            }
            all.addContent("c.words @@ CAST(? AS tsquery)", words);
        }
        if (all.filtersContent) {
            // PostgreSQL does not conclude from the envelope's time which partitions hold the
            // content.
            all.add("c.occurred_at >= ?", from);
            all.add("c.occurred_at < ?", to);
        }
        return all;
    }

    /// Limits to the viewer's agents.
    private void scope(Viewer viewer) {
        if (!viewer.agentScope().isEmpty()) {
            fragments.add("e.agent_id LIKE ANY (?)");
            values.add(viewer.scopeLikePatterns());
        }
    }

    /// Only events that speak against a check.
    void evidence(Evidence evidence) {
        fragments.add(evidence.condition());
        values.addAll(evidence.values());
        needsContent = true;
    }

    /// Only events of a stretch of the log.
    ///
    /// @param after exclusive
    /// @param upTo  inclusive
    void arrived(long after, long upTo) {
        add("e.arrival > ?", after);
        add("e.arrival <= ?", upTo);
    }

    /// Only events after a place in ascending order.
    void after(Cursor cursor) {
        place(">", cursor);
    }

    /// Only events before a place in ascending order.
    void before(Cursor cursor) {
        place("<", cursor);
    }

    /// The time alone says which partitions lie beyond; the pair does not.
    private void place(String side, Cursor cursor) {
        fragments.add("(e.occurred_at, e.arrival) " + side + " (?, ?)");
        values.add(cursor.occurredAt());
        values.add(cursor.arrival());
        add("e.occurred_at " + side + "= ?", cursor.occurredAt());
        if (filtersContent) {
            add("c.occurred_at " + side + "= ?", cursor.occurredAt());
        }
    }

    /// Whether a fragment reads `event_content c`, so that it must be joined.
    boolean needsContent() {
        return needsContent;
    }

    String where() {
        return fragments.isEmpty() ? "" : " WHERE " + String.join(" AND ", fragments);
    }

    /// Binds the values from parameter 1 on; returns the next free parameter.
    int bind(Connection connection, PreparedStatement statement) throws SQLException {
        return bind(connection, statement, values);
    }

    /// Binds values of the kinds that statements of this package take from parameter 1 on; returns
    /// the next free parameter.
    static int bind(
            Connection connection,
            PreparedStatement statement,
            List<? extends @Nullable Object> values)
            throws SQLException {
        int parameter = 1;
        for (Object value : values) {
            switch (value) {
                case null -> statement.setNull(parameter, Types.NULL);
                case Instant at -> statement.setObject(parameter, utc(at));
                case String[] texts ->
                        statement.setArray(parameter, connection.createArrayOf("text", texts));
                default -> statement.setObject(parameter, value);
            }
            parameter++;
        }
        return parameter;
    }

    /// A time to compare with. Times that PostgreSQL cannot hold lie beyond every event's and are
    /// moved to the nearest that still does.
    static OffsetDateTime utc(Instant at) {
        Instant held = at.isBefore(EARLIEST) ? EARLIEST : at.isAfter(LATEST) ? LATEST : at;
        return held.atOffset(ZoneOffset.UTC);
    }

    private void add(String fragment, @Nullable Object value) {
        if (value != null) {
            fragments.add(fragment);
            values.add(value instanceof String text ? storable(text) : value);
        }
    }

    /// PostgreSQL's text cannot hold U+0000, so nothing stored can match it.
    private static String storable(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new BadInputException("A filter value holds the character U+0000.");
        }
        return text;
    }

    private void addTexts(String fragment, @Nullable List<String> texts) {
        if (texts != null) {
            texts.forEach(EventConditions::storable);
            add(fragment, texts.toArray(String[]::new));
        }
    }

    private void addNames(String fragment, @Nullable List<? extends Enum<?>> names) {
        if (names != null) {
            add(fragment, names.stream().map(Enum::name).toArray(String[]::new));
        }
    }

    private void addContent(String fragment, @Nullable String value) {
        if (value != null) {
            add(fragment, value);
            needsContent = true;
            filtersContent = true;
        }
    }

    /// A property that events share within a trace: its traces are known, and so are their bounds.
    private void addLinked(String fragment, String kind, @Nullable String value) {
        if (value == null) {
            return;
        }
        add(fragment, value);
        fragments.add(
                "e.trace_id = ANY (ARRAY (SELECT l.trace_id FROM trace_link l WHERE l.kind = ? AND l.value = ?))");
        values.add(kind);
        values.add(value);
        fragments.add(
                """
                e.occurred_at >= (SELECT min(t.first_at) FROM trace t JOIN trace_link l USING (trace_id)
                                   WHERE l.kind = ? AND l.value = ?)
                """);
        values.add(kind);
        values.add(value);
        fragments.add(
                """
                e.occurred_at <= (SELECT max(t.last_at) FROM trace t JOIN trace_link l USING (trace_id)
                                   WHERE l.kind = ? AND l.value = ?)
                """);
        values.add(kind);
        values.add(value);
    }
}
