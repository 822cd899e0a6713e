package org.agentaudit.report;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.LatencyStats;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.jspecify.annotations.Nullable;

/// All activity of one agent in a period (checklist TP6).
///
/// @param duration  of the agent's runs; null when none has one
/// @param cost      US dollars; null when no event has one
/// @param resources keys are `type:identifier`
/// @param daily     one point per day of the period in the report time zone, oldest first
public record AgentAudit(
        String agentId,
        Period period,
        Completeness completeness,
        long invocations,
        long failedInvocations,
        long events,
        long errors,
        long handoffsOut,
        long handoffsIn,
        long interventions,
        long decisions,
        long sensitiveAccesses,
        @Nullable LatencyStats duration,
        TokenCounts tokens,
        @Nullable BigDecimal cost,
        List<ToolUsage> tools,
        List<Tally> errorTypes,
        List<Tally> models,
        List<Tally> resources,
        List<Tally> permissionLevels,
        List<DailyPoint> daily) {

    public AgentAudit {
        tools = List.copyOf(tools);
        errorTypes = List.copyOf(errorTypes);
        models = List.copyOf(models);
        resources = List.copyOf(resources);
        permissionLevels = List.copyOf(permissionLevels);
        daily = List.copyOf(daily);
    }

    /// How a tool was used (metrics "Tool usage").
    ///
    /// @param errorRate errors ÷ calls
    /// @param latency   null when no call has a duration
    public record ToolUsage(
            String tool,
            long calls,
            long errors,
            @Nullable Double errorRate,
            @Nullable LatencyStats latency) {}

    /// One day of the agent.
    public record DailyPoint(
            LocalDate date,
            long invocations,
            long events,
            long errors,
            long tokens,
            @Nullable BigDecimal cost) {}
}
