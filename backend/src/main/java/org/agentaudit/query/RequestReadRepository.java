package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.store.EventRow;
import org.jspecify.annotations.Nullable;

/// Reads the roll-up of requests; for the parts of a period that are no whole quarter hours,
/// events. Every list is limited: a producer may name a million models.
@Singleton
class RequestReadRepository {

    /// What reads: a viewer's scope and a period with its whole quarter hours.
    record Scope(Viewer viewer, Period period, Quarters quarters) {
        static Scope of(Viewer viewer, Period period) {
            return new Scope(viewer, period, Quarters.of(period));
        }
    }

    /// Dimensions of `rollup_request`.
    enum Dimension {
        MODEL,
        TASK,
        SESSION,
        USER,
        ERROR_TYPE
    }

    /// Sums of requests.
    ///
    /// @param cost    US dollars; null when no request has a cost
    /// @param firstAt null when there is no request
    record Sums(
            String key,
            long requests,
            long costed,
            TokenCounts tokens,
            @Nullable BigDecimal cost,
            @Nullable Instant firstAt,
            @Nullable Instant lastAt) {}

    /// How often a key occurs among responses.
    ///
    /// @param all responses of all keys together
    record Count(String key, long responses, long all) {}

    /// Events of the period outside of its whole quarter hours: two ranges of the index by time.
    static final String EDGE =
            """
            edge AS (
                 SELECT e.* FROM audit_event e
                  WHERE e.occurred_at >= ? AND e.occurred_at < ? AND e.agent_id LIKE ANY (?)
                    AND (e.input_tokens IS NOT NULL OR e.cost_usd IS NOT NULL OR e.event_type = 'LLM_RESPONSE')
                 UNION ALL
                 SELECT e.* FROM audit_event e
                  WHERE e.occurred_at >= ? AND e.occurred_at < ? AND e.agent_id LIKE ANY (?)
                    AND (e.input_tokens IS NOT NULL OR e.cost_usd IS NOT NULL OR e.event_type = 'LLM_RESPONSE'))
            """;

    /// Rows of one dimension. The content of an event is looked up for USER only.
    private static final String PART =
            "WITH "
                    + EDGE
                    + """
                    , part AS (
                         SELECT c.quarter AS at, c.agent_id, c.key, c.requests, c.costed, c.input_tokens, c.output_tokens,
                                c.cached_tokens, c.cost_usd, c.responses, c.first_at, c.last_at
                           FROM request_count c
                          WHERE c.dimension = ? AND c.quarter >= ? AND c.quarter < ? AND c.agent_id LIKE ANY (?)
                         UNION ALL
                         SELECT e.occurred_at, e.agent_id, k.key, n.requests, CASE WHEN e.cost_usd IS NULL THEN 0 ELSE 1 END,
                                coalesce(e.input_tokens, 0), coalesce(e.output_tokens, 0), coalesce(e.cached_tokens, 0),
                                coalesce(e.cost_usd, 0), CASE WHEN e.event_type = 'LLM_RESPONSE' THEN 1 ELSE 0 END,
                                CASE WHEN n.requests > 0 THEN e.occurred_at END,
                                CASE WHEN n.requests > 0 THEN e.occurred_at END
                           FROM edge e
                          CROSS JOIN LATERAL (
                                SELECT CASE WHEN e.input_tokens IS NULL AND e.cost_usd IS NULL THEN 0 ELSE 1 END AS requests) n
                          CROSS JOIN LATERAL (
                                SELECT CASE CAST(? AS text)
                                       WHEN 'MODEL' THEN coalesce(e.model, 'unspecified')
                                       WHEN 'TASK' THEN coalesce(e.task_id, 'unspecified')
                                       WHEN 'SESSION' THEN coalesce(e.session_id, 'unspecified')
                                       WHEN 'USER' THEN coalesce(
                                            (SELECT coalesce(c.user_id, 'unspecified') FROM event_content c
                                              WHERE c.trace_id = e.trace_id AND c.occurred_at = e.occurred_at
                                                AND c.event_id = e.event_id), '(removed)')
                                       WHEN 'ERROR_TYPE' THEN
                                            CASE WHEN e.event_type = 'LLM_RESPONSE' AND e.outcome = 'FAILURE'
                                                 THEN coalesce(e.error_type, 'unspecified') END
                                       END AS key) k
                          WHERE k.key IS NOT NULL)
                    """;

    private static final String SUMS =
            """
            sum(requests) AS requests, sum(costed) AS costed,
            least(sum(input_tokens), 9223372036854775807) AS input_tokens,
            least(sum(output_tokens), 9223372036854775807) AS output_tokens,
            least(sum(cached_tokens), 9223372036854775807) AS cached_tokens,
            CASE WHEN sum(costed) > 0 THEN sum(cost_usd) END AS cost_usd, min(first_at) AS first_at, max(last_at) AS last_at
              FROM part
            """;

    private static final String BY_COST =
            """
             GROUP BY 1 HAVING sum(requests) > 0
             ORDER BY cost_usd DESC NULLS LAST, key LIMIT ?
            """;

    /// All requests together.
    Sums total(Connection connection, Scope scope) throws SQLException {
        return QueryRows.list(
                        connection,
                        PART
                                + """
                                SELECT '' AS key, coalesce(sum(requests), 0) AS requests, coalesce(sum(costed), 0) AS costed,
                                       least(coalesce(sum(input_tokens), 0), 9223372036854775807) AS input_tokens,
                                       least(coalesce(sum(output_tokens), 0), 9223372036854775807) AS output_tokens,
                                       least(coalesce(sum(cached_tokens), 0), 9223372036854775807) AS cached_tokens,
                                       CASE WHEN sum(costed) > 0 THEN sum(cost_usd) END AS cost_usd,
                                       min(first_at) AS first_at, max(last_at) AS last_at
                                  FROM part
                                """,
                        RequestReadRepository::sums,
                        part(scope, Dimension.MODEL))
                .getFirst();
    }

    /// Requests by the dimension's key, dearest first.
    List<Sums> byKey(Connection connection, Scope scope, Dimension dimension, int limit)
            throws SQLException {
        return QueryRows.list(
                connection,
                PART + "SELECT key, " + SUMS + BY_COST,
                RequestReadRepository::sums,
                with(part(scope, dimension), limit));
    }

    /// Requests by agent, dearest first.
    List<Sums> byAgent(Connection connection, Scope scope, int limit) throws SQLException {
        return QueryRows.list(
                connection,
                PART + "SELECT agent_id AS key, " + SUMS + BY_COST,
                RequestReadRepository::sums,
                with(part(scope, Dimension.MODEL), limit));
    }

    /// Requests by calendar day in `zone`, dearest first.
    List<Sums> byDay(Connection connection, Scope scope, ZoneId zone, int limit)
            throws SQLException {
        return QueryRows.list(
                connection,
                PART + "SELECT to_char(at AT TIME ZONE ?, 'YYYY-MM-DD') AS key, " + SUMS + BY_COST,
                RequestReadRepository::sums,
                with(part(scope, Dimension.MODEL), TimeZoneName.of(zone), limit));
    }

    /// What an agent used of a model.
    record AgentModel(String agentId, Sums sums) {}

    /// Agents and models above a cost and below a mean number of tokens per request, dearest first.
    List<AgentModel> smallRequests(
            Connection connection, Scope scope, BigDecimal costAbove, long tokensBelow, int limit)
            throws SQLException {
        return QueryRows.list(
                connection,
                PART
                        + "SELECT agent_id, key, "
                        + SUMS
                        + """
                         GROUP BY agent_id, key
                        HAVING sum(cost_usd) > ? AND sum(input_tokens) + sum(output_tokens) < ? * sum(requests)
                         ORDER BY cost_usd DESC, agent_id, key LIMIT ?
                        """,
                row -> new AgentModel(row.getString("agent_id"), sums(row)),
                with(part(scope, Dimension.MODEL), costAbove, tokensBelow, limit));
    }

    /// Models with at least so many requests, of whose input less than half was read from the
    /// cache, most of it first.
    List<Sums> littleCached(Connection connection, Scope scope, long requests, int limit)
            throws SQLException {
        return QueryRows.list(
                connection,
                PART
                        + "SELECT key, "
                        + SUMS
                        + """
                         GROUP BY key
                        HAVING sum(requests) >= ? AND sum(cached_tokens) * 2 < sum(input_tokens)
                         ORDER BY sum(input_tokens) - sum(cached_tokens) * 2 DESC, key LIMIT ?
                        """,
                RequestReadRepository::sums,
                with(part(scope, Dimension.MODEL), requests, limit));
    }

    /// Responses by the dimension's key, most first.
    List<Count> responses(Connection connection, Scope scope, Dimension dimension, int limit)
            throws SQLException {
        return QueryRows.list(
                connection,
                PART
                        + """
                        SELECT key, sum(responses) AS responses, sum(sum(responses)) OVER () AS everything
                          FROM part
                         GROUP BY key
                        HAVING sum(responses) > 0
                         ORDER BY responses DESC, key LIMIT ?
                        """,
                row -> new Count(row.getString(1), row.getLong(2), row.getLong(3)),
                with(part(scope, dimension), limit));
    }

    /// Values of [#EDGE].
    static List<Object> edge(Scope scope) {
        List<Object> values = new ArrayList<>();
        String[] agents = scope.viewer().scopeLikePatterns();
        values.addAll(List.of(scope.period().from(), scope.quarters().from(), agents));
        values.addAll(List.of(scope.quarters().to(), scope.period().to(), agents));
        return values;
    }

    private static List<Object> part(Scope scope, Dimension dimension) {
        List<Object> values = edge(scope);
        values.add(dimension.name());
        values.add(scope.quarters().from());
        values.add(scope.quarters().to());
        values.add(scope.viewer().scopeLikePatterns());
        values.add(dimension.name());
        return values;
    }

    private static List<Object> with(List<Object> values, Object... more) {
        values.addAll(List.of(more));
        return values;
    }

    static TokenCounts tokens(ResultSet row) throws SQLException {
        return new TokenCounts(
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("cached_tokens"));
    }

    private static Sums sums(ResultSet row) throws SQLException {
        return new Sums(
                row.getString("key"),
                row.getLong("requests"),
                row.getLong("costed"),
                tokens(row),
                row.getBigDecimal("cost_usd"),
                EventRow.instantOrNull(row, "first_at"),
                EventRow.instantOrNull(row, "last_at"));
    }
}
