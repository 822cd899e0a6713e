package org.agentaudit.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/// Reads rows of `rollup_event`, or sums over them under the same names.
public final class RollupRow {

    private RollupRow() {}

    /// The counters of the current row.
    public static EventCounts.Sums sums(ResultSet row) throws SQLException {
        EventCounts.Sums sums = new EventCounts.Sums();
        sums.events = row.getLong("events");
        sums.errors = row.getLong("errors");
        sums.escalations = row.getLong("escalations");
        sums.unnamed = row.getLong("unnamed");
        sums.late = row.getLong("late");
        sums.redactions = row.getLong("redactions");
        sums.sensitive = row.getLong("sensitive");
        sums.sensitiveAudited = row.getLong("sensitive_audited");
        sums.reasoned = row.getLong("reasoned");
        sums.withDepth = row.getLong("with_depth");
        sums.maxDepth = row.getInt("max_depth");
        sums.traceExpected = row.getLong("trace_expected");
        sums.traceStated = row.getLong("trace_stated");
        sums.inputTokens = row.getLong("input_tokens");
        sums.outputTokens = row.getLong("output_tokens");
        sums.cachedTokens = row.getLong("cached_tokens");
        sums.costed = row.getLong("costed");
        sums.cost = row.getBigDecimal("cost_usd");
        sums.firstAt = EventRow.instant(row, "first_at");
        sums.lastAt = EventRow.instant(row, "last_at");
        return sums;
    }
}
