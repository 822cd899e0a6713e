package org.agentaudit.report;

import java.util.List;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;

/// How tools were used in a period (checklist R2).
///
/// @param calls         TOOL_CALL events
/// @param unpairedCalls calls without result and own outcome where results are recorded
/// @param tools         by calls, descending; beyond 1000 the rest under `(other)`
public record ToolUsageReport(
        Period period,
        Completeness completeness,
        long calls,
        long unpairedCalls,
        List<AgentAudit.ToolUsage> tools) {

    public ToolUsageReport {
        tools = List.copyOf(tools);
    }
}
