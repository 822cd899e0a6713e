package org.agentaudit.report;

import java.math.BigDecimal;
import java.util.List;
import org.agentaudit.analysis.Optimization;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.Period;
import org.jspecify.annotations.Nullable;

/// What model requests cost in a period (checklist M3, K14).
///
/// @param total            US dollars; null when no request has a cost
/// @param unpricedRequests requests without a cost, since their model has no price
/// @param rows             by cost, descending, without a cost last; 1,000 at most
/// @param optimizations    the largest savings first
/// @param priceTable       which prices computed costs and savings rest on
public record CostReport(
        Period period,
        CostDimension by,
        Completeness completeness,
        @Nullable BigDecimal total,
        long requests,
        long unpricedRequests,
        List<CostRow> rows,
        List<Optimization> optimizations,
        String priceTable) {

    public CostReport {
        rows = List.copyOf(rows);
        optimizations = List.copyOf(optimizations);
    }

    /// @param key  `unspecified` for requests without one, `(removed)` for users whose ids are gone
    /// @param cost US dollars; null when no request of the row has a cost
    public record CostRow(
            String key, @Nullable BigDecimal cost, TokenCounts tokens, long requests) {}
}
