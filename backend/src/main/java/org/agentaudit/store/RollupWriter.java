package org.agentaudit.store;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Adds a batch's counters to the roll-up tables, in key order.
final class RollupWriter {

    private static final List<ToLongFunction<EventCounts.Sums>> SUMS =
            List.of(
                    s -> s.events,
                    s -> s.errors,
                    s -> s.escalations,
                    s -> s.unnamed,
                    s -> s.late,
                    s -> s.redactions,
                    s -> s.sensitive,
                    s -> s.sensitiveAudited,
                    s -> s.reasoned,
                    s -> s.withDepth,
                    s -> s.maxDepth,
                    s -> s.traceExpected,
                    s -> s.traceStated,
                    s -> s.inputTokens,
                    s -> s.outputTokens,
                    s -> s.cachedTokens,
                    s -> s.costed);

    private RollupWriter() {}

    static void write(Connection connection, EventCounts counts) throws SQLException {
        writeEvents(connection, counts.sums());
        writeNames(
                connection,
                """
                INSERT INTO rollup_error AS r (quarter, agent_id, error_type, errors)
                SELECT * FROM unnest(CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
                ON CONFLICT (quarter, agent_id, error_type) DO UPDATE SET errors = r.errors + excluded.errors
                """,
                counts.errors());
        writeNames(
                connection,
                """
                INSERT INTO rollup_producer AS r (quarter, agent_id, producer, events)
                SELECT * FROM unnest(CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
                ON CONFLICT (quarter, agent_id, producer) DO UPDATE SET events = r.events + excluded.events
                """,
                counts.producers());
        writeSequences(connection, counts.sequences());
        writeNames(
                connection,
                """
                INSERT INTO rollup_derived_trace (quarter, agent_id, trace_id)
                SELECT quarter, agent_id, trace_id
                  FROM unnest(CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
                       AS n (quarter, agent_id, trace_id, events)
                ON CONFLICT DO NOTHING
                """,
                counts.derivedTraces());
        writeNames(
                connection,
                """
                INSERT INTO rollup_handoff AS r (quarter, agent_id, target, handoffs)
                SELECT * FROM unnest(CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
                ON CONFLICT (quarter, agent_id, target) DO UPDATE SET handoffs = r.handoffs + excluded.handoffs
                """,
                counts.handoffs());
    }

    /// @param redactions by quarter hour of receipt, agent and detector
    static void writeRedactions(
            Connection connection, SortedMap<EventCounts.NameKey, Long> redactions)
            throws SQLException {
        writeNames(
                connection,
                """
                INSERT INTO rollup_redaction AS r (quarter, agent_id, redactions)
                SELECT quarter, agent_id, sum(redactions)
                  FROM unnest(CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
                       AS n (quarter, agent_id, detector, redactions)
                 GROUP BY quarter, agent_id
                 ORDER BY quarter, agent_id
                ON CONFLICT (quarter, agent_id) DO UPDATE SET redactions = r.redactions + excluded.redactions
                """,
                redactions);
        writeNames(
                connection,
                """
                INSERT INTO rollup_redaction_detector AS r (quarter, agent_id, detector, redactions)
                SELECT * FROM unnest(CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]))
                ON CONFLICT (quarter, agent_id, detector) DO UPDATE SET redactions = r.redactions + excluded.redactions
                """,
                redactions);
    }

    /// @param quarters per quarter hour: stored, duplicates, rejected
    static void writeIngest(Connection connection, SortedMap<Instant, long[]> quarters)
            throws SQLException {
        if (quarters.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO rollup_ingest AS r (quarter, stored, duplicates, rejected)
                        SELECT * FROM unnest(CAST(? AS timestamptz[]), CAST(? AS bigint[]), CAST(? AS bigint[]),
                                             CAST(? AS bigint[]))
                        ON CONFLICT (quarter) DO UPDATE
                           SET stored = r.stored + excluded.stored,
                               duplicates = r.duplicates + excluded.duplicates,
                               rejected = r.rejected + excluded.rejected
                        """)) {
            List<Map.Entry<Instant, long[]>> rows = List.copyOf(quarters.entrySet());
            statement.setArray(1, times(connection, rows, Map.Entry::getKey));
            for (int column = 0; column < 3; column++) {
                int c = column;
                statement.setArray(2 + c, longs(connection, rows, row -> row.getValue()[c]));
            }
            statement.executeUpdate();
        }
    }

    private static void writeEvents(
            Connection connection, SortedMap<EventCounts.Key, EventCounts.Sums> sums)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO rollup_event AS r (
                               quarter, agent_id, event_type, events, errors, escalations, unnamed, late, redactions,
                               sensitive, sensitive_audited, reasoned, with_depth, max_depth, trace_expected, trace_stated,
                               input_tokens, output_tokens, cached_tokens, costed, cost_usd, first_at, last_at)
                        SELECT * FROM unnest(
                               CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]),
                               CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]),
                               CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]),
                               CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]),
                               CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bigint[]),
                               CAST(? AS numeric[]), CAST(? AS timestamptz[]), CAST(? AS timestamptz[]))
                        ON CONFLICT (quarter, agent_id, event_type) DO UPDATE
                           SET events = r.events + excluded.events,
                               errors = r.errors + excluded.errors,
                               escalations = r.escalations + excluded.escalations,
                               unnamed = r.unnamed + excluded.unnamed,
                               late = r.late + excluded.late,
                               redactions = r.redactions + excluded.redactions,
                               sensitive = r.sensitive + excluded.sensitive,
                               sensitive_audited = r.sensitive_audited + excluded.sensitive_audited,
                               reasoned = r.reasoned + excluded.reasoned,
                               with_depth = r.with_depth + excluded.with_depth,
                               max_depth = greatest(r.max_depth, excluded.max_depth),
                               trace_expected = r.trace_expected + excluded.trace_expected,
                               trace_stated = r.trace_stated + excluded.trace_stated,
                               input_tokens = least(CAST(r.input_tokens AS numeric) + excluded.input_tokens, 9223372036854775807),
                               output_tokens = least(CAST(r.output_tokens AS numeric) + excluded.output_tokens, 9223372036854775807),
                               cached_tokens = least(CAST(r.cached_tokens AS numeric) + excluded.cached_tokens, 9223372036854775807),
                               costed = r.costed + excluded.costed,
                               cost_usd = r.cost_usd + excluded.cost_usd,
                               first_at = least(r.first_at, excluded.first_at),
                               last_at = greatest(r.last_at, excluded.last_at)
                        """)) {
            List<Map.Entry<EventCounts.Key, EventCounts.Sums>> rows = List.copyOf(sums.entrySet());
            statement.setArray(1, times(connection, rows, row -> row.getKey().quarter()));
            statement.setArray(2, texts(connection, rows, row -> row.getKey().agentId()));
            statement.setArray(3, texts(connection, rows, row -> row.getKey().type().name()));
            for (int i = 0; i < SUMS.size(); i++) {
                ToLongFunction<EventCounts.Sums> sum = SUMS.get(i);
                statement.setArray(
                        4 + i, longs(connection, rows, row -> sum.applyAsLong(row.getValue())));
            }
            int next = 4 + SUMS.size();
            List<BigDecimal> costs = new ArrayList<>();
            rows.forEach(row -> costs.add(row.getValue().cost));
            statement.setArray(next, connection.createArrayOf("numeric", costs.toArray()));
            statement.setArray(next + 1, times(connection, rows, row -> row.getValue().firstAt));
            statement.setArray(next + 2, times(connection, rows, row -> row.getValue().lastAt));
            statement.executeUpdate();
        }
    }

    private static void writeNames(
            Connection connection, String sql, SortedMap<EventCounts.NameKey, Long> counts)
            throws SQLException {
        if (counts.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            List<Map.Entry<EventCounts.NameKey, Long>> rows = List.copyOf(counts.entrySet());
            statement.setArray(1, times(connection, rows, row -> row.getKey().quarter()));
            statement.setArray(2, texts(connection, rows, row -> row.getKey().agentId()));
            statement.setArray(3, texts(connection, rows, row -> row.getKey().name()));
            statement.setArray(4, longs(connection, rows, Map.Entry::getValue));
            statement.executeUpdate();
        }
    }

    private static void writeSequences(
            Connection connection, SortedMap<EventCounts.SequenceKey, BitSet> sequences)
            throws SQLException {
        if (sequences.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO rollup_sequence AS r (quarter, producer, block, numbers)
                        SELECT quarter, producer, block, CAST(numbers AS int4multirange)
                          FROM unnest(CAST(? AS timestamptz[]), CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS text[]))
                               AS n (quarter, producer, block, numbers)
                        ON CONFLICT (quarter, producer, block) DO UPDATE SET numbers = r.numbers + excluded.numbers
                        """)) {
            List<Map.Entry<EventCounts.SequenceKey, BitSet>> rows =
                    List.copyOf(sequences.entrySet());
            statement.setArray(1, times(connection, rows, row -> row.getKey().quarter()));
            statement.setArray(2, texts(connection, rows, row -> row.getKey().producer()));
            statement.setArray(3, longs(connection, rows, row -> row.getKey().block()));
            statement.setArray(
                    4, texts(connection, rows, row -> EventCounts.ranges(row.getValue())));
            statement.executeUpdate();
        }
    }

    private static <T> Array texts(Connection connection, List<T> rows, Function<T, String> column)
            throws SQLException {
        return EventWriteRepository.texts(connection, rows, column);
    }

    private static <T> Array times(Connection connection, List<T> rows, Function<T, Instant> column)
            throws SQLException {
        return EventWriteRepository.times(connection, rows, column::apply);
    }

    private static <T> Array longs(
            Connection connection, List<T> rows, Function<T, @Nullable Long> column)
            throws SQLException {
        return PgArrays.longs(connection, rows, column);
    }
}
