package org.agentaudit.query;

import io.micronaut.transaction.TransactionDefinition.Isolation;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventType;
import org.agentaudit.store.EventCounts;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.RollupRow;
import org.jspecify.annotations.Nullable;

/// Reads the roll-ups of a period.
@Singleton
class CountsRepository {

    /// Runs of one agent that were invoked in a period.
    ///
    /// @param timed      runs with a duration
    /// @param durationMs sum of their durations in milliseconds
    record AgentRuns(
            String agentId, long invocations, long failed, long timed, double durationMs) {}

    private final TransactionOperations<Connection> transactions;

    CountsRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Adds the whole quarter hours of [from, to) to `counts`.
    void addQuarters(
            Viewer viewer,
            @Nullable String agentId,
            Instant from,
            Instant to,
            PeriodCounts counts) {
        query(
                """
                SELECT agent_id, event_type, sum(events) AS events, sum(errors) AS errors, sum(escalations) AS escalations,
                       sum(unnamed) AS unnamed, sum(late) AS late, sum(redactions) AS redactions, sum(sensitive) AS sensitive,
                       sum(sensitive_audited) AS sensitive_audited, sum(reasoned) AS reasoned, sum(with_depth) AS with_depth,
                       max(max_depth) AS max_depth, sum(trace_expected) AS trace_expected, sum(trace_stated) AS trace_stated,
                       least(sum(input_tokens), 9223372036854775807) AS input_tokens,
                       least(sum(output_tokens), 9223372036854775807) AS output_tokens,
                       least(sum(cached_tokens), 9223372036854775807) AS cached_tokens, sum(costed) AS costed, sum(cost_usd) AS cost_usd,
                       min(first_at) AS first_at, max(last_at) AS last_at
                  FROM rollup_event
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                 GROUP BY agent_id, event_type
                """,
                viewer,
                agentId,
                from,
                to,
                row ->
                        counts.addSums(
                                row.getString("agent_id"),
                                EventType.valueOf(row.getString("event_type")),
                                RollupRow.sums(row)));
        query(
                """
                SELECT agent_id, error_type, sum(errors) AS errors
                  FROM rollup_error
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                 GROUP BY agent_id, error_type
                """,
                viewer,
                agentId,
                from,
                to,
                row -> counts.addErrors(row.getString(1), row.getString(2), row.getLong(3)));
        query(
                """
                SELECT DISTINCT producer
                  FROM rollup_producer
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                """,
                viewer,
                agentId,
                from,
                to,
                row -> counts.addProducer(row.getString(1)));
        query(
                """
                SELECT agent_id, target, sum(handoffs) AS handoffs
                  FROM rollup_handoff
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                 GROUP BY agent_id, target
                """,
                viewer,
                agentId,
                from,
                to,
                row -> counts.addHandoffs(row.getString(1), row.getString(2), row.getLong(3)));
    }

    /// Distinct derived traces with an event in the whole quarter hours of [quartersFrom,
    /// quartersTo) or in the rest of [from, to).
    long derivedTraces(
            Viewer viewer,
            @Nullable String agentId,
            Instant from,
            Instant quartersFrom,
            Instant quartersTo,
            Instant to) {
        return count(
                """
                SELECT count(*)
                  FROM (SELECT trace_id
                          FROM rollup_derived_trace
                         WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                           AND (CAST(? AS text) IS NULL OR agent_id = ?)
                        UNION
                        SELECT trace_id
                          FROM audit_event
                         WHERE trace_derived AND agent_id LIKE ANY (?)
                           AND (CAST(? AS text) IS NULL OR agent_id = ?)
                           AND occurred_at >= ? AND occurred_at < ?
                        UNION
                        SELECT trace_id
                          FROM audit_event
                         WHERE trace_derived AND agent_id LIKE ANY (?)
                           AND (CAST(? AS text) IS NULL OR agent_id = ?)
                           AND occurred_at >= ? AND occurred_at < ?) t
                """,
                quartersFrom,
                quartersTo,
                viewer.scopeLikePatterns(),
                agentId,
                agentId,
                viewer.scopeLikePatterns(),
                agentId,
                agentId,
                from,
                quartersFrom,
                viewer.scopeLikePatterns(),
                agentId,
                agentId,
                quartersTo,
                to);
    }

    /// Sequence numbers missing between the first and the last of each of the producers; a number
    /// given twice counts once. A producer numbers its events whatever agent they are about, so all
    /// of them are looked at.
    long missingNumbers(
            Collection<String> producers,
            Instant from,
            Instant quartersFrom,
            Instant quartersTo,
            Instant to) {
        String[] names = producers.toArray(String[]::new);
        return count(
                """
                SELECT least(coalesce(sum(missing), 0), 9223372036854775807)
                  FROM (SELECT producer,
                               max(CAST(block AS numeric) * 4096 + upper(numbers))
                                   - min(CAST(block AS numeric) * 4096 + lower(numbers))
                                   - sum((SELECT sum(upper(r) - lower(r)) FROM unnest(numbers) AS r)) AS missing
                          FROM (SELECT producer, block, range_agg(numbers) AS numbers
                                  FROM (SELECT producer, block, numbers
                                          FROM rollup_sequence
                                         WHERE quarter >= ? AND quarter < ? AND producer = ANY (?)
                                        UNION ALL
                                        SELECT producer, seq >> 12,
                                               int4multirange(int4range(CAST(seq & 4095 AS integer),
                                                                        CAST(seq & 4095 AS integer), '[]'))
                                          FROM audit_event
                                         WHERE seq IS NOT NULL AND producer = ANY (?)
                                           AND occurred_at >= ? AND occurred_at < ?
                                        UNION ALL
                                        SELECT producer, seq >> 12,
                                               int4multirange(int4range(CAST(seq & 4095 AS integer),
                                                                        CAST(seq & 4095 AS integer), '[]'))
                                          FROM audit_event
                                         WHERE seq IS NOT NULL AND producer = ANY (?)
                                           AND occurred_at >= ? AND occurred_at < ?) parts
                                 GROUP BY producer, block) blocks
                         GROUP BY producer) m
                """,
                quartersFrom,
                quartersTo,
                names,
                names,
                from,
                quartersFrom,
                names,
                quartersTo,
                to);
    }

    /// Invoked runs of [from, to) by agent.
    List<AgentRuns> runs(Viewer viewer, @Nullable String agentId, Instant from, Instant to) {
        List<AgentRuns> runs = new ArrayList<>();
        query(
                """
                SELECT agent_id, count(*), count(*) FILTER (WHERE errors > 0), count(duration_ms),
                       coalesce(sum(duration_ms), 0)
                  FROM agent_run
                 WHERE invoked_at >= ? AND invoked_at < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                 GROUP BY agent_id
                """,
                viewer,
                agentId,
                from,
                to,
                row ->
                        runs.add(
                                new AgentRuns(
                                        row.getString(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getDouble(5))));
        return runs;
    }

    /// Every duration of the runs invoked in [from, to), in milliseconds.
    void runDurations(
            Viewer viewer, String agentId, Instant from, Instant to, Consumer<Double> each) {
        query(
                """
                SELECT duration_ms
                  FROM agent_run
                 WHERE invoked_at >= ? AND invoked_at < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                   AND duration_ms IS NOT NULL
                """,
                viewer,
                agentId,
                from,
                to,
                row -> each.accept(row.getDouble(1)));
    }

    /// Unpaired calls and missing parents.
    long[] gaps(Viewer viewer, @Nullable String agentId, Instant from, Instant to) {
        long[] gaps = new long[2];
        query(
                """
                SELECT count(*) FILTER (WHERE kind = 'UNPAIRED_CALL'),
                       count(*) FILTER (WHERE kind = 'MISSING_PARENT')
                  FROM trace_gap
                 WHERE occurred_at >= ? AND occurred_at < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                """,
                viewer,
                agentId,
                from,
                to,
                row -> {
                    gaps[0] = row.getLong(1);
                    gaps[1] = row.getLong(2);
                });
        return gaps;
    }

    /// Items rejected in the quarter hours of [from, to) of their receipt; they name no agent.
    long rejected(Instant from, Instant to) {
        return count(
                """
                SELECT coalesce(sum(rejected), 0)
                  FROM rollup_ingest
                 WHERE quarter >= ? AND quarter < ?
                """,
                from,
                to);
    }

    /// Values redacted in events received in the quarter hours of [from, to), by detector.
    Map<String, Long> redactions(
            Viewer viewer, @Nullable String agentId, Instant from, Instant to) {
        Map<String, Long> redactions = new HashMap<>();
        query(
                """
                SELECT detector, sum(redactions)
                  FROM rollup_redaction_detector
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                 GROUP BY detector
                """,
                viewer,
                agentId,
                from,
                to,
                row -> redactions.put(row.getString(1), row.getLong(2)));
        return redactions;
    }

    /// Days of [from, to) in `zone` on which each agent had an event.
    Map<String, Long> activeDays(Viewer viewer, Instant from, Instant to, ZoneId zone) {
        Map<String, Long> days = new HashMap<>();
        read(
                """
                SELECT agent_id, count(DISTINCT CAST(quarter AT TIME ZONE ? AS date))
                  FROM rollup_event
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                 GROUP BY agent_id
                """,
                row -> days.put(row.getString(1), row.getLong(2)),
                TimeZoneName.of(zone),
                from,
                to,
                viewer.scopeLikePatterns());
        return days;
    }

    /// Counters of one agent per day of [from, to) in `zone`; days without events are absent. Whole
    /// quarter hours only.
    Map<LocalDate, PeriodCounts> agentDays(
            Viewer viewer, String agentId, Instant from, Instant to, ZoneId zone) {
        Map<LocalDate, PeriodCounts> days = new HashMap<>();
        read(
                """
                SELECT CAST(quarter AT TIME ZONE ? AS date) AS day, agent_id, event_type, events, errors,
                       escalations, unnamed, late, redactions, sensitive, sensitive_audited, reasoned,
                       with_depth, max_depth, trace_expected, trace_stated, input_tokens, output_tokens,
                       cached_tokens, costed, cost_usd, first_at, last_at
                  FROM rollup_event
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?) AND agent_id = ?
                """,
                row -> {
                    days.computeIfAbsent(
                                    row.getObject("day", LocalDate.class),
                                    day -> new PeriodCounts())
                            .addSums(
                                    row.getString("agent_id"),
                                    EventType.valueOf(row.getString("event_type")),
                                    RollupRow.sums(row));
                    return true;
                },
                TimeZoneName.of(zone),
                from,
                to,
                viewer.scopeLikePatterns(),
                agentId);
        return days;
    }

    /// Handoffs of [from, to) whose target is the agent, from agents in scope.
    long handoffsTo(Viewer viewer, String agentId, Instant from, Instant to) {
        return count(
                """
                SELECT coalesce(sum(handoffs), 0)
                  FROM rollup_handoff
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?) AND target = ?
                """,
                from,
                to,
                viewer.scopeLikePatterns(),
                agentId);
    }

    /// How often each value of a property occurs among the agent's events of [from, to).
    Map<String, Long> tally(
            Viewer viewer, String agentId, Instant from, Instant to, Property property) {
        Map<String, Long> counts = new HashMap<>();
        query(
                property.sql,
                viewer,
                agentId,
                from,
                to,
                row -> counts.put(row.getString(1), row.getLong(2)));
        query(
                """
                SELECT value, sum(events)
                  FROM expired_tally
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                   AND property = '%s'
                 GROUP BY value
                """
                        .formatted(property),
                viewer,
                agentId,
                EventCounts.quarterOf(from),
                to,
                row -> counts.merge(row.getString(1), row.getLong(2), Long::sum));
        return counts;
    }

    /// Properties that are tallied from events.
    enum Property {
        MODEL(
                """
                SELECT model, count(*) FROM audit_event
                 WHERE occurred_at >= ? AND occurred_at < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?) AND model IS NOT NULL
                   AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = arrival >> 20)
                 GROUP BY model
                """),
        RESOURCE(
                """
                SELECT (r.value ->> 'type') || ':' || (r.value ->> 'identifier'), count(*)
                  FROM audit_event e
                 CROSS JOIN LATERAL json_array_elements(CAST(e.resources AS json)) r
                 WHERE e.occurred_at >= ? AND e.occurred_at < ? AND e.agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR e.agent_id = ?) AND e.resources IS NOT NULL
                   AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20)
                 GROUP BY 1
                """),
        PERMISSION_LEVEL(
                """
                SELECT permission_level, count(*) FROM audit_event
                 WHERE occurred_at >= ? AND occurred_at < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?) AND permission_level IS NOT NULL
                   AND NOT EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = arrival >> 20)
                 GROUP BY permission_level
                """);

        private final String sql;

        Property(String sql) {
            this.sql = sql;
        }
    }

    /// Reads several times as of one moment: retention moves what it removes from events to the
    /// tables `expired_…`, and between two readings it would be counted twice or not at all.
    <T> T snapshot(Supplier<T> reading) {
        DefaultTransactionDefinition snapshot = new DefaultTransactionDefinition();
        snapshot.setIsolationLevel(Isolation.REPEATABLE_READ);
        snapshot.setReadOnly(true);
        return transactions.execute(snapshot, status -> reading.get());
    }

    /// Whether events have expired from the quarter hour that starts then.
    boolean hasExpired(Instant quarter) {
        return count("SELECT count(*) FROM expired_quarter WHERE quarter = ?", quarter) > 0;
    }

    /// Runs a statement with the parameters from, to, scope, agent, agent.
    private void query(
            String sql,
            Viewer viewer,
            @Nullable String agentId,
            Instant from,
            Instant to,
            QueryRows.Reader reader) {
        read(
                sql,
                row -> {
                    reader.read(row);
                    return true;
                },
                from,
                to,
                viewer.scopeLikePatterns(),
                agentId,
                agentId);
    }

    /// Events and errors of each of `count` hours from `from` on.
    long[][] hours(Viewer viewer, Instant from, Instant to, int count) {
        long[][] hours = new long[count][2];
        query(
                """
                SELECT quarter, sum(events) AS events, sum(errors) AS errors
                  FROM rollup_event
                 WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                   AND (CAST(? AS text) IS NULL OR agent_id = ?)
                 GROUP BY quarter
                """,
                viewer,
                null,
                from,
                to,
                row -> {
                    Instant quarter = EventRow.instant(row, "quarter");
                    long[] hour = hours[Math.toIntExact(Duration.between(from, quarter).toHours())];
                    hour[0] += row.getLong("events");
                    hour[1] += row.getLong("errors");
                });
        return hours;
    }

    /// The one number a statement gives.
    private long count(String sql, @Nullable Object... parameters) {
        return read(sql, row -> row.getLong(1), parameters).getFirst();
    }

    private <T> List<T> read(
            String sql, QueryRows.Mapper<T> mapper, @Nullable Object... parameters) {
        return transactions.executeRead(
                status ->
                        QueryRows.list(
                                status.getConnection(), sql, mapper, Arrays.asList(parameters)));
    }
}
