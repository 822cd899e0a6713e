package org.agentaudit.report.cost;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Optimization;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.report.CostReport;
import org.jspecify.annotations.Nullable;

/// What model requests cost in a period; model of `views/cost/costs.html`.
///
/// @param report        by the chosen dimension
/// @param sentence      what is biggest, and how it changed
/// @param change        of the total against the period of the same length before; null when either
///     has no cost
/// @param requestChange the same of requests
/// @param tokens        input plus output of the rows
/// @param optimizations with where to look at the requests they are about
/// @param rows          one part of the report's rows
/// @param next          address of the next part; null on the last
public record CostPage(
        PeriodChoice choice,
        CostReport report,
        String sentence,
        @Nullable Double change,
        @Nullable Double requestChange,
        List<Option> dimensions,
        List<Option> orders,
        String heading,
        List<Row> rows,
        @Nullable String first,
        @Nullable String next,
        List<Saving> optimizations,
        Files files,
        boolean over,
        Instant madeAt) {

    public CostPage {
        dimensions = List.copyOf(dimensions);
        orders = List.copyOf(orders);
        rows = List.copyOf(rows);
        optimizations = List.copyOf(optimizations);
    }

    /// Addresses of the report as files.
    public record Files(String json, String csv, String link) {}

    /// One of several ways to see the table.
    public record Option(String label, String href, boolean current) {}

    /// One row.
    ///
    /// @param share     of the total cost, 0 to 1; null without a cost
    /// @param cacheRate cached ÷ input tokens; null without input
    /// @param evidence  its events in the explorer; null when the explorer cannot show just these
    public record Row(
            CostReport.CostRow row,
            @Nullable Double share,
            @Nullable Double cacheRate,
            @Nullable BigDecimal perRequest,
            @Nullable String evidence) {}

    /// A way to spend less.
    ///
    /// @param evidence the agent's requests of the period; null when it is about a model
    public record Saving(Optimization optimization, @Nullable String evidence) {}

    /// Whether rows are agents, which are shown with their colour.
    public boolean byAgent() {
        return report.by() == CostDimension.AGENT;
    }
}
