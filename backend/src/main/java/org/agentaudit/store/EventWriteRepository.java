package org.agentaudit.store;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.proof.Prover;
import org.jspecify.annotations.Nullable;

/// The statements of one commit. Rows are written in a fixed order of tables and keys so that
/// concurrent commits wait for each other instead of dead-locking.
@Singleton
class EventWriteRepository {

    /// Makes the partitions of a month, given as its first day, unless they exist.
    void ensurePartition(Connection connection, YearMonth month) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT ensure_partition(?)")) {
            LocalDate first = month.atDay(1);
            statement.setObject(1, first);
            statement.execute();
        }
    }

    /// Stores what is new of a batch and counts it. The caller commits.
    List<AppendResult> write(
            Connection connection, List<NewEvent> events, List<QuarantineItem> quarantined)
            throws SQLException {
        AppendResult[] results = new AppendResult[events.size()];
        Map<UUID, Integer> firstWithId = new HashMap<>();
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Integer first = firstWithId.putIfAbsent(events.get(i).event().envelope().id(), i);
            if (first == null) {
                candidates.add(i);
            }
        }
        Set<UUID> fresh = insertKeys(connection, events, candidates);
        Map<UUID, StoredKey> existing = existingKeys(connection, events, candidates, fresh);
        List<NewEvent> toStore = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            NewEvent event = events.get(i);
            UUID id = event.event().envelope().id();
            int first = firstWithId.getOrDefault(id, i);
            if (first == i && fresh.contains(id)) {
                results[i] = AppendResult.STORED;
                toStore.add(event);
            } else {
                StoredKey key =
                        fresh.contains(id) ? StoredKey.of(events.get(first)) : existing.get(id);
                results[i] =
                        key == null || key.same(event)
                                ? AppendResult.DUPLICATE
                                : AppendResult.CONFLICT;
            }
        }
        if (!toStore.isEmpty()) {
            store(connection, toStore);
        }
        QuarantineWriteRepository.add(connection, quarantined);
        Set<Long> understood =
                QuarantineWriteRepository.settle(connection, events, Arrays.asList(results));
        count(connection, events, results, quarantined, understood);
        return Arrays.asList(results);
    }

    /// Those of the names that are ids of agents.
    Set<String> agents(Connection connection, Collection<String> names) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT agent_id FROM agent WHERE agent_id = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            Set<String> found = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    private record StoredKey(byte[] digest, int redactionRules) {

        static StoredKey of(NewEvent event) {
            return new StoredKey(event.digest(), event.redactionRules());
        }

        /// When the redaction rules have changed in between, the id alone decides.
        boolean same(NewEvent event) {
            return redactionRules != event.redactionRules()
                    || Arrays.equals(digest, event.digest());
        }
    }

    private static Set<UUID> insertKeys(
            Connection connection, List<NewEvent> events, List<Integer> candidates)
            throws SQLException {
        if (candidates.isEmpty()) {
            return Set.of();
        }
        List<Integer> sorted = new ArrayList<>(candidates);
        sorted.sort(
                (a, b) ->
                        events.get(a)
                                .event()
                                .envelope()
                                .id()
                                .compareTo(events.get(b).event().envelope().id()));
        List<NewEvent> rows = sorted.stream().map(events::get).toList();
        Set<UUID> inserted = new HashSet<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO event_key (event_id, trace_id, occurred_at, digest, redaction_rules)
                        SELECT event_id, trace_id, occurred_at, digest, redaction_rules
                          FROM unnest(CAST(? AS uuid[]), CAST(? AS text[]), CAST(? AS timestamptz[]),
                                      CAST(? AS bytea[]), CAST(? AS smallint[]))
                               AS k (event_id, trace_id, occurred_at, digest, redaction_rules)
                        ON CONFLICT (event_id) DO NOTHING
                        RETURNING event_id
                        """)) {
            statement.setArray(
                    1, PgArrays.uuids(connection, rows, row -> row.event().envelope().id()));
            statement.setArray(2, texts(connection, rows, row -> row.event().envelope().traceId()));
            statement.setArray(
                    3, times(connection, rows, row -> row.event().envelope().occurredAt()));
            statement.setArray(4, PgArrays.bytes(connection, rows, NewEvent::digest));
            statement.setArray(5, PgArrays.smallints(connection, rows, NewEvent::redactionRules));
            try (ResultSet keys = statement.executeQuery()) {
                while (keys.next()) {
                    inserted.add(keys.getObject(1, UUID.class));
                }
            }
        }
        return inserted;
    }

    private static Map<UUID, StoredKey> existingKeys(
            Connection connection, List<NewEvent> events, List<Integer> candidates, Set<UUID> fresh)
            throws SQLException {
        Object[] known =
                candidates.stream()
                        .map(i -> events.get(i).event().envelope().id())
                        .filter(id -> !fresh.contains(id))
                        .toArray();
        if (known.length == 0) {
            return Map.of();
        }
        Map<UUID, StoredKey> keys = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT event_id, digest, redaction_rules
                          FROM event_key
                         WHERE event_id = ANY (?)
                        """)) {
            statement.setArray(1, connection.createArrayOf("uuid", known));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.put(
                            rows.getObject(1, UUID.class),
                            new StoredKey(rows.getBytes(2), rows.getInt(3)));
                }
            }
        }
        return keys;
    }

    private static void store(Connection connection, List<NewEvent> events) throws SQLException {
        long batch = nextBatch(connection);
        EventCounts counts = new EventCounts();
        try (CopyRows envelopes = new CopyRows(connection, EventRow.COPY_ENVELOPE)) {
            for (int i = 0; i < events.size(); i++) {
                NewEvent event = events.get(i);
                EventRow.writeEnvelope(
                        event.event().envelope(), Arrival.of(batch, i), event.proof(), envelopes);
            }
            envelopes.finish();
        }
        try (CopyRows contents = new CopyRows(connection, EventRow.COPY_CONTENT)) {
            for (NewEvent event : events) {
                if (!event.contentGone()) {
                    EventRow.writeContent(event.event(), event.proof(), contents);
                }
            }
            contents.finish();
        }
        insertLeaves(connection, batch, events);
        RequestCounts requests = new RequestCounts();
        for (NewEvent event : events) {
            if (!event.counted()) {
                counts.add(event.event());
                requests.add(event.event());
            }
        }
        upsertAgents(connection, events);
        upsertTraces(connection, events);
        RollupWriter.write(connection, counts);
        RequestWriteRepository.write(connection, requests);
    }

    /// After the first row of the commit is written: who follows the log relies on a transaction
    /// having its id before its batch number (destination.Horizon).
    private static long nextBatch(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT nextval('ingest_batch_number')")) {
            row.next();
            return row.getLong(1);
        }
    }

    /// One row per commit: the leaves in order of arrival.
    private static void insertLeaves(Connection connection, long batch, List<NewEvent> events)
            throws SQLException {
        byte[] leaves = new byte[events.size() * Prover.LEAF_BYTES];
        for (int i = 0; i < events.size(); i++) {
            byte[] leaf = events.get(i).proof().leaf();
            System.arraycopy(leaf, 0, leaves, i * Prover.LEAF_BYTES, Prover.LEAF_BYTES);
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT INTO leaf_batch (batch_number, committed_at, leaves) VALUES (?, now(), ?)")) {
            statement.setLong(1, batch);
            statement.setBytes(2, leaves);
            statement.executeUpdate();
        }
    }

    private static void upsertAgents(Connection connection, List<NewEvent> events)
            throws SQLException {
        SortedMap<String, Instant[]> seen = new TreeMap<>();
        for (NewEvent event : events) {
            Envelope e = event.event().envelope();
            widen(seen, e.agentId(), e.occurredAt());
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO agent AS a (agent_id, first_seen, last_seen)
                        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS timestamptz[]))
                        ON CONFLICT (agent_id) DO UPDATE
                           SET first_seen = least(a.first_seen, excluded.first_seen),
                               last_seen = greatest(a.last_seen, excluded.last_seen)
                         WHERE excluded.first_seen < a.first_seen OR excluded.last_seen > a.last_seen
                        """)) {
            statement.setArray(1, texts(connection, seen.keySet(), name -> name));
            statement.setArray(2, times(connection, seen.values(), bounds -> bounds[0]));
            statement.setArray(3, times(connection, seen.values(), bounds -> bounds[1]));
            statement.executeUpdate();
        }
    }

    private static final class TraceBounds {
        final Instant[] bounds = {Instant.MAX, Instant.MIN};
        final @Nullable Instant[] latest = new @Nullable Instant[RetentionTier.values().length];
        boolean derived;
        long events;
    }

    private record Link(String kind, String value, String traceId) implements Comparable<Link> {
        @Override
        public int compareTo(Link other) {
            int byKind = kind.compareTo(other.kind);
            int byValue = byKind != 0 ? byKind : value.compareTo(other.value);
            return byValue != 0 ? byValue : traceId.compareTo(other.traceId);
        }
    }

    private static void upsertTraces(Connection connection, List<NewEvent> events)
            throws SQLException {
        SortedMap<String, TraceBounds> traces = new TreeMap<>();
        Set<Link> links = new TreeSet<>();
        SortedSet<String> touched = new TreeSet<>();
        for (NewEvent event : events) {
            Envelope e = event.event().envelope();
            if (!event.counted()) {
                touched.add(e.traceId());
            }
            TraceBounds trace = traces.computeIfAbsent(e.traceId(), id -> new TraceBounds());
            trace.events++;
            trace.derived |= e.traceDerived();
            trace.bounds[0] = earlier(trace.bounds[0], e.occurredAt());
            trace.bounds[1] = later(trace.bounds[1], e.occurredAt());
            Instant basis = later(e.occurredAt(), e.receivedAt());
            Instant before = trace.latest[e.tier().ordinal()];
            trace.latest[e.tier().ordinal()] = before == null ? basis : later(before, basis);
            link(links, "task", e.taskId(), e.traceId());
            link(links, "session", e.sessionId(), e.traceId());
            link(links, "conversation", e.conversationId(), e.traceId());
        }
        Collection<TraceBounds> rows = traces.values();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO trace AS t (trace_id, first_at, last_at, derived, events, latest_debug, latest_info,
                                                latest_compliance, latest_critical)
                        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS timestamptz[]),
                                             CAST(? AS boolean[]), CAST(? AS bigint[]), CAST(? AS timestamptz[]),
                                             CAST(? AS timestamptz[]), CAST(? AS timestamptz[]), CAST(? AS timestamptz[]))
                        ON CONFLICT (trace_id) DO UPDATE
                           SET first_at = least(t.first_at, excluded.first_at),
                               last_at = greatest(t.last_at, excluded.last_at),
                               derived = t.derived OR excluded.derived,
                               events = t.events + excluded.events,
                               latest_debug = greatest(t.latest_debug, excluded.latest_debug),
                               latest_info = greatest(t.latest_info, excluded.latest_info),
                               latest_compliance = greatest(t.latest_compliance, excluded.latest_compliance),
                               latest_critical = greatest(t.latest_critical, excluded.latest_critical)
                        """)) {
            statement.setArray(1, texts(connection, traces.keySet(), id -> id));
            statement.setArray(2, times(connection, rows, trace -> trace.bounds[0]));
            statement.setArray(3, times(connection, rows, trace -> trace.bounds[1]));
            statement.setArray(4, PgArrays.booleans(connection, rows, trace -> trace.derived));
            statement.setArray(5, PgArrays.longs(connection, rows, trace -> trace.events));
            for (RetentionTier tier : RetentionTier.values()) {
                statement.setArray(
                        6 + tier.ordinal(),
                        times(connection, rows, trace -> trace.latest[tier.ordinal()]));
            }
            statement.executeUpdate();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO trace_touched AS t (trace_id, version)
                        SELECT trace_id, 1 FROM unnest(CAST(? AS text[])) AS n (trace_id)
                        ON CONFLICT (trace_id) DO UPDATE SET version = t.version + 1
                        """)) {
            statement.setArray(1, texts(connection, touched, id -> id));
            statement.executeUpdate();
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO trace_link (kind, value, trace_id)
                        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]))
                        ON CONFLICT DO NOTHING
                        """)) {
            statement.setArray(1, texts(connection, links, Link::kind));
            statement.setArray(2, texts(connection, links, Link::value));
            statement.setArray(3, texts(connection, links, Link::traceId));
            statement.executeUpdate();
        }
    }

    private static void link(Set<Link> links, String kind, @Nullable String value, String traceId) {
        if (value != null) {
            links.add(new Link(kind, value, traceId));
        }
    }

    /// @param understood items of quarantine that became events: what was counted as rejected when
    ///     they came is counted as what became of them now, in the same quarter hour
    private static void count(
            Connection connection,
            List<NewEvent> events,
            AppendResult[] results,
            List<QuarantineItem> quarantined,
            Set<Long> understood)
            throws SQLException {
        SortedMap<Instant, long[]> quarters = new TreeMap<>();
        SortedMap<EventCounts.NameKey, Long> redactions = new TreeMap<>();
        Set<Long> open = new HashSet<>(understood);
        for (int i = 0; i < results.length; i++) {
            if (events.get(i).counted()) {
                continue; // counted when it was received
            }
            Envelope e = events.get(i).event().envelope();
            Instant quarter = EventCounts.quarterOf(e.receivedAt());
            Long item = events.get(i).quarantineId();
            if (item != null && open.remove(item)) {
                quarters.computeIfAbsent(quarter, q -> new long[3])[
                        AppendResult.CONFLICT.ordinal()]--;
            }
            // A conflict is counted when it goes to quarantine, and so was an item that stays
            // there.
            boolean stays =
                    item != null
                            && results[i] == AppendResult.DUPLICATE
                            && !understood.contains(item);
            if (results[i] != AppendResult.CONFLICT && !stays) {
                quarters.computeIfAbsent(quarter, q -> new long[3])[results[i].ordinal()]++;
            }
            if (results[i] == AppendResult.STORED) {
                for (Redaction redaction : e.redactions()) {
                    if (redaction.removesSecret()) {
                        redactions.merge(
                                new EventCounts.NameKey(quarter, e.agentId(), redaction.detector()),
                                1L,
                                Long::sum);
                    }
                }
            }
        }
        for (QuarantineItem item : quarantined) {
            quarters.computeIfAbsent(EventCounts.quarterOf(item.receivedAt()), q -> new long[3])[
                    AppendResult.CONFLICT.ordinal()]++;
        }
        RollupWriter.writeRedactions(connection, redactions);
        RollupWriter.writeIngest(connection, quarters);
    }

    private static void widen(SortedMap<String, Instant[]> seen, String name, Instant at) {
        Instant[] bounds =
                seen.computeIfAbsent(name, key -> new Instant[] {Instant.MAX, Instant.MIN});
        bounds[0] = earlier(bounds[0], at);
        bounds[1] = later(bounds[1], at);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    static <T> Array texts(Connection connection, Collection<T> rows, Function<T, String> column)
            throws SQLException {
        return PgArrays.texts(connection, rows, column::apply);
    }

    static <T> Array times(
            Connection connection, Collection<T> rows, Function<T, @Nullable Instant> column)
            throws SQLException {
        return PgArrays.times(connection, rows, column);
    }

    /// UTC months the events lie in.
    static Set<YearMonth> months(List<NewEvent> events) {
        Set<YearMonth> months = new TreeSet<>();
        for (NewEvent event : events) {
            months.add(
                    YearMonth.from(event.event().envelope().occurredAt().atOffset(ZoneOffset.UTC)));
        }
        return months;
    }
}
