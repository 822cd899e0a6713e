package org.agentaudit.retention;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.agentaudit.query.RequestRollups;
import org.agentaudit.query.TraceLife;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.Rows;
import org.jspecify.annotations.Nullable;

/// Statements of the run that removes what has expired. Those that remove are for transactions that
/// record it; see [org.agentaudit.store.DeletionRepository].
@Singleton
class ExpiryRepository {

    /// A trace whose events have all expired.
    ///
    /// @param events stored
    /// @param topAt  with the id, its place in the order of going
    record Due(String traceId, long events, Instant topAt, boolean held) {}

    /// A trace that goes in this transaction; no writer can add to it.
    record Going(String traceId, long events, Instant firstAt, Instant lastAt) {}

    /// An event whose content goes.
    record ContentKey(String traceId, Instant occurredAt, UUID eventId, long arrival) {

        /// Takes the users of the events out of the roll-ups, before their content goes.
        static void forgetUsers(
                RequestRollups requests, Connection connection, List<ContentKey> keys)
                throws SQLException {
            requests.forgetUsers(
                    connection,
                    keys.stream().map(ContentKey::traceId).toList(),
                    keys.stream().map(ContentKey::occurredAt).toList(),
                    keys.stream().map(ContentKey::eventId).toList());
        }
    }

    /// Items removed from quarantine.
    record Quarantined(long items, @Nullable Instant earliest, @Nullable Instant latest) {}

    private record Gone(
            UUID id,
            String traceId,
            @Nullable String taskId,
            @Nullable String sessionId,
            @Nullable String conversationId) {}

    private record Link(String kind, String value, String traceId) {}

    /// Expired traces of which the longest-lived tier is the one with that number, in the order
    /// of going, after a place in it.
    List<Due> due(Connection connection, int tier, Due after, TraceLife.Cutoffs cutoffs, int limit)
            throws SQLException {
        List<Instant> c = cutoffs.values();
        return Rows.list(
                connection,
                "SELECT t.trace_id, t.events, t.top_at, "
                        + TraceLife.HELD
                        + """
                           AS held
                          FROM trace t
                         WHERE t.top_tier = ? AND t.top_at <= CAST(? AS timestamptz)
                           AND (t.top_at, t.trace_id) > (CAST(? AS timestamptz), ?)
                           AND
                        """
                        + TraceLife.EXPIRED
                        + " ORDER BY t.top_at, t.trace_id LIMIT ?",
                row ->
                        new Due(
                                row.getString("trace_id"),
                                row.getLong("events"),
                                EventRow.instant(row, "top_at"),
                                row.getBoolean("held")),
                tier,
                c.get(tier),
                after.topAt(),
                after.traceId(),
                c.get(0),
                c.get(1),
                c.get(2),
                c.get(3),
                limit);
    }

    /// Those of the traces that may still go, locked against writers. A trace that a writer is
    /// adding to is left out: its new event prolongs its life.
    List<Going> lock(Connection connection, List<String> traceIds, TraceLife.Cutoffs cutoffs)
            throws SQLException {
        List<Instant> c = cutoffs.values();
        return Rows.list(
                connection,
                """
                SELECT t.trace_id, t.events, t.first_at, t.last_at
                  FROM trace t
                 WHERE t.trace_id = ANY (?)
                   AND
                """
                        + TraceLife.EXPIRED
                        + " AND NOT "
                        + TraceLife.HELD
                        + " ORDER BY t.trace_id FOR UPDATE OF t SKIP LOCKED",
                row ->
                        new Going(
                                row.getString("trace_id"),
                                row.getLong("events"),
                                EventRow.instant(row, "first_at"),
                                EventRow.instant(row, "last_at")),
                traceIds.toArray(String[]::new),
                c.get(0),
                c.get(1),
                c.get(2),
                c.get(3));
    }

    /// Names every stored event of the traces in `removed_event`.
    ///
    /// @param first earliest `occurredAt` of the traces
    /// @param last  latest
    /// @return events named
    long name(Connection connection, List<String> traceIds, Instant first, Instant last)
            throws SQLException {
        return Rows.update(
                connection,
                """
                INSERT INTO removed_event (arrival, occurred_at)
                SELECT e.arrival, e.occurred_at
                  FROM audit_event e
                 WHERE e.trace_id = ANY (?) AND e.occurred_at >= ? AND e.occurred_at <= ?
                """,
                traceIds.toArray(String[]::new),
                first,
                last);
    }

    /// Events of the traces that have content which has expired on its own.
    List<ContentKey> contentDue(
            Connection connection,
            List<String> traceIds,
            Instant first,
            Instant last,
            Instant cutoff)
            throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT e.trace_id, e.occurred_at, e.event_id, e.arrival
                  FROM audit_event e
                  JOIN event_content c USING (trace_id, occurred_at, event_id)
                 WHERE e.trace_id = ANY (?) AND e.occurred_at >= ? AND e.occurred_at <= ?
                   AND e.occurred_at <= ? AND e.received_at <= ?
                """,
                ExpiryRepository::contentKey,
                traceIds.toArray(String[]::new),
                first,
                last,
                cutoff,
                cutoff);
    }

    /// Removes every row that is only needed for stored events of the traces, which `removed_event`
    /// names.
    ///
    /// @param first earliest `occurredAt` of the traces
    /// @param last  latest
    /// @return events removed
    long removeTraces(Connection connection, List<String> traceIds, Instant first, Instant last)
            throws SQLException {
        String[] ids = traceIds.toArray(String[]::new);
        List<Gone> gone =
                Rows.list(
                        connection,
                        """
                        DELETE FROM audit_event e
                         WHERE e.trace_id = ANY (?) AND e.occurred_at >= ? AND e.occurred_at <= ?
                        RETURNING e.event_id, e.trace_id, e.task_id, e.session_id, e.conversation_id
                        """,
                        row ->
                                new Gone(
                                        row.getObject("event_id", UUID.class),
                                        row.getString("trace_id"),
                                        row.getString("task_id"),
                                        row.getString("session_id"),
                                        row.getString("conversation_id")),
                        ids,
                        first,
                        last);
        Rows.update(
                connection,
                """
                DELETE FROM event_content c
                 WHERE c.trace_id = ANY (?) AND c.occurred_at >= ? AND c.occurred_at <= ?
                """,
                ids,
                first,
                last);
        Rows.update(
                connection,
                "DELETE FROM event_key WHERE event_id = ANY (?)",
                (Object) gone.stream().map(Gone::id).toArray(UUID[]::new));
        removeLinks(connection, gone);
        Rows.update(connection, "DELETE FROM trace_touched WHERE trace_id = ANY (?)", (Object) ids);
        for (String sql :
                List.of(
                        "DELETE FROM finding_due WHERE trace_id = ANY (?)",
                        "DELETE FROM finding_outside WHERE trace_id = ANY (?)",
                        "DELETE FROM secret_scan_hit WHERE trace_id = ANY (?)")) {
            Rows.update(connection, sql, (Object) ids);
        }
        // its part of the roll-up stays
        Rows.update(connection, "DELETE FROM trace_check WHERE trace_id = ANY (?)", (Object) ids);
        Rows.update(connection, "DELETE FROM trace WHERE trace_id = ANY (?)", (Object) ids);
        return gone.size();
    }

    /// By whole keys: the table has no index by trace.
    private static void removeLinks(Connection connection, List<Gone> gone) throws SQLException {
        Set<Link> links = new LinkedHashSet<>();
        for (Gone event : gone) {
            Stream.of(
                            link("task", event.taskId(), event.traceId()),
                            link("session", event.sessionId(), event.traceId()),
                            link("conversation", event.conversationId(), event.traceId()))
                    .flatMap(Collection::stream)
                    .forEach(links::add);
        }
        Rows.update(
                connection,
                """
                DELETE FROM trace_link l
                 USING unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[])) AS k (kind, value, trace_id)
                 WHERE l.kind = k.kind AND l.value = k.value AND l.trace_id = k.trace_id
                """,
                links.stream().map(Link::kind).toArray(String[]::new),
                links.stream().map(Link::value).toArray(String[]::new),
                links.stream().map(Link::traceId).toArray(String[]::new));
    }

    private static List<Link> link(String kind, @Nullable String value, String traceId) {
        return value == null ? List.of() : List.of(new Link(kind, value, traceId));
    }

    /// Events of [from, to) whose content has expired and that no hold keeps, after a place in
    /// their order.
    List<ContentKey> contentDue(
            Connection connection,
            Instant from,
            Instant to,
            Instant cutoff,
            @Nullable ContentKey after,
            int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT e.trace_id, e.occurred_at, e.event_id, e.arrival
                  FROM audit_event e
                  JOIN event_content c USING (trace_id, occurred_at, event_id)
                  JOIN trace t USING (trace_id)
                 WHERE e.occurred_at >= ? AND e.occurred_at < ? AND e.occurred_at <= ? AND e.received_at <= ?
                   AND (e.occurred_at, e.arrival) > (?, ?)
                   AND NOT
                """
                        + TraceLife.HELD
                        + " ORDER BY e.occurred_at, e.arrival LIMIT ?",
                ExpiryRepository::contentKey,
                from,
                to,
                cutoff,
                cutoff,
                after == null ? from : after.occurredAt(),
                after == null ? -1L : after.arrival(),
                limit);
    }

    private static ContentKey contentKey(ResultSet row) throws SQLException {
        return new ContentKey(
                row.getString("trace_id"),
                EventRow.instant(row, "occurred_at"),
                row.getObject("event_id", UUID.class),
                row.getLong("arrival"));
    }

    /// Removes the content of the events; what went is in `removed_event`. The digest of the line
    /// goes with it: a content that is nearly known could be guessed from it.
    ///
    /// @return events whose content was still there
    long removeContent(Connection connection, List<ContentKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        Instant first =
                keys.stream().map(ContentKey::occurredAt).min(Instant::compareTo).orElseThrow();
        Instant last =
                keys.stream().map(ContentKey::occurredAt).max(Instant::compareTo).orElseThrow();
        long removed =
                Rows.update(
                        connection,
                        """
                WITH gone AS (
                     DELETE FROM event_content c
                      USING unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS uuid[]), CAST(? AS bigint[]))
                            AS k (trace_id, occurred_at, event_id, arrival)
                      WHERE c.trace_id = k.trace_id AND c.occurred_at = k.occurred_at AND c.event_id = k.event_id
                        AND c.occurred_at >= ? AND c.occurred_at <= ?
                     RETURNING k.arrival, k.occurred_at)
                INSERT INTO removed_event (arrival, occurred_at) SELECT arrival, occurred_at FROM gone
                """,
                        keys.stream().map(ContentKey::traceId).toArray(String[]::new),
                        keys.stream().map(ContentKey::occurredAt).toArray(Instant[]::new),
                        keys.stream().map(ContentKey::eventId).toArray(UUID[]::new),
                        keys.stream().map(ContentKey::arrival).toArray(Long[]::new),
                        first,
                        last);
        Rows.update(
                connection,
                """
                UPDATE event_key SET digest = '', redaction_rules = ? WHERE event_id = ANY (?)
                """,
                NewEvent.NO_RULES,
                keys.stream().map(ContentKey::eventId).toArray(UUID[]::new));
        // counted for good, and there is no message to show any more
        Rows.update(
                connection,
                """
                DELETE FROM trace_message m
                 USING unnest(CAST(? AS text[]), CAST(? AS uuid[])) AS k (trace_id, event_id)
                 WHERE m.trace_id = k.trace_id AND m.event_id = k.event_id
                """,
                keys.stream().map(ContentKey::traceId).toArray(String[]::new),
                keys.stream().map(ContentKey::eventId).toArray(UUID[]::new));
        // a fold over these events no longer knows which decisions had reasoning
        Rows.update(
                connection,
                """
                INSERT INTO expired_quarter (quarter, events)
                SELECT DISTINCT date_bin(interval '15 minutes', occurred_at, TIMESTAMPTZ '2000-01-01 00:00:00+00'), 0
                  FROM removed_event
                ON CONFLICT DO NOTHING
                """);
        return removed;
    }

    /// Removes quarantined items received up to the cutoff that no hold keeps, the oldest first;
    /// one that is just received again waits for the next run.
    Quarantined removeQuarantined(Connection connection, Instant cutoff, int limit)
            throws SQLException {
        return Rows.list(
                        connection,
                        """
                        WITH gone AS (
                             DELETE FROM quarantine
                              WHERE id IN (SELECT q.id FROM quarantine q
                                            WHERE q.received_at <= ? AND NOT
                        """
                                + TraceLife.QUARANTINE_HELD
                                + """
                                                    ORDER BY q.id LIMIT ? FOR UPDATE OF q SKIP LOCKED)
                                     RETURNING received_at)
                                SELECT count(*) AS items, min(received_at) AS earliest, max(received_at) AS latest FROM gone
                                """,
                        row ->
                                new Quarantined(
                                        row.getLong("items"),
                                        EventRow.instantOrNull(row, "earliest"),
                                        EventRow.instantOrNull(row, "latest")),
                        cutoff,
                        limit)
                .getFirst();
    }

    /// Records the removal of quarantined items, which have no leaves.
    void recordQuarantined(
            Connection connection,
            Instant now,
            String rule,
            String reason,
            @Nullable String actor,
            Quarantined removed)
            throws SQLException {
        Rows.update(
                connection,
                """
                INSERT INTO deletion (at, kind, rule, reason, username, events, earliest_at, latest_at)
                VALUES (?, 'QUARANTINE', ?, ?, ?, ?, ?, ?)
                """,
                now,
                rule,
                reason,
                actor,
                removed.items(),
                removed.earliest(),
                removed.latest());
    }

    /// Months that have a table below `parent`, earliest first.
    List<YearMonth> months(Connection connection, String parent) throws SQLException {
        List<YearMonth> months = new ArrayList<>();
        for (String name :
                Rows.list(
                        connection,
                        """
                        SELECT c.relname
                          FROM pg_inherits i
                          JOIN pg_class c ON c.oid = i.inhrelid
                         WHERE i.inhparent = CAST(? AS regclass)
                         ORDER BY c.relname
                        """,
                        row -> row.getString(1),
                        parent)) {
            months.add(month(parent, name));
        }
        return months;
    }

    private static YearMonth month(String parent, String table) {
        String[] parts = table.substring(parent.length() + 1).split("_", 2);
        return YearMonth.of(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    boolean isEmpty(Connection connection, String parent, YearMonth month) throws SQLException {
        return Rows.number(
                        connection,
                        "SELECT count(*) FROM (SELECT 1 FROM "
                                + table(parent, month)
                                + " LIMIT 1) r")
                == 0;
    }

    /// Drops the table of a month if nothing is in it. Writers of that month wait while it is
    /// looked through; writers of other months only for the moment of the drop, and not at all
    /// when that moment does not come within 200 ms.
    ///
    /// @return whether it was dropped
    /// @throws SQLException also when the moment did not come
    boolean dropIfEmpty(Connection connection, String parent, YearMonth month) throws SQLException {
        Rows.list(
                connection,
                "SELECT pg_advisory_xact_lock(hashtext('agent-audit-portal:partition'))",
                row -> true);
        Rows.update(connection, "SET LOCAL lock_timeout = '200ms'");
        Rows.update(connection, "LOCK TABLE ONLY " + table(parent, month) + " IN SHARE MODE");
        if (!isEmpty(connection, parent, month)) {
            return false;
        }
        Rows.update(connection, "DROP TABLE " + table(parent, month));
        return true;
    }

    private static String table(String parent, YearMonth month) {
        return "%s_%04d_%02d".formatted(parent, month.getYear(), month.getMonthValue());
    }
}
