package org.agentaudit.alert;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a condition counts. The only place where a source becomes a table.
enum ConditionSource {
    /// Events, by when they occurred.
    AGENT_AUDIT_LOG(
            "audit_event e",
            "e.occurred_at",
            "SELECT e.event_id FROM audit_event e",
            "e.occurred_at DESC, e.arrival DESC",
            EnumSet.complementOf(EnumSet.of(EventField.KIND, EventField.SEVERITY))),
    /// Findings, by when they were detected: that may be long after what they are about, and an
    /// alert must not miss them.
    FINDINGS(
            "finding e",
            "e.detected_at",
            "SELECT v.event_id FROM finding e CROSS JOIN LATERAL unnest(e.evidence) WITH ORDINALITY AS v (event_id, place)",
            "e.detected_at DESC, e.finding_id, v.place",
            EnumSet.of(
                    EventField.AGENT_ID,
                    EventField.SESSION_ID,
                    EventField.KIND,
                    EventField.SEVERITY));

    private final String table;
    private final String time;
    private final String evidence;
    private final String newestFirst;
    private final Set<EventField> fields;

    ConditionSource(
            String table,
            String time,
            String evidence,
            String newestFirst,
            Set<EventField> fields) {
        this.table = table;
        this.time = time;
        this.evidence = evidence;
        this.newestFirst = newestFirst;
        this.fields = Collections.unmodifiableSet(fields);
    }

    /// Table with the alias `e`.
    String table() {
        return table;
    }

    /// When a row counts.
    String time() {
        return time;
    }

    /// Selects `event_id` of the events behind the rows `e`.
    String evidence() {
        return evidence;
    }

    /// Order of what [#evidence] selects.
    String newestFirst() {
        return newestFirst;
    }

    /// Name in conditions.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Optional<EventField> field(String word) {
        return fields.stream().filter(field -> field.word().equals(word)).findFirst();
    }

    Set<EventField> fields() {
        return fields;
    }

    /// For people: every field.
    String known() {
        return fields.stream().map(EventField::word).collect(Collectors.joining(", "));
    }

    static Optional<ConditionSource> of(String word) {
        return Arrays.stream(values()).filter(source -> source.word().equals(word)).findFirst();
    }
}
