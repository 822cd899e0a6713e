package org.agentaudit.query;

import io.micronaut.transaction.TransactionDefinition.Isolation;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.query.RequestReadRepository.Dimension;
import org.agentaudit.query.RequestReadRepository.Scope;
import org.agentaudit.store.RequestCounts.Ended;
import org.jspecify.annotations.Nullable;

/// What model requests cost and how they went in a period, for a viewer: from roll-ups, and from
/// events for the parts of the period that are no whole quarter hours. Needs nothing settled.
@Singleton
public class RequestQuery {

    /// Keys a list may hold.
    public static final int MAXIMUM_KEYS = 1000;

    private final TransactionOperations<Connection> transactions;
    private final RequestReadRepository repository;
    private final ResponseReadRepository responses;

    RequestQuery(
            TransactionOperations<Connection> transactions,
            RequestReadRepository repository,
            ResponseReadRepository responses) {
        this.transactions = transactions;
        this.repository = repository;
        this.responses = responses;
    }

    /// What is looked at for optimisations.
    ///
    /// @param costAbove   US dollars of an agent and model
    /// @param tokensBelow mean tokens per request of an agent and model
    /// @param requests    fewest requests of a model
    public record Thresholds(BigDecimal costAbove, long tokensBelow, long requests) {}

    /// @param period as [CountsQuery#countable] gave it
    /// @param zone   of the days of [CostDimension#DAY]
    public CostCounts costs(
            Viewer viewer,
            Period period,
            CostDimension dimension,
            ZoneId zone,
            Thresholds thresholds) {
        viewer.requireReader();
        Scope scope = Scope.of(viewer, period);
        return snapshot(
                connection -> {
                    RequestReadRepository.Sums total = repository.total(connection, scope);
                    return new CostCounts(
                            new Period(period.from(), period.to(), total.firstAt(), total.lastAt()),
                            sums(total),
                            rows(
                                    switch (dimension) {
                                        case AGENT ->
                                                repository.byAgent(connection, scope, MAXIMUM_KEYS);
                                        case DAY ->
                                                repository.byDay(
                                                        connection, scope, zone, MAXIMUM_KEYS);
                                        case MODEL -> byKey(connection, scope, Dimension.MODEL);
                                        case TASK -> byKey(connection, scope, Dimension.TASK);
                                        case SESSION -> byKey(connection, scope, Dimension.SESSION);
                                        case USER -> byKey(connection, scope, Dimension.USER);
                                    }),
                            repository
                                    .smallRequests(
                                            connection,
                                            scope,
                                            thresholds.costAbove(),
                                            thresholds.tokensBelow(),
                                            MAXIMUM_KEYS)
                                    .stream()
                                    .map(
                                            row ->
                                                    new CostCounts.AgentModel(
                                                            row.agentId(),
                                                            row.sums().key(),
                                                            sums(row.sums())))
                                    .toList(),
                            rows(
                                    repository.littleCached(
                                            connection,
                                            scope,
                                            thresholds.requests(),
                                            MAXIMUM_KEYS)));
                });
    }

    private List<RequestReadRepository.Sums> byKey(
            Connection connection, Scope scope, Dimension dimension) throws SQLException {
        return repository.byKey(connection, scope, dimension, MAXIMUM_KEYS);
    }

    /// @param period as [CountsQuery#countable] gave it
    public UsageCounts usage(Viewer viewer, Period period) {
        viewer.requireReader();
        Scope scope = Scope.of(viewer, period);
        return snapshot(
                connection -> {
                    Fold fold = new Fold();
                    responses.read(connection, scope, fold);
                    return new UsageCounts(
                            fold.count(Ended.SUCCESS),
                            fold.count(Ended.FAILURE),
                            fold.count(Ended.OTHER),
                            fold.tokens,
                            fold.all.stats(),
                            fold.stats(Ended.SUCCESS),
                            fold.stats(Ended.FAILURE),
                            tallies(connection, scope, Dimension.USER),
                            tallies(connection, scope, Dimension.MODEL),
                            tallies(connection, scope, Dimension.ERROR_TYPE));
                });
    }

    private List<Tally> tallies(Connection connection, Scope scope, Dimension dimension)
            throws SQLException {
        List<Tally> tallies = new ArrayList<>();
        long listed = 0;
        long all = 0;
        for (RequestReadRepository.Count count :
                repository.responses(connection, scope, dimension, MAXIMUM_KEYS)) {
            all = count.all();
            listed += count.responses();
            tallies.add(tally(count.key(), count.responses(), all));
        }
        if (listed < all) {
            tallies.add(tally(Tally.OTHER, all - listed, all));
        }
        return tallies;
    }

    private static Tally tally(String key, long count, long all) {
        return new Tally(key, count, (double) count / all);
    }

    private static List<CostCounts.Row> rows(List<RequestReadRepository.Sums> rows) {
        return rows.stream().map(row -> new CostCounts.Row(row.key(), sums(row))).toList();
    }

    private static RequestSums sums(RequestReadRepository.Sums row) {
        return new RequestSums(row.requests(), row.costed(), row.tokens(), row.cost());
    }

    /// Adds responses up.
    private static final class Fold implements ResponseReadRepository.Responses {
        private final Map<Ended, Long> counts = new EnumMap<>(Ended.class);
        private final Map<Ended, Latencies> latencies = new EnumMap<>(Ended.class);
        private final Latencies all = new Latencies();
        private TokenCounts tokens = TokenCounts.ZERO;

        @Override
        public void sketch(
                Ended ended,
                long responses,
                TokenCounts more,
                long timed,
                double sumMs,
                double maxMs,
                byte @Nullable [] latency) {
            count(ended, responses, more);
            all.add(timed, sumMs, maxMs, latency);
            of(ended).add(timed, sumMs, maxMs, latency);
        }

        @Override
        public void single(Ended ended, long responses, TokenCounts more, List<Double> durations) {
            count(ended, responses, more);
            durations.forEach(all::add);
            durations.forEach(of(ended)::add);
        }

        private void count(Ended ended, long responses, TokenCounts more) {
            counts.merge(ended, responses, Long::sum);
            tokens = tokens.plus(more);
        }

        private Latencies of(Ended ended) {
            return latencies.computeIfAbsent(ended, key -> new Latencies());
        }

        long count(Ended ended) {
            return counts.getOrDefault(ended, 0L);
        }

        @Nullable LatencyStats stats(Ended ended) {
            return of(ended).stats();
        }
    }

    private interface Reading<T> {
        T of(Connection connection) throws SQLException;
    }

    /// Reads several times as of one moment.
    private <T> T snapshot(Reading<T> reading) {
        DefaultTransactionDefinition snapshot = new DefaultTransactionDefinition();
        snapshot.setIsolationLevel(Isolation.REPEATABLE_READ);
        snapshot.setReadOnly(true);
        return transactions.execute(snapshot, status -> reading.of(status.getConnection()));
    }
}
