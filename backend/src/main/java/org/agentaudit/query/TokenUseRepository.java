package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Reads what sessions used of tokens.
@Singleton
class TokenUseRepository {

    private static final double P95 = 0.95;

    /// Use by session, and by what `%s` says, in the whole quarter hours of a period and in the
    /// events of the rest; `%s` limits the parts.
    private static final String USED =
            """
            SELECT session_id, %s AS agent_id, sum(input_tokens) AS input,
                   sum(CAST(input_tokens AS numeric) + output_tokens) AS total, sum(cached_tokens) AS cached,
                   sum(costed) AS costed, sum(cost_usd) AS cost
              FROM (SELECT session_id, agent_id, token_events, input_tokens, output_tokens, cached_tokens, costed, cost_usd
                      FROM session_part
                     WHERE quarter >= ? AND quarter < ? AND agent_id LIKE ANY (?)
                       AND (CAST(? AS text) IS NULL OR agent_id = ?) %s
                    UNION ALL
                    SELECT session_id, agent_id, CASE WHEN input_tokens IS NULL THEN 0 ELSE 1 END,
                           coalesce(input_tokens, 0), coalesce(output_tokens, 0), coalesce(cached_tokens, 0),
                           CASE WHEN cost_usd IS NULL THEN 0 ELSE 1 END, coalesce(cost_usd, 0)
                      FROM audit_event
                     WHERE occurred_at >= ? AND occurred_at < ? AND (occurred_at < ? OR occurred_at >= ?)
                       AND CAST(? AS boolean) AND session_id IS NOT NULL AND agent_id LIKE ANY (?)
                       AND (CAST(? AS text) IS NULL OR agent_id = ?)) parts
             GROUP BY 1, 2
            HAVING sum(token_events) > 0
            """;

    private static final String USE =
            "WITH used AS ("
                    + USED
                    + """
                    ) SELECT agent_id, count(*) AS sessions, sum(total) AS total,
                             percentile_disc(0.95) WITHIN GROUP (ORDER BY total) AS p95,
                             sum(input) AS input, sum(cached) AS cached, sum(costed) AS costed, sum(cost) AS cost
                        FROM used
                       GROUP BY agent_id
                    """;

    /// Sessions that lie within whole days come from the roll-up; those with an event before the
    /// first or after the last of these days one by one.
    private static final String USE_OF_DAYS =
            """
            WITH outside AS MATERIALIZED (
                 SELECT session_id FROM agent_session
                  WHERE tstzrange(started_at, last_at, '[]') && tstzrange(CAST(? AS timestamptz), CAST(? AS timestamptz), '[]')
                    AND started_at < ?
                 UNION
                 SELECT session_id FROM agent_session
                  WHERE tstzrange(started_at, last_at, '[]') && tstzrange(CAST(? AS timestamptz), CAST(? AS timestamptz), '[]')
                    AND last_at >= ?),
                 used AS (
            """
                    + USED.formatted(
                            "CAST(NULL AS text)",
                            "AND session_id IN (SELECT session_id FROM outside)")
                    + """
                    ) SELECT bucket, sum(sessions) AS sessions, sum(total) AS total, sum(input) AS input,
                             sum(cached) AS cached, sum(costed) AS costed, sum(cost) AS cost
                        FROM (SELECT token_bucket AS bucket, sessions, total_tokens AS total, input_tokens AS input,
                                     cached_tokens AS cached, costed, cost_usd AS cost
                                FROM rollup_session
                               WHERE first_day >= CAST(CAST(? AS timestamptz) AT TIME ZONE 'UTC' AS date)
                                 AND last_day < CAST(CAST(? AS timestamptz) AT TIME ZONE 'UTC' AS date)
                                 AND sessions > 0
                              UNION ALL
                              SELECT CASE WHEN total = 0 THEN -1
                                          ELSE CAST(floor(ln(CAST(total AS double precision))
                                                          / ln(CAST(1.005 AS double precision))) AS integer) END,
                                     1, total, input, cached, costed, cost
                                FROM used) u
                       GROUP BY bucket
                       ORDER BY bucket
                    """;

    private final TransactionOperations<Connection> transactions;

    TokenUseRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Use of tokens in the period, of one agent or whoever used them.
    TokenUse use(Viewer viewer, Period period, @Nullable String agentId) {
        Instant firstDay =
                period.from().minusNanos(1).truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        Instant lastDay = period.to().truncatedTo(ChronoUnit.DAYS);
        if (agentId == null && viewer.agentScope().isEmpty() && firstDay.isBefore(lastDay)) {
            return ofDays(viewer, period, firstDay, lastDay);
        }
        List<TokenUse> use =
                read(
                        USE.formatted("CAST(NULL AS text)", ""),
                        TokenUseRepository::use,
                        usedParameters(viewer, period, agentId));
        return use.isEmpty() ? TokenUse.NONE : use.getFirst();
    }

    /// Use of tokens in the period by agent.
    Map<String, TokenUse> useByAgent(Viewer viewer, Period period) {
        Map<String, TokenUse> byAgent = new HashMap<>();
        read(
                USE.formatted("agent_id", ""),
                row -> byAgent.put(row.getString("agent_id"), use(row)),
                usedParameters(viewer, period, null));
        return byAgent;
    }

    private TokenUse ofDays(Viewer viewer, Period period, Instant firstDay, Instant lastDay) {
        List<@Nullable Object> parameters =
                new ArrayList<>(
                        Arrays.asList(
                                period.from(), firstDay, firstDay, lastDay, period.to(), lastDay));
        parameters.addAll(usedParameters(viewer, period, null));
        parameters.add(firstDay);
        parameters.add(lastDay);
        List<TokenUse> buckets = read(USE_OF_DAYS, TokenUseRepository::sums, parameters);
        long sessions = buckets.stream().mapToLong(TokenUse::sessions).sum();
        TokenUse all = TokenUse.NONE;
        Double p95 = null;
        for (TokenUse bucket : buckets) {
            all = all.plus(bucket);
            if (p95 == null && all.sessions() >= Math.ceil(P95 * sessions)) {
                // a bucket is 0.5 % wide
                p95 = bucket.mean();
            }
        }
        return all.withP95(p95);
    }

    private static List<@Nullable Object> usedParameters(
            Viewer viewer, Period period, @Nullable String agentId) {
        Quarters quarters = Quarters.of(period);
        String[] scope = viewer.scopeLikePatterns();
        return Arrays.asList(
                quarters.from(),
                quarters.to(),
                scope,
                agentId,
                agentId,
                period.from(),
                period.to(),
                quarters.from(),
                quarters.to(),
                period.from().isBefore(quarters.from()) || quarters.to().isBefore(period.to()),
                scope,
                agentId,
                agentId);
    }

    private static TokenUse use(ResultSet row) throws SQLException {
        BigDecimal p95 = row.getBigDecimal("p95");
        return sums(row).withP95(p95 == null ? null : p95.doubleValue());
    }

    private static TokenUse sums(ResultSet row) throws SQLException {
        return new TokenUse(
                row.getLong("sessions"),
                whole(row, "total"),
                null,
                whole(row, "input"),
                whole(row, "cached"),
                row.getLong("costed") == 0 ? null : row.getBigDecimal("cost"));
    }

    private static BigInteger whole(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigInteger();
    }

    private <T> List<T> read(
            String sql, QueryRows.Mapper<T> mapper, List<? extends @Nullable Object> parameters) {
        return transactions.executeRead(
                status -> QueryRows.list(status.getConnection(), sql, mapper, parameters));
    }
}
